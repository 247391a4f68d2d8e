import Chronology
import Geodesy
import Registers
import Telemetry
import Testing
import Tracks

@testable import Deliveries

/// Which note goes with which load, told as small stories and held against trying everything.
@Suite struct TicketMatchingTests {
    static let start: Instant = Trip(at: 0).time

    static func minutes(_ minutes: Double) -> Instant { Self.start.advanced(bySeconds: minutes * 60) }

    /// Truck `number` (plate 车1 …) stood `stay` minutes at `plant`'s place until `minute` and unloaded half an hour
    /// later.
    static func delivery(
        _ number: Int, from plant: Double? = Trip.plant, at minute: Double, to site: Double = Trip.site, drop: Int = 0,
        plate: String? = nil, stay: Double = 10
    ) -> Delivery {
        let terminal = TerminalID("T\(number)")!
        let unload = Self.minutes(minute + 30 + Double(drop) * 30)
        func end(_ kind: PlaceReference.Kind, _ east: Double?, _ world: World) -> DeliveryEnd {
            guard let east else { return DeliveryEnd(kind: .unknown) }
            let place = world.places(containing: Trip.point(east), at: Self.start).first { $0.kind == kind }
            return DeliveryEnd(kind: place?.kind.endKind ?? .unknown, id: place?.id, coordinate: Trip.point(east))
        }
        let world = Self.world
        return Delivery(
            deliveryID: "D-\(number)-\(minute)-\(drop)", loadID: "L-\(number)-\(minute)", terminal: terminal,
            plate: plate ?? "车\(number)", origin: end(.plant, plant, world),
            loadStart: plant.map { _ in Self.minutes(minute - stay) }, loadEnd: plant.map { _ in Self.minutes(minute) },
            destination: end(.site, site, world), unloadStart: unload, unloadEnd: unload.advanced(bySeconds: 900),
            distanceKilometres: 9, coverage: 1, confidence: [:], isFinal: true, settledAt: unload)
    }

    static func ticket(
        _ id: String, _ number: Int, plant: String = "P1", site: String = "S1", at minute: Double, volume: Double = 8
    ) -> Ticket {
        Ticket(
            ticketID: id, plantID: plant, siteID: site, plate: "车\(number)", product: "C30",
            volumeCubicMetres: volume, issuedAt: Self.minutes(minute))
    }

    static let world: World = Trip.world { registers in
        registers.vehicles = (1...9).map {
            Vehicle(plate: "车\($0)", terminal: "T\($0)", kind: .mixer, capacityCubicMetres: 10)
        }
        // Truck 9 gets another plate.
        registers.vehicles[8].period = ValidPeriod(from: .distantPast, to: Self.minutes(500))
        var next = registers.vehicles[8]
        (next.plate, next.period) = ("车90", ValidPeriod(from: Self.minutes(500), to: nil))
        registers.vehicles.append(next)
    }

    /// `K1:L-1-0(truck,time)` by note, then the unmatched notes and loads.
    static func short(_ matching: TicketMatching) -> String {
        let matches = matching.matches.map { match in
            let differences = match.differences(Self.world.parameters).map(\.rawValue).joined(separator: ",")
            return match.ticket.ticketID + ":" + match.load.loadID + (differences.isEmpty ? "" : "(\(differences))")
        }
        return
            (matches + matching.unmatchedTickets.map { "?" + $0.ticketID }
            + matching.unmatchedLoads.map { "!" + $0.loadID }).joined(separator: " ")
    }

    struct Story: Sendable, CustomStringConvertible {
        var description: String
        var deliveries: [Delivery]
        var tickets: [Ticket]
        var expected: String
    }

