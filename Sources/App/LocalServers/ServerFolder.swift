import Foundation
import Glibc
import Supervision

/// The folder one server works in: made when missing, handed to the account the server runs as, checked for room and
/// for leftovers of an owner that was killed.
struct ServerFolder: Sendable {
    let path: String
    let account: SystemAccount?

    init(_ path: String, account: SystemAccount?) {
        self.path = path.hasPrefix("/") ? path : FileManager.default.currentDirectoryPath + "/" + path
        self.account = account
    }

    /// Makes the folder, readable by its owner alone.
    func create() throws(LocalServerError) {
        try self.create(self.path)
    }

    func create(_ folder: String) throws(LocalServerError) {
        do {
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        } catch {
            throw .cannotWrite(folder, errno == 0 ? EACCES : errno)
        }
        guard chmod(folder, 0o700) == 0 else { throw .cannotWrite(folder, errno) }
        try self.handOver(folder)
    }

    /// Writes a small file that only its owner can read.
    func write(_ text: String, to name: String) throws(LocalServerError) {
        let path = "\(self.path)/\(name)"
        let descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw .cannotWrite(path, errno) }
        defer { close(descriptor) }
        let count = text.utf8.count
        guard Glibc.write(descriptor, text, count) == count else { throw .cannotWrite(path, errno) }
        try self.handOver(path)
    }

    func read(_ name: String) -> String? {
        try? String(contentsOfFile: "\(self.path)/\(name)", encoding: .utf8)
    }

    func exists(_ name: String) -> Bool {
        FileManager.default.fileExists(atPath: "\(self.path)/\(name)")
    }

    private func handOver(_ path: String) throws(LocalServerError) {
        guard let account else { return }
        do {
            try Privileges.handOver(path, to: account)
        } catch {
            throw LocalServerError(.notAllowed, error)
        }
    }

    /// Errors: `diskFull` when less than `bytes` are free here.
    func requireSpace(_ bytes: UInt64) throws(LocalServerError) {
        var status = statvfs()
        guard statvfs(self.path, &status) == 0 else { throw .cannotWrite(self.path, errno) }
        let free = UInt64(status.f_bavail).multipliedReportingOverflow(by: UInt64(status.f_frsize))
        guard !free.overflow, free.partialValue < bytes else { return }
        let (have, want) = (free.partialValue >> 20, bytes >> 20)
        throw LocalServerError(
            .diskFull, chinese: "磁盘空间不足：\(self.path) 只剩 \(have) MB，需要 \(want) MB",
            english: "disk full: \(have) MB left at \(self.path), \(want) MB needed")
    }

    /// Waits until no server of that name works in the folder any more. One whose owner was killed a moment ago needs a
    /// moment to end; one that stays has an owner we do not know.
    ///
    /// Errors: `folderInUse` after `patience`.
    func awaitLeftovers(of server: String, patience: Duration) throws(LocalServerError) {
        let ended = blockUntil(timeout: patience) { self.processes(of: server).isEmpty }
        guard !ended else { return }
        let pids = self.processes(of: server).map(String.init).joined(separator: ", ")
        throw LocalServerError(
            .folderInUse, chinese: "文件夹 \(self.path) 仍被进程 \(pids) 使用，请先结束它们",
            english: "folder \(self.path) is still in use by process \(pids): end it first")
    }

    private func processes(of server: String) -> [pid_t] {
        ProcessTable.processes(workingIn: self.path, named: server)
    }

    /// Puts a log that has grown beyond 16 MB aside, so that a folder used for years keeps two of them.
    func rotate(log name: String) {
        let path = "\(self.path)/\(name)"
        var status = stat()
        guard stat(path, &status) == 0, status.st_size > 16 << 20 else { return }
        rename(path, path + ".1")
    }

    /// How long a log is now; what is written from here on belongs to the start that follows.
    func length(ofLog name: String) -> UInt64 {
        var status = stat()
        return stat("\(self.path)/\(name)", &status) == 0 ? UInt64(max(0, status.st_size)) : 0
    }

    /// What was written to a log since it had that length, at most its last 64 KB.
    func tail(ofLog name: String, from offset: UInt64) -> String {
        guard let file = FileHandle(forReadingAtPath: "\(self.path)/\(name)") else { return "" }
        defer { try? file.close() }
        let end = (try? file.seekToEnd()) ?? 0
        try? file.seek(toOffset: max(min(offset, end), end > 65_536 ? end - 65_536 : 0))
        let data = (try? file.readToEnd()) ?? Data()
        return String(decoding: data, as: UTF8.self)
    }
}

extension LocalServerError {
    /// `path` cannot be written, for the reason in `number` (an `errno`).
    static func cannotWrite(_ path: String, _ number: Int32) -> LocalServerError {
        let reason = String(cString: strerror(number))
        return LocalServerError(
            number == ENOSPC || number == EDQUOT ? .diskFull : .notAllowed, chinese: "无法写入 \(path)：\(reason)",
            english: "cannot write \(path): \(reason)")
    }

    init(_ code: Code, _ error: SupervisionError) {
        self.init(code, verbatim: error.description)
    }
}

/// Asks again and again, 20 ms apart, until `condition` holds. Blocks the calling thread.
///
/// - Returns: false when it did not come true within `timeout`.
func blockUntil(timeout: Duration, _ condition: () -> Bool) -> Bool {
    let clock = ContinuousClock()
    let deadline = clock.now + timeout
    while !condition() {
        guard clock.now < deadline else { return false }
        usleep(20_000)
    }
    return true
}
