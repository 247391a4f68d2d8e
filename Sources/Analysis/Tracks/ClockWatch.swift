package import Chronology
import Geodesy
package import Telemetry

/// Compares a terminal's clock with the server's.
///
/// A report that comes late is no fault: only a distance that stays the same while both clocks go on is one, and only
/// where it has a known cause: 8 hours (a time zone), 1024 weeks (GPS counts weeks in ten bits), or a clock that runs
/// ahead, which no delay explains.
package struct ClockWatch: Codable, Hashable, Sendable {
    private var stretch: Stretch?
    private var isTold = false

    /// Reports whose distance from the server's clock is the same.
    private struct Stretch: Codable, Hashable, Sendable {
        var kind: TerminalFault.Kind
        var first: Instant
        var firstReceived: Instant
        var offset: Double
        var count: Int
    }

    /// One era of the week number in GPS's original message.
    package static let weekEra = 1024 * 7 * 86_400.0

    package init() {}

    /// Takes the next report in the order of arrival; tells of a fault once, when it has become certain.
    package mutating func take(
        _ report: PositionReport, receivedAt: Instant, _ faults: AnalysisParameters.Faults
    ) -> TerminalFault? {
        let offset = report.recordedAt.seconds(since: receivedAt)
        guard let kind = Self.kind(offset, faults) else {
            // What is late says nothing; a good time ends the stretch.
            if offset.magnitude <= faults.clockTolerance { (self.stretch, self.isTold) = (nil, false) }
            return nil
        }
        if var stretch = self.stretch, stretch.kind == kind,
            (offset - stretch.offset).magnitude <= faults.clockTolerance, receivedAt >= stretch.firstReceived
        {
            stretch.count = min(stretch.count + 1, 1_000_000)
            self.stretch = stretch
        } else {
            self.stretch = Stretch(
                kind: kind, first: report.recordedAt, firstReceived: receivedAt, offset: offset, count: 1)
            self.isTold = false
        }
        guard let stretch = self.stretch, !self.isTold, stretch.count >= faults.clockReports,
            receivedAt.seconds(since: stretch.firstReceived) >= faults.clockSteadySeconds,
            report.recordedAt.seconds(since: stretch.first) >= faults.clockSteadySeconds - faults.clockTolerance
        else { return nil }
        self.isTold = true
        return TerminalFault(
            kind: kind, start: stretch.first, end: report.recordedAt, coordinate: report.coordinate,
            count: stretch.count, amount: offset)
    }

    /// What an offset of the terminal's clock from the server's may be; `nil`: in order, or late.
    private static func kind(_ offset: Double, _ faults: AnalysisParameters.Faults) -> TerminalFault.Kind? {
        if (offset.magnitude - 8 * 3600).magnitude <= faults.clockTolerance { return .clockOffset }
        if Self.isRolledOver(offset, faults) { return .weekRollover }
        return offset > faults.clockAhead ? .clockAhead : nil
    }

    /// Whether a report's time is whole eras before its arrival, and as late as terminals buffer: of a receiver whose
    /// week number rolled over it says neither the day nor the year.
    package static func isRolledOver(
        recordedAt: Instant, receivedAt: Instant, _ faults: AnalysisParameters.Faults
    ) -> Bool {
        Self.isRolledOver(recordedAt.seconds(since: receivedAt), faults)
    }

    private static func isRolledOver(_ offset: Double, _ faults: AnalysisParameters.Faults) -> Bool {
        let eras = (offset / Self.weekEra).rounded()
        return eras <= -1 && (offset - eras * Self.weekEra).magnitude <= faults.rolloverLateness
    }
}
