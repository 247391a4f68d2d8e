import Chronology
import Deliveries
import FleetStore
import Geodesy
import PostgresClient
import Suspicions
import Telemetry

/// Looks again at the alerts that rest on the registers where these were corrected: a stop at a site that was
/// registered behind its time was no stop at no known place, and a zone that was withdrawn closed nothing.
struct AlertCorrection {
    let connection: PostgresConnection
    let world: World

    /// Seconds of a stretch in a zone that are looked at again.
    private static let longestStretch = 86_400.0

    /// To be called in a transaction, in a world of the registers as they stand.
    /// - Returns: how many alerts were closed, or opened again.
    @discardableResult
    func runIfDue() throws -> Int {
        let store = AlertCorrections(connection: self.connection)
        guard let change = try store.due() else { return 0 }
        let disproof = AlertDisproof(
            world: self.world, zones: try AlertStore(connection: self.connection).zones())
        let log = PositionLog(connection: self.connection)
        var count = 0
        for alert in try store.candidates() {
            let reason = try disproof.reason(
                against: alert.rule, of: alert.name, opening: .init(alert.coordinate, at: alert.openedAt)
            ) {
                let last = alert.openedAt.advanced(bySeconds: Self.longestStretch)
                let rows = try log.positions(
                    of: alert.terminal, from: alert.openedAt, to: min(alert.closedAt ?? last, last))
                return rows.filter { $0.report.hasFix && !$0.report.coordinate.isNullIsland }
                    .map { .init($0.report.coordinate, at: $0.report.recordedAt) }
            }
            guard (reason != nil) != alert.isWithdrawn else { continue }
            try store.note(alert.alertID, reason: reason, by: change)
            count += 1
        }
        try store.advance(to: change)
        return count
    }
}