    static let told: [Story] = [
        Story(
            description: "a load and its note", deliveries: [delivery(1, at: 60)], tickets: [ticket("K1", 1, at: 58)],
            expected: "K1:L-1-60.0"),
        Story(
            description: "a second drop needs no note of its own",
            deliveries: [delivery(1, at: 60), delivery(1, at: 60, to: Trip.otherSite, drop: 1)],
            tickets: [ticket("K1", 1, site: "S2", at: 60)], expected: "K1:L-1-60.0"),
        Story(
            description: "31 minutes too late", deliveries: [delivery(1, at: 60)], tickets: [ticket("K1", 1, at: 91)],
            expected: "?K1 !L-1-60.0"),
        Story(
            description: "25 minutes late", deliveries: [delivery(1, at: 60)], tickets: [ticket("K1", 1, at: 85)],
            expected: "K1:L-1-60.0(time)"),
        Story(
            description: "another truck made the trip", deliveries: [delivery(2, at: 60)],
            tickets: [ticket("K1", 1, at: 60)], expected: "K1:L-2-60.0(truck)"),
        Story(
            description: "two trucks in a row, each its own, though the other's is nearer in time",
            deliveries: [delivery(1, at: 60), delivery(2, at: 70)],
            tickets: [ticket("K1", 1, at: 72), ticket("K2", 2, at: 59)],
            expected: "K2:L-2-70.0 K1:L-1-60.0"),
        Story(
            description: "the truck with a note keeps it, the one without gets none",
            deliveries: [delivery(1, at: 60), delivery(2, at: 62)], tickets: [ticket("K1", 1, at: 61)],
            expected: "K1:L-1-60.0 !L-2-62.0"),
        Story(
            description: "the name of another plant", deliveries: [delivery(1, from: Trip.otherPlant, at: 60)],
            tickets: [ticket("K1", 1, at: 60)], expected: "K1:L-1-60.0(plant)"),
        Story(
            description: "the name of a plant for a load from a yard",
            deliveries: [delivery(1, from: Trip.hidden, at: 60)],
            tickets: [ticket("K1", 1, at: 60)], expected: "K1:L-1-60.0(plant)"),
        Story(
            description: "taken elsewhere", deliveries: [delivery(1, at: 60, to: 15_000)],
            tickets: [ticket("K1", 1, at: 60)], expected: "K1:L-1-60.0(site)"),
        Story(
            description: "400 m from the fence is still the site",
            deliveries: [delivery(1, at: 60, to: Trip.site + 450)],
            tickets: [ticket("K1", 1, at: 60)], expected: "K1:L-1-60.0"),
        Story(
            description: "a load that nobody saw", deliveries: [delivery(1, from: nil, at: 60)],
            tickets: [ticket("K1", 1, at: 60)], expected: "K1:L-1-60.0"),
        Story(
            description: "more than the drum holds", deliveries: [delivery(1, at: 60)],
            tickets: [ticket("K1", 1, at: 60, volume: 12)], expected: "K1:L-1-60.0(volume)"),
        Story(
            description: "a note for a truck that was elsewhere",
            deliveries: [delivery(2, from: Trip.otherPlant, at: 60)],
            tickets: [ticket("K1", 1, at: 60)], expected: "?K1 !L-2-60.0"),
        Story(
            description: "one number twice: the trip takes the one that fits",
            deliveries: [delivery(1, at: 60)],
            tickets: [ticket("K1", 1, at: 60), ticket("K1", 1, site: "S2", at: 300)], expected: "K1:L-1-60.0 ?K1"),
    ]

