import Chronology
import Geodesy
package import Telemetry

/// Counts a terminal's impossible jumps by day in China, and tells of the day on which they are too many, once.
///
/// A spike that comes back is two steps too fast but one jump; a truck that is elsewhere from then on jumped once, too.
package struct TeleportWatch: Codable, Hashable, Sendable {
    private var day: Int?
    private var jumps = 0
    private var first: Instant?
    private var longest = 0.0
    /// Whether the report before was off as well.
    private var isOff = false

    package init() {}

    /// Takes a report together with what the cleaner made of it and the last fix that was believed before it.
    package mutating func take(
        _ report: PositionReport, _ verdict: TrackCleaner.Verdict, after last: Fix?, _ parameters: AnalysisParameters
    ) -> TerminalFault? {
        switch verdict {
        case .accepted, .restarted:
            self.isOff = false
            return nil
        case .withoutFix, .frozen, .notLater: return nil
        case .spike: break
        }
        defer { self.isOff = true }
        guard !self.isOff else { return nil }
        let day = report.recordedAt.date(at: .shanghai).daysSince1970
        if self.day != day { (self.day, self.jumps, self.first, self.longest) = (day, 0, nil, 0) }
        self.jumps = min(self.jumps + 1, 100_000)
        if self.first == nil { self.first = report.recordedAt }
        if let last { self.longest = max(self.longest, last.coordinate.nearbyMetres(to: report.coordinate)) }
        guard self.jumps == parameters.faults.teleportsADay, let first = self.first else { return nil }
        return TerminalFault(
            kind: .teleports, start: first, end: report.recordedAt, coordinate: report.coordinate, count: self.jumps,
            amount: self.longest)
    }
}
