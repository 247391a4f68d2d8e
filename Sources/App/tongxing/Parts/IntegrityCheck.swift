import Chronology
import Deliveries
import FleetStore
import PostgresClient
import Suspicions
import Telemetry
import Tracks

/// Asks the store what the alerts about a stream's honesty need from beyond it, and hands it to them.
struct IntegrityCheck {
    private let store: IntegrityStore
    private let log: PositionLog

    /// Seconds up to a print that are compared with an earlier day.
    private static let stretch = 1800.0

    init(connection: PostgresConnection) {
        self.store = IntegrityStore(connection: connection)
        self.log = PositionLog(connection: connection)
    }

    /// Compares a spell without satellites with the trucks around it, where that is due.
    func darkness(_ alerts: inout VehicleAlerts, terminal: Int32, in world: World) throws -> [VehicleAlert.Change] {
        guard let spell = alerts.takeDarkSpell(world.parameters) else { return [] }
        let neighbours = try self.store.neighbours(
            of: terminal, around: spell.coordinate, within: world.parameters.integrity.jamRadius, from: spell.start,
            to: spell.end)
        return alerts.take(spell, neighbours, in: world)
    }

    /// Compares what was driven with earlier days.
    func prints(_ alerts: inout VehicleAlerts, terminal: Int32, in world: World) throws -> [VehicleAlert.Change] {
        let fresh = alerts.takePrints()
        guard !fresh.isEmpty else { return [] }
        var changes: [VehicleAlert.Change] = []
        for (print, earlier) in try self.store.note(fresh, of: terminal) {
            guard let earlier else {
                changes += alerts.noteFreshTrack(at: print.time)
                continue
            }
            // While it stands open the same track says nothing new.
            guard !alerts.standing.contains(where: { $0.rule == .replayedTrack }) else { continue }
            changes += alerts.take(
                try self.fixes(of: terminal, upTo: print.time, world),
                like: try self.fixes(of: terminal, upTo: earlier, world), in: world)
        }
        return changes
    }

    func forget(_ parameters: AnalysisParameters) throws {
        try self.store.forgetPrints(olderThan: parameters.integrity.replayDays)
    }

    /// Where a terminal was believed to be in a stretch, in the order of time.
    func sightings(
        of terminal: Int32, named name: TerminalID, from: Instant, to: Instant, _ world: World
    ) throws -> [Sighting] {
        try self.fixes(of: terminal, from: from, to: to, world).map {
            Sighting(terminal: name, time: $0.time, coordinate: $0.coordinate)
        }
    }

    private func fixes(of terminal: Int32, upTo end: Instant, _ world: World) throws -> [Fix] {
        try self.fixes(of: terminal, from: end.advanced(bySeconds: -Self.stretch), to: end, world)
    }

    private func fixes(of terminal: Int32, from: Instant, to: Instant, _ world: World) throws -> [Fix] {
        var cleaner = TrackCleaner()
        let rows = try self.log.positions(of: terminal, from: from, to: to)
        return rows.compactMap { row in
            switch cleaner.take(row.report, world.parameters.cleaning) {
            case .accepted(let fix), .restarted(let fix): fix
            case .withoutFix, .frozen, .spike, .notLater: nil
            }
        }
    }
}
