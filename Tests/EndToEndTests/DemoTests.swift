import Foundation
import Glibc
import LocalServers
import Supervision
import TestSupport
import Testing

/// `tongxing demo` as a newcomer starts it.
@Suite struct DemoTests {
    /// A demo in a folder and on a port of its own.
    private func start(_ folder: String, port: UInt16, log: String) throws -> ChildProcess {
        var spawn = Spawn(
            program: BuiltProgram.path,
            arguments: ["demo", "--folder", folder, "--web-port", String(port), "--trucks", "5"],
            environment: ["PATH": "/usr/bin:/bin", "HOME": folder, "SWIFT_BACKTRACE": "enable=no"])
        spawn.placement = .ownSession
        spawn.output = .file(log)
        return try spawn.start()
    }

    @Test func startsRunsUnprivilegedAndLeavesNothing() async throws {
        let base = try await TestServers.shared.makeFolder()
        let (folder, log) = (base + "/demo", base + "/demo.log")
        let port = try LoopbackPort.findFree()
        let demo = try self.start(folder, port: port, log: log)
        defer { demo.send(signal: SIGKILL) }
        func text() -> String { String(decoding: FileManager.default.contents(atPath: log) ?? Data(), as: UTF8.self) }
        let ready = try #require(URL(string: "http://127.0.0.1:\(port)/readyz"))
        #expect(try await eventually { try await Service.get(ready).status == 200 }, "\(text())")
        let deliveries = try #require(URL(string: "http://127.0.0.1:\(port)/api/v1/positions"))
        #expect(try await eventually { try await Service.get(deliveries).body.contains("\"Point\"") })
        if Privileges.isRoot { #expect(Self.userIDs(of: demo.pid).allSatisfy { $0 != 0 }) }

        let second = try await Product.run(
            ["demo", "--folder", folder, "--web-port", String(try LoopbackPort.findFree())], ["PATH": "/usr/bin:/bin"])
        #expect(second.code == 1)
        #expect(second.errors.split(separator: "\n").count == 1, "\(second.errors)")
        let taken = try await Product.run(
            ["demo", "--folder", base + "/other", "--web-port", String(port)], ["PATH": "/usr/bin:/bin"])
        #expect(taken.errors.contains(String(port)) && taken.code == 1)

        demo.send(signal: SIGINT)
        #expect(await demo.waitForEnd().isSuccess, "\(text())")
        #expect(Self.processes(mentioning: folder).isEmpty)
    }

    /// The effective user of every thread of a process.
    private static func userIDs(of pid: pid_t) -> [uid_t] {
        let tasks = "/proc/\(pid)/task"
        return ((try? FileManager.default.contentsOfDirectory(atPath: tasks)) ?? []).compactMap { task in
            let status = FileManager.default.contents(atPath: "\(tasks)/\(task)/status") ?? Data()
            let line = String(decoding: status, as: UTF8.self).split(separator: "\n").first { $0.hasPrefix("Uid:") }
            return line?.split(separator: "\t").dropFirst(2).first.flatMap { uid_t($0) }
        }
    }

    private static func processes(mentioning text: String) -> [String] {
        ((try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []).filter { entry in
            guard pid_t(entry) != nil else { return false }
            let line = FileManager.default.contents(atPath: "/proc/\(entry)/cmdline") ?? Data()
            return String(decoding: line, as: UTF8.self).contains(text)
        }
    }
}
