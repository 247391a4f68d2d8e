package import Geodesy
package import Registers

/// What differs between two states of the registers, by what follows from it: a licence that was corrected changes what
/// is said of the plant's deliveries, a fence that moved also where trucks were, a vehicle's row what its reports mean.
package struct RegisterChange: Hashable, Sendable {
    /// Ids of plants and of sites with a row that is not what it was.
    package private(set) var plants: Set<String> = []
    package private(set) var sites: Set<String> = []
    /// Other plants whose yard may be that of one of those plants: what is read as loaded there is judged by the one
    /// that its delivery note names.
    package private(set) var sharing: Set<String> = []
    /// Those of them whose fences, or what the fold reads off them, are not what they were …
    package private(set) var moved: Set<String> = []
    /// … and these fences, old and new.
    package private(set) var fences: [Fence] = []
    /// Those of the fences that are, or were, of plants: of what a truck did unseen, every plant says something that it
    /// could have reached meanwhile, however far off.
    package private(set) var plantFences: [Fence] = []
    /// Terminals whose vehicle's row is not what it was, without leading zeros.
    package private(set) var terminals: Set<String> = []
    /// Whether the register of plants, or that of sites, was empty and is not, or the other way round: of an empty one
    /// nothing can be said of any delivery.
    package private(set) var opensOrEmpties = false

    package init(from old: RegisterSnapshot, to new: RegisterSnapshot) {
        self.opensOrEmpties =
            old.plants.isEmpty != new.plants.isEmpty || old.sites.isEmpty != new.sites.isEmpty
        for change in Self.changes(old.plants, new.plants, by: \.plantID) {
            self.plants.insert(change.id)
            self.noteSharing(change, old.plants + new.plants)
            let known = self.fences.count
            self.note(change) { Ground(fence: $0.fence, kind: $0.licenceKind.rawValue, period: $0.period) }
            self.plantFences += self.fences[known...]
        }
        for change in Self.changes(old.sites, new.sites, by: \.siteID) {
            self.sites.insert(change.id)
            self.note(change) { Ground(fence: $0.fence, kind: "", period: $0.period) }
        }
        for change in Self.changes(old.places, new.places, by: \.placeID) {
            self.note(change) { Ground(fence: $0.fence, kind: $0.kind.rawValue, period: .always) }
        }
        for change in Self.changes(old.vehicles, new.vehicles, by: \.plate) {
            let differing = Set(change.old).symmetricDifference(change.new)
            self.terminals.formUnion(differing.map { TerminalNames.stripped($0.terminal) })
        }
    }

    package var isEmpty: Bool {
        self.plants.isEmpty && self.sites.isEmpty && self.fences.isEmpty && self.terminals.isEmpty
    }

    /// The rows of one id before and after.
    private struct Change<Row> {
        var id: String
        var old: [Row]
        var new: [Row]
    }

    /// Every import may touch all plants: boxes are compared, and no outlines.
    private mutating func noteSharing(_ change: Change<Plant>, _ all: [Plant]) {
        let boxes = Set((change.old + change.new).map(\.fence.boundingBox))
        for plant in all where plant.plantID != change.id && !self.sharing.contains(plant.plantID) {
            let other = plant.fence.boundingBox
            let overlaps = boxes.contains { box in
                box.south <= other.north && other.south <= box.north && box.west <= other.east && other.west <= box.east
            }
            if overlaps { self.sharing.insert(plant.plantID) }
        }
    }

    /// What the fold reads off a row.
    private struct Ground: Hashable {
        var fence: Fence
        var kind: String
        var period: ValidPeriod
    }

    private static func changes<Row: Hashable>(
        _ old: [Row], _ new: [Row], by id: (Row) -> String
    ) -> [Change<Row>] {
        let before = Dictionary(grouping: old, by: id)
        let after = Dictionary(grouping: new, by: id)
        return Set(before.keys).union(after.keys).sorted().compactMap { id in
            let change = Change(id: id, old: before[id] ?? [], new: after[id] ?? [])
            return Set(change.old) == Set(change.new) ? nil : change
        }
    }

    private mutating func note<Row>(_ change: Change<Row>, _ ground: (Row) -> Ground) {
        let (before, after) = (Self.grounds(change.old.map(ground)), Self.grounds(change.new.map(ground)))
        guard before != after else { return }
        self.moved.insert(change.id)
        self.fences += before.union(after).map(\.fence)
    }

    /// An id whose rows have one fence and one kind has them at any time, whatever the rows' periods.
    private static func grounds(_ grounds: [Ground]) -> Set<Ground> {
        guard let first = grounds.first,
            grounds.allSatisfy({ $0.fence == first.fence && $0.kind == first.kind })
        else { return Set(grounds) }
        return [Ground(fence: first.fence, kind: first.kind, period: .always)]
    }
}
