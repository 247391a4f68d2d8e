import Foundation
import Glibc

/// A program of this machine that answers at a local socket: it is sent all of a question, and answers until it closes.
package enum LocalSocket {
    /// Whether a socket lies there; whether somebody answers is known when asked.
    package static func lies(at path: String) -> Bool {
        var found = stat()
        return stat(path, &found) == 0 && found.st_mode & S_IFMT == S_IFSOCK
    }

    /// Asks on a thread of its own, as it waits.
    ///
    /// - Parameters:
    ///   - limit: a longer answer is cut there; the caller sees by its length that it is not whole.
    ///   - seconds: how long the other may be silent, or take nothing.
    /// - Returns: the answer, or what came of it within that time.
    package static func ask(
        _ path: String, _ question: [UInt8], upTo limit: Int, seconds: Int
    ) async throws(SupervisionError) -> [UInt8] {
        let result = await withCheckedContinuation {
            (continuation: CheckedContinuation<Result<[UInt8], SupervisionError>, Never>) in
            let thread = Thread {
                continuation.resume(
                    returning: Result { () throws(SupervisionError) in
                        try Self.exchange(path, question, upTo: limit, seconds: seconds)
                    })
            }
            thread.name = "local-socket"
            thread.start()
        }
        return try result.get()
    }

    private static let pieceBytes = 64 << 10

    private static func exchange(
        _ path: String, _ question: [UInt8], upTo limit: Int, seconds: Int
    ) throws(SupervisionError) -> [UInt8] {
        let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { throw .systemCall("socket", errno) }
        defer { close(descriptor) }
        var patience = timeval(tv_sec: seconds, tv_usec: 0)
        for option in [SO_RCVTIMEO, SO_SNDTIMEO] {
            setsockopt(descriptor, SOL_SOCKET, option, &patience, socklen_t(MemoryLayout<timeval>.size))
        }
        try Self.connect(descriptor, path)
        var sent = 0
        while sent < question.count {
            let next = Array(question[sent..<min(sent + Self.pieceBytes, question.count)])
            // Who closes early must not end this process.
            let count = send(descriptor, next, next.count, Int32(MSG_NOSIGNAL))
            if count < 0 && errno == EINTR { continue }
            // Who has heard enough may answer all the same.
            if count <= 0 { break }
            sent += count
        }
        shutdown(descriptor, Int32(SHUT_WR))
        var answer: [UInt8] = []
        var piece = [UInt8](repeating: 0, count: Self.pieceBytes)
        while answer.count < limit {
            let count = read(descriptor, &piece, min(piece.count, limit - answer.count))
            if count < 0 && errno == EINTR { continue }
            if count <= 0 { break }
            answer += piece[..<count]
        }
        return answer
    }

    private static func connect(_ descriptor: Int32, _ path: String) throws(SupervisionError) {
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        let room = MemoryLayout.size(ofValue: address.sun_path)
        // A zero byte ends the path.
        guard path.utf8.count < room else { throw .systemCall("connect \(path)", ENAMETOOLONG) }
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
        let failure = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                Glibc.connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size)) == 0 ? 0 : errno
            }
        }
        guard failure == 0 else { throw .systemCall("connect \(path)", failure) }
    }
}
