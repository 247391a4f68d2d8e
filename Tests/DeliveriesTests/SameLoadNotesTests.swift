import Chronology
import Registers
import Testing
import Tracks

@testable import Deliveries

/// Several notes of one load: which belong together, and which do not.
@Suite struct SameLoadNotesTests {
    private static let world = TicketMatchingTests.world

    private static func note(
        _ id: String, _ number: Int = 1, _ product: String? = "C30", _ volume: Double? = 8, at minute: Double,
        plant: String = "P1", site: String = "S1"
    ) -> Ticket {
        Ticket(
            ticketID: id, plantID: plant, siteID: site, plate: "车\(number)", product: product,
            volumeCubicMetres: volume, issuedAt: TicketMatchingTests.minutes(minute))
    }

    private static func mortar(_ id: String = "M1", _ number: Int = 1, at minute: Double) -> Ticket {
        self.note(id, number, "润泵砂浆", 1, at: minute)
    }

    private static func load(_ number: Int, at minute: Double, stay: Double = 10) -> Delivery {
        TicketMatchingTests.delivery(number, at: minute, stay: stay)
    }

    /// By load: the largest note's number, those of the others, and the volume; then what is left.
    private static func short(_ matching: TicketMatching) -> String {
        let matches = matching.matches.map { match in
            let differences = match.differences(Self.world.parameters).map(\.rawValue).joined(separator: ",")
            return ([match.ticket.ticketID] + match.otherNumbers).joined(separator: "+")
                + "=" + (match.cubicMetres.map { "\($0)" } ?? "?") + ":" + match.load.loadID
                + (differences.isEmpty ? "" : "(\(differences))")
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

    static let together: [Story] = [
        Story(
            description: "mortar first", deliveries: [load(1, at: 60)],
            tickets: [mortar(at: 56), note("K1", at: 59)], expected: "K1+M1=9.0:L-1-60.0"),
        Story(
            description: "mortar last, and nearer to the loading", deliveries: [load(1, at: 60)],
            tickets: [note("K1", at: 48), mortar(at: 60)], expected: "K1+M1=9.0:L-1-60.0"),
        Story(
            description: "a full drum, and mortar", deliveries: [load(1, at: 60)],
            tickets: [mortar(at: 56), note("K1", 1, "C30", 10, at: 59)], expected: "K1+M1=11.0:L-1-60.0(volume)"),
        Story(
            description: "more than is full, and mortar", deliveries: [load(1, at: 60)],
            tickets: [mortar(at: 56), note("K1", 1, "C30", 12, at: 59)], expected: "K1+M1=13.0:L-1-60.0(volume)"),
        Story(
            description: "as much as the drum holds", deliveries: [load(1, at: 60)],
            tickets: [note("K1", 1, "C30", 6, at: 56), note("K2", 1, "C35", 4, at: 59)],
            expected: "K1+K2=10.0:L-1-60.0"),
        Story(
            description: "three grades", deliveries: [load(1, at: 60)],
            tickets: [mortar(at: 56), note("K1", 1, "C30", 5, at: 58), note("K2", 1, "C35", 3, at: 60)],
            expected: "K1+M1+K2=9.0:L-1-60.0"),
        Story(
            description: "a quarter of an hour", deliveries: [load(1, at: 60)],
            tickets: [mortar(at: 45), note("K1", at: 60)], expected: "K1+M1=9.0:L-1-60.0"),
        Story(
            description: "no volumes: the mortar by its name", deliveries: [load(1, at: 60)],
            tickets: [note("M1", 1, "润管砂浆", nil, at: 57), note("K1", 1, "C30", nil, at: 59)],
            expected: "K1+M1=?:L-1-60.0"),
        Story(
            description: "the drum is not registered", deliveries: [load(12, at: 60)],
            tickets: [mortar("M1", 12, at: 56), note("K1", 12, at: 59)], expected: "K1+M1=9.0:L-12-60.0"),
        Story(
            description: "sent twice counts once", deliveries: [load(1, at: 60)],
            tickets: [note("K1", at: 57), note("K1", at: 60)], expected: "K1=8.0:L-1-60.0"),
        Story(
            description: "both waited in the yard", deliveries: [load(1, at: 200, stay: 150)],
            tickets: [mortar(at: 60), note("K1", at: 63)], expected: "K1+M1=9.0:L-1-200.0"),
        Story(
            description: "another truck without a note gets neither", deliveries: [load(1, at: 60), load(2, at: 62)],
            tickets: [mortar(at: 56), note("K1", at: 59)], expected: "K1+M1=9.0:L-1-60.0 !L-2-62.0"),
        Story(
            description: "another truck made the trip: with both", deliveries: [load(2, at: 60)],
            tickets: [mortar(at: 56), note("K1", at: 59)], expected: "K1+M1=9.0:L-2-60.0(truck)"),
        Story(
            description: "two trucks side by side", deliveries: [load(1, at: 60), load(2, at: 61)],
            tickets: [mortar(at: 56), mortar("M2", 2, at: 57), note("K1", at: 59), note("K2", 2, at: 60)],
            expected: "K1+M1=9.0:L-1-60.0 K2+M2=9.0:L-2-61.0"),
        Story(
            description: "the next load's note is not in yet", deliveries: [load(1, at: 60), load(1, at: 85)],
            tickets: [mortar(at: 56), note("K1", at: 59)], expected: "K1+M1=9.0:L-1-60.0 !L-1-85.0"),
        Story(
            description: "no load at all", deliveries: [], tickets: [mortar(at: 56), note("K1", at: 59)],
            expected: "?M1 ?K1"),
    ]

    static let apart: [Story] = [
        Story(
            description: "the drum cannot hold both", deliveries: [load(1, at: 60)],
            tickets: [note("K1", at: 58), note("K2", at: 60)], expected: "K1=8.0:L-1-60.0 ?K2"),
        Story(
            description: "a little too much for the drum", deliveries: [load(1, at: 60)],
            tickets: [note("K1", 1, "C30", 6, at: 58), note("K2", 1, "C35", 4.5, at: 60)],
            expected: "K1=6.0:L-1-60.0 ?K2"),
        Story(
            description: "two full ones of a drum that is not registered", deliveries: [load(12, at: 60)],
            tickets: [note("K1", 12, "C30", 4, at: 58), note("K2", 12, "C30", 4, at: 60)],
            expected: "K1=4.0:L-12-60.0 ?K2"),
        Story(
            description: "two trips", deliveries: [load(1, at: 60), load(1, at: 80)],
            tickets: [note("K1", 1, "C30", 4, at: 59), note("K2", 1, "C30", 4, at: 72)],
            expected: "K1=4.0:L-1-60.0 K2=4.0:L-1-80.0"),
        Story(
            description: "two trips, and mortar before the second", deliveries: [load(1, at: 60), load(1, at: 80)],
            tickets: [note("K1", 1, "C30", 4, at: 59), mortar(at: 71), note("K2", 1, "C30", 4, at: 72)],
            expected: "K1=4.0:L-1-60.0 K2+M1=5.0:L-1-80.0"),
        Story(
            description: "sixteen minutes", deliveries: [load(1, at: 60)],
            tickets: [mortar(at: 43), note("K1", at: 59)], expected: "K1=8.0:L-1-60.0 ?M1"),
        Story(
            description: "another site", deliveries: [load(1, at: 60)],
            tickets: [note("M1", 1, "润泵砂浆", 1, at: 56, site: "S2"), note("K1", at: 59)],
            expected: "K1=8.0:L-1-60.0 ?M1"),
        Story(
            description: "another plant", deliveries: [load(1, at: 60)],
            tickets: [note("M1", 1, "润泵砂浆", 1, at: 56, plant: "P2"), note("K1", at: 59)],
            expected: "K1=8.0:L-1-60.0 ?M1"),
        Story(
            description: "one number for two times is not added up", deliveries: [load(1, at: 60)],
            tickets: [note("K1", 1, "C30", 4, at: 50), note("K1", 1, "C30", 4, at: 60)],
            expected: "K1=4.0:L-1-60.0 ?K1"),
    ]

    @Test(arguments: Self.together + Self.apart)
    func stories(story: Story) {
        // What is left is told in the order of the loads and notes, so each way round says the same.
        let (loads, notes) = (story.deliveries, story.tickets)
        #expect(Self.short(TicketMatching(loads, notes, in: Self.world)) == story.expected)
        let turned = TicketMatching(loads.reversed(), notes.reversed(), in: Self.world)
        #expect(Self.short(turned) == story.expected)
    }

    /// A crowded morning with priming mortar, and small notes of which a drum holds several, in many orders.
    @Test(arguments: 0..<20)
    func theOrderChangesNothing(seed: UInt64) {
        var (deliveries, tickets) = TicketMatchingTests.morning(seed: seed, loads: 40)
        var dice = AssignmentTests.Dice(scatter: Scatter(seed: seed &+ 7))
        for index in tickets.indices where dice.roll(2) == 0 {
            tickets[index].volumeCubicMetres = Double(3 + dice.roll(3))
            var priming = Self.mortar("M\(index)", at: 0)
            (priming.plate, priming.plantID) = (tickets[index].plate, tickets[index].plantID)
            (priming.siteID, priming.issuedAt) = (
                tickets[index].siteID, tickets[index].issuedAt.advanced(bySeconds: Double(dice.roll(600)) - 300)
            )
            tickets.append(priming)
        }
        let matching = TicketMatching(deliveries, tickets, in: Self.world)
        let expected = Self.short(matching)
        // Each note is some load's once, or left.
        let taken = matching.matches.flatMap(\.notes)
        #expect(
            (taken + matching.unmatchedTickets).sorted(by: Ticket.isOrdered) == tickets.sorted(by: Ticket.isOrdered))
        for _ in 0..<3 {
            deliveries = deliveries.map { (dice.roll(1000), $0) }.sorted { $0.0 < $1.0 }.map(\.1)
            tickets = tickets.map { (dice.roll(1000), $0) }.sorted { $0.0 < $1.0 }.map(\.1)
            #expect(Self.short(TicketMatching(deliveries, tickets, in: Self.world)) == expected)
        }
        if seed == 0 { #expect(matching.matches.contains { $0.notes.count > 1 }) }
    }

    /// The clock of the load that a note alone is late for is not that of the other.
    @Test func theTimeIsThatOfTheNoteThatFitsBest() throws {
        let notes = [Self.mortar(at: 66), Self.note("K1", at: 80)]
        let match = try #require(TicketMatching([Self.load(1, at: 60)], notes, in: Self.world).matches.first)
        #expect(match.ticket.ticketID == "K1" && match.nearest.ticketID == "M1")
        #expect(match.agreement.seconds == 360)
    }
}
