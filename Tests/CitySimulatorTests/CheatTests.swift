import Chronology
import Geodesy
import Registers
import Telemetry
import Testing

@testable import CitySimulator

@Suite("Terminals, papers, plants and ways that cheat")
struct CheatTests {
    private static let city = SimulatedCity(
        CityPlan(seed: 8, trucks: 48, days: 2, shortestSampling: 15, longestSampling: 60, hasEveryCase: false))
    private static let alerts = (0..<2).flatMap { Self.city.alerts(ofDay: $0) }
    private static let truth = Self.city.truth(ofDays: 0..<2)

    /// Turns show in reports close together, and a camera is silent for days before anybody minds.
    private static let elsewhere: Set = ["camera-silent", "blind-right-turn", "fast-right-turn"]

    @Test(
        "Each rule about terminals and papers has something to notice",
        arguments: TruthAlert.knownRules.filter { !Self.elsewhere.contains($0) })
    func happens(rule: String) {
        // A camera may fail too briefly, or while the truck stands.
        #expect(Self.alerts.contains { $0.rule == rule && ($0.isCertain || rule.hasPrefix("camera")) })
    }

    @Test("So have those about right turns, where reports are close, and about a camera that says nothing for days")
    func turnsAndSilence() {
        for (plan, rules) in [
            (ScoreSeeds.turning, ["blind-right-turn", "fast-right-turn"]), (ScoreSeeds.long, ["camera-silent"]),
        ] {
            let city = SimulatedCity(plan)
            let alerts = (0..<(plan.days ?? 0)).flatMap { city.alerts(ofDay: $0) }
            for rule in rules { #expect(alerts.contains { $0.rule == rule && $0.isCertain }, "\(rule)") }
        }
    }

    @Test("So have the rules about a plant's month and a site's week")
    func history() {
        let rules = Set(Self.truth.flatMap(\.expectedRules))
        #expect(rules.isSuperset(of: ["over-capacity", "on-site-mixing"]))
        // A rule that looks back hits none of the first.
        #expect(Self.truth.first?.expectedRules.contains("over-capacity") == false)
        #expect(Self.truth.filter { $0.expectedRules == ["on-site-mixing"] }.allSatisfy { !$0.isBlackSupply })
    }

    @Test("A day by itself has the truth that it has among others")
    func sameTruth() {
        #expect(Self.city.truth(ofDay: 0) + Self.city.truth(ofDay: 1) == Self.truth)
    }

    @Test("What alerts ought to tell of reads back as it was written")
    func readsBack() throws {
        let text = TruthAlert.csv(Self.alerts)
        #expect(try TruthAlert.read(csv: text) == Self.alerts)
        let bad = text.replacing("jamming", with: "humming", maxReplacements: 1)
        #expect(throws: TruthFileError.self) { try TruthAlert.read(csv: bad) }
    }

    @Test("Nobody tampers in an honest city, nor with terminals that have no faults")
    func honest() {
        // What happens to whoever drives: the ring is quicker than a loaded truck may be.
        let drivers: Set = ["speeding", "fatigue-driving", "long-stop", "blind-right-turn", "fast-right-turn"]
        // A cheap receiver leaps by kilometres now and then.
        let faults: Set = ["camera-lost-moving", "camera-occluded-moving", "clock-fault", "silent-vehicle", "teleport"]
        for (hasCheats, hasFaults) in [(false, true), (false, false)] {
            let plan = CityPlan(
                seed: 8, trucks: 24, days: 1, hasCheats: hasCheats, hasEveryCase: false, hasFaults: hasFaults)
            let rules = Set(SimulatedCity(plan).alerts(ofDay: 0).map(\.rule))
            #expect(rules.isSubset(of: hasFaults ? drivers.union(faults) : drivers), "\(rules)")
        }
    }

    /// The reports of the terminals that are tampered with, or whose plate is on a note without a delivery.
    private static let reports: [String: [PositionReport]] = {
        let rules: Set = ["jamming", "replayed-track", "cloned-identity", "ghost-ticket"]
        let topics = Set(Self.alerts.filter { rules.contains($0.rule) }.map { "fleet/v1/\($0.terminal)/position" })
        let decoder = MessageDecoder()
        var message = DecodedMessage()
        var found: [String: [PositionReport]] = [:]
        for sent in Self.city.traffic() where topics.contains(sent.topic) {
            message.reset()
            decoder.decode(
                topic: Array(sent.topic.utf8).span, payload: sent.payload.span, receivedAt: sent.sent, into: &message)
            if let terminal = message.terminal { found[terminal.text, default: []] += message.positions }
        }
        return found.mapValues { $0.sorted { $0.recordedAt < $1.recordedAt } }
    }()

    private static func reports(of terminal: String) -> [PositionReport] { Self.reports[terminal] ?? [] }

    @Test("A jammed terminal reports no satellite while the truck drives")
    func jammed() throws {
        let jam = try #require(Self.alerts.first { $0.rule == "jamming" })
        let reports = Self.reports(of: jam.terminal).filter { $0.recordedAt > jam.start && $0.recordedAt < jam.end }
        #expect(!reports.isEmpty)
        #expect(reports.allSatisfy { !$0.hasFix && $0.satellites == 0 })
        let driven = (reports.last?.odometer ?? 0) - (reports.first?.odometer ?? 0)
        #expect(driven > 30)
    }

    @Test("A jammed terminal was seen shortly before, so that the jam has a place to look for others at")
    func seenBeforeTheJam() throws {
        for jam in Self.alerts where jam.rule == "jamming" {
            let reports = Self.reports(of: jam.terminal)
            let seen = try #require(reports.last { $0.hasFix && $0.recordedAt < jam.start })
            let dark = try #require(reports.first { $0.recordedAt >= jam.start })
            #expect(dark.recordedAt.seconds(since: seen.recordedAt) <= 120, "\(jam.terminal) \(jam.start)")
        }
    }

    @Test("A jam need not be told where its reports came only when the terminal had a network again")
    func lateJam() throws {
        // A city in which one terminal has no network while it is jammed.
        let city = SimulatedCity(CityPlan(seed: 106, trucks: 30, days: 1, hasEveryCase: false))
        let jam = try #require(city.alerts(ofDay: 0).first { $0.rule == "jamming" && !$0.isCertain })
        let delays = Self.delays(of: jam, in: city)
        #expect(delays.contains { $0 > 60 })
        // One that has to be told is heard as it happens.
        for jam in Self.alerts where jam.rule == "jamming" && jam.isCertain {
            #expect(Self.delays(of: jam, in: Self.city).allSatisfy { $0 < 60 }, "\(jam.terminal) \(jam.start)")
        }
    }

    /// Seconds that the reports of a jam took to be sent.
    private static func delays(of jam: TruthAlert, in city: SimulatedCity) -> [Double] {
        let decoder = MessageDecoder()
        var message = DecodedMessage()
        var delays: [Double] = []
        for sent in city.traffic() where sent.topic == "fleet/v1/\(jam.terminal)/position" {
            message.reset()
            decoder.decode(
                topic: Array(sent.topic.utf8).span, payload: sent.payload.span, receivedAt: sent.sent, into: &message)
            for report in message.positions where report.recordedAt >= jam.start && report.recordedAt < jam.end {
                delays.append(sent.sent.seconds(since: report.recordedAt))
            }
        }
        return delays
    }

    @Test("A terminal that fails by itself on the way is expected to be told of, and nothing decides by it")
    func failure() throws {
        let plans = (UInt64(1)...60).lazy.map {
            CityPlan(seed: $0, trucks: 12, days: 1, shortestSampling: 20, longestSampling: 60, hasCheats: false)
        }
        let found = try #require(
            plans.compactMap { plan -> (SimulatedCity, TruthDelivery)? in
                let city = SimulatedCity(plan)
                return city.truth(ofDay: 0).first { $0.expectedRules.contains("gap-in-haul") }.map { (city, $0) }
            }.first)
        let (city, drop) = found
        #expect(!drop.isBlackSupply)
        let decoder = MessageDecoder()
        var message = DecodedMessage()
        var times: [Instant] = []
        for sent in city.traffic() where sent.topic == "fleet/v1/\(drop.terminal)/position" {
            message.reset()
            decoder.decode(
                topic: Array(sent.topic.utf8).span, payload: sent.payload.span, receivedAt: sent.sent, into: &message)
            times += message.positions.filter(\.hasFix).map(\.recordedAt)
        }
        let told = drop.asRecorded
        times.sort()
        // It may have been heard last under the loader, or first at the site.
        #expect(
            zip(times, times.dropFirst()).contains { last, next in
                min(next, told.unloadStart).seconds(since: max(last, told.loadEnd)) > 600
            })
    }

    @Test("A note without a delivery has to be noticed only where the truck's terminal is heard around it")
    func heardGhost() {
        for ghost in Self.alerts where ghost.rule == "ghost-ticket" && ghost.isCertain {
            let heard = Self.reports(of: ghost.terminal).count {
                abs($0.recordedAt.seconds(since: ghost.start)) <= 2700
            }
            // A sign of life every five minutes is the least that a terminal gives which does not sleep.
            #expect(heard >= 15, "\(ghost.terminal) \(ghost.start)")
        }
    }

    @Test("A replayed stretch has the very positions of the day before")
    func replayed() throws {
        let replay = try #require(Self.alerts.first { $0.rule == "replayed-track" })
        let reports = Self.reports(of: replay.terminal)
        let stretch = reports.filter { $0.recordedAt >= replay.start && $0.recordedAt < replay.end && $0.hasFix }
        let before = Set(reports.filter { $0.recordedAt < Self.city.plan.start(ofDay: 1) }.map(\.coordinate))
        #expect(stretch.count > 20)
        #expect(stretch.allSatisfy { before.contains($0.coordinate) })
    }

    @Test("A cloned terminal is in two places by turns, no two reports at one time")
    func cloned() throws {
        let clone = try #require(Self.alerts.first { $0.rule == "cloned-identity" })
        let reports = Self.reports(of: clone.terminal)
        let stretch = reports.filter { $0.recordedAt >= clone.start && $0.recordedAt < clone.end && $0.hasFix }
        let jumps = zip(stretch, stretch.dropFirst()).count { $0.coordinate.distanceMetres(to: $1.coordinate) > 5000 }
        #expect(jumps > 10)
        let times = reports.map(\.recordedAt)
        #expect(Set(times).count == Set(zip(times, reports.map(\.coordinate)).map { "\($0.0) \($0.1)" }).count)
    }

    @Test("A note without a delivery names a truck that was nowhere near the plant")
    func ghost() throws {
        let ghost = try #require(Self.alerts.first { $0.rule == "ghost-ticket" })
        let tickets = (0..<2).flatMap { Self.city.tickets(ofDay: $0) }
        let ticket = try #require(tickets.first { $0.plate == ghost.plate && $0.issuedAt == ghost.start })
        let plant = try #require(Self.city.registers.plants.first { $0.plantID == ticket.plantID })
        let near = Self.reports(of: ghost.terminal).filter {
            $0.hasFix && $0.recordedAt.seconds(since: ticket.issuedAt).magnitude < 2700
                && plant.fence.contains($0.coordinate)
        }
        #expect(near.isEmpty)
        #expect(!Self.truth.contains { $0.plate == ghost.plate && $0.loadEnd == ticket.issuedAt })
    }
}

