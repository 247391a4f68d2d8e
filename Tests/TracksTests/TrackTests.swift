import Chronology
import Geodesy
import Telemetry
import Testing
import Tracks

@Suite struct TrackTests {
    @Test(arguments: [5.0, 10, 30, 60])
    func aHaltIsFoundAtEverySamplingRate(interval: Double) throws {
        var writer = TrackWriter()
        writer.interval = interval
        writer.noise = 8
        writer.drive(to: 3000, 0)
        let arrival = writer.time
        writer.stand(minutes: 10)
        let departure = writer.time
        writer.drive(to: 6000, 0)
        let movement = Movement(writer.reports)
        let stay = try #require(movement.stays.first)
        #expect(movement.stays.count == 1)
        #expect(abs(stay.start.seconds(since: arrival)) <= interval + 10)
        #expect(abs(stay.end.seconds(since: departure)) <= interval + 10)
        #expect(stay.coordinate.distanceMetres(to: TrackWriter.point(3000, 0)) < 15)
        #expect(movement.track.metres > 5990 - 10 * interval && movement.track.metres < 6300)
    }

    /// Minutes of sleep and metres between falling asleep and waking; whether that is a halt.
    @Test(arguments: [(20.0, 30.0, true), (8, 160, true), (4, 250, false), (20, 900, false), (2, 100, false)])
    func aSleepWithoutDisplacementIsAHalt(minutes: Double, metres: Double, isHalt: Bool) {
        var writer = TrackWriter()
        writer.interval = 30
        writer.drive(to: 3000, 0)
        writer.sleep(minutes: minutes)
        writer.jump(to: 3000 + metres, 0)
        writer.report()
        writer.drive(to: 8000, 0)
        let movement = Movement(writer.reports)
        #expect(movement.stays.count == (isHalt ? 1 : 0))
        for stay in movement.stays { #expect(abs(stay.seconds - minutes * 60) <= 90) }
    }

    /// A truck with a load sensor whose terminal sleeps while it is unloaded, and wakes so many metres away.
    @Test(arguments: [20.0, 120, 900]) func whatWasUnloadedInASleepIsKnown(metres: Double) {
        var writer = TrackWriter()
        writer.drive(to: 3000, 0)
        writer.stand(minutes: 3)
        let asleep = writer.reports.count
        writer.sleep(minutes: 20)
        writer.jump(to: 3000 + metres, 0)
        writer.report()
        writer.drive(to: 8000, 0)
        var reports = writer.reports
        for index in reports.indices { reports[index].load = index < asleep ? 20_000 : 1000 }
        let stays = Movement(reports).stays
        #expect(stays.count == 1)
        #expect(stays.first?.evidence.loadChange == -19_000)
    }

    @Test func trafficLightsAreNoHalts() {
        var writer = TrackWriter()
        for light in 1...5 {
            writer.drive(to: Double(light) * 800, 0)
            writer.stand(minutes: 1.5)
        }
        #expect(Movement(writer.reports).stays.isEmpty)
    }

    @Test func standingAddsNoDistance() {
        var writer = TrackWriter()
        writer.noise = 15
        writer.drive(to: 2000, 0)
        let before = Movement(writer.reports).track.metres
        writer.stand(minutes: 120)
        #expect(Movement(writer.reports).track.metres - before < 60)
    }

    @Test func oneFixAsideDoesNotCutAHalt() {
        var writer = TrackWriter()
        writer.drive(to: 2000, 0)
        writer.stand(minutes: 10)
        writer.jump(to: 2100, 0)
        writer.time = writer.time.advanced(bySeconds: 10)
        writer.report()
        writer.jump(to: 2000, 0)
        writer.stand(minutes: 10)
        writer.drive(to: 4000, 0)
        let movement = Movement(writer.reports)
        #expect(movement.stays.count == 1)
        #expect(movement.track.metres < 4200)
    }

    /// Seconds between reports of a receiver that is off by up to 90 m to every side.
    @Test(arguments: [5.0, 10, 30]) func aDriftWhileParkedIsAHalt(interval: Double) throws {
        var writer = TrackWriter()
        (writer.interval, writer.noise) = (interval, 8)
        writer.drive(to: 3000, 0)
        let arrival = writer.time
        writer.noise = 90
        writer.stand(minutes: 15)
        let departure = writer.time
        writer.noise = 8
        writer.drive(to: 6000, 0)
        let movement = Movement(writer.reports)
        let stay = try #require(movement.stays.first)
        #expect(movement.stays.count == 1)
        #expect(stay.start.seconds(since: arrival).magnitude <= 90)
        #expect(stay.end.seconds(since: departure).magnitude <= 2 * interval + 20)
        #expect(stay.coordinate.distanceMetres(to: TrackWriter.point(3000, 0)) < 60)
        #expect((5500...6700).contains(movement.track.metres))
    }

    /// At a walking pace, and in jerks of 25 m, for many minutes: it gets on.
    @Test(arguments: [6.0, 15, 25]) func aQueueThatMovesIsNoHalt(noise: Double) {
        var writer = TrackWriter()
        writer.noise = noise
        writer.drive(to: 1000, 0)
        writer.drive(to: 1800, 0, kmh: 4)
        for jerk in 1...30 {
            writer.drive(to: 1800 + Double(jerk) * 25, 0, kmh: 9)
            writer.stand(minutes: 0.25)
        }
        #expect(Movement(writer.reports).stays.isEmpty)
    }

    @Test func onlyWhatIsSeenIsCovered() {
        var writer = TrackWriter()
        writer.drive(to: 3000, 0)
        let seen = Movement(writer.reports).track.coveredSeconds
        writer.sleep(minutes: 20)
        writer.jump(to: 15_000, 0)
        writer.report()
        #expect(Movement(writer.reports).track.coveredSeconds == seen)
        writer.sleep(minutes: 20)
        writer.report()
        #expect(Movement(writer.reports).track.coveredSeconds == seen + 1200)
    }

    @Test(arguments: 0..<20)
    func theStateStaysSmall(seed: UInt64) {
        var random = Scatter(seed: seed)
        var track = Track()
        var time = Instant(seconds: 1_772_400_000)
        for _ in 0..<3000 {
            time = time.advanced(bySeconds: 0.5 + (random.next() + 1) * (random.next() > 0.9 ? 600 : 3))
            let fix = Fix(time: time, coordinate: TrackWriter.point(random.next() * 80, random.next() * 80))
            _ = track.take(fix, isRestart: random.next() > 0.99, .standard)
        }
        #expect(track.metres.isFinite && track.metres >= 0)
        #expect("\(track)".utf8.count < 40_000)
    }
}
