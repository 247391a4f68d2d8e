import Registers

/// What one truck really does from 04:00 to 04:00. Times are seconds since its start.
struct TruckDay: Sendable {
    /// What the truck is doing.
    enum Activity: Sendable {
        case parked, resting, refuelling
        case waiting, driving, loading, weighing, washing, pouring, unloadingBulk
        /// The engine runs, and the drum turns as on the way.
        case idling

        var isIgnitionOn: Bool {
            switch self {
            case .parked, .resting, .refuelling: false
            default: true
            }
        }
    }

    /// A stretch of standing on one spot or of driving; the next one begins where it ends.
    struct Segment: Sendable {
        var start: Int
        var end: Int
        var activity: Activity
        /// Where it stands, and the way it faces; the start, for a drive.
        var point: Point
        var direction: Point
        var drive: Drive?
        /// Kilograms on the truck at both ends.
        var loadAtStart: Double
        var loadAtEnd: Double
        /// Metres driven on this day before.
        var metresBefore: Double
    }

    /// What is true of the truck at one second.
    struct State {
        var point: Point
        /// Metres per second.
        var speed: Double
        var direction: Point
        var activity: Activity
        /// Share of the segment that has passed, 0–1.
        var progress: Double
        var secondsIntoSegment: Int
        var load: Double
        var metresDriven: Double
    }

    static let length = 86_400

    var truck: Int
    var day: Int
    var segments: [Segment]
    var drops: [TruthDelivery]
    var tickets: [Ticket]
    var incidents: [TruthIncident]
    /// The terminal is switched off: by the driver, who hides something.
    var darkness: [Range<Int>]
    var metres: Double
    /// Cubic metres on the truck, by load.
    var volumes: [String: Double]

    func isDark(at second: Int) -> Bool { self.darkness.contains { $0.contains(second) } }

    /// What the truck does at one second.
    /// - Parameters:
    ///   - second: 0 up to, not including, `length`.
    ///   - segment: where to begin looking; it is moved to the segment of this second, and only forward.
    /// - Returns: the truck as it really is.
    func state(at second: Int, from segment: inout Int) -> State {
        while segment + 1 < self.segments.count, self.segments[segment].end <= second { segment += 1 }
        let current = self.segments[segment]
        let into = max(second - current.start, 0)
        let progress = current.end > current.start ? Double(into) / Double(current.end - current.start) : 1
        var state = State(
            point: current.point, speed: 0, direction: current.direction, activity: current.activity,
            progress: progress, secondsIntoSegment: into,
            load: current.loadAtStart + (current.loadAtEnd - current.loadAtStart) * progress,
            metresDriven: current.metresBefore)
        if let drive = current.drive {
            let metres = Double(drive.travelled[min(into, drive.seconds)])
            (state.point, state.direction) = drive.path.point(at: metres)
            state.speed = drive.speed(at: into)
            state.metresDriven += metres
        }
        return state
    }
}
