import Dispatch

/// Runs an actor's work on one queue of its own: starting and stopping a server blocks, and the cooperative pool must
/// never block.
// @unchecked: `DispatchQueue` is thread safe and the only state.
/// Runs an actor on a queue of its own: starting and stopping servers blocks.
final class ServerExecutor: SerialExecutor, @unchecked Sendable {
    private let queue: DispatchQueue

    init(label: String) {
        self.queue = DispatchQueue(label: label)
    }

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        self.queue.async { job.runSynchronously(on: self.asUnownedSerialExecutor()) }
    }

    func asUnownedSerialExecutor() -> UnownedSerialExecutor {
        UnownedSerialExecutor(ordinary: self)
    }

    func checkIsolated() {
        dispatchPrecondition(condition: .onQueue(self.queue))
    }
}
