package import Chronology
package import Registers

/// An accident with what the log knows of its moment: which terminal the truck carried, and what its right blind-spot
/// camera was. An association and nothing more: it does not say why the accident happened.
package struct AccidentMoment: Hashable, Sendable {
    /// With the truck's company and its district, where the report names none.
    package var accident: Accident
    /// `nil` where the register knows no truck of this plate at that time.
    package var terminal: String?
    /// `nil` without a terminal; a camera that nobody had heard of is unknown.
    package var camera: CameraCondition?
    /// The legal holds that keep the log of its days and have not been released.
    package var holds: [Int64]

    package init(accident: Accident, terminal: String?, camera: CameraCondition?, holds: [Int64] = []) {
        self.accident = accident
        self.terminal = terminal
        self.camera = camera
        self.holds = holds
    }

    /// Seconds on either side of the accident that its trail shows.
    package static let reach = 1800.0

    /// The camera at the moment of an accident. Times of accidents are told to the minute: the worst of that minute
    /// counts, so that a camera is called ok only when it was ok throughout.
    package static func camera(
        at moment: Instant, spans: [CameraSpan]
    ) -> CameraCondition {
        let near = spans.filter { $0.to > moment && $0.from < moment.advanced(bySeconds: Self.minute) }
        return near.map(\.condition).min { Self.rank($0) < Self.rank($1) } ?? .unknown
    }

    package static let minute = 60.0

    /// The lower the worse.
    private static func rank(_ condition: CameraCondition) -> Int {
        switch condition {
        case .lost: 0
        case .fault: 1
        case .occluded: 2
        case .unknown: 3
        case .ok: 4
        }
    }
}

extension SafetyRoster {
    /// The accidents from the first to the last day, in the order of their time.
    package func accidents(from: CivilDate, to: CivilDate) -> [Accident] {
        self.placedAccidents.filter {
            let date = $0.occurredAt.date(at: .shanghai)
            return date >= from && date <= to
        }.sorted { ($0.occurredAt, $0.accidentID) < ($1.occurredAt, $1.accidentID) }
    }

    /// The terminal of the truck that bore the accident's plate then.
    package func terminal(of accident: Accident) -> String? {
        accident.plate.flatMap { self.vehicle(plate: $0, at: accident.occurredAt)?.terminal }
    }
}
