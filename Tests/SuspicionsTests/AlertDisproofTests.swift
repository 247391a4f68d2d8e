import Chronology
import Deliveries
import Geodesy
import Registers
import Telemetry
import Testing

@testable import Suspicions

/// What corrected registers say against an alert that stands.
@Suite struct AlertDisproofTests {
    private static let truck = TerminalID("T1")!
    private static let time = Case.minutes(60)

    private static func reason(
        _ rule: VehicleAlert.Rule, at east: Double, later: [Double] = [], zones: [Zone] = [],
        _ change: (inout Case) -> Void = { _ in }
    ) -> Statement? {
        AlertDisproof(world: Case(change).world, zones: zones).reason(
            against: rule, of: Self.truck, opening: .init(Case.point(east), at: Self.time)
        ) { later.map { .init(Case.point($0), at: Self.time.advanced(bySeconds: 60)) } }
    }

    private static func zone(_ east: Double, permits: Set<String> = [], period: ValidPeriod = .always) -> Zone {
        Zone(
            zoneID: "Z1", name: "城区", permitPlates: permits,
            fence: .circle(center: Case.point(east), radiusMetres: 500),
            period: period)
    }

    /// Registered a day later, valid from then: it stood there all the same.
    private static func lateSite(_ test: inout Case) {
        test.registers.sites.append(
            Site(
                siteID: "S2", name: "二号工地", status: .active,
                period: ValidPeriod(from: Self.time.advanced(bySeconds: 86_400), to: nil),
                fence: .circle(center: Case.point(5000), radiusMetres: 60)))
    }

    @Test func aStopAtASiteThatIsRegisteredLaterWasNoLongStop() throws {
        #expect(Self.reason(.longStop, at: 5000) == nil)
        let reason = try #require(Self.reason(.longStop, at: 5000, Self.lateSite))
        #expect(reason.zh.contains("S2") && reason.en.contains("S2"))
        #expect(Self.reason(.longStop, at: 6500, Self.lateSite) == nil)
    }

    @Test func aZoneThatIsWithdrawnMovedOrPermittedClosedNothing() {
        #expect(Self.reason(.restrictedZone, at: 5000, zones: [Self.zone(5000)]) == nil)
        #expect(Self.reason(.restrictedZone, at: 5000) != nil)
        #expect(Self.reason(.restrictedZone, at: 5000, zones: [Self.zone(8000)]) != nil)
        #expect(Self.reason(.restrictedZone, at: 5000, zones: [Self.zone(5000, permits: ["浙F12345"])]) != nil)
        // The outline was mended a little: the truck went on into it.
        #expect(Self.reason(.restrictedZone, at: 5000, later: [5400, 6000], zones: [Self.zone(6000)]) == nil)
        #expect(Self.reason(.restrictedZone, at: 5000, later: [5100, 5200], zones: [Self.zone(6000)]) != nil)
    }

    /// An order that ended since was in force then.
    @Test func anOrderThatEndedSinceHeldThen() {
        let ended = ValidPeriod(from: .distantPast, to: Self.time.advanced(bySeconds: 3600))
        let early = ValidPeriod(from: .distantPast, to: Self.time.advanced(bySeconds: -3600))
        #expect(Self.reason(.restrictedZone, at: 5000, zones: [Self.zone(5000, period: ended)]) == nil)
        #expect(Self.reason(.restrictedZone, at: 5000, zones: [Self.zone(5000, period: early)]) != nil)
    }

    /// Whether a truck of no known plate has a permit nobody can tell.
    @Test func whatCannotBeJudgedDisprovesNothing() {
        let zones = [Self.zone(5000, permits: ["浙F99999"])]
        #expect(Self.reason(.restrictedZone, at: 5000, zones: zones, { $0.registers.vehicles = [] }) == nil)
        #expect(Self.reason(.speeding, at: 5000, Self.lateSite) == nil)
    }
}
