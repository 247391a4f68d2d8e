import Chronology
import Foundation
import Geodesy
import Safety
import Telemetry
import Testing

/// The camera machine, the rates and the rules S01–S04 and S07.
@Suite struct CameraTests {
    private let parameters = SafetyParameters.Cameras()

    /// Seconds and conditions of the spans of 1,000 s.
    private func timeline(_ words: [(Double, CameraStatus.State)]) -> [String] {
        CameraTimeline.spans(of: words.map { Scene.camera($0.0, $0.1) }, from: Scene.at(0), to: Scene.at(1000))
            .map { "\(Int($0.from.seconds(since: Scene.at(0)))) \($0.condition.rawValue)" }
    }

    @Test func nobodyHeardIsUnknown() {
        #expect(self.timeline([]) == ["0 unknown"])
        #expect(self.timeline([(100, .ok)]) == ["0 unknown", "100 ok", "700 unknown"])
        #expect(self.timeline([(100, .ok), (690, .ok)]) == ["0 unknown", "100 ok"])
        #expect(self.timeline([(-100, .fault)]) == ["0 fault", "500 unknown"])
    }

    @Test func aFlickerLeavesNoTrace() {
        #expect(self.timeline([(0, .ok), (100, .lost), (120, .ok), (600, .ok)]) == ["0 ok"])
        #expect(self.timeline([(0, .lost), (100, .ok), (129, .lost), (500, .lost)]) == ["0 lost"])
        // Contradicted after the end of what is asked about.
        #expect(self.timeline([(0, .ok), (500, .ok), (990, .lost), (1010, .ok)]) == ["0 ok"])
        #expect(self.timeline([(0, .ok), (500, .ok), (990, .lost), (1030, .ok)]) == ["0 ok", "990 lost"])
    }

    /// Neither in the moving time, nor around a turn, nor in an alert that stands.
    @Test func aFlickerLeavesNoTraceInTheFold() throws {
        var scene = try CameraScene()
        scene.drive(0...400, step: 5, cameras: [0: .ok, 152: .lost, 166: .ok, 300: .ok], turns: [155])
        #expect(scene.seconds(.ok) == 400 && scene.seconds(.unknown) == 0)
        #expect(scene.tally.turns.ok == 1 && scene.opened.isEmpty)
        var lost = try CameraScene()
        lost.drive(0...600, step: 5, cameras: [0: .lost, 300: .ok, 312: .lost, 500: .lost])
        #expect(lost.seconds(.lost) == 600 && lost.opened.map(\.rule) == [.cameraLostMoving] && lost.closed.isEmpty)
    }

    /// Without a reported speed the noise of a parked receiver from second to second is no driving.
    @Test func aParkedReceiverDoesNotMove() throws {
        var scene = try CameraScene()
        for second in 0..<300 {
            var report = Scene.position(0, speed: nil)
            report.recordedAt = Scene.at(Double(second))
            // Two metres to and fro: 7.2 km/h.
            report.coordinate = report.coordinate.moved(metres: second.isMultiple(of: 2) ? 2 : 0, bearingDegrees: 90)
            _ = scene.fold.take(report, seesTurns: true, scene.parameters)
        }
        #expect(scene.tally.movingMicroseconds.total == 0)
        var driving = try CameraScene()
        for second in 0..<300 {
            _ = driving.fold.take(Scene.position(Double(second), speed: nil), seesTurns: true, driving.parameters)
        }
        #expect(driving.tally.movingMicroseconds.total == 299_000_000)
    }

    @Test func aChangeCountsFromItsFirstWord() {
        #expect(self.timeline([(0, .ok), (100, .lost), (500, .ok), (900, .ok)]) == ["0 ok", "100 lost", "500 ok"])
        // Lost, then faulty: it was not ok in between.
        #expect(self.timeline([(0, .ok), (100, .lost), (110, .fault), (600, .fault)]) == ["0 ok", "100 fault"])
    }

    @Test func theOrderOfTheReportsMakesNoDifference() {
        let words: [(Double, CameraStatus.State)] = [(0, .ok), (100, .lost), (300, .occluded), (700, .ok)]
        #expect(self.timeline(words) == self.timeline(words.reversed()))
    }

    @Test func unknownIsNotOkAndIsShownApart() throws {
        var scene = try CameraScene()
        scene.drive(0...1000, cameras: [0: .ok])
        #expect(scene.seconds(.ok) == 600 && scene.seconds(.unknown) == 400)
        #expect(scene.tally.effectiveRate == 0.6 && scene.tally.unknownShare == 0.4)
    }

