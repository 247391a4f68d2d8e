import Chronology
import Geodesy
package import Telemetry

/// Decides which reports place the truck: those with a fix, off null island, not frozen, and reachable from the last
/// believed one.
///
/// A fix that asks for more than the maximum speed waits. If the next ones agree with the last believed fix, it was a
/// spike; if several in a row agree with it instead, the track begins anew there. A position that is the same to the
/// last digit while the recorder drives is one that the terminal kept: where the truck is it does not say.
package struct TrackCleaner: Codable, Hashable, Sendable {
    /// What became of a report.
    package enum Verdict: Hashable, Sendable {
        case accepted(Fix)
        /// Believed, but the truck cannot have driven there: nothing is known of how it came.
        case restarted(Fix)
        case withoutFix
        /// A position that the terminal repeats while the truck moves.
        case frozen
        case spike
        /// Not later than the report before it.
        case notLater
    }

    package private(set) var last: Fix?
    private var suspect: Fix?
    private var agreeing = 0
    /// What speaks against the truck standing where the last position, unchanged, says; `nil`: it changed.
    private var still: Still?

    /// Reports that repeat one position.
    private struct Still: Codable, Hashable, Sendable {
        /// That of the newest of them.
        var time: Instant
        var odometer: Int32?
        var movingReports = 0
    }

    package init() {}

    package mutating func take(_ report: PositionReport, _ parameters: AnalysisParameters.Cleaning) -> Verdict {
        if let last = self.last, report.recordedAt <= last.time { return .notLater }
        guard report.hasFix, !report.coordinate.isNullIsland else { return .withoutFix }
        if self.isFrozen(report, parameters) { return .frozen }
        let fix = Fix(report)
        guard let last = self.last, !Self.isReachable(fix, from: last, parameters) else {
            self.believe(fix)
            return .accepted(fix)
        }
        if let suspect = self.suspect, Self.isReachable(fix, from: suspect, parameters) {
            self.agreeing += 1
        } else {
            self.agreeing = 1
        }
        self.suspect = fix
        guard self.agreeing >= parameters.agreeingFixes else { return .spike }
        self.believe(fix)
        return .restarted(fix)
    }

    /// Whether the report repeats the last position though the truck moves: by the speed of this report or of several
    /// before it, or by the odometer since.
    private mutating func isFrozen(_ report: PositionReport, _ parameters: AnalysisParameters.Cleaning) -> Bool {
        guard let last = self.last, last.coordinate.isSame(as: report.coordinate, withinE7: parameters.frozenE7) else {
            self.still = nil
            return false
        }
        var still = self.still ?? Still(time: last.time, odometer: last.odometer)
        guard report.recordedAt.seconds(since: still.time) <= parameters.frozenGap else {
            self.still = Still(time: report.recordedAt, odometer: report.odometer)
            return false
        }
        still.time = report.recordedAt
        let isMoving = report.speed.map { Double($0) > parameters.frozenSpeed * 10 } ?? false
        if isMoving { still.movingReports = min(still.movingReports + 1, 1_000_000) }
        // An odometer that goes back was set, or the terminal changed.
        if let odometer = report.odometer, still.odometer.map({ odometer < $0 }) ?? true { still.odometer = odometer }
        self.still = still
        let metres = report.odometer.flatMap { now in still.odometer.map { Double(Int64(now) - Int64($0)) * 10 } } ?? 0
        return isMoving || still.movingReports >= parameters.frozenReports || metres >= parameters.frozenMetres
    }

    private mutating func believe(_ fix: Fix) {
        self.last = fix
        self.suspect = nil
        self.agreeing = 0
    }

    private static func isReachable(_ fix: Fix, from other: Fix, _ parameters: AnalysisParameters.Cleaning) -> Bool {
        let seconds = fix.time.seconds(since: other.time)
        guard seconds > 0 else { return false }
        let metres = other.coordinate.nearbyMetres(to: fix.coordinate) - parameters.noiseAllowance
        return metres <= seconds * parameters.maximumSpeed / 3.6
    }
}
