import Foundation
import Testing

/// `deploy/healthcheck.sh` against a server that answers once with what it is told to.
@Suite(.enabled(if: isInstalled("/usr/bin/python3"), "python3 is not installed"))
struct HealthcheckTests {
    private static let server = """
        import socket, sys
        listener = socket.create_server(("127.0.0.1", 0))
        print(listener.getsockname()[1], flush=True)
        listener.settimeout(20)
        connection, _ = listener.accept()
        stream = connection.makefile("rb")
        request = stream.readline()
        while stream.readline() not in (b"\\r\\n", b""): pass
        status = sys.argv[1] if request == b"GET /healthz HTTP/1.1\\r\\n" else "400 Bad Request"
        connection.sendall(("HTTP/1.1 %s\\r\\nContent-Length: 0\\r\\n\\r\\n" % status).encode())
        """

    @Test(arguments: [("200 OK", 0), ("503 Service Unavailable", 1), ("404 Not Found", 1)] as [(String, Int32)])
    func onlyA200IsHealthy(answer: String, status: Int32) throws {
        let process = Process()
        let output = Pipe()
        process.executableURL = URL(filePath: "/usr/bin/python3")
        process.arguments = ["-c", Self.server, answer]
        process.standardOutput = output
        try process.run()
        let port = String(decoding: output.fileHandleForReading.availableData, as: UTF8.self)
            .trimmingCharacters(in: .whitespacesAndNewlines)
        let outcome = try run(Repository.file("deploy/healthcheck.sh").path, ["127.0.0.1", port])
        process.waitUntilExit()
        #expect(outcome.status == status, "\(answer): \(outcome)")
    }

    @Test func nobodyListeningIsUnhealthy() throws {
        // Port 1 is tcpmux, which nothing serves.
        #expect(try run(Repository.file("deploy/healthcheck.sh").path, ["127.0.0.1", "1"]).status == 1)
    }
}
