import Chronology
import Deliveries
import Registers

/// The notes of a city matched with its loads, half day by half day, from what the service reads around each.
struct SpanMatchings {
    private var loads: [MatchingSpan: TicketMatching] = [:]
    private var notes: [MatchingSpan: TicketMatching] = [:]

    init(_ deliveries: [Delivery], _ tickets: [Ticket], in world: World) {
        for span in Set(deliveries.map { MatchingSpan(of: $0) }) {
            // Of the trucks that are judged notes farther away tell their clock.
            let plates = Set(
                CarriedLoad.plates(of: deliveries.filter { MatchingSpan(of: $0) == span }, in: world))
            self.loads[span] = TicketMatching(
                deliveries.filter { span.matched.contains($0.loadEnd ?? $0.unloadStart) },
                tickets.filter {
                    span.matched.contains($0.issuedAt)
                        || plates.contains($0.plate) && span.clocked.contains($0.issuedAt)
                }, in: world)
        }
        for span in Set(tickets.map { MatchingSpan(of: $0.issuedAt) }) {
            let plates = Set(tickets.filter { MatchingSpan(of: $0.issuedAt) == span }.map(\.plate))
            self.notes[span] = TicketMatching(
                deliveries.filter { delivery in
                    let carried = delivery.loadEnd ?? delivery.unloadStart
                    return span.matched.contains(carried)
                        || delivery.plate.map(plates.contains) ?? false && span.clocked.contains(carried)
                }, tickets.filter { span.matched.contains($0.issuedAt) }, in: world)
        }
    }

    /// What the notes say of the loads of a half day.
    func ofLoads(in span: MatchingSpan) -> TicketMatching? { self.loads[span] }

    /// What the loads say of the notes of a half day.
    func ofNotes(in span: MatchingSpan) -> TicketMatching? { self.notes[span] }
}
