import Glibc

/// How a process ended.
package enum ProcessEnd: Sendable, Hashable, CustomStringConvertible {
    /// It ended by itself with this exit code.
    case exited(Int32)
    /// This signal ended it.
    case signalled(Int32)

    /// Reads the status word of waitpid(2). Only for processes that have ended, not for stopped ones.
    init(waitStatus status: Int32) {
        // WIFSIGNALED and WEXITSTATUS are macros Swift does not import: the low seven bits hold the signal, the
        // next byte the exit code.
        let signal = status & 0x7f
        self = signal == 0 ? .exited((status >> 8) & 0xff) : .signalled(signal)
    }

    package var isSuccess: Bool { self == .exited(0) }

    /// Whether the process ended by a fault of its own: a Swift trap, an abort, a bad access.
    package var isTrap: Bool {
        guard case .signalled(let signal) = self else { return false }
        return [SIGILL, SIGTRAP, SIGABRT, SIGBUS, SIGFPE, SIGSEGV].contains(signal)
    }

    /// The code a shell would report: the exit code, or 128 and the signal.
    package var shellCode: Int32 {
        switch self {
        case .exited(let code): code
        case .signalled(let signal): 128 + signal
        }
    }

    package var description: String {
        switch self {
        case .exited(let code): "退出码 \(code) / exit code \(code)"
        case .signalled(let signal): "信号 \(signal) / signal \(signal)"
        }
    }
}
