import Foundation
import Glibc
import Supervision
import TestSupport
import Testing

@Suite struct KeeperTests {
    /// A keeper of a few lines of shell, in a folder of its own.
    private func keep(
        _ script: String, signal: Keeper.GracefulSignal = .terminate, grace: Duration = .seconds(30),
        account: SystemAccount? = nil
    ) async throws -> (program: KeptProgram, folder: String) {
        let folder = try await TestServers.shared.makeFolder()
        chmod(folder, 0o777)
        let keeper = Keeper(
            program: "/bin/sh", arguments: ["-c", script], environment: ["PATH": "/usr/bin:/bin"], folder: folder,
            log: folder + "/log", gracefulSignal: signal, grace: grace, account: account)
        return (try keeper.start(), folder)
    }

    private func log(_ folder: String) throws -> String {
        try String(contentsOfFile: folder + "/log", encoding: .utf8)
    }

    /// Waits for its descriptor 4, which nobody ever writes to; a trap of a signal interrupts it.
    private static let waiting = "mkfifo f; exec 4<>f; echo up; read x <&4"

    @Test(arguments: [0, 1, 42])
    func theEndOfTheProgramIsTold(code: Int32) async throws {
        let (program, folder) = try await self.keep("echo said; exit \(code)")
        #expect(await program.waitForEnd() == .exited(code))
        #expect(try self.log(folder) == "said\n")
    }

    /// Many at once, so that the keeper's helper loses its race with the keeper somewhere if there is one.
    @Test func whoHasWaitedFindsNoProcessLeft() async throws {
        try await withThrowingTaskGroup { group in
            for _ in 0..<40 {
                group.addTask {
                    let (program, folder) = try await self.keep("exit 0")
                    _ = await program.waitForEnd()
                    return ProcessTable.processes(workingIn: folder)
                }
            }
            for try await left in group { #expect(left.isEmpty) }
        }
    }

    @Test func lettingGoStopsTheProgramInGoodOrder() async throws {
        let (program, folder) = try await self.keep("trap 'echo good; exit 5' TERM; \(Self.waiting)")
        #expect(try await eventually { try self.log(folder) == "up\n" })
        program.stop()
        #expect(await program.waitForEnd() == .exited(5))
        #expect(try self.log(folder) == "up\ngood\n")
        #expect(kill(program.pid, 0) != 0)
    }

    @Test func whoIgnoresTheSignalIsKilled() async throws {
        let (program, folder) = try await self.keep("trap '' TERM; \(Self.waiting)", grace: .seconds(1))
        #expect(try await eventually { try self.log(folder) == "up\n" })
        program.stop()
        #expect(await program.waitForEnd() == .exited(128 + SIGKILL))
    }

    @Test func aDeadProgramIsNoticed() async throws {
        let (program, _) = try await self.keep(Self.waiting)
        program.send(signal: SIGKILL)
        #expect(await program.waitForEnd() == .exited(128 + SIGKILL))
    }

    @Test func theProgramLivesInASessionOfItsOwn() async throws {
        let (program, folder) = try await self.keep(Self.waiting)
        #expect(getsid(program.pid) != getsid(0))
        #expect(getpgid(program.pid) != getpgid(0))
        #expect(try await eventually { ProcessTable.processes(workingIn: folder).contains(program.pid) })
        program.stop()
        _ = await program.waitForEnd()
        #expect(try await eventually { ProcessTable.processes(workingIn: folder).isEmpty })
    }

    @Test func theProgramGoesWhenTheOwnerIsKilled() async throws {
        let folder = try await TestServers.shared.makeFolder()
        await #expect(processExitsWith: .signal(SIGKILL)) { [folder = folder as String] in
            let keeper = Keeper(
                program: "/bin/sleep", arguments: ["1000"], environment: [:], folder: folder, log: folder + "/log",
                gracefulSignal: .terminate, grace: .seconds(10))
            let program = try keeper.start()
            try "\(program.pid)".write(toFile: folder + "/pid", atomically: true, encoding: .utf8)
            kill(getpid(), SIGKILL)
        }
        let pid = try #require(pid_t(try String(contentsOfFile: folder + "/pid", encoding: .utf8)))
        #expect(try await eventually { kill(pid, 0) != 0 })
        #expect(try await eventually { ProcessTable.processes(workingIn: folder).isEmpty })
    }

    @Test func aMissingProgramIsSaid() {
        let keeper = Keeper(
            program: "/nonexistent", arguments: [], environment: [:], folder: "/tmp", log: "/dev/null",
            gracefulSignal: .terminate, grace: .seconds(1))
        let error = #expect(throws: SupervisionError.self) { try keeper.start() }
        #expect(error?.code == .notExecutable)
    }

    @Test(.enabled(if: Privileges.isRoot, "only root can choose an account"))
    func theProgramRunsAsItsAccount() async throws {
        let account = try #require(SystemAccount.unprivileged())
        let (program, folder) = try await self.keep("id -u; id -g; id -G", account: account)
        #expect(await program.waitForEnd() == .exited(0))
        #expect(try self.log(folder) == "\(account.uid)\n\(account.gid)\n\(account.gid)\n")
    }
}
