import Geodesy
import Telemetry
import Tracks

/// What the indicators of data quality need of one truck and day: records, metres and jumps. Whole numbers.
package struct TrackQuality: Hashable, Sendable, Codable {
    /// Positions that were stored.
    package var records: Int64 = 0
    /// Of them, those with a fix in China, at no more than the highest speed; whether a register knows the truck is
    /// asked when the figures are put together.
    package var qualified: Int64 = 0
    /// Between fixes that follow each other, in millimetres; noise of a standing truck left out …
    package var trackMillimetres: Int64 = 0
    /// … and of them, where the fixes were close enough together.
    package var completeMillimetres: Int64 = 0
    /// Fixes that the truck cannot have reached.
    package var jumps: Int64 = 0
    /// Days on which there was such a fix.
    package var jumpDays: Int64 = 0

    package init() {}

    package static func += (sum: inout Self, other: Self) {
        sum.records &+= other.records
        sum.qualified &+= other.qualified
        sum.trackMillimetres &+= other.trackMillimetres
        sum.completeMillimetres &+= other.completeMillimetres
        sum.jumps &+= other.jumps
        sum.jumpDays &+= other.jumpDays
    }

    /// Whether a stored position is qualified data by the joint control assessment.
    static func isQualified(_ report: PositionReport, _ parameters: SafetyParameters.Quality) -> Bool {
        guard report.hasFix, !report.coordinate.isNullIsland else { return false }
        if let speed = report.speed, Double(speed) / 10 > parameters.maximumSpeed { return false }
        return (parameters.south...parameters.north).contains(report.coordinate.latitude)
            && (parameters.west...parameters.east).contains(report.coordinate.longitude)
    }
}