    /// Loaded early, then hours in the yard: the pump waits, or the site does.
    static let waited: [Story] = [
        Story(
            description: "its own early note, not a stranger's of the same half hour",
            deliveries: [delivery(1, at: 120, stay: 110)],
            tickets: [ticket("K1", 1, at: 22), ticket("K2", 5, at: 118)], expected: "K1:L-1-120.0 ?K2"),
        Story(
            description: "its own, even for another site", deliveries: [delivery(1, at: 240, stay: 230)],
            tickets: [ticket("K1", 1, site: "S2", at: 12, volume: 12), ticket("K2", 5, at: 238)],
            expected: "K1:L-1-240.0(site,volume) ?K2"),
        Story(
            description: "as it came, ten hours before it left", deliveries: [delivery(1, at: 700, stay: 600)],
            tickets: [ticket("K1", 1, at: 101)], expected: "K1:L-1-700.0"),
        Story(
            description: "29 minutes before it came", deliveries: [delivery(1, at: 240, stay: 230)],
            tickets: [ticket("K1", 1, at: -19)], expected: "K1:L-1-240.0(time)"),
        Story(
            description: "31 minutes before it came", deliveries: [delivery(1, at: 240, stay: 230)],
            tickets: [ticket("K1", 1, at: -21)], expected: "?K1 !L-1-240.0"),
        Story(
            description: "another truck's note from long before the loading is not its",
            deliveries: [delivery(1, at: 240, stay: 230)], tickets: [ticket("K2", 5, at: 60)],
            expected: "?K2 !L-1-240.0"),
        Story(
            description: "another truck's from the last hour", deliveries: [delivery(1, at: 240, stay: 230)],
            tickets: [ticket("K2", 5, at: 155)], expected: "K2:L-1-240.0(truck)"),
        Story(
            description: "of two own notes the later one", deliveries: [delivery(1, at: 240, stay: 230)],
            tickets: [ticket("K1", 1, at: 20), ticket("K2", 1, at: 100)], expected: "K2:L-1-240.0 ?K1"),
        Story(
            description: "two long stays, the second note written before the truck was back",
            deliveries: [delivery(1, at: 240, stay: 230), delivery(1, at: 480, stay: 200)],
            tickets: [ticket("K1", 1, at: 20), ticket("K2", 1, at: 262)], expected: "K1:L-1-240.0 K2:L-1-480.0"),
        Story(
            description: "two trucks wait side by side, each its own",
            deliveries: [delivery(1, at: 240, stay: 230), delivery(2, at: 260, stay: 100)],
            tickets: [ticket("K1", 1, at: 170), ticket("K2", 2, at: 161)],
            expected: "K2:L-2-260.0 K1:L-1-240.0"),
    ]

    /// Truck 9 is 车9 up to minute 500 and 车90 from then on.
    static let replated: [Story] = [
        Story(
            description: "the note has the plate of the loading, the delivery that of the unloading",
            deliveries: [delivery(9, at: 490, plate: "车90")],
            tickets: [ticket("K1", 9, at: 488), ticket("K2", 5, at: 490)], expected: "K1:L-9-490.0 ?K2"),
        Story(
            description: "the note has the plate of the unloading already",
            deliveries: [delivery(9, at: 490, plate: "车90")], tickets: [ticket("K1", 90, at: 488)],
            expected: "K1:L-9-490.0"),
        Story(
            description: "a note of the old plate is found whatever its plant",
            deliveries: [delivery(9, at: 490, plate: "车90")], tickets: [ticket("K1", 9, plant: "P2", at: 488)],
            expected: "K1:L-9-490.0(plant)"),
        Story(
            description: "a stay over the change", deliveries: [delivery(9, at: 600, plate: "车90", stay: 200)],
            tickets: [ticket("K1", 9, at: 410)], expected: "K1:L-9-600.0"),
        Story(
            description: "the plate was not the truck's yet", deliveries: [delivery(9, at: 300, plate: "车9")],
            tickets: [ticket("K1", 90, at: 300)], expected: "K1:L-9-300.0(truck)"),
        Story(
            description: "the plate was the truck's no more", deliveries: [delivery(9, at: 700, plate: "车90")],
            tickets: [ticket("K1", 9, at: 700)], expected: "K1:L-9-700.0(truck)"),
    ]

    @Test(arguments: Self.told + Self.waited + Self.replated)
    func stories(story: Story) {
        let matching = TicketMatching(story.deliveries, story.tickets, in: Self.world)
        #expect(Self.short(matching) == story.expected)
        let turned = TicketMatching(story.deliveries.reversed(), story.tickets.reversed(), in: Self.world)
        #expect(Self.short(turned) == story.expected)
    }

