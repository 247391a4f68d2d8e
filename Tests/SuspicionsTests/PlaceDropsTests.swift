import Chronology
import Deliveries
import Geodesy
import Registers
import Suspicions
import Telemetry
import Testing
import Tracks

/// What shows that a place outside every register is supplied, and what does not.
@Suite struct PlaceDropsTests {
    /// On the usual road, 5 km from the plant and from the site of the notes.
    private static let roadside = Case.point(4000).moved(metres: 20, bearingDegrees: 0)
    /// In a lay-by 740 m before that site.
    private static let layBy = Case.point(8200).moved(metres: 150, bearingDegrees: 0)

    private static func plate(_ terminal: String) -> String {
        terminal == "T1" ? "浙F12345" : "浙F2000" + terminal.suffix(1)
    }

    /// What a truck did with a load that it came for so many minutes after the first.
    private static func trip(
        _ minutes: Double, of terminal: String = "T1", to spot: Coordinate? = Self.roadside, load: Double = 8,
        halt: Double = 20
    ) -> Delivery {
        var delivery = Case().delivery
        delivery.terminal = TerminalID(terminal)!
        delivery.plate = Self.plate(terminal)
        (delivery.deliveryID, delivery.loadID) = ("D-\(terminal)-\(minutes)", "L-\(terminal)-\(minutes)")
        (delivery.loadStart, delivery.loadEnd) = (Case.minutes(minutes), Case.minutes(minutes + load))
        delivery.unloadStart = Case.minutes(minutes + load + 15)
        delivery.unloadEnd = Case.minutes(minutes + load + 15 + halt)
        if let spot { delivery.destination = DeliveryEnd(kind: .unknown, coordinate: spot) }
        delivery.haul = Haul(since: Case.minutes(minutes + load))
        return delivery
    }

    /// One after the other, an hour apart; of each the truck comes back straight for the next.
    private static func trips(
        _ count: Int, of terminal: String = "T1", from minutes: Double = 0, to spot: Coordinate = Self.roadside
    ) -> [Delivery] {
        (0..<count).map { index in
            var delivery = Self.trip(minutes + Double(index) * 60, of: terminal, to: spot)
            delivery.haul?.comeback = Haul.Comeback(
                plantID: "P1", start: Case.minutes(minutes + Double(index + 1) * 60))
            return delivery
        }
    }

    /// A note for each, to S1.
    private static func notes(_ deliveries: [Delivery]) -> [Ticket] {
        deliveries.enumerated().map { index, delivery in
            Case.ticket(
                "K\(index)", plate: delivery.plate ?? "",
                at: (delivery.loadEnd?.seconds(since: Case.loaded) ?? 0) / 60)
        }
    }

    private static func signs(_ deliveries: [Delivery], _ tickets: [Ticket] = []) -> [DropSigns] {
        let world = Case().world
        let matching = TicketMatching(deliveries, tickets, in: world)
        return deliveries.map { DropSigns(of: $0, among: deliveries, matching, in: world) }
    }

