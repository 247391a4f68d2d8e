import Chronology
import Deliveries
import Foundation
import Geodesy
import Registers
import Suspicions
import Telemetry
import Testing
import Tracks

/// What a stream of reports opens and closes.
@Suite struct VehicleAlertsTests {
    /// A truck on a road to the east, and the alerts that its reports raise.
    struct Drive {
        var alerts = VehicleAlerts(terminal: TerminalID("T1")!)
        var surroundings = AlertSurroundings(world: Case().world)
        private(set) var seconds = 0.0
        private(set) var east = 2000.0
        /// Seconds from a report's time to its arrival.
        var lateness = 0.0
        /// `+speeding` as it opens and `-speeding` as it closes.
        private(set) var log: [String] = []

        var time: Instant { Case.loaded.advanced(bySeconds: self.seconds) }

        mutating func drive(_ minutes: Double, kmh: Double, every interval: Double = 10) {
            let end = self.seconds + minutes * 60
            while self.seconds < end {
                self.seconds += interval
                self.east += kmh / 3.6 * interval
                var report = PositionReport(recordedAt: self.time, coordinate: Case.point(self.east))
                report.speed = Int16(kmh * 10)
                let arrival = self.time.advanced(bySeconds: self.lateness)
                self.note(self.alerts.take(report, receivedAt: arrival, in: self.surroundings))
            }
        }

        /// The same of a terminal that names no speed.
        mutating func cruise(_ minutes: Double, kmh: Double) {
            for _ in 0..<Int(minutes * 6) {
                self.seconds += 10
                self.east += kmh / 3.6 * 10
                let report = PositionReport(recordedAt: self.time, coordinate: Case.point(self.east))
                self.note(self.alerts.take(report, receivedAt: self.time, in: self.surroundings))
            }
        }

        /// It stands, of a terminal that names no speed; once a minute or so there is a fix, a little beside the last.
        mutating func linger(_ minutes: Int) {
            for index in 0..<minutes {
                self.grope(1)
                self.seconds += 10
                let place = Case.point(self.east + (index.isMultiple(of: 2) ? 20 : 0))
                let report = PositionReport(recordedAt: self.time, coordinate: place)
                self.note(self.alerts.take(report, receivedAt: self.time, in: self.surroundings))
            }
        }

        /// Nothing is reported, and nobody looks at the clock.
        mutating func pass(_ minutes: Double, metres: Double = 0) {
            self.seconds += minutes * 60
            self.east += metres
        }

        /// The position stands still, the recorder drives.
        mutating func freeze(_ minutes: Double, kmh: Double) {
            for _ in 0..<Int(minutes * 6) {
                self.seconds += 10
                var report = PositionReport(recordedAt: self.time, coordinate: Case.point(self.east))
                report.speed = Int16(kmh * 10)
                self.note(self.alerts.take(report, receivedAt: self.time, in: self.surroundings))
            }
        }

        /// One fix far off.
        mutating func jump() {
            self.seconds += 10
            let report = PositionReport(recordedAt: self.time, coordinate: Case.point(self.east + 90_000))
            self.note(self.alerts.take(report, receivedAt: self.time, in: self.surroundings))
        }

        /// Off the road to the east, to the north of it.
        mutating func leave(_ minutes: Double, metres: Double) {
            for _ in 0..<Int(minutes * 6) {
                self.seconds += 10
                self.east += 40
                let place = Case.point(self.east).moved(metres: metres, bearingDegrees: 0)
                let report = PositionReport(recordedAt: self.time, coordinate: place)
                self.note(self.alerts.take(report, receivedAt: self.time, in: self.surroundings))
            }
        }

        /// A report without a fix.
        mutating func grope(_ minutes: Double) {
            for _ in 0..<Int(minutes * 6) {
                self.seconds += 10
                let report = PositionReport(recordedAt: self.time, coordinate: Case.point(0), hasFix: false)
                self.note(self.alerts.take(report, receivedAt: self.time, in: self.surroundings))
            }
        }

