import Foundation
import ServiceLifecycle
import Synchronization

/// A blocking loop on a thread of its own, as a service: libmosquitto and libpq block, and Swift's cooperative pool
/// must never block.
struct ThreadService: Service {
    let name: String
    /// Runs until it is told to stop; returns why it could not go on, or nil after an ordered stop.
    let body: @Sendable (_ isStopRequested: @escaping @Sendable () -> Bool) -> String?

    func run() async throws {
        let stop = StopFlag()
        let failure = await withTaskCancellationOrGracefulShutdownHandler {
            await withCheckedContinuation { (continuation: CheckedContinuation<String?, Never>) in
                let thread = Thread {
                    continuation.resume(returning: self.body { stop.isRaised })
                }
                thread.name = self.name
                thread.stackSize = 8 << 20
                thread.start()
            }
        } onCancelOrGracefulShutdown: {
            stop.raise()
        }
        if let failure { throw Failure("\(self.name): \(failure)") }
    }
}

/// A flag that is raised once, from any thread.
final class StopFlag: Sendable {
    private let value = Mutex(false)

    var isRaised: Bool { self.value.withLock { $0 } }

    func raise() { self.value.withLock { $0 = true } }
}
