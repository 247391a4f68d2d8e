import Dispatch
import Foundation
package import Glibc

/// A child of this process. A thread of its own waits for it, so it is always reaped, also when nobody asks.
package final class ChildProcess: Sendable {
    package let pid: pid_t
    private let state = Guarded(State())

    /// What is known of the process, shared between threads.
    private struct State {
        var end: ProcessEnd?
        var listeners: [@Sendable (ProcessEnd) -> Void] = []
    }

    /// Takes over a process that was just spawned and that nobody else waits for.
    init(pid: pid_t) {
        self.pid = pid
        let waiter = Thread { self.reap() }
        waiter.name = "wait-\(pid)"
        waiter.stackSize = 256 * 1024
        waiter.start()
    }

    /// How it ended; nil while it runs.
    package var end: ProcessEnd? { self.state.withLock { $0.end } }

    /// Calls `listener` once when the process has ended, at once if it already has. On any thread.
    package func whenEnded(_ listener: @escaping @Sendable (ProcessEnd) -> Void) {
        let end = self.state.withLock { state in
            if state.end == nil { state.listeners.append(listener) }
            return state.end
        }
        if let end { listener(end) }
    }

    /// Waits for the end without blocking a thread.
    package func waitForEnd() async -> ProcessEnd {
        await withCheckedContinuation { continuation in
            self.whenEnded { continuation.resume(returning: $0) }
        }
    }

    /// Blocks the calling thread until the end, or nil after `timeout`. Never call it on the cooperative pool.
    package func blockUntilEnd(timeout: Duration) -> ProcessEnd? {
        let ended = DispatchSemaphore(value: 0)
        self.whenEnded { _ in ended.signal() }
        _ = ended.wait(timeout: .now() + timeout.seconds)
        return self.end
    }

    /// Sends a signal, unless the process has ended: a pid that was reaped may belong to somebody else by now.
    package func send(signal: Int32) {
        self.state.withLock { state in
            if state.end == nil { _ = kill(self.pid, signal) }
        }
    }

    private func reap() {
        var info = siginfo_t()
        // WNOWAIT leaves the zombie, and with it the pid, in place until the lock is held: `send` can never hit a
        // stranger that got the same pid.
        while waitid(P_PID, id_t(self.pid), &info, WEXITED | WNOWAIT) != 0, errno == EINTR {}
        let (end, listeners) = self.state.withLock { state in
            var status: Int32 = 0
            while waitpid(self.pid, &status, 0) < 0, errno == EINTR {}
            let end = ProcessEnd(waitStatus: status)
            state.end = end
            defer { state.listeners = [] }
            return (end, state.listeners)
        }
        for listener in listeners { listener(end) }
    }
}

extension Duration {
    /// The duration in seconds, for the C and Dispatch calls that want them so.
    package var seconds: Double {
        let (seconds, attoseconds) = self.components
        return Double(seconds) + Double(attoseconds) * 1e-18
    }
}
