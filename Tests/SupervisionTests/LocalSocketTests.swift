import Foundation
import Supervision
import TestSupport
import Testing

/// Asking a program behind a local socket, with Python on the other side.
@Suite struct LocalSocketTests {
    /// Listens at `socket` and answers each of `count` questions with the length of the question and `extra` bytes.
    private static func server(_ socket: String, count: Int, extra: Int) throws -> ChildProcess {
        let script = """
            import os, socket, sys
            server = socket.socket(socket.AF_UNIX)
            server.settimeout(600)
            # There under its name only once it listens.
            server.bind(sys.argv[1] + ".new")
            server.listen()
            os.rename(sys.argv[1] + ".new", sys.argv[1])
            for _ in range(int(sys.argv[2])):
                peer, _ = server.accept()
                length = 0
                while piece := peer.recv(65536):
                    length += len(piece)
                try:
                    peer.sendall(str(length).encode() + b"." + b"x" * int(sys.argv[3]))
                except OSError:
                    pass
                peer.close()
            """
        var spawn = Spawn(
            program: "/usr/bin/python3", arguments: ["-c", script, socket, String(count), String(extra)],
            environment: ["PATH": "/usr/bin:/bin"])
        spawn.output = .discarded
        return try spawn.start()
    }

    @Test func allIsSentAndAllComesBackUpToTheLimit() async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "socket-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let socket = folder.appending(path: "s").path
        let server = try Self.server(socket, count: 2, extra: 1_000_000)
        #expect(try await eventually { LocalSocket.lies(at: socket) })
        let question = [UInt8](repeating: 7, count: 3_000_001)
        let whole = try await LocalSocket.ask(socket, question, upTo: 1 << 30, seconds: 60)
        #expect(whole.count == 8 + 1_000_000 && whole.starts(with: "3000001.".utf8))
        let cut = try await LocalSocket.ask(socket, [1], upTo: 1000, seconds: 60)
        #expect(cut.count == 1000 && cut.starts(with: "1.".utf8))
        _ = await server.waitForEnd()
        // The file is still there, and nobody behind it.
        let error = await #expect(throws: SupervisionError.self) {
            try await LocalSocket.ask(socket, [1], upTo: 1000, seconds: 60)
        }
        #expect(error?.description.contains(socket) == true)
    }

    @Test func onlyASocketIsOne() async {
        #expect(!LocalSocket.lies(at: "/etc/passwd") && !LocalSocket.lies(at: "/nowhere"))
        // Longer than the kernel takes.
        await #expect(throws: SupervisionError.self) {
            try await LocalSocket.ask("/" + String(repeating: "s", count: 107), [1], upTo: 1, seconds: 1)
        }
    }
}
