import Chronology
import Geodesy
package import Telemetry

/// Notices a position that stands still to the last digit while the recorder's speed or the odometer moves.
package struct FrozenWatch: Codable, Hashable, Sendable {
    private var run: Run?

    /// Reports with one position.
    private struct Run: Codable, Hashable, Sendable {
        var start: Instant
        var end: Instant
        var coordinate: Coordinate
        var firstOdometer: Int32?
        var lastOdometer: Int32?
        var movingReports = 0

        var metres: Double {
            guard let first = self.firstOdometer, let last = self.lastOdometer else { return 0 }
            return max(0, Double(Int64(last) - Int64(first)) * 10)
        }
    }

    package init() {}

    /// Takes the next report, with or without a fix, in the order of time; gives the frozen stretch that it ends.
    package mutating func take(_ report: PositionReport, _ faults: AnalysisParameters.Faults) -> TerminalFault? {
        guard !report.coordinate.isNullIsland else { return nil }
        if var run = self.run, run.coordinate.isSame(as: report.coordinate, withinE7: faults.frozenE7),
            report.recordedAt.seconds(since: run.end) <= faults.frozenGap
        {
            guard report.recordedAt > run.end else { return nil }
            Self.note(report, in: &run, faults)
            self.run = run
            return nil
        }
        let ended = self.fault(faults)
        var run = Run(start: report.recordedAt, end: report.recordedAt, coordinate: report.coordinate)
        Self.note(report, in: &run, faults)
        self.run = run
        return ended
    }

    /// The frozen stretch that goes on, if it has lasted long enough.
    package func fault(_ faults: AnalysisParameters.Faults) -> TerminalFault? {
        guard let run = self.run, run.end.seconds(since: run.start) >= faults.frozenSeconds,
            run.movingReports >= faults.frozenReports || run.metres >= faults.frozenMetres
        else { return nil }
        return TerminalFault(
            kind: .frozenPosition, start: run.start, end: run.end, coordinate: run.coordinate,
            count: run.movingReports, amount: run.metres)
    }

    private static func note(_ report: PositionReport, in run: inout Run, _ faults: AnalysisParameters.Faults) {
        run.end = report.recordedAt
        if let speed = report.speed, Double(speed) > faults.frozenSpeed * 10 {
            run.movingReports = min(run.movingReports + 1, 1_000_000)
        }
        guard let odometer = report.odometer else { return }
        // An odometer that goes back was set, or the terminal changed.
        if run.lastOdometer.map({ odometer < $0 }) ?? true { run.firstOdometer = odometer }
        run.lastOdometer = odometer
    }
}

extension Coordinate {
    /// Whether two positions are one, as terminals write them in steps of so many 1e-7 degree.
    func isSame(as other: Coordinate, withinE7 step: Int) -> Bool {
        // Half a step: rounding to it is exact.
        let limit = Int64(step) / 2
        return abs(Int64(self.latitudeE7) - Int64(other.latitudeE7)) <= limit
            && abs(Int64(self.longitudeE7) - Int64(other.longitudeE7)) <= limit
    }
}
