import Chronology
import Deliveries
import Registers
import Suspicions
import Testing

/// A load that was put where the terminal was dark: what rests on it alone accuses nobody.
@Suite struct UnseenLoadTests {
    private static func unseen(_ change: (inout Case) -> Void = { _ in }) -> Case {
        Case { test in
            test.delivery.confidence[Delivery.unseenLoad] = 0.7
            change(&test)
        }
    }

    @Test func aSuspendedPlantThatNobodySawItAtIsNotHeldAgainstIt() throws {
        let seen = Case { $0.registers.plants[0].status = .suspended }
        #expect(seen.judgement("licence-invalid")?.outcome == .hit)
        let test = Self.unseen { $0.registers.plants[0].status = .suspended }
        let judgement = try #require(test.judgement("licence-invalid"))
        #expect(judgement.outcome == .insufficient)
        #expect(judgement.facts.contains { $0.zh.contains("失联") && $0.en.contains("dark") })
        #expect(test.judged.verdict == .insufficientData)
    }

    @Test func aNoteThatFitsNoUnseenLoadIsNotMissed() {
        // Of another truck and another hour, so that it shows only that the plant writes notes.
        let note = Case.ticket("K9", plate: "浙F99999", at: 300)
        #expect(Case { $0.tickets = [note] }.judgement("ticket-missing")?.outcome == .hit)
        #expect(Self.unseen { $0.tickets = [note] }.judgement("ticket-missing")?.outcome == .insufficient)
    }

    @Test func aSiteThatNobodySawItAtIsNotHeldAgainstIt() {
        let list = { (test: inout Case) in test.registers.sites[0].approvedPlants = ["P9"] }
        #expect(Case { list(&$0) }.judgement("supplier-not-approved")?.outcome == .hit)
        let unseen = Case { test in
            list(&test)
            test.delivery.confidence[Delivery.unseenDrop] = 0.7
        }
        #expect(unseen.judgement("supplier-not-approved")?.outcome == .insufficient)
    }

    /// Hours after the drop at which it is judged; the terminal has two to fill the dark in.
    @Test(arguments: ["unregistered-destination", "diversion"], [(0.1, false), (1.9, false), (2.1, true)])
    func aDropWhereATruckRolledIntoTheDarkWaitsForWhatMayComeIn(rule: String, wait: (hours: Double, isHit: Bool)) throws
    {
        let change = { (test: inout Case) in
            RuleTests.unloadAt(4000)(&test)
            test.tickets = [Case.ticket()]
            test.context.asOf = test.delivery.unloadEnd.advanced(bySeconds: wait.hours * 3600)
        }
        #expect(Case { change(&$0) }.judgement(rule)?.outcome == .hit)
        let dark = Case { test in
            change(&test)
            test.delivery.confidence[Delivery.unheardDrop] = 0.85
        }
        let judgement = try #require(dark.judgement(rule))
        #expect(judgement.outcome == (wait.isHit ? .hit : .insufficient))
        #expect(dark.judged.verdict == (wait.isHit ? .suspicious : .insufficientData))
        guard wait.isHit else {
            #expect(judgement.facts.contains { $0.zh.contains("补传") && $0.en.contains("nobody saw it stand") })
            #expect(judgement.parameters["backfill_s"] == 7200)
            return
        }
        #expect(!judgement.facts.contains { $0.en.contains("stood at") })
    }

    @Test func atAPlaceWithoutARegisterItIsALeadThatSaysWhatNobodySaw() throws {
        let test = Self.unseen {
            $0.delivery.origin = DeliveryEnd(kind: .suspectedPlant, id: "X1", coordinate: Case.point(4000))
        }
        let judgement = try #require(test.judgement("unlicensed-origin"))
        #expect(judgement.outcome == .hit)
        #expect(judgement.facts.contains { $0.zh.contains("失联") })
        #expect(!judgement.facts.contains { $0.en.contains("stood at") })
        #expect(judgement.counterfacts.contains { $0.en.contains("Nobody saw") && $0.zh.contains("未被看到") })
    }
}

/// A terminal whose clock is eras of 1024 weeks behind: nothing that the registers said of another year is held against
/// its truck.
@Suite struct DateInDoubtTests {
    private static let changes: [@Sendable (inout Case) -> Void] = [
        // Its licence begins years after the day that the clock tells.
        { $0.registers.plants[0].period = ValidPeriod(from: Case.date(2026, 3, 3), through: nil) },
        { $0.registers.sites[0].period = ValidPeriod(from: Case.date(2026, 3, 3), through: nil) },
        { $0.delivery.origin = DeliveryEnd(kind: .unknown, coordinate: Case.point(5000)) },
        { $0.tickets = [Case.ticket("K9", plate: "浙F99999", at: 300)] },
        { $0.registers.sites[0].approvedPlants = ["P9"] },
    ]

    @Test(arguments: Self.changes.indices)
    func nothingOfAnotherYearIsHeldAgainstIt(index: Int) throws {
        let known = Case(Self.changes[index]).judged
        let hits = known.suspicions
        #expect(!hits.isEmpty)
        let doubted = Case { test in
            Self.changes[index](&test)
            test.delivery.confidence[Delivery.clock] = 0.5
        }.judged
        #expect(doubted.suspicions.isEmpty && doubted.verdict != .suspicious)
        for rule in hits {
            let judgement = try #require(doubted.judgements.first { $0.rule == rule })
            #expect(judgement.outcome == .insufficient)
            #expect(judgement.facts.contains { $0.zh.contains("1024 周") && $0.en.contains("1024 weeks") })
        }
    }

    @Test func whatIsOfTheHourIsJudged() {
        let night = Case {
            $0.delivery.confidence[Delivery.clock] = 0.5
            $0.delivery.unloadStart = Case.minutes(15 * 60)
            $0.delivery.unloadEnd = Case.minutes(15 * 60 + 20)
        }
        #expect(night.judgement("night-pour")?.outcome == .hit)
    }
}
