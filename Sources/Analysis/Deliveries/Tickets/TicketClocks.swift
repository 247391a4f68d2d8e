import Chronology
import Registers
import Tracks

/// Trucks whose clock does not fit their notes: their loads are where the notes say, but hours beside them.
///
/// A terminal that sends universal time as if it were local shifts all its trips by exactly eight hours; one whose day
/// is wrong, by exactly one day. Its loads then fit no note, or one of another load, and its notes seem to be of a
/// truck that was elsewhere. Nothing that compares times may be held against such a truck.
struct TicketClocks: Hashable, Sendable {
    /// Plates, and the seconds by which their loads have to be later to fit.
    private(set) var shifts: [String: Double] = [:]

    init(_ loads: [CarriedLoad], _ tickets: [Ticket], in world: World) {
        let rules = world.parameters.tickets
        let notes = Dictionary(grouping: tickets, by: \.plate)
        for (plate, loads) in Dictionary(grouping: loads, by: \.plate) {
            guard let plate, loads.count >= rules.clockFits, let own = notes[plate] else { continue }
            let asItIs = Self.fits(loads, own, shiftedBy: 0, in: world)
            let shifted = [rules.clockShift, -rules.clockShift, rules.clockDay, -rules.clockDay]
                .map { (seconds: $0, fits: Self.fits(loads, own, shiftedBy: $0, in: world)) }
            guard let most = shifted.max(by: { $0.fits < $1.fits }), most.fits >= rules.clockFits,
                most.fits > 2 * asItIs
            else { continue }
            self.shifts[plate] = most.seconds
        }
    }

    /// How many loads have a note of their plant and site, if the loads were so many seconds later.
    private static func fits(
        _ loads: [CarriedLoad], _ tickets: [Ticket], shiftedBy seconds: Double, in world: World
    ) -> Int {
        let window = world.parameters.tickets.window
        return loads.count { load in
            guard load.loadEnd != nil else { return false }
            let loading = load.loading(world.parameters)
            let (from, to) = (
                loading.from.advanced(bySeconds: seconds - window), loading.to.advanced(bySeconds: seconds + window)
            )
            return tickets.contains { ticket in
                guard ticket.issuedAt >= from, ticket.issuedAt <= to else { return false }
                let agreement = TicketAgreement(load, ticket, in: world)
                return agreement.plant == .same && agreement.site == .same
            }
        }
    }
}
