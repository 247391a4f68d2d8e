import Chronology
import FleetStore
import PostgresClient
import Registers
import Telemetry

/// Finds a vehicle's trail by plate or terminal, whichever terminals the plate carried in that time.
struct TrailReader {
    let connection: PostgresConnection
    let registers: RegisterIndex

    /// One vehicle's reports in order of time.
    struct Located: Sendable {
        var terminal: TerminalID
        var plate: String?
        var reports: [PositionReport]
        /// Of those that came long after their time: how many seconds, by that time.
        var lateSeconds: [Instant: Int] = [:]
    }

    /// A report that arrived later than this was kept by the terminal meanwhile.
    private static let late = 120.0

    /// - Returns: `nil` when neither a register nor the log knows the subject.
    func trail(of subject: String, from: Instant?, to: Instant?, limit: Int) throws -> Located? {
        let reader = FleetReader(connection: self.connection)
        let names = try self.names(of: subject)
        guard let first = names.first, let terminal = TerminalID(first.name) else { return nil }
        var reports: [PositionReport] = []
        var lateSeconds: [Instant: Int] = [:]
        for (name, period, _) in names {
            let start = max(from ?? .distantPast, period.from)
            let end = min(to ?? .distantFuture, period.to ?? .distantFuture)
            guard start < end else { continue }
            let found = try reader.trail(
                terminal: name, from: start == .distantPast ? nil : start, to: end == .distantFuture ? nil : end,
                limit: limit - reports.count)
            reports += found.map { $0.report }
            for (report, receivedAt) in found {
                let seconds = receivedAt.seconds(since: report.recordedAt)
                if seconds >= Self.late { lateSeconds[report.recordedAt] = Int(seconds) }
            }
        }
        let plate =
            names.contains { $0.isPlate }
            ? subject
            : self.registers.vehicle(terminal: first.name, at: reports.last?.recordedAt ?? .distantFuture)?.plate
        return Located(
            terminal: terminal, plate: plate, reports: reports.sorted { $0.recordedAt < $1.recordedAt },
            lateSeconds: lateSeconds)
    }

    /// The names under which the log holds a plate's or a terminal's reports; none when it has no reports.
    func terminalNames(of subject: String) throws -> Set<String> {
        Set(try self.names(of: subject).map(\.name))
    }

    private typealias Carried = (name: String, period: ValidPeriod, isPlate: Bool)

    /// The names under which the log may hold the subject's reports, and when.
    func names(of subject: String) throws -> [(name: String, period: ValidPeriod, isPlate: Bool)] {
        let reader = FleetReader(connection: self.connection)
        let carried = self.registers.vehicles(plate: subject)
        if !carried.isEmpty {
            return try carried.flatMap { row -> [Carried] in
                // The register may write a phone number with zeros that the log leaves out.
                let names = Set([row.terminal, TerminalNames.stripped(row.terminal)]).sorted()
                let known = try names.filter { try reader.knowsTerminal($0) }
                return (known.isEmpty ? [row.terminal] : known).map { ($0, row.period, true) }
            }
        }
        let names = [subject, TerminalNames.stripped(subject)]
        guard let name = try names.first(where: { try reader.knowsTerminal($0) }) else { return [] }
        return [(name, .always, false)]
    }
}