    /// A crowded morning: few trucks, plants and sites, so that much fits much.
    static func morning(seed: UInt64, loads: Int) -> (deliveries: [Delivery], tickets: [Ticket]) {
        var dice = AssignmentTests.Dice(scatter: Scatter(seed: seed))
        var deliveries: [Delivery] = []
        var tickets: [Ticket] = []
        for index in 0..<loads {
            let (truck, minute) = (1 + dice.roll(4), Double(dice.roll(12) * 10))
            let isSecond = dice.roll(3) == 0
            let plant: Double? = dice.roll(6) == 0 ? nil : dice.roll(2) == 0 ? Trip.plant : Trip.otherPlant
            if !deliveries.contains(where: { $0.loadID == "L-\(truck)-\(minute)" }) {
                deliveries.append(
                    Self.delivery(
                        truck, from: plant, at: minute, to: isSecond ? Trip.otherSite : Trip.site,
                        stay: dice.roll(4) == 0 ? 150 : 10))
            }
            guard dice.roll(5) > 0 else { continue }
            tickets.append(
                Self.ticket(
                    "K\(index)", 1 + dice.roll(4), plant: dice.roll(2) == 0 ? "P1" : "P2",
                    site: dice.roll(2) == 0 ? "S1" : "S2", at: minute + Double(dice.roll(50) - 25),
                    volume: Double(6 + dice.roll(7))))
        }
        return (deliveries, tickets)
    }

    @Test func theCostIsTheLeastOfAll() {
        for seed in UInt64(0)..<150 {
            let (deliveries, tickets) = Self.morning(seed: seed, loads: 6)
            let matching = TicketMatching(deliveries, tickets, in: Self.world)
            let rules = Self.world.parameters.tickets
            let cost =
                matching.matches.reduce(0) { $0 + $1.agreement.cost(rules) }
                + matching.unmatchedLoads.count * rules.unmatchedCost
            // Every pair is asked, not only those that the table looks up.
            let sorted = tickets.sorted(by: Ticket.isOrdered)
            let rows = CarriedLoad.loads(of: deliveries).map { load in
                sorted.enumerated().compactMap { index, ticket -> Assignment.Pair? in
                    let agreement = TicketAgreement(load, ticket, in: Self.world)
                    guard agreement.isPossible(rules) else { return nil }
                    return Assignment.Pair(column: index, cost: agreement.cost(rules))
                }
            }
            #expect(cost == AssignmentTests.cheapestByTrying(rows[...], unmatched: rules.unmatchedCost), "seed \(seed)")
            #expect(matching.matches.count + matching.unmatchedTickets.count == tickets.count)
        }
    }

    @Test(arguments: 0..<20)
    func theOrderChangesNothing(seed: UInt64) {
        let (deliveries, tickets) = Self.morning(seed: seed, loads: 40)
        let expected = Self.short(TicketMatching(deliveries, tickets, in: Self.world))
        var dice = AssignmentTests.Dice(scatter: Scatter(seed: seed &+ 99))
        for _ in 0..<3 {
            let shuffled = (
                deliveries.map { (dice.roll(1000), $0) }.sorted { $0.0 < $1.0 }.map(\.1),
                tickets.map { (dice.roll(1000), $0) }.sorted { $0.0 < $1.0 }.map(\.1)
            )
            #expect(Self.short(TicketMatching(shuffled.0, shuffled.1, in: Self.world)) == expected)
        }
    }

    @Test func whatIsFarApartIsDecidedApart() {
        let (deliveries, tickets) = Self.morning(seed: 3, loads: 30)
        let later = deliveries.map { delivery in
            var delivery = delivery
            delivery.loadID += "+"
            delivery.loadStart = delivery.loadStart?.advanced(bySeconds: 36_000)
            delivery.loadEnd = delivery.loadEnd?.advanced(bySeconds: 36_000)
            delivery.unloadStart = delivery.unloadStart.advanced(bySeconds: 36_000)
            return delivery
        }
        let alone = TicketMatching(deliveries, tickets, in: Self.world)
        let both = TicketMatching(deliveries + later, tickets, in: Self.world)
        #expect(both.matches == alone.matches)
        #expect(both.unmatchedLoads.count == alone.unmatchedLoads.count + Set(later.map(\.loadID)).count)
    }

