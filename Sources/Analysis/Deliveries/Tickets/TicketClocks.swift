import Chronology
import Registers
import Tracks

/// Trucks whose clock does not fit their notes: their loads are where the notes say, but hours beside them.
///
/// A terminal that sends universal time as if it were local shifts all its trips by exactly eight hours; one whose day
/// is wrong, by exactly one day. Its loads then fit no note, or one of another load, and its notes seem to be of a
/// truck that was elsewhere. Nothing that compares times may be held against such a truck.
///
/// Either many loads show it; or, for eight hours, few notes do, if one shift explains nearly all of them at once and
/// the time as it is at most half as many. Loads that never were (stays in the yard) have no note, and count for
/// nothing there.
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
            let asItIs = Fit(loads, own, shiftedBy: 0, in: world)
            var truck = Truck(plate: plate, plates: plates, asItIs: asItIs.loads, shift: nil)
            if loads.count >= min(rules.clockFits, rules.clockNotes) {
                truck.shift = Self.shift(loads, own, asItIs, in: world)
            }
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
        _ loads: [CarriedLoad], _ own: [Ticket], _ asItIs: Fit, in world: World
    ) -> Double? {
        let rules = world.parameters.tickets
        // Where all loads fit as it is, and more than half of the notes, no shift can fit twice as many.
        guard asItIs.loads < loads.count || 2 * asItIs.notes <= own.count else { return nil }
        let shifted = [rules.clockShift, -rules.clockShift, rules.clockDay, -rules.clockDay]
            .map { (seconds: $0, fit: Fit(loads, own, shiftedBy: $0, in: world)) }
        if let most = shifted.max(by: { $0.fit.loads < $1.fit.loads }), most.fit.loads >= rules.clockFits,
            most.fit.loads > 2 * asItIs.loads
        {
            return most.seconds
        }
        // Who goes the same way each day at the same hour fits the notes of another day, too: of these few say nothing.
        return shifted.prefix(2).max { $0.fit.notes < $1.fit.notes }
            .flatMap { $0.fit.explains(rules, betterThan: asItIs) ? $0.seconds : nil }
    }

    /// What loads and notes have to do with each other, if the loads were so many seconds later.
    private struct Fit {
        /// Loads that have a note of their plant and site.
        let loads: Int
        /// Notes that have such a load, each another one.
        let notes: Int
        /// Notes without one from a time of which there are loads.
        let strayNotes: Int

        init(_ loads: [CarriedLoad], _ tickets: [Ticket], shiftedBy seconds: Double, in world: World) {
            let window = world.parameters.tickets.window
            let times = loads.map { load in
                let stay = load.stay(world.parameters)
                return stay.from.advanced(bySeconds: seconds - window)...stay.to.advanced(bySeconds: seconds + window)
            }
            let fitting = zip(loads, times).map { load, time in
                guard load.loadEnd != nil else { return [Int]() }
                return tickets.indices.filter { index in
                    guard time.contains(tickets[index].issuedAt) else { return false }
                    let agreement = TicketAgreement(load, tickets[index], in: world)
                    return agreement.plant == .same && agreement.site == .same
                }
            }
            self.loads = fitting.count { !$0.isEmpty }
            self.notes = Self.pairs(fitting)
            let fitted = Set(fitting.joined())
            let first = times.map(\.lowerBound).min()
            let last = times.map(\.upperBound).max()
            self.strayNotes = tickets.indices.count { index in
                guard let first, let last, !fitted.contains(index) else { return false }
                return (first...last).contains(tickets[index].issuedAt)
            }
        }

        /// How many loads can have a note each, no two the same: the largest matching, by augmenting paths.
        private static func pairs(_ fitting: [[Int]]) -> Int {
            var loadOf: [Int: Int] = [:]
            func take(_ load: Int, _ tried: inout Set<Int>) -> Bool {
                for note in fitting[load] where tried.insert(note).inserted {
                    if let other = loadOf[note], !take(other, &tried) { continue }
                    loadOf[note] = load
                    return true
                }
                return false
            }
            return fitting.indices.count { load in
                var tried = Set<Int>()
                return take(load, &tried)
            }
        }

        /// Whether it explains enough notes, at least twice as many as another, and more than it leaves over.
        func explains(_ rules: AnalysisParameters.Tickets, betterThan other: Fit) -> Bool {
            self.notes >= rules.clockNotes && self.notes >= 2 * other.notes && self.notes > self.strayNotes
        }
    }
}
