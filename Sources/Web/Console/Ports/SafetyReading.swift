package import Chronology
package import Safety

/// What the console reads of the safety figures. The application implements it over the store; tests over memory.
/// Errors
/// are those of `FleetReading`.
package protocol SafetyReading: Sendable {
    /// Rates as asked, a row a scope.
    func rates(_ question: RateQuestion) async throws -> [AccidentRate]

    /// What was driven and carried from the first to the last day, both included.
    func exposure(by breakdown: ExposureBreakdown, from: CivilDate, to: CivilDate) async throws -> [ExposureRow]

    /// The city's rates over 36 whole months.
    func rolling(_ question: RateQuestion) async throws -> RollingRates

    /// Accidents month by month beside what is usual; `nil` where nothing is known of the years before.
    func control(_ question: RateQuestion) async throws -> ControlSeries?

    /// Camera rates of whole days, first and last included; where they are missing, those of the telemetry,
    /// its last three years at most.
    func cameraRates(by breakdown: CameraBreakdown, from: CivilDate?, to: CivilDate?) async throws -> [CameraRate]

    /// Cameras that are not known to be ok, the oldest fault first.
    func camerasToMend() async throws -> [CameraToMend]

    /// Indicators by scope and month.
    func quality(by breakdown: RateBreakdown, from: CivilDate, to: CivilDate) async throws -> [QualityRow]

    /// Right turns in cells of the map.
    func turnCells(from: CivilDate, to: CivilDate, limit: Int) async throws -> [TurnCell]

    /// Licensed capacity beside what was seen.
    func capacity(year: Int, today: CivilDate) async throws -> CapacityBoard

    /// The accidents from the first to the last day, with what the log knows of their moment.
    func accidents(from: CivilDate, to: CivilDate) async throws -> [AccidentMoment]

    /// What the report on a month says: the year up to the month's end. The last month with telemetry for `nil`.
    func monthly(_ question: RateQuestion, month: CivilDate?, at now: Instant) async throws -> SafetyOverview

    /// All of it for the page, with the camera and quality figures of one month.
    func overview(_ question: RateQuestion, month: CivilDate?, at now: Instant) async throws -> SafetyOverview
}
