import Foundation
import Glibc
import Synchronization

/// Catches SIGINT and SIGTERM of this process, and tells each one. There is one for the process: a second replaces the
/// first.
///
/// The signal handler writes a byte into a pipe and a thread reads it. A signal source of Dispatch would lose a signal
/// that comes before the source is armed, which happens later and on another thread.
package final class StopSignals: Sendable {
    /// From when this returns, a signal calls `handler` instead of ending the process. The handler runs on a thread of
    /// its own, never inside the signal handler.
    ///
    /// Errors: `noResources` when there is no pipe to be had.
    package init(_ handler: @escaping @Sendable () -> Void) throws(SupervisionError) {
        try Self.openPipe()
        listener.withLock { $0 = handler }
        for number in Self.caught {
            signal(number) { _ in
                // Only what is allowed in a signal handler; errno belongs to whoever was interrupted.
                let interrupted = errno
                var byte: UInt8 = 0
                _ = write(pipeToThread.load(ordering: .relaxed), &byte, 1)
                errno = interrupted
            }
        }
    }

    /// Gives both signals their default action back: from now on they end the process.
    package func cancel() {
        for number in Self.caught { signal(number, SIG_DFL) }
        listener.withLock { $0 = nil }
    }

    private static let caught = [SIGINT, SIGTERM]

    /// Opens the pipe and starts its reader the first time. Both stay for good: a handler that still runs on some
    /// thread must never write into a descriptor that is somebody else's by now.
    private static func openPipe() throws(SupervisionError) {
        try listener.withLock { _ throws(SupervisionError) in
            guard pipeToThread.load(ordering: .relaxed) < 0 else { return }
            let (reading, writing) = try makePipe()
            pipeToThread.store(writing, ordering: .relaxed)
            let reader = Thread { Self.tellForever(reading) }
            reader.name = "stop-signals"
            reader.stackSize = 256 * 1024
            reader.start()
        }
    }

    private static func tellForever(_ descriptor: Int32) {
        var byte: UInt8 = 0
        while true {
            let count = read(descriptor, &byte, 1)
            if count == 1 { listener.withLock { $0 }?() }
            if count == 0 || (count < 0 && errno != EINTR) { return }
        }
    }
}

/// The end of the pipe that the signal handler writes to; negative before there is one.
private let pipeToThread = Atomic<Int32>(-1)
private let listener = Guarded<(@Sendable () -> Void)?>(nil)
