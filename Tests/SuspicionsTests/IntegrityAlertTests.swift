import Chronology
import Deliveries
import Foundation
import Geodesy
import Registers
import Suspicions
import Telemetry
import Testing
import Tracks

/// What a stream of reports shows of whose it is.
@Suite struct IntegrityAlertTests {
    private struct Stream {
        var alerts = VehicleAlerts(terminal: TerminalID("T1")!)
        var surroundings = AlertSurroundings(world: Case().world)
        var seconds = 0.0
        private(set) var log: [String] = []

        /// A report so many metres to the east.
        mutating func report(
            _ east: Double, after step: Double = 10, satellites: Int16? = nil, speed: Int16 = 400, hasFix: Bool = true
        ) {
            self.seconds += step
            var report = PositionReport(
                recordedAt: Case.loaded.advanced(bySeconds: self.seconds), coordinate: Case.point(east), hasFix: hasFix)
            report.satellites = satellites
            report.speed = speed
            self.note(self.alerts.take(report, receivedAt: report.recordedAt, in: self.surroundings))
        }

        mutating func note(_ changes: [VehicleAlert.Change]) {
            for change in changes {
                switch change {
                case .opened(let alert): self.log.append("+" + alert.rule.rawValue)
                case .closed(let alert): self.log.append("-" + alert.rule.rawValue)
                }
            }
        }

        func said(_ rule: String) -> [String] { self.log.filter { $0.dropFirst() == rule } }
    }

    @Test func twoTrucksOfOneNameAreTold() throws {
        var stream = Stream()
        for index in 0..<12 {
            stream.report(Double(index) * 100)
            stream.report(30_000 - Double(index) * 100)
        }
        #expect(stream.said("cloned-identity") == ["+cloned-identity"])
        let alert = try #require(stream.alerts.standing.first { $0.rule == .clonedIdentity })
        #expect(alert.rule.severity == 4 && alert.facts.count == 5)
        let written = try JSONEncoder().encode(stream.alerts)
        #expect(try JSONDecoder().decode(VehicleAlerts.self, from: written) == stream.alerts)
        // One of them is not heard of any more.
        for index in 12..<60 { stream.report(Double(index) * 100) }
        #expect(stream.said("cloned-identity") == ["+cloned-identity", "-cloned-identity"])
    }

    @Test func strayFixesAreNoSecondTruck() {
        var stream = Stream()
        for index in 0..<40 {
            stream.report(Double(index) * 100)
            if index.isMultiple(of: 3) { stream.report(Double(index) * 100 + 20_000 + Double(index) * 3000) }
        }
        #expect(stream.said("cloned-identity").isEmpty)
    }

    @Test func aCachedPositionIsNoSecondTruck() {
        var stream = Stream()
        for index in 0..<40 {
            stream.report(Double(index) * 100)
            stream.report(30_000)
        }
        #expect(stream.said("cloned-identity").isEmpty)
    }

    @Test func anotherTerminalOfThePlateIsComparedWith() {
        for (east, age, expected) in [
            (30_000.0, 0.0, ["+cloned-identity"]), (200, 0, []), (30_000, 400, []),
        ] {
            var stream = Stream()
            for index in 0..<6 {
                stream.surroundings.twin = Sighting(
                    terminal: TerminalID("0T1")!, time: Case.loaded.advanced(bySeconds: stream.seconds - age),
                    coordinate: Case.point(east))
                stream.report(Double(index) * 100)
                // A report without a fix neither tells nor ends it.
                stream.report(0, hasFix: false)
            }
            #expect(stream.said("cloned-identity") == expected, "\(east) m, \(age) s")
        }
    }

    @Test func whoSeesNoSatelliteIsComparedWithTheNeighbours() throws {
        let parameters = AnalysisParameters.standard
        for (neighbours, expected) in [
            (Neighbours(fixed: 5, dark: 0), ["+jamming", "-jamming"]), (Neighbours(fixed: 0, dark: 5), []),
            (Neighbours(fixed: 0, dark: 0), []),
        ] {
            var stream = Stream()
            stream.report(0, satellites: 9)
            for _ in 0..<30 {
                stream.report(0, satellites: 0, hasFix: false)
                let early = stream.alerts.takeDarkSpell(parameters)
                #expect(early == nil)
            }
            stream.report(0, satellites: 0, hasFix: false)
            let (due, again) = (
                stream.alerts.takeDarkSpell(parameters), stream.alerts.takeDarkSpell(parameters)
            )
            let spell = try #require(due)
            #expect(spell.seconds == 300 && spell.coordinate == Case.point(0))
            #expect(again == nil)
            stream.note(stream.alerts.take(spell, neighbours, in: stream.surroundings.world))
            stream.report(3000, satellites: 9)
            #expect(stream.said("jamming") == expected)
        }
    }

    @Test func theSameTrackGivesTheSamePrintsOnAnyDay() {
        func prints(_ fixes: [Fix]) -> [Int64] {
            var watch = TrackPrintWatch()
            return fixes.compactMap { watch.take($0, .standard)?.hash }
        }
        let first = prints(IntegrityRuleTests.drive(400, day: 0, noise: 1))
        #expect((20...90).contains(first.count), "one in eight or so: \(first.count)")
        #expect(prints(IntegrityRuleTests.drive(400, day: 5, noise: 1)) == first)
        #expect(Set(prints(IntegrityRuleTests.drive(400, day: 5, noise: 2))).isDisjoint(with: first))
        // Begun in its midst it gives those of its part.
        let part = prints(Array(IntegrityRuleTests.drive(400, day: 5, noise: 1).dropFirst(123)))
        #expect(!part.isEmpty && part == Array(first.suffix(part.count)))
        // Points far apart are few, so that more of their prints are kept.
        let sparse = prints(IntegrityRuleTests.drive(400, day: 0, noise: 1, step: 110_000))
        #expect(sparse.count > 300, "one in one: \(sparse.count)")
        // Parked, and over breaks, nothing is a track.
        #expect(prints(IntegrityRuleTests.drive(400, day: 0, noise: 1, step: 0)).isEmpty)
        #expect(prints(IntegrityRuleTests.drive(400, day: 0, noise: 1, every: 400)).isEmpty)
    }

    @Test func aReplayedTrackIsToldUntilItIsDrivenAnew() {
        var stream = Stream()
        let (now, then) = (
            IntegrityRuleTests.drive(40, day: 3, noise: 1), IntegrityRuleTests.drive(40, day: 0, noise: 1)
        )
        stream.note(stream.alerts.take(now, like: then, in: stream.surroundings.world))
        stream.note(stream.alerts.take(now, like: then, in: stream.surroundings.world))
        stream.note(stream.alerts.noteFreshTrack(at: Case.minutes(9000)))
        #expect(stream.log == ["+replayed-track", "-replayed-track"])
    }
}
