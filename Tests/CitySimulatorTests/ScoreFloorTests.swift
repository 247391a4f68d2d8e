import CitySimulator
import Deliveries
import Registers
import Suspicions
import Testing

/// The analysis against whole cities whose truth is known, with every edge case and every cheat.
@Suite("The score has floors", .serialized)
struct ScoreFloorTests {
    private static let cities = ScoreSeeds.plans.map { plan in
        var city = JudgedCity(plan, parameters: ScoreSeeds.parameters)
        if ScoreSeeds.isChosen { city.raised = StreamAlerts(city.city, parameters: ScoreSeeds.parameters).found }
        return city
    }

    @Test("Deliveries, places and cheats are found, and nobody honest is accused")
    func floors() throws {
        var table = ScoreTable()
        for city in Self.cities { table.add(city.score) }
        print(table.text)
        if ScoreSeeds.hasDetails { for city in Self.cities { ScoreDetails(city: city).show() } }
        if !ScoreSeeds.isChosen { table.forget(TruthAlert.knownRules.filter { $0 != "ghost-ticket" }) }
        Self.expect(table, right: ["ghost-ticket", "on-site-mixing"])
        let ghosts = Self.cities.map { city in city.alerts.filter { $0.rule == "ghost-ticket" }.map(\.start) }
        for (city, ghosts) in zip(Self.cities, ghosts) {
            #expect(city.accusedNotes.allSatisfy { ghosts.contains($0.ticket.issuedAt) })
        }
        #expect(Self.cities.allSatisfy { $0.innocentSuspects.isEmpty })
        if let hidden = table.hiddenPlants { #expect(hidden.right == hidden.expected) }
    }

    @Test("Terminals that are tampered with are noticed, and no other")
    func terminals() {
        let city = SimulatedCity(ScoreSeeds.tampered)
        let truth = (0..<2).flatMap { city.alerts(ofDay: $0) }
        var table = ScoreTable()
        table.take(Score.compare(alerts: truth, found: StreamAlerts(city).found))
        table.forget(["ghost-ticket"])
        Self.expect(
            table,
            right: [
                "jamming", "replayed-track", "cloned-identity", "clock-fault", "camera-lost-moving", "teleport",
                "speeding", "fatigue-driving", "restricted-zone", "long-stop", "silent-vehicle",
                "unregistered-terminal",
            ])
    }

    @Test(
        "Right turns and silent cameras are noticed where reports, or days, suffice",
        arguments: [
            (ScoreSeeds.turning, ["fast-right-turn", "blind-right-turn"]), (ScoreSeeds.long, ["camera-silent"]),
        ])
    func cameras(plan: CityPlan, rules: [String]) {
        let city = SimulatedCity(plan)
        let truth = (0..<(plan.days ?? 0)).flatMap { city.alerts(ofDay: $0) }
        var table = ScoreTable()
        table.take(Score.compare(alerts: truth, found: StreamAlerts(city).found))
        table.forget(TruthAlert.knownRules.filter { !rules.contains($0) })
        Self.expect(table, right: rules)
    }

    @Test("What happens on the way is noticed, and what a plant sends out beyond its licence")
    func onTheWay() {
        var table = JudgedCity(ScoreSeeds.onTheWay, parameters: ScoreSeeds.parameters).score
        let rules = ["gap-in-haul", "dark-stay", "mid-route-stop", "over-capacity"]
        for rule in table.rules.keys where !rules.contains(rule) { table.forget([rule]) }
        table.hiddenPlants = nil
        print(table.text)
        let shortfalls = ScoreFloors.usual.shortfalls(of: table).filter { rules.contains($0.item) }
        #expect(shortfalls.isEmpty, "\(shortfalls.map(\.description).joined(separator: "\n"))")
        for rule in rules { #expect((table.rules[rule]?.right ?? 0) > 0, "\(rule)") }
    }

    @Test("A load of a licensed plant without a note, poured where no register knows a site, is noticed")
    func unnoted() {
        let table = JudgedCity(ScoreSeeds.unnoted, parameters: ScoreSeeds.parameters).score
        print(table.text)
        // Without a sensor it takes others at the place to show it, which two days do not always give.
        #expect(table.blackSupply >= 10 && (table.blackSupplyShare ?? 0) >= 0.4)
        for rule in ["unregistered-destination", "ticket-missing"] {
            let tally = table.rules[rule]
            #expect((tally?.expected ?? 0) >= 10 && (tally?.right ?? 0) >= 4, "\(rule)")
        }
        #expect(table.honest > 50 && table.honestAccused == 0)
    }

    @Test("Nobody is accused for what honest trucks do every day")
    func everyday() {
        let city = JudgedCity(ScoreSeeds.everyday, parameters: ScoreSeeds.parameters)
        let table = city.score
        print(table.text)
        if ScoreSeeds.hasDetails { ScoreDetails(city: city).show() }
        // Nobody is let off for it: what is found clear and never was costs precision, and that alone.
        #expect((table.recall ?? 0) >= ScoreFloors.usual.drops.recall)
        #expect(table.blackSupply >= 10 && (table.blackSupplyShare ?? 0) >= ScoreFloors.usual.blackSupply)
        // One in a thousand is none here.
        #expect(table.honest > 100 && table.honestAccused == 0)
        #expect(table.inventedAccused <= Self.mostInvented)
        #expect(city.innocentSuspects.isEmpty)
        let ghosts = city.alerts.filter { $0.rule == "ghost-ticket" }.map(\.start)
        #expect(city.accusedNotes.allSatisfy { ghosts.contains($0.ticket.issuedAt) })
        for edgeCase in EdgeCase.everyday {
            let hardship = table.edgeCases[edgeCase]
            #expect((hardship?.incidents ?? 0) + (hardship?.drops ?? 0) > 0, "\(edgeCase.rawValue)")
        }
    }

    /// Drops that never were, and are accused, in the city of everyday life: a halt that no trail tells from a drop.
    private static let mostInvented = 1

    private static func expect(_ table: ScoreTable, right rules: [String]) {
        let shortfalls = ScoreFloors.usual.shortfalls(of: table)
        #expect(shortfalls.isEmpty, "\(shortfalls.map(\.description).joined(separator: "\n"))")
        for rule in rules { #expect((table.rules[rule]?.right ?? 0) > 0, "\(rule)") }
    }
}