    private static func drops(
        at index: Int = 0, of deliveries: [Delivery], _ tickets: [Ticket] = []
    ) throws -> PlaceDrops {
        let signs = Self.signs(deliveries, tickets)
        return try #require(
            PlaceDrops(
                at: deliveries[index], signs[index], of: zip(deliveries, signs).map { PlaceDrops.Visit($0, $1) },
                in: Case().world))
    }

    /// What a rule says of one of them.
    private static func judgement(
        _ rule: String, of index: Int, among deliveries: [Delivery], _ tickets: [Ticket] = []
    ) throws -> Judgement {
        var it = Case()
        it.delivery = deliveries[index]
        it.others = deliveries.filter { $0.deliveryID != it.delivery.deliveryID }
        it.tickets = tickets.isEmpty ? [TicketRuleTests.unrelated] : tickets
        it.context.roads = HaulRuleTests.roads
        it.context.placeDrops = try Self.drops(at: index, of: deliveries, tickets)
        it.context.nextLoad = NextLoad(
            after: it.delivery, among: deliveries, TicketMatching(deliveries, tickets, in: it.world))
        return try #require(it.judgement(rule))
    }

    // MARK: - Without any sensor and note

    /// Trips of each truck on the day; and how many count.
    @Test(
        arguments: [
            ([4], 2), ([3, 3], 2), ([3, 3, 3, 3], 4), ([3], 1), ([2, 2, 2, 2], 0), ([1, 1, 1, 1, 1, 1], 0), ([2], 0),
        ] as [([Int], Int)])
    func trucksShuttle(trips: [Int], counted: Int) throws {
        let all = trips.enumerated().flatMap { Self.trips($1, of: "T\($0 + 1)", from: Double($0) * 12) }
        #expect(try Self.drops(of: all).shuttles == counted)
        for rule in ["unregistered-destination", "ticket-missing"] {
            let judgement = try Self.judgement(rule, of: 0, among: all)
            #expect(judgement.outcome == (counted >= 2 ? .hit : .insufficient), "\(rule)")
            #expect(judgement.facts.contains { $0.en.contains("shuttled") && $0.zh.contains("往返直送") } == (counted >= 2))
        }
    }

    /// Three trips on a day, and as many so many days later.
    @Test(arguments: [(1.0, 2), (2, 2), (4, 1)]) func shuttlesCountForSomeDays(days: Double, counted: Int) throws {
        let all = Self.trips(3) + Self.trips(3, from: days * 1440 - 120)
        #expect(try Self.drops(of: all).shuttles == counted)
    }

    /// What is no shuttle, though a truck stood there four times on the day.
    @Test func whoEatsOrWaitsThereDoesNotShuttle() throws {
        // Washed at the plant, to the canteen, back for a load to a site, and so on.
        let meals = (0..<4).flatMap { [Self.trip(Double($0) * 160), Self.trip(Double($0) * 160 + 80, to: nil)] }
        #expect(try Self.drops(of: meals).shuttles == 0)
        #expect(try Self.judgement("unregistered-destination", of: 0, among: meals).outcome == .insufficient)
        // A yard 800 m from the plant's fence; short halts; long stays in the plant's yard; a rest of hours in between.
        let yard = Case.point(900)
        #expect(try Self.drops(of: Self.trips(4, to: yard)).shuttles == 0)
        #expect(try Self.drops(of: (0..<4).map { Self.trip(Double($0) * 60, halt: 7) }).shuttles == 0)
        #expect(try Self.drops(of: (0..<4).map { Self.trip(Double($0) * 120, load: 65) }).shuttles == 0)
        #expect(try Self.drops(of: (0..<4).map { Self.trip(Double($0) * 150) }).shuttles == 0)
        // The drum was heard all the time and did not turn back; it had called at a site.
        var heard = Self.trips(4)
        for index in heard.indices { heard[index].haul?.drop = Case.drum(1200) }
        #expect(try Self.drops(of: heard).shuttles == 0)
        var called = Self.trips(4)
        for index in called.indices {
            let start = called[index].unloadStart.advanced(bySeconds: -400)
            called[index].haul?.halts = [
                Haul.Halt(
                    start: start, end: start.advanced(bySeconds: 120), coordinate: Case.point(9000),
                    place: PlaceReference(.site, "S1"))
            ]
        }
        #expect(try Self.drops(of: called).shuttles == 0)
    }

    // MARK: - With notes for elsewhere

    /// Loads with notes to S1 of each truck, of which the last is not followed by another; how many show it empty.
    @Test(arguments: [([3], 2), ([3, 3, 3], 6), ([2, 2], 2), ([2], 1), ([1, 1, 1], 0)] as [([Int], Int)])
    func notedLoadsOfWhichTheNextShowsTheTruckEmpty(trips: [Int], counted: Int) throws {
        let all = trips.enumerated().flatMap { Self.trips($1, of: "T\($0 + 1)", from: Double($0) * 12) }
        let notes = Self.notes(all)
        #expect(try Self.drops(of: all, notes).emptied == counted)
        for rule in ["diversion", "unregistered-destination"] {
            for index in all.indices {
                let judgement = try Self.judgement(rule, of: index, among: all, notes)
                #expect(judgement.outcome == (counted >= 2 ? .hit : .insufficient), "\(rule) \(index)")
            }
        }
        guard trips == [2] else { return }
        let alone = try Self.judgement("diversion", of: 0, among: all, notes)
        #expect(alone.facts.contains { $0.en.contains("likely empty") && $0.zh.contains("料应已不在车上") })
    }

    @Test func whatDoesNotShowThemEmpty() throws {
        let all = Self.trips(3)
        let notes = Self.notes(all)
        #expect(Self.signs(all, notes) == [[.shuttle, .emptied], [.shuttle, .emptied], .shuttle])
        // The next load has no note, or another truck's; or it stood at the plant for long.
        #expect(Self.signs(all, [notes[0]]).allSatisfy { !$0.contains(.emptied) })
        var strange = notes
        for index in 1...2 { strange[index].plate = "浙F99999" }
        #expect(Self.signs(all, strange).allSatisfy { !$0.contains(.emptied) })
        var late = all
        late[1].loadEnd = Case.minutes(60 + 16)
        #expect(!Self.signs(late, Self.notes(late))[0].contains(.emptied))
        // A part of the way back was dark; it was at the site, before or after.
        var dark = all
        dark[0].haul?.comeback?.isSeen = false
        #expect(!Self.signs(dark, notes)[0].contains(.emptied))
        let gate = Haul.Halt(
            start: Case.minutes(50), end: Case.minutes(53), coordinate: Case.point(9000),
            place: PlaceReference(.site, "S1"))
        var (before, after) = (all, all)
        before[0].haul?.halts = [gate]
        after[0].haul?.comeback?.halts = [gate]
        #expect(!Self.signs(before, notes)[0].contains(.emptied) && !Self.signs(after, notes)[0].contains(.emptied))
    }

    /// Turned back near the site and sent on, each of several trucks shows the same once.
    @Test func nearTheSiteOnlyWhatATruckDoesAgainCounts() throws {
        func emptied(_ trips: [Int]) throws -> Int {
            let all = trips.enumerated().flatMap {
                Self.trips($1, of: "T\($0 + 1)", from: Double($0) * 12, to: Self.layBy)
            }
            return try Self.drops(of: all, Self.notes(all)).emptied
        }
        #expect(try emptied([2, 2, 2]) == 0)
        #expect(try emptied([3]) == 1)
        #expect(try emptied([4]) == 2)
    }

    // MARK: - With sensors

    /// Metres and hours from the drop, whether of the same truck, and of the same load, seconds for which the drum
    /// turned back; whether it counts.
    @Test(
        arguments: [
            (90.0, 200.0, false, false, 300.0, 1), (110, 200, false, false, 300, 0), (0, -330, false, false, 300, 1),
            (0, 340, false, false, 300, 0), (0, 5, true, false, 300, 1), (0, 24, true, false, 300, 1),
            (0, 5, true, true, 300, 0), (0, 5, false, false, 100, 0), (0, 5, false, false, 0, 0),
        ] as [(Double, Double, Bool, Bool, Double, Int)])
    func dischargesThere(
        metres: Double, hours: Double, isSameTruck: Bool, isSameLoad: Bool, seconds: Double, counted: Int
    ) throws {
        let base = Self.trip(0)
        var other = Self.trip(hours * 60, of: isSameTruck ? "T1" : "T2")
        if isSameLoad { other.loadID = base.loadID }
        other.destination.coordinate = Self.roadside.moved(metres: metres, bearingDegrees: 90)
        if seconds > 0 {
            other.confidence["discharge"] = 1
            other.haul?.drop = Case.drum(-seconds)
        }
        #expect(try Self.drops(of: [base, other]).shown == counted)
        // Again on that day it is the same truck's habit, or its site: once.
        var again = other
        (again.deliveryID, again.loadID) = ("D-again", "L-again")
        again.unloadStart = other.unloadStart.advanced(bySeconds: 60)
        if !isSameLoad { #expect(try Self.drops(of: [base, other, again]).shown == counted) }
        let site = Self.trip(0, to: nil)
        #expect(PlaceDrops(at: site, [], of: [PlaceDrops.Visit(other, [])], in: Case().world) == nil)
    }

    /// One that rinses at a canteen accuses neither itself nor who eats there; a load's discharge there does.
    @Test func washWaterShowsNoLoad() throws {
        var rinsed = Self.trip(0, of: "T2", to: Self.layBy)
        rinsed.confidence["discharge"] = 1
        rinsed.haul?.drop = Case.drum(-100)
        for rule in ["unregistered-destination", "ticket-missing"] {
            let judgement = try Self.judgement(rule, of: 0, among: [rinsed])
            #expect(judgement.outcome == .insufficient)
            #expect(judgement.facts.contains { $0.en.contains("turned back for 100 s") && $0.zh.contains("反转 100 秒") })
            #expect(try Self.judgement(rule, of: 0, among: [rinsed], Self.notes([rinsed])).outcome != .insufficient)
        }
        var poured = rinsed
        poured.haul?.drop = Case.drum(-300)
        let meal = Self.trip(10, to: Self.layBy)
        #expect(try Self.judgement("unregistered-destination", of: 0, among: [poured]).outcome == .hit)
        #expect(try Self.judgement("unregistered-destination", of: 0, among: [meal, poured]).outcome == .insufficient)
        var second = poured
        (second.deliveryID, second.loadID, second.terminal) = ("D-3", "L-3", TerminalID("T3")!)
        #expect(try Self.judgement("unregistered-destination", of: 0, among: [meal, poured, second]).outcome == .hit)
    }

    /// Of tankers no sensor shows anything; the same one counts on that day.
    @Test(arguments: [("T2", 24.0, 1), ("T1", 5, 1), ("T1", 24, 0), ("T2", 340, 0)])
    func tankersCountByThemselves(terminal: String, hours: Double, counted: Int) throws {
        var base = Case()
        base.registers.vehicles.append(
            Vehicle(plate: Self.plate("T2"), terminal: "T2", kind: .bulkCement))
        base.registers.vehicles[0].kind = .bulkCement
        let (here, other) = (Self.trip(0), Self.trip(hours * 60, of: terminal))
        let drops = try #require(PlaceDrops(at: here, [], of: [PlaceDrops.Visit(other, [])], in: base.world))
        #expect(drops == PlaceDrops(tankers: counted))
    }

    // MARK: - Brought back

    /// The halt, to which plant it came back, whether it was at the site's gate after it, minutes there before the
    /// next noted load (`nil`: none), and what is said.
    @Test(
        arguments: [
            (layBy, "P1", false, nil, .insufficient), (layBy, "P1", false, 20, .insufficient),
            (layBy, "P1", true, 20, .insufficient), (layBy, "P1", true, 8, .insufficient),
            (layBy, "P1", false, 8, .hit), (layBy, "P2", false, nil, .hit), (layBy, nil, false, nil, .hit),
            (Case.point(4000).moved(metres: 150, bearingDegrees: 0), "P1", false, nil, .hit),
            (Case.point(4000).moved(metres: 150, bearingDegrees: 0), "P1", true, nil, .insufficient),
        ] as [(Coordinate, String?, Bool, Double?, Judgement.Outcome)])
    func returnedConcrete(
        spot: Coordinate, plant: String?, hasCalled: Bool, stood: Double?, outcome: Judgement.Outcome
    ) throws {
        var delivery = Self.trip(0, to: spot, halt: 60)
        let back = Case.minutes(110)
        if let plant {
            delivery.haul?.comeback = Haul.Comeback(plantID: plant, start: back)
            if hasCalled {
                delivery.haul?.comeback?.halts = [
                    Haul.Halt(
                        start: Case.minutes(90), end: Case.minutes(93), coordinate: Case.point(9000),
                        place: PlaceReference(.site, "S1"))
                ]
            }
        }
        var all = [delivery]
        if let stood { all.append(Self.trip(110, to: nil, load: stood)) }
        let notes = Self.notes(all)
        for rule in ["diversion", "unregistered-destination"] {
            let judgement = try Self.judgement(rule, of: 0, among: all, notes)
            #expect(judgement.outcome == outcome, "\(rule)")
            guard outcome == .insufficient else { continue }
            #expect(judgement.facts.contains { $0.en.contains("taken back to the plant") && $0.zh.contains("退回站点") })
        }
    }

    /// Who shows it twice beyond the first time on a day is not turned back each time.
    @Test func whoComesBackEmptyAgainAndAgainBringsNothingBack() throws {
        let all = Self.trips(4, to: Self.layBy)
        #expect(try Self.judgement("diversion", of: 3, among: all, Self.notes(all)).outcome == .hit)
        let two = Self.trips(2, to: Self.layBy)
        #expect(try Self.judgement("diversion", of: 1, among: two, Self.notes(two)).outcome == .insufficient)
    }
}
