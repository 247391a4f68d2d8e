import Chronology
import Deliveries
import Geodesy
import Registers
import Suspicions
import Testing
import Tracks

/// What is said of a delivery that has ended and is not final: what is known, as provisional, and nothing that the rest
/// of the trip may still explain.
@Suite struct ProvisionalTests {
    /// Unloaded 50 minutes after the loading ended, looked at so many minutes after it, and not final.
    private static func open(
        upTo report: Double = 55, asOf: Double = 60, _ change: @Sendable (inout Case) -> Void = { _ in }
    ) -> Case {
        Case {
            $0.delivery.isFinal = false
            $0.delivery.settledAt = Case.minutes(report)
            $0.context.asOf = Case.minutes(asOf)
            change(&$0)
        }
    }

    private static func toAnotherSite(_ test: inout Case) {
        var site = test.registers.sites[0]
        site.siteID = "S2"
        site.fence = .circle(center: Case.point(14_000), radiusMetres: 60)
        test.registers.sites.append(site)
        test.tickets = [Case.ticket(site: "S2")]
    }

    @Test func aHitSaysThatItIsProvisional() throws {
        let test = Self.open { $0.registers.plants[0].status = .revoked }
        let said = try #require(test.judgement("licence-invalid"))
        #expect(said.outcome == .hit)
        #expect(said.counterfacts.suffix(2).map { String($0.en.prefix(11)) } == ["Provisional", "This is a l"])
        #expect(said.counterfacts.suffix(2).first?.zh.hasPrefix("暂定") == true)
        #expect(test.judged.saysProvisional && test.judged.verdict == .suspicious)
        let final = Case { $0.registers.plants[0].status = .revoked }
        #expect(final.judgement("licence-invalid")?.outcome == .hit && !final.judged.saysProvisional)
        #expect(!Self.open().judged.saysProvisional, "nothing is said against it")
    }

    @Test func aDiversionWaitsForTheRestOfTheTrip() {
        func outcome(_ test: Case) -> Judgement.Outcome? { test.judgement("diversion")?.outcome }
        #expect(outcome(Self.open(Self.toAnotherSite)) == .insufficient)
        #expect(Self.open(Self.toAnotherSite).judged.verdict == .clear)
        // Its reports go on for three hours without another drop, or nothing has come for five.
        #expect(outcome(Self.open(upTo: 231, asOf: 231, Self.toAnotherSite)) == .hit)
        #expect(outcome(Self.open(upTo: 229, asOf: 231, Self.toAnotherSite)) == .insufficient)
        #expect(outcome(Self.open(asOf: 349, Self.toAnotherSite)) == .insufficient)
        #expect(outcome(Self.open(asOf: 350, Self.toAnotherSite)) == .hit)
        let final = Self.open {
            Self.toAnotherSite(&$0)
            $0.delivery.isFinal = true
        }
        #expect(outcome(final) == .hit)
        // It did go on to the note's site.
        let went = Self.open {
            Self.toAnotherSite(&$0)
            $0.others = [$0.drop(at: 14_000, site: "S2", minutes: 70)]
        }
        #expect(outcome(went) == .no)
    }

    @Test func aDischargeElsewhereWaitsForTheSite() {
        func outcome(_ test: Case) -> Judgement.Outcome? { test.judgement("partial-diversion")?.outcome }
        let elsewhere: @Sendable (inout Case) -> Void = {
            $0.delivery.destination = DeliveryEnd(kind: .unknown, coordinate: Case.point(4000))
            $0.delivery.haul?.drop = Case.drum(-200)
        }
        #expect(outcome(Self.open(elsewhere)) == .insufficient)
        #expect(outcome(Self.open(asOf: 350, elsewhere)) == .no)
        let went = Self.open {
            elsewhere(&$0)
            $0.others = [$0.drop(at: 9000, site: "S1", minutes: 70)]
        }
        #expect(outcome(went) == .hit)
        // That it was discharged outside every site is known already.
        #expect(Self.open(elsewhere).judgement("unregistered-destination")?.outcome == .hit)
    }

    @Test func aDropThatIsOnlyLikelyAccusesNobodyOfItsPlace() {
        let test = Self.open {
            RuleTests.unloadAt(4000)(&$0)
            $0.delivery.confidence[Delivery.likelyDrop] = 0.7
            $0.registers.plants[0].status = .revoked
        }
        #expect(test.judgement("unregistered-destination")?.outcome == .insufficient)
        #expect(test.judged.suspicions == ["licence-invalid"], "where it was loaded is known")
    }

    @Test(arguments: ["ticket-missing", "ticket-truck-mismatch"])
    func anotherNoteIsWaitedFor(rule: String) {
        let change: @Sendable (inout Case) -> Void = {
            $0.tickets = [
                rule == "ticket-missing" ? Case.ticket(at: 300) : Case.ticket(plate: "浙F54321")
            ]
        }
        #expect(Self.open(change).judgement(rule)?.outcome == .insufficient)
        #expect(Self.open(asOf: 1439, change).judgement(rule)?.outcome == .insufficient)
        #expect(Self.open(asOf: 1440, change).judgement(rule)?.outcome == .hit)
        let final = Case {
            change(&$0)
            $0.context.asOf = Case.minutes(1439)
        }
        #expect(final.judgement(rule)?.outcome == .insufficient)
    }

    @Test func itIsJudgedAgainWhenSomethingMustHaveCome() {
        let parameters = AnalysisParameters.standard
        let delivery = Self.open().delivery
        var times: [Instant] = []
        while let next = DeliveryContext.nextAsOf(of: delivery, after: times.last ?? Case.minutes(60), parameters) {
            times.append(next)
        }
        // Gaps may be filled for two hours, another drop begin within three more, a note come within a day.
        #expect(times == [170, 350, 1440].map { Case.minutes($0) })
        #expect(DeliveryContext.lastAsOf(of: delivery, parameters) == Case.minutes(1440))
    }
}
