import Foundation

/// A value behind a lock that the thread sanitizer understands. `Synchronization.Mutex` waits by `FUTEX_LOCK_PI`, where
/// the kernel hands the lock over: under contention the sanitizer sees no hand-over and reports a race that is none.
///
/// `@unchecked`: the lock is what makes it sendable.
final class Guarded<Value: Sendable>: @unchecked Sendable {
    private let lock = NSLock()
    private var value: Value

    init(_ value: Value) {
        self.value = value
    }

    func withLock<Result, Failure: Error>(
        _ body: (inout Value) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        self.lock.lock()
        defer { self.lock.unlock() }
        return try body(&self.value)
    }
}
