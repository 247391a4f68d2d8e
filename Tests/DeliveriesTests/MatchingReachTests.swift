import Chronology
import Geodesy
import Registers
import Testing
import Tracks

@testable import Deliveries

/// What is matched together: as much as decides, over any number of plants and trucks, and no more.
@Suite struct MatchingReachTests {
    private static let places = ["P1": Trip.plant, "P2": Trip.otherPlant, "P3": 40_000, "P4": 60_000]

    private static let world = Trip.world { registers in
        registers.vehicles = (1...9).map { Vehicle(plate: "车\($0)", terminal: "T\($0)", kind: .mixer) }
        for id in ["P3", "P4"] {
            var plant = registers.plants[0]
            plant.plantID = id
            plant.fence = .circle(center: Trip.point(Self.places[id] ?? 0), radiusMetres: 100)
            registers.plants.append(plant)
        }
    }

    private static func load(
        _ truck: Int, at plant: String?, _ minute: Double, to site: String = "S1", north: Double = 0
    ) -> Delivery {
        var delivery = TicketMatchingTests.delivery(truck, at: minute, to: site == "S1" ? Trip.site : Trip.otherSite)
        delivery.origin = DeliveryEnd(
            kind: plant == nil ? .unknown : .plant, id: plant,
            coordinate: Trip.point(Self.places[plant ?? "P1"] ?? 0, north: north))
        return delivery
    }

    private static func note(
        _ id: String, _ truck: Int, of plant: String, at minute: Double, site: String = "S1"
    ) -> Ticket { TicketMatchingTests.ticket(id, truck, plant: plant, site: site, at: minute) }

    /// Reads all that is wanted, as the store does; and how often it was asked.
    private static func reach(
        from seeds: [Delivery], _ notes: [Ticket] = [], of deliveries: [Delivery], _ tickets: [Ticket]
    ) -> (reach: MatchingReach, rounds: Int) {
        var reach = MatchingReach(from: seeds, notes, in: Self.world)
        var rounds = 0
        while let wanted = reach.wanted() {
            rounds += 1
            reach.take(
                deliveries.filter { delivery in
                    let isFromPlant = delivery.origin.kind == .plant
                    return delivery.plate.map(wanted.plates.contains) ?? false
                        || isFromPlant && wanted.plantsAround.contains(delivery.origin.id ?? "")
                        || !isFromPlant
                            && wanted.boxes.contains { box in
                                delivery.origin.coordinate.map { box.contains($0) } ?? false
                            }
                }, tickets.filter { wanted.plants.contains($0.plantID) || wanted.plates.contains($0.plate) })
        }
        return (reach, rounds)
    }

    /// Three plants, and each truck's note is of the plant before: which note truck 1 may have is decided by truck 3,
    /// which it never met.
    private static let chain = (
        loads: [load(1, at: "P1", 60), load(2, at: "P2", 60), load(3, at: "P3", 60)],
        notes: [note("N2", 2, of: "P1", at: 58), note("N3", 3, of: "P2", at: 58)]
    )

    @Test func aChainOfPlantsIsMatchedAsAWholeFromWhicheverEnd() {
        let (loads, notes) = Self.chain
        // Beside these: a load at the first plant hours later, and one at a plant that has nothing to do with them.
        let others = [Self.load(4, at: "P1", 300), Self.load(5, at: "P4", 60)]
        let otherNotes = [Self.note("N4", 4, of: "P1", at: 299), Self.note("N5", 5, of: "P4", at: 59)]
        for seed in loads {
            let (reach, rounds) = Self.reach(from: [seed], of: loads + others, notes + otherNotes)
            #expect(reach.tied.map(\.deliveryID) == loads.map(\.deliveryID), "from \(seed.deliveryID)")
            #expect(!reach.deliveries.contains { $0.deliveryID == others[1].deliveryID }, "nothing leads there")
            #expect(rounds <= 5)
            let matching = TicketMatching(reach.deliveries, Array(reach.tickets), in: Self.world)
            #expect(loads.map { matching.match(of: $0)?.ticket.ticketID } == [nil, "N2", "N3"])
        }
        // With the first two alone another one is the cheapest: what two steps see is not enough.
        let two = TicketMatching(Array(loads.prefix(2)), notes, in: Self.world)
        #expect(loads.map { two.match(of: $0)?.ticket.ticketID } == ["N2", "N3", nil])
        // From a note.
        let (reach, _) = Self.reach(from: [], [notes[0]], of: loads + others, notes + otherNotes)
        #expect(reach.tied.map(\.deliveryID) == loads.map(\.deliveryID))
    }

