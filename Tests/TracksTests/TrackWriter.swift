import Chronology
import Geodesy
import Telemetry
import Tracks

/// A truck that is told where to drive and how long to stand, and the reports that its terminal makes of it.
struct TrackWriter {
    static let origin = Coordinate(latitudeE7: 307_500_000, longitudeE7: 1_207_500_000)

    var time = Instant(seconds: 1_772_400_000)
    /// Seconds between reports.
    var interval = 10.0
    /// Metres by which every position may be wrong, east and north.
    var noise = 0.0
    private(set) var reports: [PositionReport] = []
    private var east = 0.0
    private var north = 0.0
    private var random = Scatter(seed: 7)

    static func point(_ east: Double, _ north: Double) -> Coordinate {
        Self.origin.moved(metres: east, bearingDegrees: 90).moved(metres: north, bearingDegrees: 0)
    }

    mutating func drive(to east: Double, _ north: Double, kmh: Double = 36) {
        let (fromEast, fromNorth) = (self.east, self.north)
        let (alongEast, alongNorth) = (east - fromEast, north - fromNorth)
        let seconds = (alongEast * alongEast + alongNorth * alongNorth).squareRoot() / (kmh / 3.6)
        let start = self.time
        var passed = self.interval
        while passed <= seconds {
            let share = passed / seconds
            (self.east, self.north) = (fromEast + alongEast * share, fromNorth + alongNorth * share)
            self.time = start.advanced(bySeconds: passed)
            self.report()
            passed += self.interval
        }
        (self.east, self.north) = (east, north)
    }

    mutating func stand(minutes: Double) {
        let end = self.time.advanced(bySeconds: minutes * 60)
        while self.time < end {
            self.time = self.time.advanced(bySeconds: self.interval)
            self.report()
        }
    }

    /// Stands without reporting.
    mutating func sleep(minutes: Double) { self.time = self.time.advanced(bySeconds: minutes * 60) }

    mutating func jump(to east: Double, _ north: Double) { (self.east, self.north) = (east, north) }

    mutating func report() {
        let point = Self.point(
            self.east + self.random.next() * self.noise, self.north + self.random.next() * self.noise)
        self.reports.append(PositionReport(recordedAt: self.time, coordinate: point))
    }
}

/// SplitMix64, as numbers from -1 to 1.
struct Scatter {
    private var state: UInt64

    init(seed: UInt64) { self.state = seed }

    mutating func next() -> Double {
        self.state &+= 0x9E37_79B9_7F4A_7C15
        var z = self.state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return Double((z ^ (z >> 31)) >> 11) / Double(1 << 52) - 1
    }
}

/// What came of a whole track.
struct Movement {
    var track = Track()
    var stays: [Stay] = []

    init(_ reports: [PositionReport]) {
        var cleaner = TrackCleaner()
        for report in reports {
            switch cleaner.take(report, AnalysisParameters.standard.cleaning) {
            case .accepted(let fix): self.stays += self.track.take(fix, isRestart: false, .standard).ended
            case .restarted(let fix): self.stays += self.track.take(fix, isRestart: true, .standard).ended
            case .withoutFix, .frozen, .spike, .notLater: break
            }
        }
    }
}
