package import Chronology
import Geodesy
package import Telemetry
package import Tracks

/// Everything that the safety figures need of one terminal and one day in China, as a function of the log alone. So a
/// day can be derived again at any time and in any order, and gives the same numbers.
package struct SafetyDay: Hashable, Sendable, Codable {
    package var exposure = ExposureAmounts()
    package var camera = CameraTally()
    package var track = TrackQuality()
    package var turns: [DayTurn] = []
    /// The first and the last fix of the day: when they change, the days beside it have to be derived again.
    package var firstPlaceAt: Instant?
    package var lastPlaceAt: Instant?

    package init() {}

    /// What of the log a day rests on.
    package struct Reports: Sendable {
        /// The positions and camera reports from the cameras' `lead` before the day to `tail` after it, in any order.
        package var positions: [PositionReport]
        package var cameras: [CameraReport]
        /// The last fix before the day, and the first after it.
        package var before: PositionReport?
        package var after: PositionReport?

        package init(
            positions: [PositionReport], cameras: [CameraReport], before: PositionReport? = nil,
            after: PositionReport? = nil
        ) {
            self.positions = positions
            self.cameras = cameras
            self.before = before
            self.after = after
        }
    }

    /// Seconds after the day that settle what happened in it.
    package static let tail = 120.0

    /// Whether there is nothing to keep.
    package var isEmpty: Bool { self == SafetyDay() }

    package static func derive(
        terminal: TerminalID, date: CivilDate, from reports: Reports, parameters: SafetyParameters = .standard,
        analysis: AnalysisParameters = .standard
    ) -> SafetyDay {
        let (start, end) = (Instant(startOf: date, at: .shanghai), DayPart.end(of: date))
        let positions = reports.positions.sorted { $0.recordedAt < $1.recordedAt }
        let ofTheDay = positions.filter { $0.recordedAt >= start && $0.recordedAt < end }
        let places = ofTheDay.filter { ExposureDay.hasPlace($0) }
        var day = SafetyDay()
        day.firstPlaceAt = places.first?.recordedAt
        day.lastPlaceAt = places.last?.recordedAt
        var walk = DayWalk(terminal: terminal, parameters: parameters, analysis: analysis)
        let (tally, turns) = walk.tally(date, positions, cameras: reports.cameras)
        day.camera = tally
        day.turns = turns
        day.exposure =
            ExposureDay.derive(
                truck: terminal.text, date: date, reports: ofTheDay, before: reports.before, after: reports.after,
                turns: turns.map(\.turn), turnSeenMicroseconds: tally.turnSeenMicroseconds, parameters: parameters,
                cleaning: analysis.cleaning
            ).amounts
        day.track = DayWalk.quality(
            ofTheDay, before: reports.before, parameters: parameters.quality, cleaning: analysis.cleaning)
        return day
    }
}

/// A right turn with what its camera was around it.
package struct DayTurn: Hashable, Sendable, Codable {
    package var turn: ObservedTurn
    package var condition: CameraCondition

    package init(turn: ObservedTurn, condition: CameraCondition) {
        self.turn = turn
        self.condition = condition
    }
}
