import Chronology
package import Geodesy
package import Registers
import Tracks

/// Which loads and notes have to be matched together, so that what is found of some of them does not depend on what
/// else is asked about.
///
/// Which note a load takes is decided by whatever is tied to it through possible pairs, over any number of plants and
/// trucks: a truck of plant A has a note of plant B, which a load there takes if it is free, and leaves its own to a
/// third one. Two steps of such a chain are no more than one: all of it belongs together. So whoever matches reads what
/// is `wanted`, gives it to `take`, and does so until nothing is wanted any more. That ends, as everything is read of
/// one stretch of time (`MatchingSpan.matched`, a day and a half): of each plant and each plate in it once at most.
///
/// Only pairs that are possible are followed, near in time and at one plant and site or of one truck: what else these
/// plants and trucks did that day is read and leads no further.
package struct MatchingReach: Sendable {
    /// Of what loads and notes are to be read next.
    package struct Wanted: Hashable, Sendable {
        /// Plants of whose notes these loads may be, or at which loads may be of these notes; in their order.
        package var plants: [String]
        /// With the plants whose yards are so near that a truck in them may have a note of the others …
        package var plantsAround: [String]
        /// … and boxes in which loads that are read to be from no plant may have been taken at one of them.
        package var boxes: [BoundingBox]
        /// Plates of these trucks, also those of the days around: their clock shows in all their notes together.
        package var plates: [String]
    }

    private let world: World
    private var known: [String: Delivery] = [:]
    /// Every note that was read.
    package private(set) var tickets: Set<Ticket> = []
    private var loads: [String: CarriedLoad] = [:]
    private var reachedLoads: Set<String>
    private var reachedNotes: Set<Ticket>
    /// What was reached since it was last asked what is wanted …
    private var freshLoads: Set<String>
    private var freshNotes: Set<Ticket>
    /// … and what was wanted so far.
    private var (plants, plates): (Set<String>, Set<String>) = ([], [])

    /// - Parameter deliveries: with all drops of their loads.
    package init(from deliveries: [Delivery], _ notes: [Ticket] = [], in world: World) {
        self.world = world
        self.reachedLoads = Set(deliveries.map(\.loadID))
        self.reachedNotes = Set(notes)
        (self.freshLoads, self.freshNotes) = (self.reachedLoads, self.reachedNotes)
        self.take(deliveries, notes)
    }

    /// Every delivery that was read, in the order of the ids.
    package var deliveries: [Delivery] { self.known.values.sorted { $0.deliveryID < $1.deliveryID } }

    /// Those that decide about each other's notes, in the order of the ids.
    package var tied: [Delivery] { self.deliveries.filter { self.reachedLoads.contains($0.loadID) } }

    /// Takes in what was read; of a delivery that is known already, what is known stays.
    package mutating func take(_ deliveries: [Delivery], _ notes: [Ticket]) {
        self.known.merge(deliveries.map { ($0.deliveryID, $0) }) { known, _ in known }
        self.tickets.formUnion(notes)
        let all = CarriedLoad.loads(of: Array(self.known.values))
        self.loads = Dictionary(all.map { ($0.loadID, $0) }) { first, _ in first }
        self.spread()
    }

    /// What is to be read now; `nil`: all is there. It is wanted once.
    package mutating func wanted() -> Wanted? {
        let (loads, notes) = (self.freshLoads.compactMap { self.loads[$0] }, self.freshNotes)
        (self.freshLoads, self.freshNotes) = ([], [])
        let day = self.world.parameters.tickets.clockDay
        let plants = Set(loads.flatMap { $0.plants(in: self.world) }).union(notes.map(\.plantID))
            .subtracting(self.plants)
        let plates = loads.reduce(into: Set(notes.flatMap(self.plates))) {
            $0.formUnion($1.plates(in: self.world, around: day))
        }.subtracting(self.plates)
        guard !plants.isEmpty || !plates.isEmpty else { return nil }
        self.plants.formUnion(plants)
        self.plates.formUnion(plates)
        let rules = self.world.parameters.rules
        let boxes = plants.sorted().flatMap { self.world.index.plants($0) }.map(\.fence.boundingBox)
        return Wanted(
            plants: plants.sorted(), plantsAround: self.around(boxes).union(plants).sorted(),
            boxes: boxes.map { $0.expanded(byMetres: rules.margin) }, plates: plates.sorted())
    }

    /// The note's plate, and what else its truck bore within a day.
    private func plates(of note: Ticket) -> [String] {
        guard let name = self.world.index.vehicle(plate: note.plate, at: note.issuedAt)?.terminal else {
            return [note.plate]
        }
        let day = self.world.parameters.tickets.clockDay
        return [note.plate]
            + self.world.index.plates(
                terminal: name, from: note.issuedAt.advanced(bySeconds: -day),
                to: note.issuedAt.advanced(bySeconds: day))
    }

    /// Plants at which a truck may stand and be within the margin of one of these boxes.
    private func around(_ boxes: [BoundingBox]) -> Set<String> {
        let reach = self.world.parameters.rules.margin + self.world.parameters.visits.margin
        let wide = boxes.map { $0.expanded(byMetres: reach) }
        return Set(
            self.world.registers.plants.lazy.filter { plant in
                let other = plant.fence.boundingBox
                return wide.contains { box in
                    box.south <= other.north && other.south <= box.north && box.west <= other.east
                        && other.west <= box.east
                }
            }.map(\.plantID))
    }

    // MARK: - What is tied

    /// Follows the possible pairs among all that is known.
    private mutating func spread() {
        var loads = self.reachedLoads.compactMap { self.loads[$0] }
        var notes = Array(self.reachedNotes)
        repeat {
            notes += self.notes(of: loads)
            notes += self.companions(of: notes)
            self.freshNotes.formUnion(Set(notes).subtracting(self.reachedNotes))
            self.reachedNotes.formUnion(notes)
            loads = self.loads(of: notes)
            self.freshLoads.formUnion(loads.map(\.loadID))
            self.reachedLoads.formUnion(loads.map(\.loadID))
            notes = []
        } while !loads.isEmpty
    }

    /// Notes that one of these loads can take, and that are not reached.
    private func notes(of loads: [CarriedLoad]) -> [Ticket] {
        let rest = self.tickets.subtracting(self.reachedNotes).sorted(by: Ticket.isOrdered)
        guard !rest.isEmpty else { return [] }
        return TicketTable(loads, rest, in: self.world).paired.columns.map { rest[$0] }
    }

    /// Loads that can take one of these notes, and that are not reached.
    private func loads(of notes: [Ticket]) -> [CarriedLoad] {
        guard !notes.isEmpty else { return [] }
        let rest = self.loads.values.filter { !self.reachedLoads.contains($0.loadID) }
        return TicketTable(rest, notes.sorted(by: Ticket.isOrdered), in: self.world).paired.rows.map { rest[$0] }
    }

    /// Notes that may go together with one of these (`SameLoadNotes`), and that are not reached.
    private func companions(of notes: [Ticket]) -> [Ticket] {
        guard !notes.isEmpty else { return [] }
        let limit = self.world.parameters.tickets.sameLoadSeconds
        func name(_ note: Ticket) -> [String] { [note.plate, note.plantID, note.siteID] }
        let names = Set(notes.map(name))
        let all = self.tickets.union(notes).filter { names.contains(name($0)) }
        let (asked, reached) = (Set(notes), self.reachedNotes)
        return Dictionary(grouping: all, by: name).values.flatMap { (group: [Ticket]) -> [Ticket] in
            var runs: [[Ticket]] = []
            for note in group.sorted(by: Ticket.isOrdered) {
                if let last = runs.last?.last, note.issuedAt.seconds(since: last.issuedAt) <= limit {
                    runs[runs.count - 1].append(note)
                } else {
                    runs.append([note])
                }
            }
            return runs.filter { $0.contains(where: asked.contains) }.joined()
                .filter { !asked.contains($0) && !reached.contains($0) }
        }
    }
}