    /// A truck that was loaded in a plant's margin, as is read at no plant, competes for the plant's notes.
    @Test(arguments: [(150.0, true), (400, false)])
    func whoStoodBesideAPlantCompetes(north: Double, isTied: Bool) {
        let (loads, beside) = ([Self.load(1, at: "P1", 60)], Self.load(6, at: nil, 60, north: north))
        let notes = [Self.note("N1", 1, of: "P1", at: 58)]
        let (reach, _) = Self.reach(from: loads, of: loads + [beside], notes)
        #expect(reach.tied.contains(beside) == isTied)
    }

    /// Notes that may be of one load go together: priming mortar, and the concrete behind it.
    @Test func notesOfOneLoadAreReachedTogether() {
        let load = Self.load(1, at: "P1", 60)
        // One within the window of the load, the other only in that of the next.
        let notes = [Self.note("N1", 1, of: "P1", at: 88), Self.note("N2", 1, of: "P1", at: 95)]
        let other = Self.load(2, at: "P1", 130)
        let (reach, _) = Self.reach(from: [load], of: [load, other], notes)
        #expect(reach.tied == [load, other])
    }

    /// A crowded stretch of four plants whose trucks are lent: whatever is asked about, the answer is that of all.
    private static func city(seed: UInt64) -> (deliveries: [Delivery], tickets: [Ticket]) {
        var dice = AssignmentTests.Dice(scatter: Scatter(seed: seed))
        var deliveries: [Delivery] = []
        var tickets: [Ticket] = []
        for index in 0..<40 {
            let (truck, minute) = (1 + dice.roll(9), Double(dice.roll(24) * 15))
            let (plant, site) = ("P\(1 + dice.roll(4))", dice.roll(3) == 0 ? "S2" : "S1")
            let isBeside = dice.roll(8) == 0
            if !deliveries.contains(where: { $0.loadID == "L-\(truck)-\(minute)" }) {
                var delivery = Self.load(truck, at: plant, minute, to: site, north: isBeside ? 150 : 0)
                if isBeside { (delivery.origin.kind, delivery.origin.id) = (.unknown, nil) }
                deliveries.append(delivery)
            }
            guard dice.roll(5) > 0 else { continue }
            tickets.append(
                Self.note(
                    "K\(index)", dice.roll(3) == 0 ? 1 + dice.roll(9) : truck,
                    of: dice.roll(3) == 0 ? "P\(1 + dice.roll(4))" : plant, at: minute - Double(dice.roll(20)),
                    site: site))
        }
        return (deliveries, tickets)
    }

    @Test(arguments: 0..<20 as Range<UInt64>)
    func whateverIsAskedAboutTheAnswerIsThatOfAll(seed: UInt64) {
        let (deliveries, tickets) = Self.city(seed: seed)
        let whole = TicketMatching(deliveries, tickets, in: Self.world)
        for delivery in deliveries {
            let (reach, _) = Self.reach(from: [delivery], of: deliveries, tickets)
            let matching = TicketMatching(reach.deliveries, Array(reach.tickets), in: Self.world)
            #expect(matching.match(of: delivery)?.notes == whole.match(of: delivery)?.notes, "\(delivery.deliveryID)")
            #expect(
                matching.isClockInDoubt(plate: delivery.plate) == whole.isClockInDoubt(plate: delivery.plate),
                "\(delivery.deliveryID)")
        }
        let free = Set(whole.unmatchedTickets)
        for note in tickets {
            let (reach, _) = Self.reach(from: [], [note], of: deliveries, tickets)
            let matching = TicketMatching(reach.deliveries, Array(reach.tickets), in: Self.world)
            #expect(matching.unmatchedTickets.contains(note) == free.contains(note), "\(note.ticketID)")
        }
    }
}