        /// Loaded at P1; so many trips are known to each of the sites it may be bound for, all along the road.
        mutating func load(trips: Int, to sites: [String] = ["S1"], unknown: [String] = []) {
            let rule = AnalysisParameters.standard.corridors
            var corridors = Corridors(rule)
            let road = stride(from: 0.0, through: 20_000, by: 200).map { Case.point($0) }
            for site in sites {
                for trip in 0..<trips {
                    corridors.note(
                        road, of: "L-\(trip)", at: Case.loaded.advanced(bySeconds: Double(-trip)),
                        for: Corridors.Pair(plantID: "P1", siteID: site))
                }
            }
            self.surroundings.isLoaded = true
            self.surroundings.ways = ExpectedWays(plantID: "P1", sites: sites + unknown, corridors: corridors)
        }

        /// Nothing is heard.
        mutating func wait(_ minutes: Double) {
            self.seconds += minutes * 60
            self.note(self.alerts.tick(at: self.time, in: self.surroundings))
        }

        /// What speaks for it, what against, by what it is told, by which registers, and that it is a lead.
        private static func expectGrounds(of alert: VehicleAlert) {
            #expect(alert.facts.count >= 5, "\(alert.rule)")
            #expect(alert.facts.contains { $0.zh.hasPrefix("判据：") && $0.en.hasPrefix("Told by: ") }, "\(alert.rule)")
            #expect(
                alert.facts.contains { $0.zh.contains("登记库第") && $0.en.contains("register revision") },
                "\(alert.rule)")
            #expect(alert.facts.last?.en.contains("not a finding of guilt") == true, "\(alert.rule)")
        }