    @Test func aTruckWithoutAWordIsUnknownAllDay() throws {
        var scene = try CameraScene()
        scene.drive(0...1000)
        #expect(scene.seconds(.unknown) == 1000 && scene.tally.effectiveRate == 0 && scene.tally.daysHeard == 0)
        #expect(CameraTally().effectiveRate == nil && CameraTally().turnCoverage == nil)
    }

    @Test func standingIsNotMoving() throws {
        var scene = try CameraScene()
        scene.drive(0...500, speed: 0, cameras: [0: .ok])
        #expect(scene.tally.movingMicroseconds.total == 0)
    }

    /// The sums of two halves and of the whole are the same, and so are those of two runs.
    @Test func nothingIsCountedTwice() throws {
        var whole = try CameraScene()
        whole.drive(0...5000, cameras: [0: .ok, 500: .lost, 900: .ok, 1400: .occluded, 3000: .ok, 3500: .ok])
        var halves = try CameraScene()
        let cameras: [Int: CameraStatus.State] = [
            0: .ok, 500: .lost, 900: .ok, 1400: .occluded, 3000: .ok, 3500: .ok,
        ]
        halves.drive(0...2500, cameras: cameras)
        let restored = try JSONDecoder().decode(CameraFold.self, from: JSONEncoder().encode(halves.fold))
        #expect(restored == halves.fold)
        halves.fold = restored
        halves.drive(2501...5000, cameras: cameras)
        #expect(halves.tally == whole.tally && whole.tally.movingMicroseconds.total == 5_000_000_000)
        #expect(whole.seconds(.lost) == 400)
    }

    @Test func lostWhileMovingOpensAndCloses() throws {
        var scene = try CameraScene()
        scene.drive(0...600, cameras: [0: .ok, 100: .lost, 400: .ok])
        #expect(scene.opened.map(\.rule) == [.cameraLostMoving])
        let alert = try #require(scene.opened.first)
        #expect(alert.since == Scene.at(100) && alert.openedAt == Scene.at(220))
        #expect(scene.closed.first?.closedAt == Scene.at(400))
        #expect(alert.alertID == scene.closed.first?.alertID && alert.facts.count == 5)
    }

    @Test func aShortLossOpensNothing() throws {
        var scene = try CameraScene()
        scene.drive(0...600, cameras: [0: .ok, 100: .lost, 200: .ok])
        #expect(scene.opened.isEmpty)
    }

    @Test func occludedIsToldApart() throws {
        var scene = try CameraScene()
        scene.drive(0...600, cameras: [0: .occluded])
        #expect(scene.opened.map(\.rule) == [.cameraOccludedMoving] && scene.opened.first?.rule.severity == 2)
    }

    /// A light does not end the spell, and does not count.
    @Test func aHaltNeitherCountsNorEnds() throws {
        var scene = try CameraScene()
        scene.drive(0...60, cameras: [0: .fault])
        scene.drive(61...300, speed: 0)
        #expect(scene.opened.isEmpty)
        scene.drive(301...400)
        #expect(scene.opened.map(\.rule) == [.cameraLostMoving])
    }

    @Test func rightTurnsNeedACameraThatIsKnownToWork() throws {
        var scene = try CameraScene()
        scene.drive(0...1000, step: 5, cameras: [0: .ok, 300: .lost, 500: .ok], turns: [100, 296, 400, 900])
        // At 296 the camera fails in the turn; at 900 nobody has heard of it... within its limit it is still ok.
        // The one at 400 is told with it, until the camera works again.
        #expect(scene.opened.filter { $0.rule == .blindRightTurn }.map(\.since) == [Scene.at(296)])
        #expect(scene.closed.filter { $0.rule == .blindRightTurn }.map(\.closedAt) == [Scene.at(500)])
        #expect(scene.tally.turns.ok == 2 && scene.tally.turns.lost == 2 && scene.tally.effectiveTurnRate == 0.5)
        #expect(scene.tally.turnCoverage == 1)
        var silent = try CameraScene()
        silent.drive(0...100, step: 5, turns: [50])
        #expect(silent.opened.map(\.rule) == [.blindRightTurn] && silent.tally.turns.unknown == 1)
    }

    @Test func fastTurns() throws {
        for (speed, isFast, said) in [(30.0, false, ""), (30.1, true, "30.1"), (31, true, "31")] {
            var scene = try CameraScene()
            scene.drive(0...100, cameras: [0: .ok], turns: [50], turnSpeed: speed)
            #expect(scene.opened.map(\.rule) == (isFast ? [.fastRightTurn] : []))
            // What is above the limit does not read as the limit.
            let words = scene.opened.first?.facts.first
            #expect(!isFast || words?.zh.contains("最高 \(said) 公里/小时，限值 30。") == true)
            #expect(!isFast || words?.en.contains("up to \(said) km/h, the limit being 30.") == true)
            #expect(scene.closed.count == scene.opened.count)
        }
    }

