import Foundation
package import Glibc

/// A user of this machine, as /etc/passwd has it.
package struct SystemAccount: Sendable, Hashable {
    package let name: String
    package let uid: uid_t
    package let gid: gid_t
    package let home: String

    /// Looks an account up; nil when there is none of that name.
    package init?(named name: String) {
        var entry = passwd()
        var found: UnsafeMutablePointer<passwd>?
        var buffer = [CChar](repeating: 0, count: 16 * 1024)
        guard getpwnam_r(name, &entry, &buffer, buffer.count, &found) == 0, found != nil else { return nil }
        self.name = name
        self.uid = entry.pw_uid
        self.gid = entry.pw_gid
        self.home = String(cString: entry.pw_dir)
    }

    /// The account to work as instead of root: `tongxing` where it exists, else `postgres`, else `nobody`.
    package static func unprivileged() -> SystemAccount? {
        ["tongxing", "postgres", "nobody"].lazy.compactMap { SystemAccount(named: $0) }.first
    }
}

/// Gives up the rights of root.
package enum Privileges {
    package static var isRoot: Bool { geteuid() == 0 }

    /// Becomes `account` for good, with its group as the only group, and sets HOME, USER and LOGNAME. Does nothing when
    /// the process is not root. Call it before any thread or child needs the old rights, and before anything else
    /// reads the environment.
    ///
    /// Errors: `account` when the kernel refuses, or when root's rights could be had back.
    package static func drop(to account: SystemAccount) throws(SupervisionError) {
        guard self.isRoot else { return }
        var groups = [account.gid]
        // The groups first: after setuid it is too late for them.
        guard setgroups(groups.count, &groups) == 0, setgid(account.gid) == 0, setuid(account.uid) == 0,
            account.uid == 0 || setuid(0) != 0
        else {
            let reason = String(cString: strerror(errno))
            throw SupervisionError(
                .account, chinese: "无法切换到用户 \(account.name)：\(reason)",
                english: "cannot become user \(account.name): \(reason)")
        }
        setenv("HOME", account.home, 1)
        setenv("USER", account.name, 1)
        setenv("LOGNAME", account.name, 1)
    }

    /// Makes `account` the owner of `path` (not of what lies in it).
    package static func handOver(_ path: String, to account: SystemAccount) throws(SupervisionError) {
        guard chown(path, account.uid, account.gid) == 0 else {
            let reason = String(cString: strerror(errno))
            throw SupervisionError(
                .account, chinese: "无法把 \(path) 交给用户 \(account.name)：\(reason)",
                english: "cannot hand \(path) over to user \(account.name): \(reason)")
        }
    }
}
