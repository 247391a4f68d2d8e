import Foundation
import Glibc

/// A process to be started: program, arguments, surroundings. Nothing is inherited that is not named here: every
/// descriptor from 3 on is closed in the child, signals are back at their defaults and unblocked.
package struct Spawn: Sendable {
    /// Where the child reads from.
    package enum Input: Sendable, Hashable {
        case nothing, inherited
        case descriptor(Int32)
    }

    /// Where the child's standard output and standard error go.
    package enum Output: Sendable, Hashable {
        case inherited, discarded
        /// Appended to this file, which is made when missing.
        case file(String)
        case descriptor(Int32)
    }

    /// Which process group the child lives in; the group decides whether Ctrl-C in a terminal reaches it.
    package enum Placement: Sendable, Hashable {
        case sameGroup, ownGroup, ownSession
    }

    package var program: String
    /// Without the program's own name.
    package var arguments: [String]
    /// The whole environment of the child.
    package var environment: [String: String]
    package var input: Input = .nothing
    package var output: Output = .inherited
    package var placement: Placement = .sameGroup
    /// A descriptor that the child gets as its descriptor 3.
    package var third: Int32?

    /// Describes a process; by default of this very program, with this process's environment.
    package init(
        program: String = OwnExecutable.path, arguments: [String],
        environment: [String: String] = ProcessInfo.processInfo.environment
    ) {
        self.program = program
        self.arguments = arguments
        self.environment = environment
    }

    /// Starts the process. Errors: `notExecutable` with the reason, `noResources`.
    package func start() throws(SupervisionError) -> ChildProcess {
        var actions = posix_spawn_file_actions_t()
        var attributes = posix_spawnattr_t()
        posix_spawn_file_actions_init(&actions)
        posix_spawnattr_init(&attributes)
        defer {
            posix_spawn_file_actions_destroy(&actions)
            posix_spawnattr_destroy(&attributes)
        }
        self.fill(&actions)
        self.fill(&attributes)

        let arguments = CStrings([self.program] + self.arguments)
        let environment = CStrings(self.environment.map { "\($0.key)=\($0.value)" })
        var pid: pid_t = 0
        let failure = posix_spawn(&pid, self.program, &actions, &attributes, arguments.pointers, environment.pointers)
        guard failure == 0 else {
            let reason = String(cString: strerror(failure))
            throw SupervisionError(
                failure == EAGAIN || failure == ENOMEM ? .noResources : .notExecutable,
                chinese: "无法启动 \(self.program)：\(reason)", english: "cannot start \(self.program): \(reason)")
        }
        return ChildProcess(pid: pid)
    }

    /// The order matters: a source descriptor is 3 or more, so filling 0, 1, 2 and then 3 overwrites none too early.
    private func fill(_ actions: inout posix_spawn_file_actions_t) {
        switch self.input {
        case .nothing: posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        case .inherited: break
        case .descriptor(let source): posix_spawn_file_actions_adddup2(&actions, source, 0)
        }
        switch self.output {
        case .inherited: break
        case .discarded: posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0)
        case .file(let path):
            posix_spawn_file_actions_addopen(&actions, 1, path, O_WRONLY | O_CREAT | O_APPEND, 0o600)
        case .descriptor(let source): posix_spawn_file_actions_adddup2(&actions, source, 1)
        }
        if self.output != .inherited { posix_spawn_file_actions_adddup2(&actions, 1, 2) }
        if let third { posix_spawn_file_actions_adddup2(&actions, third, 3) }
        for descriptor in Self.openDescriptors() where descriptor >= (self.third == nil ? 3 : 4) {
            // One that is closed by now is no error to posix_spawn.
            posix_spawn_file_actions_addclose(&actions, descriptor)
        }
    }

    /// What is open in this process. Everything of ours is close-on-exec anyway; this is for what libraries opened.
    private static func openDescriptors() -> [Int32] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd")) ?? []
        return names.compactMap { Int32($0) }
    }

    private func fill(_ attributes: inout posix_spawnattr_t) {
        var flags = POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK
        switch self.placement {
        case .sameGroup: break
        case .ownGroup:
            flags |= POSIX_SPAWN_SETPGROUP
            posix_spawnattr_setpgroup(&attributes, 0)
        case .ownSession: flags |= 0x80  // POSIX_SPAWN_SETSID, which <spawn.h> hides from Swift (_GNU_SOURCE)
        }
        var signals = sigset_t()
        sigfillset(&signals)
        posix_spawnattr_setsigdefault(&attributes, &signals)
        sigemptyset(&signals)
        posix_spawnattr_setsigmask(&attributes, &signals)
        posix_spawnattr_setflags(&attributes, Int16(flags))
    }
}

/// Where this process's own program lies.
package enum OwnExecutable {
    /// The file's path if it still is the file that runs, else the kernel's link, which works even after an upgrade
    /// has replaced the file or where its folder may no longer be entered.
    package static let path: String = {
        let link = "/proc/self/exe"
        guard let target = try? FileManager.default.destinationOfSymbolicLink(atPath: link) else { return link }
        var running = stat()
        var named = stat()
        guard stat(link, &running) == 0, stat(target, &named) == 0, running.st_ino == named.st_ino,
            running.st_dev == named.st_dev, access(target, X_OK) == 0
        else { return link }
        return target
    }()
}

/// Strings as C wants them: an array of pointers that ends with a null pointer. Freed with the owner.
private final class CStrings {
    var pointers: [UnsafeMutablePointer<CChar>?]

    init(_ strings: [String]) {
        self.pointers = strings.map { strdup($0) } + [nil]
    }

    deinit {
        for pointer in self.pointers { free(pointer) }
    }
}
