/// What the watches over a terminal's reports compare with. Seconds, metres, degrees and km/h; "catalogue" is the
/// project's catalogue of rules.
extension AnalysisParameters {
    /// Faults of a terminal that its reports show.
    package struct Faults: Codable, Hashable, Sendable {
        /// Jumps on one day that are more than a bad fix (catalogue: three a day).
        package var teleportsADay = 3
        /// Two fixes this close are the same position: 1e-6 degree, what terminals send.
        package var frozenE7 = 10
        /// Seconds for which the position stands still (catalogue: 10 minutes) …
        package var frozenSeconds = 600.0
        /// … while the recorder shows a speed above this in km/h (catalogue) …
        package var frozenSpeed = 5.0
        /// … in so many reports, or the odometer grows by so many metres.
        package var frozenReports = 3
        package var frozenMetres = 500.0
        /// After a silence longer than this the truck may have gone and come back to its place.
        package var frozenGap = 600.0
        /// A clock that is so many seconds ahead of the server is wrong (catalogue: 60 s).
        package var clockAhead = 60.0
        /// A terminal's distance from the server's clock that differs by no more than this is steady …
        package var clockTolerance = 120.0
        /// … if it lasts for so many seconds by both clocks, and so many reports.
        package var clockSteadySeconds = 600.0
        package var clockReports = 6
        /// A report so many seconds at most from a multiple of 1024 weeks before its arrival was made by a clock whose
        /// week number rolled over: as late as ingestion looks for one (two days), since terminals buffer.
        package var rolloverLateness = 172_800.0

        package init() {}
    }

    /// Right turns.
    package struct Turns: Codable, Hashable, Sendable {
        /// Degrees of a turn, smallest and largest, within the seconds and the radius in metres (catalogue: 50–130°
        /// within 15 s, radius < 40 m).
        package var smallest = 50.0
        package var largest = 130.0
        package var seconds = 15.0
        package var radius = 40.0
        /// Between two reports farther apart than this in seconds a turn can hide …
        package var resolution = 6.0
        /// … and nothing slower than this in km/h is driving.
        package var drivingSpeed = 5.0
        /// A course that is worked out from two fixes needs them so many metres apart.
        package var courseDistance = 15.0
        /// Degrees between two reports below which the truck goes straight.
        package var straight = 5.0
        /// Reports kept for the turn that may be going on.
        package var reportLimit = 32

        package init() {}
    }
}
