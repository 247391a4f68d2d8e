import Foundation
import Glibc
import Supervision
import Testing

@Suite struct PrivilegesTests {
    @Test func anAccountThatIsNotThereIsNil() {
        #expect(SystemAccount(named: "nobody-of-that-name") == nil)
        #expect(SystemAccount(named: "root")?.uid == 0)
    }

    @Test(.enabled(if: Privileges.isRoot, "only root has rights to give up"))
    func rootsRightsAreGoneForGood() async {
        await #expect(processExitsWith: .exitCode(17)) {
            let account = try #require(SystemAccount.unprivileged())
            try Privileges.drop(to: account)
            let home = ProcessInfo.processInfo.environment["HOME"]
            let isOther = getuid() == account.uid && geteuid() == account.uid && getgid() == account.gid
            // The program must still be able to start its own parts.
            let part = try Spawn(arguments: ["--help"]).start()
            let end = await part.waitForEnd()
            let started = end != .exited(127)
            if isOther, setuid(0) != 0, home == account.home, started { exit(17) }
        }
    }
}
