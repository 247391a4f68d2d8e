import Chronology
import Geodesy
package import Telemetry

/// Decides which reports place the truck: those with a fix, off null island, and reachable from the last believed one.
///
/// A fix that asks for more than the maximum speed waits. If the next ones agree with the last believed fix, it was a
/// spike; if several in a row agree with it instead, the track begins anew there.
package struct TrackCleaner: Codable, Hashable, Sendable {
    /// What became of a report.
    package enum Verdict: Hashable, Sendable {
        case accepted(Fix)
        /// Believed, but the truck cannot have driven there: nothing is known of how it came.
        case restarted(Fix)
        case withoutFix
        case spike
        /// Not later than the report before it.
        case notLater
    }

    package private(set) var last: Fix?
    private var suspect: Fix?
    private var agreeing = 0

    package init() {}

    package mutating func take(_ report: PositionReport, _ parameters: AnalysisParameters.Cleaning) -> Verdict {
        if let last = self.last, report.recordedAt <= last.time { return .notLater }
        guard report.hasFix, !report.coordinate.isNullIsland else { return .withoutFix }
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