@Suite("The score of alerts")
struct AlertScoreTests {
    private static let noon = Instant(seconds: 1_772_424_000)

    private func thing(_ minute: Double, isCertain: Bool = true) -> TruthAlert {
        let start = Self.noon.advanced(bySeconds: minute * 60)
        return TruthAlert(
            rule: "jamming", plate: "浙F00001", terminal: "A", start: start, end: start.advanced(bySeconds: 600),
            isCertain: isCertain)
    }

    private func alert(_ minute: Double, plate: String = "浙F00001", open: Bool = false) -> FoundAlert {
        let start = Self.noon.advanced(bySeconds: minute * 60)
        return FoundAlert(
            rule: "jamming", plate: plate, from: start, to: open ? nil : start.advanced(bySeconds: 60))
    }

    @Test("Told once or twice is told; one that need not be told counts neither way; another truck's is wrong")
    func counts() throws {
        let rules = Score.compare(
            alerts: [self.thing(0), self.thing(300), self.thing(600, isCertain: false)],
            found: [self.alert(2), self.alert(4), self.alert(603), self.alert(2, plate: "浙F00002")])
        let rule = try #require(rules["jamming"])
        #expect((rule.expected, rule.hits, rule.right) == (2, 2, 1))
        // Of the other truck there was nothing at all to tell.
        #expect(rule.wronged == 1)
    }