    /// Hours by which a truck's clock is behind, loads of its day, and the shift that its notes tell.
    @Test(
        arguments: [
            (0.0, 4, nil), (8, 4, 28_800), (-8, 4, -28_800), (24, 4, 86_400), (-24, 4, -86_400), (24, 3, 86_400),
            (24, 2, nil), (12, 4, nil), (48, 4, nil), (8, 2, 28_800), (-8, 2, -28_800), (8, 1, nil),
        ] as [(Double, Int, Double?)])
    func aClockThatIsOffShowsInTheNotes(hours: Double, loads: Int, shift: Double?) {
        let loaded = (0..<loads).map { 3000 + Double($0) * 100 }
        let deliveries = loaded.map { Self.delivery(1, at: $0 - hours * 60) }
        let tickets = loaded.map { Self.ticket("K\($0)", 1, at: $0) }
        let matching = TicketMatching(deliveries, tickets, in: Self.world)
        #expect(matching.clockShift(plate: "车1") == shift)
        #expect(matching.isClockInDoubt(plate: "车1") == (shift != nil))
        #expect(matching.matches.count == (hours == 0 ? loads : 0))
        // What the other trucks did is compared as ever.
        #expect(!matching.isClockInDoubt(plate: "车2"))
    }

    /// Minutes of the loads that truck 1's terminal tells, all from P1 to S1, and of the notes of a day of two trips.
    struct FewTrips: Sendable, CustomStringConvertible {
        var description: String
        var loads: [Double]
        var notes: [Double]
        /// Notes of other sites.
        var others: [Double] = []
        var shift: Double?
    }

    static let fewTrips: [FewTrips] = [
        FewTrips(
            description: "eight hours behind: the second load falls on the first one's note", loads: [2520, 3000],
            notes: [3000, 3480], shift: 28_800),
        FewTrips(
            description: "ahead: the first load falls on the second one's note", loads: [3480, 3960],
            notes: [3000, 3480], shift: -28_800),
        FewTrips(
            description: "a load that never was fits one of the notes", loads: [2520, 2620, 2990],
            notes: [3000, 3100], shift: 28_800),
        FewTrips(
            description: "two of them fit neither", loads: [2520, 2570, 2620, 2800], notes: [3000, 3100],
            shift: 28_800),
        FewTrips(
            description: "the clock is right, and loads never were", loads: [2520, 2990, 3100], notes: [3000, 3100]),
        FewTrips(
            description: "no notes in the morning, notes in the afternoon", loads: [2520, 2620, 3000, 3100],
            notes: [3000, 3100]),
        FewTrips(description: "the notes are of another site", loads: [2520, 2620], notes: [], others: [3000, 3100]),
        FewTrips(
            description: "as many notes fit nothing", loads: [2520, 2620], notes: [3000, 3100],
            others: [3020, 3080]),
        FewTrips(description: "one note", loads: [2520, 2620], notes: [3000]),
    ]

