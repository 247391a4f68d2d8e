import Chronology
import Geodesy
import Glibc
import Telemetry
import Testing
import Tracks

/// Right turns at junctions, by course or by positions, and what sparse reports hide.
@Suite struct TurnWatchTests {
    /// A way of straights and arcs, driven at one speed and reported at one rate.
    private struct Way {
        var reports: [PositionReport] = []
        var interval = 1.0
        var hasCourse = true
        private var point = TrackWriter.point(0, 0)
        private var course = 0.0
        private var time = Instant(seconds: 1_772_400_000)
        private var sinceReport = 0.0

        /// Drives so many metres and turns by so many degrees on the way, to the right where positive.
        mutating func drive(_ metres: Double, turning degrees: Double = 0, kmh: Double = 20) {
            let step = kmh / 3.6 * 0.1
            let steps = Int((metres / step).rounded())
            for _ in 0..<steps {
                self.course = (self.course + degrees / Double(steps) + 360).truncatingRemainder(dividingBy: 360)
                self.point = self.point.moved(metres: step, bearingDegrees: self.course)
                self.time = self.time.advanced(bySeconds: 0.1)
                self.sinceReport += 0.1
                guard self.sinceReport >= self.interval - 0.001 else { continue }
                self.sinceReport = 0
                var report = PositionReport(recordedAt: self.time, coordinate: self.point)
                report.speed = Int16(kmh * 10)
                if self.hasCourse { report.course = Int16((self.course * 10).rounded()) }
                self.reports.append(report)
            }
        }

        /// The quarter of a circle of this radius to the right.
        mutating func turn(_ degrees: Double, radius: Double, kmh: Double = 20) {
            self.drive(radius * abs(degrees) * .pi / 180, turning: degrees, kmh: kmh)
        }

        var turns: (found: [RightTurn], coverage: TurnCoverage) {
            var watch = TurnWatch()
            let found = self.reports.compactMap { watch.take($0, AnalysisParameters.standard.turns) }
            return (found, watch.coverage)
        }
    }

    /// Degrees, radius, seconds between reports, whether the course is reported; how many right turns.
    @Test(arguments: [
        (90.0, 12.0, 1.0, true, 1), (90, 12, 2, true, 1), (90, 12, 1, false, 1), (90, 25, 5, true, 1),
        (60, 15, 1, true, 1), (125, 12, 1, true, 1), (-90, 12, 1, true, 0), (30, 20, 1, true, 0),
        (90, 150, 1, true, 0), (175, 9, 1, true, 0), (90, 12, 30, true, 0),
    ])
    func turns(degrees: Double, radius: Double, interval: Double, hasCourse: Bool, count: Int) {
        var way = Way()
        (way.interval, way.hasCourse) = (interval, hasCourse)
        way.drive(300)
        way.turn(degrees, radius: radius)
        way.drive(300)
        let (found, coverage) = way.turns
        #expect(found.count == count)
        for turn in found {
            #expect(abs(turn.angle - degrees) <= 12)
            #expect(turn.maximumSpeed == 20)
            #expect(turn.end.seconds(since: turn.start) <= 15)
        }
        #expect(coverage.share == (interval <= 6 ? 1 : 0))
    }

    @Test func theSpeedIsThatOfTheTurn() throws {
        var way = Way()
        way.drive(400, kmh: 60)
        way.drive(60, kmh: 36)
        way.turn(90, radius: 15, kmh: 36)
        way.drive(400, kmh: 60)
        let turn = try #require(way.turns.found.first)
        #expect(way.turns.found.count == 1)
        #expect((36...60).contains(try #require(turn.maximumSpeed)))
    }

    /// The speed before the turn, in it, and after it; reports so many seconds apart begin so many tenths later.
    @Test(arguments: [1.0, 2, 5], 0..<10)
    func whoBrakesForATurnIsNotTooFastInIt(interval: Double, shift: Int) throws {
        var way = Way()
        way.interval = interval
        way.drive(400 + Double(shift), kmh: 50)
        // A metre per second each second, from 50 km/h to 19.
        for kmh in stride(from: 47.0, through: 19, by: -3.6) { way.drive(kmh / 3.6, kmh: kmh) }
        way.turn(90, radius: 14, kmh: 19)
        for kmh in stride(from: 22.0, through: 50, by: 2.5) { way.drive(kmh / 3.6, kmh: kmh) }
        way.drive(400, kmh: 50)
        let turn = try #require(way.turns.found.first)
        #expect(try #require(turn.maximumSpeed) <= 30)
    }

    @Test func twoTurnsAreTwo() {
        var way = Way()
        for _ in 0..<4 {
            way.drive(200)
            way.turn(90, radius: 12)
        }
        way.drive(200)
        #expect(way.turns.found.count == 4)
    }

    @Test func standingIsNotDrivingAndItsCourseIsNoise() {
        var way = Way()
        way.drive(100)
        var reports = way.reports
        for second in 1...200 {
            var report = reports[reports.count - 1]
            report.recordedAt = report.recordedAt.advanced(bySeconds: 1)
            report.speed = 0
            report.course = Int16(second * 700 % 3600)
            reports.append(report)
        }
        way.reports = reports
        let (found, coverage) = way.turns
        #expect(found.isEmpty)
        #expect(coverage.drivingSeconds < 25)
    }
}