    @Test func aSilentCameraIsToldAfterADayOfDriving() throws {
        var scene = try CameraScene()
        scene.drive(0...90_000, step: 100, cameras: [0: .ok, 89_000: .ok])
        #expect(scene.opened.map(\.rule) == [.cameraSilent])
        #expect(scene.opened.first?.openedAt == Scene.at(87_000))
        #expect(scene.closed.first?.closedAt == Scene.at(89_000))
    }

    @Test func lateAndForeignReportsChangeNothing() throws {
        var scene = try CameraScene()
        scene.drive(0...100, cameras: [0: .ok])
        let before = scene.fold
        _ = scene.fold.take(Scene.camera(50, .lost), self.parameters)
        _ = scene.fold.take(Scene.position(50), seesTurns: false, self.parameters)
        let other = CameraReport(recordedAt: Scene.at(200), cameras: [CameraStatus(name: "left", state: .lost)])
        _ = scene.fold.take(other, self.parameters)
        #expect(scene.fold == before)
    }

    @Test func extremeTimesDoNotTrap() throws {
        var fold = CameraFold(terminal: try #require(Scene.terminal))
        for time in [Instant.distantPast, Scene.start, .distantFuture] {
            _ = fold.take(
                CameraReport(
                    recordedAt: time, cameras: [CameraStatus(name: "right_blind_spot", state: .lost)]), self.parameters)
            var report = Scene.position(0)
            report.recordedAt = time
            _ = fold.take(report, seesTurns: true, self.parameters)
        }
        _ = fold.finished(self.parameters)
        #expect(CameraTimeline.spans(of: [], from: .distantFuture, to: .distantPast).isEmpty)
    }

    @Test func aRowOfRates() throws {
        var scene = try CameraScene()
        scene.drive(0...1000, step: 5, cameras: [0: .ok], turns: [100])
        let day = try #require(CivilDate(year: 2026, month: 5, day: 28))
        let row = CameraRate(
            scope: "city", from: day, to: day, trucks: 5, declared: 4, installed: 3, online: 1, tally: scene.tally)
        #expect(row.cells.count == CameraRate.columns.count)
        #expect(row.installedRate == 0.75 && isClose(row.onlineRate, 1.0 / 3))
        #expect(row.sentence.zh.contains("60%") && row.sentence.zh.contains("未知 40%"))
        let none = CameraRate(
            scope: "city", from: day, to: day, trucks: 1, declared: 0, installed: 0, online: 0, tally: CameraTally())
        #expect(none.installedRate == nil && none.sentence.en.contains("undefined"))
        // Reports every 30 s show no turn: that is said, and is no turn of 0.
        var sparse = CameraTally()
        sparse.movingMicroseconds.ok = 4
        sparse.turnSeenMicroseconds = 1
        let silent = CameraRate(
            scope: "city", from: day, to: day, trucks: 1, declared: 1, installed: 1, online: 1,
            tally: sparse)
        #expect(silent.sentence.zh.contains("不等于没有") && silent.sentence.zh.contains("占 25%"))
        #expect(silent.sentence.en.contains("no right turn was seen") && row.sentence.en.contains("right turns seen"))
    }

    /// What nobody asked for is as the telemetry has it, three years at most; more of it than that is refused, while
    /// days without any cost nothing.
    @Test(
        arguments: [
            // from, to, first and last day of the telemetry, and what comes of it, as days since 1970
            (nil, nil, 100...200, 100...200), (nil, nil, 100...5000, 3901...5000), (nil, 3000, 100...5000, 1901...3000),
            (4000, nil, 100...5000, 4000...5000), (6000, nil, 100...5000, 6000...6000), (nil, 50, 100...5000, 50...50),
            (0, 9000, 100...1199, 0...9000), (0, 9000, 100...1200, nil), (101, 1200, 100...5000, 101...1200),
            (100, 1200, 100...5000, nil), (nil, nil, nil, 7000...7000), (10, 9000, nil, 10...9000),
        ] as [(Int?, Int?, ClosedRange<Int>?, ClosedRange<Int>?)])
    func thePeriodIsBounded(from: Int?, to: Int?, telemetry: ClosedRange<Int>?, expected: ClosedRange<Int>?) {
        func date(_ days: Int) -> CivilDate { CivilDate(daysSince1970: days) }
        let period = CameraRateTable.period(
            from: from.map(date), to: to.map(date),
            extent: telemetry.map { (date($0.lowerBound), date($0.upperBound)) }, today: date(7000))
        #expect(period.map { $0.from.daysSince1970...$0.to.daysSince1970 } == expected)
    }
}
