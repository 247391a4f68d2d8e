import Chronology
import Foundation
import Geodesy
import Safety
import Telemetry
import Testing
import Tracks

/// Camera alerts from the stream alone: the watch sees the right turns itself.
@Suite struct CameraWatchTests {
    /// A truck that drives north, turns right at a junction and goes on to the east.
    private struct Junction {
        var watch: CameraWatch
        var opened: [String] = []
        var closed: [String] = []
        private var second = 0.0
        private var place = Coordinate(latitudeE7: 307_000_000, longitudeE7: 1_207_000_000)
        var driving = AnalysisParameters.standard.driving

        private var cameras: SafetyParameters.Cameras {
            var cameras = SafetyParameters.Cameras()
            cameras.take(self.driving)
            return cameras
        }

        init() throws { self.watch = CameraWatch(terminal: try #require(TerminalID("T1"))) }

        /// - Parameter late: seconds by which a position is later that came before it.
        mutating func say(_ state: CameraStatus.State, late: Double = 0) {
            self.note(self.watch.take(Scene.camera(self.second - late, state), self.cameras))
        }

        mutating func handOver() { self.note(self.watch.handOver(self.cameras)) }

        mutating func drive(_ courses: [Int], kmh: Double, every step: Double = 2) {
            for course in courses {
                self.second += step
                self.place = self.place.moved(metres: kmh / 3.6 * step, bearingDegrees: Double(course))
                var report = PositionReport(recordedAt: Scene.at(self.second), coordinate: self.place)
                report.speed = Int16(kmh * 10)
                report.course = Int16(course * 10)
                self.note(self.watch.take(report, self.cameras, .standard))
            }
        }

        mutating func turnRight(kmh: Double, every step: Double = 2) {
            func straight(_ course: Int) -> [Int] { Array(repeating: course, count: Int(40 / step)) }
            self.drive(straight(0), kmh: kmh, every: step)
            self.drive([30, 60, 90], kmh: kmh, every: step)
            self.drive(straight(90), kmh: kmh, every: step)
        }

        private mutating func note(_ changes: [CameraAlert.Change]) {
            for change in changes {
                switch change {
                case .opened(let alert): self.opened.append(alert.rule.rawValue)
                case .closed(let alert): self.closed.append(alert.rule.rawValue)
                }
            }
        }
    }

    @Test func aTurnWithACameraThatIsNotOkIsToldUntilItIs() throws {
        var junction = try Junction()
        junction.say(.ok)
        junction.turnRight(kmh: 20)
        #expect(junction.opened.isEmpty)
        junction.say(.lost)
        junction.drive(Array(repeating: 90, count: 20), kmh: 0)
        junction.turnRight(kmh: 20)
        junction.turnRight(kmh: 20)
        #expect(junction.opened.filter { $0 == "blind-right-turn" }.count == 1)
        junction.say(.ok)
        junction.drive(Array(repeating: 90, count: 30), kmh: 20)
        #expect(junction.closed.contains("blind-right-turn"))
    }

    /// Another truck gets the terminal: what stood open is over, and is told of that one only when it does the same.
    /// What is known of the camera is not forgotten.
    @Test(
        arguments: [(.lost, ["blind-right-turn", "blind-right-turn"]), (.ok, ["blind-right-turn"])]
            as [(CameraStatus.State, [String])])
    func anotherTruckBeginsAnew(word: CameraStatus.State, expected: [String]) throws {
        var junction = try Junction()
        junction.say(.lost)
        junction.turnRight(kmh: 20)
        junction.drive(Array(repeating: 90, count: 20), kmh: 0)
        let before = junction.opened
        #expect(before.contains("blind-right-turn"))
        junction.say(word)
        junction.drive(Array(repeating: 90, count: 30), kmh: 0)
        junction.handOver()
        #expect(Set(junction.closed) == Set(before))
        junction.turnRight(kmh: 20)
        junction.drive(Array(repeating: 90, count: 30), kmh: 20)
        #expect(junction.opened.filter { $0 == "blind-right-turn" } == expected)
    }

    /// A halt of minutes right behind the turn: what was known of the camera then is not forgotten meanwhile.
    @Test func aTurnBeforeAHaltIsToldAsItWas() throws {
        var junction = try Junction()
        junction.say(.ok)
        junction.drive(Array(repeating: 0, count: 20) + [30, 60, 90], kmh: 20)
        junction.drive(Array(repeating: 90, count: 150), kmh: 0)
        junction.drive(Array(repeating: 90, count: 10), kmh: 20)
        #expect(junction.opened.isEmpty)
    }

    /// Words and positions are two messages: the later one may come first.
    @Test(arguments: [(1.0, []), (5, []), (60, ["blind-right-turn"])] as [(Double, [String])])
    func aWordThatComesAfterALaterPositionCounts(late: Double, expected: [String]) throws {
        var junction = try Junction()
        junction.say(.ok)
        junction.drive(Array(repeating: 0, count: 295), kmh: 20)
        junction.say(.ok, late: late)
        junction.turnRight(kmh: 20)
        #expect(junction.opened == expected)
    }

    /// What was known of the camera in the turn holds, however long the truck waits behind it.
    @Test(arguments: [0, 1, 3], [90, 300])
    func aWaitBehindTheTurnTakesNothingFromTheCamera(straight: Int, wait: Int) throws {
        var junction = try Junction()
        // So low that the turn shows that it was seen.
        junction.driving.turnLimit = 10
        func course(_ degrees: Int, _ count: Int) -> [Int] { Array(repeating: degrees, count: count) }
        junction.say(.ok)
        junction.drive(course(0, 20), kmh: 20)
        junction.say(.ok)
        junction.drive([30, 60, 90] + course(90, straight), kmh: 20)
        for _ in 0..<(wait / 30) {
            junction.drive(course(90, 15), kmh: 0)
            junction.say(.ok)
        }
        junction.drive(course(90, 20), kmh: 20)
        #expect(junction.opened == ["fast-right-turn"])
    }

    @Test func whoseCameraNobodyHasHeardOfTurnsBlind() throws {
        var junction = try Junction()
        junction.turnRight(kmh: 20)
        #expect(junction.opened == ["blind-right-turn"])
    }

    @Test func tooFastByTheParameter() throws {
        for (limit, expected) in [(30.0, ["fast-right-turn"]), (40, [])] {
            var junction = try Junction()
            junction.driving.turnLimit = limit
            junction.say(.ok)
            junction.turnRight(kmh: 32)
            #expect(junction.opened == expected && junction.closed == expected)
        }
    }

    /// Where turns cannot be seen nothing is said of them.
    @Test func sparseReportsShowNoTurn() throws {
        var junction = try Junction()
        junction.turnRight(kmh: 5, every: 10)
        #expect(junction.opened.isEmpty)
    }

    @Test func writtenDownItGoesOnTheSame() throws {
        var junction = try Junction()
        junction.say(.lost)
        junction.drive(Array(repeating: 0, count: 20), kmh: 20)
        var restored = junction
        restored.watch = try JSONDecoder().decode(CameraWatch.self, from: JSONEncoder().encode(junction.watch))
        #expect(restored.watch == junction.watch)
        junction.turnRight(kmh: 20)
        restored.turnRight(kmh: 20)
        #expect(restored.watch == junction.watch && restored.opened == junction.opened)
        restored.watch.forgetDays()
        #expect(restored.watch == junction.watch)
    }
}