    @Test("One that was withdrawn tells nothing, right or wrong, and is counted by itself")
    func withdrawn() throws {
        func withdrawn(_ alert: FoundAlert) -> FoundAlert {
            var alert = alert
            alert.isWithdrawn = true
            return alert
        }
        let wrong = withdrawn(self.alert(2, plate: "浙F00002"))
        let rules = Score.compare(alerts: [self.thing(0), self.thing(300)], found: [self.alert(2), wrong])
        let rule = try #require(rules["jamming"])
        #expect((rule.expected, rule.hits, rule.right, rule.wronged, rule.withdrawn) == (2, 1, 1, 0, 1))
        // What was right and is withdrawn all the same is not told in the end.
        let none = Score.compare(alerts: [self.thing(0)], found: [withdrawn(self.alert(2))])
        #expect(try #require(none["jamming"]).right == 0)
        var table = ScoreTable()
        table.take(rules)
        table.add(table)
        #expect(table.text.contains("alerts withdrawn and not counted: jamming 2\n"))
        #expect(table.json.contains(#""trucks_wronged":0,"withdrawn":2}"#))
    }

    @Test("One that stands open tells of what comes later, one that is long over does not")
    func open() throws {
        let standing = Score.compare(alerts: [self.thing(300)], found: [self.alert(0, open: true)])
        #expect(try #require(standing["jamming"]).right == 1)
        let over = Score.compare(alerts: [self.thing(300)], found: [self.alert(0)])
        #expect(try #require(over["jamming"]) == ScoreTable.Rule(expected: 1, hits: 1))
    }
}
