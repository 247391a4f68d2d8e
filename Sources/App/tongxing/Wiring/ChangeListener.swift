import Console
import Foundation
import PostgresClient
import Synchronization

/// Waits for the store's notifications on a connection and a thread of its own, and passes them on as hints.
final class ChangeListener: Sendable {
    private let url: String
    private let continuation: AsyncStream<FleetChange>.Continuation
    private let isStopped = Mutex(false)

    init(url: String, continuation: AsyncStream<FleetChange>.Continuation) {
        self.url = url
        self.continuation = continuation
    }

    func start() {
        let thread = Thread { self.listen() }
        thread.name = "changes"
        thread.start()
    }

    func stop() { self.isStopped.withLock { $0 = true } }

    /// Ends the stream when the connection breaks: the console looks for itself meanwhile and asks again.
    private func listen() {
        defer { self.continuation.finish() }
        guard let connection = try? PostgresConnection(url: self.url, application: "tongxing web changes") else {
            return
        }
        let channels: [String: FleetChange] = [
            "tongxing_latest": .positions, "tongxing_alert": .alerts, "tongxing_delivery": .deliveries,
            "tongxing_register": .registers,
        ]
        do {
            for channel in channels.keys { try connection.execute("LISTEN \(channel)", name: "listen") }
            while !self.isStopped.withLock({ $0 }) {
                for notification in try connection.notifications(waitingUpTo: 500) {
                    if let change = channels[notification.channel] { self.continuation.yield(change) }
                }
            }
        } catch {
            return
        }
    }
}
