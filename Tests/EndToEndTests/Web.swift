import Foundation
import Supervision
import TestSupport

/// Requests to a running console by curl, with headers, bodies and cookies: what a client outside has.
struct Web {
    let port: UInt16
    var headers: [String] = []

    /// What came back.
    struct Answer {
        /// 0 where nothing came; the head then is what curl says of it.
        var status: Int
        var head: String
        var body: String

        var json: [String: Any] {
            (try? JSONSerialization.jsonObject(with: Data(self.body.utf8))) as? [String: Any] ?? [:]
        }
    }

    func with(_ header: String) -> Web { Web(port: self.port, headers: self.headers + [header]) }

    /// - Parameter seconds: ends a test that has failed, and a stream.
    func get(_ path: String, seconds: Int = 120) async throws -> Answer {
        try await self.send(path, ["-m", String(seconds)])
    }

    func head(_ path: String) async throws -> Answer { try await self.send(path, ["-m", "120", "-I"]) }

    func post(_ path: String, _ body: String) async throws -> Answer {
        try await self.send(path, ["-m", "120", "-X", "POST", "-H", "Content-Type: application/json", "-d", body])
    }

    private func send(_ path: String, _ options: [String]) async throws -> Answer {
        let folder = try await TestServers.shared.makeFolder()
        var spawn = Spawn(
            program: "/bin/sh",
            arguments: [
                "-c",
                #"out=$1; shift; curl -sS -D "$out/head" -o "$out/body" -w '%{http_code}' "$@" >"$out/code" 2>"$out/said""#,
                "sh", folder,
            ] + options + self.headers.flatMap { ["-H", $0] } + ["http://127.0.0.1:\(self.port)\(path)"],
            environment: ["PATH": "/usr/bin:/bin"])
        spawn.output = .discarded
        _ = await (try spawn.start()).waitForEnd()
        func text(_ name: String) -> String {
            String(decoding: FileManager.default.contents(atPath: "\(folder)/\(name)") ?? Data(), as: UTF8.self)
        }
        let status = Int(text("code")) ?? 0
        return Answer(status: status, head: text(status == 0 ? "said" : "head"), body: text("body"))
    }
}
