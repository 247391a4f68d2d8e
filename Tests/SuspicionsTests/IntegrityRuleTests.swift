import Chronology
import Deliveries
import Geodesy
import Registers
import Telemetry
import Testing
import Tracks

@testable import Suspicions

/// The rules about a stream's honesty: what facts say, a table a rule.
@Suite struct IntegrityRuleTests {
    private static let truck = TerminalID("T1")!

    // MARK: - cloned-identity

    private static func split(
        _ switches: Int, metres: Double = 20_000, places: Int = 9
    ) -> IdentityFacts {
        .stream(
            self.truck,
            StreamSplit(
                start: Case.minutes(0), end: Case.minutes(5), one: Case.point(0), other: Case.point(metres),
                switches: switches, places: places))
    }

    private static func pair(_ metres: Double, minutes: Double = 0, conflicts: Int = 3) -> IdentityFacts {
        .plate(
            "浙F12345", Sighting(terminal: self.truck, time: Case.minutes(10), coordinate: Case.point(0)),
            Sighting(
                terminal: TerminalID("0T1")!, time: Case.minutes(10 + minutes), coordinate: Case.point(metres)),
            conflicts: conflicts)
    }

    static let clonedRows = [
        StreamRow("all positions are one vehicle's", .no, IdentityFacts.stream(Self.truck, nil)),
        StreamRow("to and fro between two tracks", .hit, Self.split(10)),
        StreamRow("to and fro a few times", .no, Self.split(9)),
        StreamRow("two tracks side by side", .no, Self.split(20, metres: 4000)),
        StreamRow("the other place never changes", .insufficient, Self.split(50, places: 1)),
        StreamRow("one plate, two terminals far apart", .hit, Self.pair(20_000)),
        StreamRow("both in one vehicle", .no, Self.pair(30)),
        StreamRow("it can have driven there in the meantime", .no, Self.pair(7000, minutes: 4.9)),
        StreamRow("once is a stray fix", .no, Self.pair(20_000, conflicts: 2)),
        StreamRow("the other was not heard of", .insufficient, Self.pair(20_000, minutes: 6)),
    ]

    @Test(arguments: Self.clonedRows)
    func clonedIdentity(row: StreamRow<IdentityFacts>) { row.check(ClonedIdentity()) }

    // MARK: - jamming

    private static func dark(
        _ minutes: Double, satellites: Int16? = 0, speed: Int16? = 400, odometer: Bool = false, unseen: Double = 10,
        _ neighbours: Neighbours?
    ) -> JammingFacts {
        var watch = DarkSpellWatch()
        watch.take(PositionReport(recordedAt: Case.minutes(0), coordinate: Case.point(0)), .standard)
        var seconds = unseen
        while seconds <= unseen + minutes * 60 {
            var report = PositionReport(
                recordedAt: Case.minutes(0).advanced(bySeconds: seconds), coordinate: Case.point(0), hasFix: false)
            report.satellites = satellites
            report.speed = speed
            if odometer { report.odometer = Int32(seconds) }
            watch.take(report, .standard)
            seconds += 10
        }
        return JammingFacts(terminal: self.truck, spell: watch.spell!, neighbours: neighbours)
    }

    private static let seen = Neighbours(fixed: 4, dark: 0)

    static let jammingRows = [
        StreamRow("it drives and sees no satellite, others do", .hit, Self.dark(6, Self.seen)),
        StreamRow("the odometer shows that it drives", .hit, Self.dark(6, speed: nil, odometer: true, Self.seen)),
        StreamRow("a tunnel", .no, Self.dark(4, Self.seen)),
        StreamRow("under a roof", .no, Self.dark(20, speed: 0, Self.seen)),
        StreamRow("the others see none either", .no, Self.dark(6, Neighbours(fixed: 3, dark: 5))),
        StreamRow("nobody is near", .insufficient, Self.dark(6, Neighbours(fixed: 2, dark: 0))),
        StreamRow("nobody has asked", .insufficient, Self.dark(6, nil)),
        StreamRow("its satellites are not reported", .insufficient, Self.dark(6, satellites: nil, Self.seen)),
        StreamRow("neither speed nor odometer is reported", .insufficient, Self.dark(6, speed: nil, Self.seen)),
        StreamRow("it was last seen long before", .insufficient, Self.dark(6, unseen: 600, Self.seen)),
    ]

    @Test(arguments: Self.jammingRows)
    func jamming(row: StreamRow<JammingFacts>) { row.check(Jamming()) }

    // MARK: - replayed-track

    /// A drive to the east with the noise of a day.
    static func drive(_ points: Int, day: Int, noise: Int, every seconds: Double = 30, step: Int32 = 4000) -> [Fix] {
        (0..<points).map { index in
            let shaken = Int32(truncatingIfNeeded: (index * index * 7919 + index * noise * 104_729) % 97)
            return Fix(
                time: Case.loaded.advanced(bySeconds: Double(day) * 86_400 + Double(index) * seconds),
                coordinate: Coordinate(
                    latitudeE7: 307_500_000 + shaken, longitudeE7: 1_207_500_000 + step * Int32(index) + shaken / 2))
        }
    }

    private static func replay(_ track: [Fix], _ earlier: [Fix]) -> ReplayFacts {
        ReplayFacts(terminal: self.truck, track: track, earlier: earlier)
    }

    private static func onAGrid(_ fixes: [Fix]) -> [Fix] {
        fixes.map { fix in
            Fix(
                time: fix.time,
                coordinate: Coordinate(
                    latitudeE7: fix.coordinate.latitudeE7 / 1000 * 1000,
                    longitudeE7: fix.coordinate.longitudeE7 / 1000 * 1000))
        }
    }

    static let replayRows = [
        StreamRow(
            "the noise of another day", .hit,
            Self.replay(Self.drive(40, day: 3, noise: 1), Self.drive(40, day: 0, noise: 1))),
        StreamRow(
            "a part of another day, begun in its midst", .hit,
            Self.replay(
                Self.drive(10, day: 3, noise: 2)
                    + Self.drive(60, day: 3, noise: 1).dropFirst(10).map {
                        Fix(time: $0.time.advanced(bySeconds: 600), coordinate: $0.coordinate)
                    }, Self.drive(60, day: 0, noise: 1))),
        StreamRow(
            "the same road with a noise of its own", .no,
            Self.replay(Self.drive(40, day: 3, noise: 2), Self.drive(40, day: 0, noise: 1))),
        StreamRow(
            "the same for a while", .no,
            Self.replay(
                Self.drive(15, day: 3, noise: 1)
                    + Self.drive(40, day: 3, noise: 2).dropFirst(15), Self.drive(40, day: 0, noise: 1))),
        StreamRow(
            "too short a time", .no,
            Self.replay(
                Self.drive(40, day: 3, noise: 1, every: 3), Self.drive(40, day: 0, noise: 1, every: 3))),
        StreamRow(
            "parked in one place", .insufficient,
            Self.replay(
                Self.drive(400, day: 3, noise: 1, step: 0), Self.drive(400, day: 0, noise: 1, step: 0))),
        StreamRow(
            "positions on a wide grid", .insufficient,
            Self.replay(
                Self.onAGrid(Self.drive(40, day: 3, noise: 1)), Self.onAGrid(Self.drive(40, day: 0, noise: 1)))),
        StreamRow(
            "nothing of the earlier day is left", .insufficient, Self.replay(Self.drive(40, day: 3, noise: 1), [])),
    ]

    @Test(arguments: Self.replayRows)
    func replayedTrack(row: StreamRow<ReplayFacts>) { row.check(ReplayedTrack()) }
}
