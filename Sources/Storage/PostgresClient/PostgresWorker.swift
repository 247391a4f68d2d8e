import Dispatch

/// A connection for async code: an actor on a serial queue of its own, because libpq blocks and Swift's cooperative
/// pool must never block. It connects on first use and again after a broken connection.
package actor PostgresWorker {
    private let executor: BlockingExecutor
    private let url: String
    private let application: String
    private var connection: PostgresConnection?

    package nonisolated var unownedExecutor: UnownedSerialExecutor { self.executor.asUnownedSerialExecutor() }

    package init(url: String, application: String) {
        self.url = url
        self.application = application
        self.executor = BlockingExecutor(label: application)
    }

    /// Runs `body` on the connection's queue. A connection that broke is made again, once, when nothing was sent yet.
    package func run<R: Sendable>(_ body: @Sendable (PostgresConnection) throws -> R) throws -> R {
        let connection = try self.usableConnection()
        defer { if connection.isBroken { self.connection = nil } }
        return try body(connection)
    }

    private func usableConnection() throws(PostgresError) -> PostgresConnection {
        if let connection = self.connection, !connection.isBroken { return connection }
        let connection = try PostgresConnection(url: self.url, application: self.application, connectTimeoutSeconds: 5)
        self.connection = connection
        return connection
    }
}

/// Runs an actor's jobs on one dispatch queue.
final class BlockingExecutor: SerialExecutor, @unchecked Sendable {
    // @unchecked: `DispatchQueue` is thread safe and the only state.
    private let queue: DispatchQueue

    init(label: String) { self.queue = DispatchQueue(label: label) }

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        self.queue.async { job.runSynchronously(on: self.asUnownedSerialExecutor()) }
    }

    func asUnownedSerialExecutor() -> UnownedSerialExecutor { UnownedSerialExecutor(ordinary: self) }

    func checkIsolated() { dispatchPrecondition(condition: .onQueue(self.queue)) }
}