        private mutating func note(_ changes: [VehicleAlert.Change]) {
            for change in changes {
                switch change {
                case .opened(let alert):
                    self.log.append("+" + alert.rule.rawValue)
                    Self.expectGrounds(of: alert)
                case .closed(let alert):
                    self.log.append("-" + alert.rule.rawValue)
                    #expect(alert.closedAt.map { $0 >= alert.openedAt } == true)
                }
            }
        }
    }

    struct Story: Sendable, CustomStringConvertible {
        var description: String
        var expected: [String]
        var tell: @Sendable (inout Drive) -> Void

        init(_ description: String, _ expected: [String], _ tell: @escaping @Sendable (inout Drive) -> Void) {
            (self.description, self.expected, self.tell) = (description, expected, tell)
        }
    }

    private static let closed = Zone(
        zoneID: "Z1", name: "城区", days: [1, 2, 3, 4, 5], fromMinute: 7 * 60, toMinute: 9 * 60,
        fence: .circle(center: Case.point(5000), radiusMetres: 1500))

    static let told: [Story] = [
        Story("too fast for ten seconds", ["+speeding", "-speeding"]) {
            $0.drive(1, kmh: 60)
            $0.drive(1, kmh: 95)
            $0.drive(6, kmh: 60)
        },
        Story("too fast again on the same drive", ["+speeding"]) { drive in
            for _ in 0..<3 {
                drive.drive(1, kmh: 95)
                drive.drive(4, kmh: 60)
            }
        },
        Story("too fast again on the next drive", ["+speeding", "-speeding", "+speeding"]) {
            $0.drive(1, kmh: 95)
            $0.drive(10, kmh: 0)
            $0.drive(1, kmh: 95)
        },
        Story("within the tolerance", []) { $0.drive(5, kmh: 88) },
        Story("a single spike", []) {
            $0.drive(1, kmh: 60)
            $0.drive(0.1, kmh: 120)
            $0.drive(1, kmh: 60)
        },
        Story("a stray fix of a terminal that names no speed", []) {
            $0.cruise(2, kmh: 50)
            $0.jump()
            $0.cruise(2, kmh: 50)
        },
        Story("a terminal that names no speed, too fast", ["+speeding"]) { $0.cruise(2, kmh: 95) },
        Story("a loaded truck may not be as fast", ["+speeding"]) {
            ($0.surroundings.isLoaded, $0.surroundings.isSurelyLoaded) = (true, true)
            $0.drive(2, kmh: 70)
        },
        Story("one that is thought to be loaded may", []) {
            $0.surroundings.isLoaded = true
            $0.drive(2, kmh: 70)
        },
        Story("over four hours", ["+fatigue-driving"]) { $0.drive(4.1 * 60, kmh: 40) },
        Story("a rest in between", []) {
            $0.drive(3 * 60, kmh: 40)
            $0.drive(21, kmh: 0)
            $0.drive(3 * 60, kmh: 40)
        },
        Story("a rest whose fixes are few and wander", []) {
            $0.cruise(3 * 60, kmh: 40)
            $0.linger(25)
            $0.cruise(3 * 60, kmh: 40)
        },
        Story("a rest whose end is in the dark", []) {
            $0.drive(3 * 60, kmh: 40)
            $0.drive(5.5, kmh: 0)
            $0.pass(19)
            $0.drive(3 * 60, kmh: 40)
        },
        Story("a rest whose beginning is in the dark", []) {
            $0.drive(3 * 60, kmh: 40)
            $0.pass(15, metres: 100)
            $0.drive(6, kmh: 0)
            $0.drive(3 * 60, kmh: 40)
        },
        Story("a halt and the dark after it, too short for a rest", ["+fatigue-driving"]) {
            $0.drive(3 * 60, kmh: 40)
            $0.drive(4, kmh: 0)
            $0.pass(12)
            $0.drive(1.5 * 60, kmh: 40)
        },
        Story("the dark and a halt after it, too short for a rest", ["+fatigue-driving"]) {
            $0.drive(3 * 60, kmh: 40)
            $0.pass(12)
            $0.drive(4, kmh: 0)
            $0.drive(1.5 * 60, kmh: 40)
        },
        Story("lights are no rest", ["+fatigue-driving", "-fatigue-driving"]) { drive in
            for _ in 0..<9 {
                drive.drive(25, kmh: 40)
                drive.drive(5, kmh: 0)
            }
            drive.drive(25, kmh: 0)
        },
        Story("into a closed zone and out", ["+restricted-zone", "-restricted-zone"]) {
            $0.surroundings.zones = [closed]
            $0.drive(12, kmh: 40)
        },
        Story("with a permit", []) {
            var zone = closed
            zone.permitPlates = ["浙F12345"]
            $0.surroundings.zones = [zone]
            $0.drive(12, kmh: 40)
        },
        Story("of a terminal without a plate nobody knows whether it has one", ["+unregistered-terminal"]) {
            $0.alerts = VehicleAlerts(terminal: TerminalID("T99")!)
            var zone = closed
            zone.permitPlates = ["浙F12345"]
            $0.surroundings.zones = [zone]
            $0.drive(12, kmh: 40)
        },
        Story("a stray fix in a closed zone", []) {
            $0.surroundings.zones = [
                Zone(zoneID: "Z2", name: "外地", fence: .circle(center: Case.point(95_000), radiusMetres: 9000))
            ]
            $0.drive(1, kmh: 40)
            $0.jump()
            $0.drive(1, kmh: 40)
        },
        Story("at another hour", []) {
            var zone = closed
            zone.fromMinute = 9 * 60
            zone.toMinute = 17 * 60
            $0.surroundings.zones = [zone]
            $0.drive(12, kmh: 40)
        },
        Story("loaded, it stands on the way", ["+long-stop", "-long-stop"]) {
            $0.surroundings.isLoaded = true
            $0.drive(1, kmh: 40)
            $0.drive(21, kmh: 0)
            $0.drive(1, kmh: 40)
        },
        Story("loaded, not seen for long, and seen again at a light", []) {
            $0.surroundings.isLoaded = true
            $0.drive(1, kmh: 40)
            $0.grope(25)
            $0.drive(1, kmh: 0)
            $0.drive(1, kmh: 40)
        },
        Story("back from a silence it stands where it stood", ["+long-stop", "-long-stop"]) {
            $0.surroundings.isLoaded = true
            $0.drive(22, kmh: 0)
            $0.pass(30)
            $0.drive(5, kmh: 0)
            $0.drive(1, kmh: 40)
        },
        Story("back from a silence it stands elsewhere", ["+long-stop", "-long-stop"]) {
            $0.surroundings.isLoaded = true
            $0.drive(22, kmh: 0)
            $0.pass(30, metres: 1500)
            $0.drive(5, kmh: 0)
        },
        Story("thought to be loaded, and what ought to show it is silent, it stands on the way", []) {
            ($0.surroundings.isLoaded, $0.surroundings.basis) = (true, .silence)
            $0.drive(1, kmh: 40)
            $0.drive(21, kmh: 0)
        },
        Story("empty, it may stand", []) { $0.drive(60, kmh: 0) },
        Story("loaded, it waits at the site's gate", []) {
            $0.surroundings.isLoaded = true
            $0.drive(10, kmh: 40.5)
            $0.drive(40, kmh: 0)
        },
        Story("silent while moving, and back", ["+silent-vehicle", "-silent-vehicle"]) {
            $0.drive(1, kmh: 40)
            $0.wait(9)
            $0.wait(1)
            $0.wait(5)
            $0.drive(1, kmh: 40)
        },
        Story("silent where it eats, and what ought to show a load is silent", []) {
            ($0.surroundings.isLoaded, $0.surroundings.basis) = (true, .silence)
            $0.drive(5, kmh: 0)
            $0.wait(60)
        },
        Story("silent when parked", []) {
            $0.drive(5, kmh: 0)
            $0.wait(60)
        },
        Story("loaded, off every usual way and back", ["+off-corridor", "-off-corridor"]) {
            $0.load(trips: 5)
            $0.drive(1, kmh: 40)
            $0.leave(3.9, metres: 900)
            $0.drive(1, kmh: 40)
        },
        Story("no longer than a detour takes", []) {
            $0.load(trips: 5)
            $0.leave(3, metres: 900)
            $0.drive(1, kmh: 40)
        },
        Story("to a weighbridge off the way, and back", []) {
            $0.load(trips: 5)
            var registers = $0.surroundings.world.registers
            let yard = Case.point(2900).moved(metres: 900, bearingDegrees: 0)
            registers.places.append(
                Place(
                    placeID: "W1", name: "地磅", kind: .weighbridge,
                    fence: .circle(center: yard, radiusMetres: 300)))
            $0.surroundings.world = World(registers: registers, parameters: .standard)
            $0.leave(7.5, metres: 900)
        },
        Story("the next road over", []) {
            $0.load(trips: 5)
            $0.leave(10, metres: 400)
        },
        Story("a report without a fix neither tells nor ends it", ["+off-corridor"]) {
            $0.load(trips: 5)
            $0.leave(2, metres: 900)
            $0.grope(1)
            $0.leave(1, metres: 900)
        },
        Story("empty, it goes where it likes", []) {
            $0.load(trips: 5)
            $0.surroundings.isLoaded = false
            $0.leave(10, metres: 900)
        },
        Story("too few trips are known", []) {
            $0.load(trips: 4)
            $0.leave(10, metres: 900)
        },
        Story("to one of the sites it may be bound for no trips are known", []) {
            $0.load(trips: 5, unknown: ["S2"])
            $0.leave(10, metres: 900)
        },
        Story("whichever site it is bound for, it is off the way", ["+off-corridor"]) {
            $0.load(trips: 5, to: ["S1", "S2"])
            $0.leave(10, metres: 900)
        },
        Story("nobody knows whereto", []) {
            $0.surroundings.isLoaded = true
            $0.leave(10, metres: 900)
        },
        Story("the position stands still while the recorder drives", ["+frozen-position", "-frozen-position"]) {
            $0.drive(1, kmh: 40)
            $0.freeze(12, kmh: 40)
            $0.drive(1, kmh: 40)
        },
        Story("frozen for too short a time", []) {
            $0.freeze(9, kmh: 40)
            $0.drive(1, kmh: 40)
        },
        Story("three jumps a day", ["+teleport", "-teleport"]) {
            for _ in 0..<4 {
                $0.drive(2, kmh: 40)
                $0.jump()
            }
        },
        Story("two jumps", []) {
            for _ in 0..<2 {
                $0.drive(2, kmh: 40)
                $0.jump()
            }
            $0.drive(2, kmh: 40)
        },
        Story("a clock eight hours ahead of the server", ["+clock-fault", "-clock-fault"]) {
            $0.lateness = -8 * 3600
            $0.drive(15, kmh: 40)
        },
        Story("a stretch that comes late", []) {
            $0.lateness = 9 * 3600
            $0.drive(15, kmh: 40)
        },
        Story("a terminal that no register knows", ["+unregistered-terminal"]) {
            $0.alerts = VehicleAlerts(terminal: TerminalID("T99")!)
            $0.drive(1, kmh: 40)
        },
        Story("no vehicles are registered at all", []) {
            $0.surroundings.world = World(registers: RegisterSnapshot())
            $0.drive(1, kmh: 40)
        },
    ]

    @Test(arguments: Self.told)
    func stories(story: Story) {
        var drive = Drive()
        story.tell(&drive)
        #expect(drive.log == story.expected)
    }

    /// By itself: whoever has late reports goes back to a state from before them.
    @Test func whatComesLateRaisesNothing() {
        var drive = Drive()
        drive.drive(2, kmh: 95)
        let state = drive.alerts
        var old = PositionReport(recordedAt: drive.time, coordinate: Case.point(0))
        old.speed = 10
        #expect(drive.alerts.take(old, receivedAt: drive.time, in: drive.surroundings).isEmpty)
        #expect(drive.alerts == state)
    }

    /// Where a stretch was gone through again, a silence that stands open still ends with the next report.
    @Test func whatIsKeptOfTheLiveAlertsGoesOn() {
        var (live, again) = (Drive(), Drive())
        live.drive(1, kmh: 40)
        again.drive(1, kmh: 40)
        #expect(live.alerts.tick(at: live.time.advanced(bySeconds: 1200), in: live.surroundings).count == 1)
        again.alerts.keep(VehicleAlert.Rule.ofTheirMoment, of: live.alerts)
        #expect(again.alerts == live.alerts)
        again.drive(1, kmh: 40)
        #expect(again.log == ["-silent-vehicle"])
    }

    @Test func aRecordingIsNotSilent() {
        var drive = Drive()
        var report = PositionReport(recordedAt: drive.time, coordinate: Case.point(0))
        report.speed = 400
        let years = drive.time.advanced(bySeconds: 1e8)
        _ = drive.alerts.take(report, receivedAt: years, in: drive.surroundings)
        #expect(drive.alerts.tick(at: years.advanced(bySeconds: 7200), in: drive.surroundings).isEmpty)
    }

    /// A report from before the alert's opening, which comes after it: the terminal sends its memory.
    @Test func aSilenceEndsNoEarlierThanItWasTold() throws {
        var drive = Drive()
        drive.drive(1, kmh: 40)
        let opened = drive.alerts.tick(at: drive.time.advanced(bySeconds: 1200), in: drive.surroundings)
        let told = try #require(drive.alerts.standing.first)
        #expect(opened == [.opened(told)] && told.rule == .silentVehicle)
        let buffered = PositionReport(
            recordedAt: drive.time.advanced(bySeconds: 30), coordinate: Case.point(drive.east))
        var closed = told
        closed.closedAt = told.openedAt
        let late = drive.time.advanced(bySeconds: 1500)
        #expect(drive.alerts.take(buffered, receivedAt: late, in: drive.surroundings) == [.closed(closed)])
    }

    @Test func writtenDownItGoesOnTheSame() throws {
        var drive = Drive()
        drive.surroundings.isLoaded = true
        drive.surroundings.isSurelyLoaded = true
        drive.load(trips: 5)
        drive.leave(4, metres: 900)
        drive.drive(0.5, kmh: 10)
        drive.drive(3, kmh: 70)
        let written = try JSONEncoder().encode(drive.alerts)
        #expect(try JSONDecoder().decode(VehicleAlerts.self, from: written) == drive.alerts)
        #expect(drive.alerts.standing.map(\.rule) == [.speeding])
        for alert in drive.alerts.standing {
            #expect(alert.alertID.hasPrefix("A-\(alert.rule.rawValue)-T1-2026"))
            #expect(alert.facts.count == 5)
        }
    }

    @Test func aZonePastMidnightCountsByTheDayItBeganOn() {
        let zone = Zone(
            zoneID: "Z", name: "Z", days: [1], fromMinute: 22 * 60, toMinute: 6 * 60,
            fence: .circle(center: Case.point(0), radiusMetres: 100))
        func isClosed(_ text: String) -> Bool { zone.isClosed(at: Instant(rfc3339: text + ":00+08:00")!) }
        // 2026-03-02 is a Monday.
        #expect(!isClosed("2026-03-02T05:00"))
        #expect(!isClosed("2026-03-02T21:59"))
        #expect(isClosed("2026-03-02T22:00"))
        #expect(isClosed("2026-03-03T05:59"))
        #expect(!isClosed("2026-03-03T06:00"))
        #expect(!isClosed("2026-03-03T22:00"))
    }
}
