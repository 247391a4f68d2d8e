import Foundation
import Glibc

/// A pipe that is never written to. Children hold the reading end; when the owner closes the writing end, or dies in
/// whatever way, they read end-of-file and end themselves. (PR_SET_PDEATHSIG would fire when the spawning *thread*
/// ends.)
package final class LifelinePipe: Sendable {
    /// The end that children get. Open for as long as this object lives.
    package let readingEnd: Int32
    private let writingEnd: Guarded<Int32?>

    package init() throws(SupervisionError) {
        let (reading, writing) = try makePipe()
        self.readingEnd = reading
        self.writingEnd = Guarded(writing)
    }

    deinit {
        self.cut()
        close(self.readingEnd)
    }

    /// Lets go of everybody who holds the reading end. More than once is harmless.
    package func cut() {
        self.writingEnd.withLock { descriptor in
            if let open = descriptor { close(open) }
            descriptor = nil
        }
    }
}

/// The child's side of a `LifelinePipe`.
package enum Lifeline {
    /// The environment variable that tells a child which descriptor is its lifeline.
    package static let variable = "TONGXING_LIFELINE_FD"

    /// Watches the lifeline this process was started with, if it was started with one: when the owner is gone it calls
    /// `stop`, and ends the process with code 1 if it still lives after `grace`.
    ///
    /// - Parameters:
    ///   - grace: how long the process may take to end in good order.
    ///   - environment: where the lifeline is named.
    ///   - stop: begins the good order; sends SIGTERM to this very process by default. Called on a thread of its own.
    /// - Returns: whether there is a lifeline to watch.
    @discardableResult
    package static func watch(
        grace: Duration = .seconds(10), environment: [String: String] = ProcessInfo.processInfo.environment,
        whenCut stop: @escaping @Sendable () -> Void = { _ = kill(getpid(), SIGTERM) }
    ) -> Bool {
        guard let descriptor = environment[Self.variable].flatMap(Int32.init), descriptor > 2 else { return false }
        var status = stat()
        // A variable left over from elsewhere may name anything: only a pipe is a lifeline.
        guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFIFO else { return false }
        _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
        let watcher = Thread {
            Self.blockUntilCut(descriptor)
            stop()
            Thread.sleep(forTimeInterval: grace.seconds)
            _exit(1)
        }
        watcher.name = "lifeline"
        watcher.stackSize = 256 * 1024
        watcher.start()
        return true
    }

    private static func blockUntilCut(_ descriptor: Int32) {
        var byte: UInt8 = 0
        while true {
            let count = read(descriptor, &byte, 1)
            if count == 0 || (count < 0 && errno != EINTR) { return }
        }
    }
}

/// A pipe whose ends no child inherits by accident.
func makePipe() throws(SupervisionError) -> (reading: Int32, writing: Int32) {
    var ends: [Int32] = [-1, -1]
    guard pipe(&ends) == 0 else { throw .systemCall("pipe", errno) }
    return (closedOnExec(ends[0]), closedOnExec(ends[1]))
}

/// The same open file, close-on-exec, under a number that is none of the standard descriptors: a process that was
/// started without them would else hand a pipe to its children as their standard output.
private func closedOnExec(_ descriptor: Int32) -> Int32 {
    guard descriptor < 3 else {
        _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
        return descriptor
    }
    let higher = fcntl(descriptor, F_DUPFD_CLOEXEC, 3)
    close(descriptor)
    return higher
}
