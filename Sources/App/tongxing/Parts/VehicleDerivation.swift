import Chronology
import Deliveries
import FleetStore
import Suspicions
import Telemetry

/// Derives one vehicle from its first stored report to its last, and judges, without writing anything: what analysis
/// would come to today.
struct VehicleDerivation {
    let log: PositionLog
    let world: World
    let judging: JudgingStep
    let now: Instant

    /// Positions read at once: bounds the memory.
    private static let page = 20_000

    func deliveries(of terminal: Int32, named name: TerminalID) throws -> [JudgedDelivery] {
        var fold = VehicleFold(terminal: name)
        var found: [Delivery] = []
        while true {
            let rows = try self.log.positions(of: terminal, after: fold.time, limit: Self.page)
            for row in rows { found += fold.take(row.report, receivedAt: row.receivedAt, in: self.world) }
            if rows.count < Self.page { break }
        }
        found += fold.openDeliveries(in: self.world)
        return try self.judging.judged(found, of: terminal, now: self.now)
    }
}