    @Test(arguments: Self.fewTrips)
    func aClockThatIsOffShowsInTwoTripsAmongLoadsThatNeverWere(row: FewTrips) {
        let deliveries = row.loads.map { Self.delivery(1, at: $0) }
        let tickets =
            row.notes.map { Self.ticket("K\($0)", 1, at: $0) }
            + row.others.map { Self.ticket("N\($0)", 1, site: "S2", at: $0) }
        for (deliveries, tickets) in [(deliveries, tickets), (deliveries.reversed(), tickets.reversed())] {
            let matching = TicketMatching(deliveries, tickets, in: Self.world)
            #expect(matching.clockShift(plate: "车1") == row.shift)
            if row.shift != nil { #expect(matching.matches.isEmpty) }
        }
    }

    /// By a clock that is eight hours behind, all of truck 9's loads under its new plate are put under the old one.
    @Test func aClockThatIsOffShowsInTheNotesOfTheOtherPlate() {
        let loaded = [510.0, 610, 710, 810]
        let deliveries = loaded.map { Self.delivery(9, at: $0 - 480, plate: "车9") }
        let tickets = loaded.map { Self.ticket("K\($0)", 90, at: $0) }
        let matching = TicketMatching(deliveries, tickets, in: Self.world)
        #expect(matching.clockShift(plate: "车9") == 28_800 && matching.clockShift(plate: "车90") == 28_800)
        // Where the loads under the new plate fit, it is not in doubt for those under the old one.
        let fitting = loaded.map { Self.delivery(9, at: $0 + 1000, plate: "车90") }
        let notes = loaded.map { Self.ticket("N\($0)", 90, at: $0 + 1000) }
        let both = TicketMatching(deliveries + fitting, tickets + notes, in: Self.world)
        #expect(both.isClockInDoubt(plate: "车9") && !both.isClockInDoubt(plate: "车90"))
    }

    /// Which notes are to be read for some loads.
    @Test func theNotesOfALoadBearAnyPlateOfItsTruckInThoseDays() {
        func plates(_ deliveries: [Delivery]) -> [String] { CarriedLoad.plates(of: deliveries, in: Self.world) }
        #expect(plates([Self.delivery(9, at: 490, plate: "车90"), Self.delivery(1, at: 0)]) == ["车1", "车9", "车90"])
        #expect(plates([Self.delivery(9, at: 500 + 1300, plate: "车90")]) == ["车9", "车90"])
        #expect(plates([Self.delivery(9, at: 500 + 1600, plate: "车90")]) == ["车90"])
        #expect(plates([Self.delivery(30, at: 0, plate: "车3")]) == ["车3"])
    }

    /// Who goes the same way every day at the same hour is not a day behind for leaving out one day's notes.
    @Test func notesOfTheDayBeforeAreNoClock() {
        let loaded = (0..<4).map { 3000 + Double($0) * 100 }
        let deliveries = (loaded + loaded.map { $0 + 1440 }).map { Self.delivery(1, at: $0) }
        let tickets = loaded.map { Self.ticket("K\($0)", 1, at: $0) }
        let matching = TicketMatching(deliveries, tickets, in: Self.world)
        #expect(!matching.isClockInDoubt(plate: "车1"))
        #expect(matching.matches.count == 4 && matching.unmatchedLoads.count == 4)
    }

    @Test func coverageIsByPlantAndDay() {
        let coverage = TicketCoverage([Self.ticket("K1", 1, at: 60)], in: Self.world)
        #expect(coverage.covers(plant: "P1", at: Self.minutes(0)))
        #expect(!coverage.covers(plant: "P2", at: Self.minutes(0)))
        #expect(!coverage.covers(plant: "P1", at: Self.minutes(60 * 24)))
        // A note of C30 is no source for tankers.
        #expect(coverage.covers(plant: "P1", at: Self.minutes(0), by: .mixer))
        #expect(!coverage.covers(plant: "P1", at: Self.minutes(0), by: .bulkCement))
    }

    @Test func aNumberUsedTwiceIsFound() {
        let tickets = [
            Self.ticket("K1", 1, at: 60), Self.ticket("K1", 2, at: 90), Self.ticket("K1", 3, plant: "P2", at: 90),
            Self.ticket("K2", 1, at: 60),
        ]
        let matching = TicketMatching([], tickets, in: Self.world)
        #expect(matching.repetitions(of: tickets[0]) == [tickets[1]])
        #expect(matching.repetitions(of: tickets[2]).isEmpty)
        #expect(matching.repetitions(of: tickets[3]).isEmpty)
    }
}
