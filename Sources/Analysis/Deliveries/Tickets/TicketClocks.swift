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
        var trucks: [Truck] = []
        for (plate, loads) in Dictionary(grouping: loads, by: \.plate) {
            guard let plate else { continue }
            // By a clock that is a day off it bears the plates of another day.
            let plates = loads.reduce(into: Set<String>()) {
                $0.formUnion($1.plates(in: world, around: rules.clockDay))
            }
            let own = plates.flatMap { notes[$0] ?? [] }
            guard !own.isEmpty else { continue }
            var truck = Truck(plate: plate, plates: plates, asItIs: 0, shift: nil)
            truck.asItIs = Self.fits(loads, own, shiftedBy: 0, in: world)
            if loads.count >= rules.clockFits { truck.shift = Self.shift(loads, own, truck.asItIs, in: world) }
            trucks.append(truck)
        }
        for truck in trucks { self.shifts[truck.plate] = truck.shift }
        // Its other plates of these days, unless the loads under them fit.
        let fitting = Set(trucks.lazy.filter { $0.asItIs > 0 }.map(\.plate))
        for truck in trucks.sorted(by: { $0.plate < $1.plate }) {
            for plate in truck.plates where self.shifts[plate] == nil && !fitting.contains(plate) {
                self.shifts[plate] = truck.shift
            }
        }
    }

    /// What the loads under one plate say.
    private struct Truck {
        var plate: String
        /// All that the truck bore in these days.
        var plates: Set<String>
        /// Loads that fit a note as the clock is.
        var asItIs: Int
        var shift: Double?
    }

    /// By how many seconds the loads would have to be later to fit their notes.
    private static func shift(
        _ loads: [CarriedLoad], _ own: [Ticket], _ asItIs: Int, in world: World
    ) -> Double? {
        let rules = world.parameters.tickets
        let shifted = [rules.clockShift, -rules.clockShift, rules.clockDay, -rules.clockDay]
            .map { (seconds: $0, fits: Self.fits(loads, own, shiftedBy: $0, in: world)) }
        guard let most = shifted.max(by: { $0.fits < $1.fits }), most.fits >= rules.clockFits,
            most.fits > 2 * asItIs
        else { return nil }
        return most.seconds
    }

    /// How many loads have a note of their plant and site, if the loads were so many seconds later.
    private static func fits(
        _ loads: [CarriedLoad], _ tickets: [Ticket], shiftedBy seconds: Double, in world: World
    ) -> Int {
        let window = world.parameters.tickets.window
        return loads.count { load in
            guard load.loadEnd != nil else { return false }
            let stay = load.stay(world.parameters)
            let (from, to) = (
                stay.from.advanced(bySeconds: seconds - window), stay.to.advanced(bySeconds: seconds + window)
            )
            return tickets.contains { ticket in
                guard ticket.issuedAt >= from, ticket.issuedAt <= to else { return false }
                let agreement = TicketAgreement(load, ticket, in: world)
                return agreement.plant == .same && agreement.site == .same
            }
        }
    }
}
