import Chronology
import Registers
import Tracks

/// The possible pairs of loads and notes, or groups of notes, with their costs, divided into parts that have nothing to
/// do with each other.
struct TicketTable {
    /// A note that can be a load's.
    private struct Candidate {
        var column: Int
        var cost: Int
        /// The note names the load's truck.
        var isOwn: Bool
    }

    /// For each load its possible notes, ascending.
    private let candidates: [[Candidate]]
    private let columnCount: Int
    private let unmatchedCost: Int

    /// Both in their order.
    init(_ loads: [CarriedLoad], _ tickets: [Ticket], in world: World) {
        let rules = world.parameters.tickets
        self.columnCount = tickets.count
        self.unmatchedCost = rules.unmatchedCost
        var byPlate: [String: [Int]] = [:]
        var byPlant: [String: [Int]] = [:]
        for (index, ticket) in tickets.enumerated() {
            byPlate[ticket.plate, default: []].append(index)
            byPlant[ticket.plantID, default: []].append(index)
        }
        self.candidates = loads.map { load in
            let stay = load.stay(world.parameters)
            let earlier = load.asLoadedEarlier?.stay(world.parameters).from
            let from = min(stay.from, earlier ?? stay.from).advanced(bySeconds: -rules.window)
            let to = stay.to.advanced(bySeconds: rules.window)
            var candidates = load.plates(in: world).flatMap { Self.slice(byPlate[$0], tickets, from, to) }
            candidates += load.plants(in: world).flatMap { Self.slice(byPlant[$0], tickets, from, to) }
            return Set(candidates).sorted().compactMap { index in
                let agreement = TicketAgreement(load, tickets[index], in: world)
                guard agreement.isPossible(rules) else { return nil }
                return Candidate(column: index, cost: agreement.cost(rules), isOwn: agreement.truck == .same)
            }
        }
    }

    private init(_ candidates: [[Candidate]], columnCount: Int, unmatchedCost: Int) {
        self.candidates = candidates
        self.columnCount = columnCount
        self.unmatchedCost = unmatchedCost
    }

    /// The same loads with the notes of their own trucks only, and without some.
    func ofOwnNotes(without left: Set<Int>) -> TicketTable {
        TicketTable(
            self.candidates.map { $0.filter { $0.isOwn && !left.contains($0.column) } },
            columnCount: self.columnCount, unmatchedCost: self.unmatchedCost)
    }

    /// The same with a column for each group of notes, which a load takes or leaves together; it costs what the note
    /// of them costs that fits best.
    func grouped(_ groups: [[Int]]) -> TicketTable {
        var groupOf = [Int](repeating: 0, count: self.columnCount)
        for (group, notes) in groups.enumerated() {
            for note in notes { groupOf[note] = group }
        }
        let candidates = self.candidates.map { notes in
            var best: [Int: Candidate] = [:]
            for note in notes {
                let group = groupOf[note.column]
                if let known = best[group], known.cost <= note.cost { continue }
                var candidate = note
                candidate.column = group
                best[group] = candidate
            }
            return best.values.sorted { $0.column < $1.column }
        }
        return TicketTable(candidates, columnCount: groups.count, unmatchedCost: self.unmatchedCost)
    }

    /// Loads and notes that are in a pair at all, by their positions, ascending.
    var paired: (rows: [Int], columns: [Int]) {
        (
            self.candidates.indices.filter { !self.candidates[$0].isEmpty },
            Set(self.candidates.joined().map(\.column)).sorted()
        )
    }

    /// The notes of an ascending list that were issued from `from` to `to`.
    private static func slice(_ list: [Int]?, _ tickets: [Ticket], _ from: Instant, _ to: Instant) -> [Int] {
        guard let list else { return [] }
        var (low, high) = (0, list.count)
        while low < high {
            let middle = (low + high) / 2
            if tickets[list[middle]].issuedAt < from { low = middle + 1 } else { high = middle }
        }
        return Array(list[low...].prefix { tickets[$0].issuedAt <= to })
    }

    /// For each load its note, or group: every part is solved by itself.
    func assigned() -> [Int?] {
        var chosen = [Int?](repeating: nil, count: self.candidates.count)
        for part in self.parts() {
            let columns = Set(part.flatMap { row in self.candidates[row].map(\.column) }).sorted()
            let position = Dictionary(uniqueKeysWithValues: columns.enumerated().map { ($1, $0) })
            let rows = part.map { row in
                self.candidates[row].compactMap { pair in
                    position[pair.column].map { Assignment.Pair(column: $0, cost: pair.cost) }
                }
            }
            let found = Assignment.cheapest(rows, columns: columns.count, unmatchedCost: self.unmatchedCost)
            for (row, column) in zip(part, found) { chosen[row] = column.map { columns[$0] } }
        }
        return chosen
    }

    /// Loads that compete for notes, directly or through others; ascending.
    func parts() -> [[Int]] {
        var rowsOfTicket = [[Int]](repeating: [], count: self.columnCount)
        for (row, pairs) in self.candidates.enumerated() {
            for pair in pairs { rowsOfTicket[pair.column].append(row) }
        }
        var isSeen = [Bool](repeating: false, count: self.candidates.count)
        var isTicketSeen = [Bool](repeating: false, count: self.columnCount)
        var parts: [[Int]] = []
        for start in self.candidates.indices where !isSeen[start] && !self.candidates[start].isEmpty {
            isSeen[start] = true
            var part = [start]
            var next = 0
            while next < part.count {
                for pair in self.candidates[part[next]] where !isTicketSeen[pair.column] {
                    isTicketSeen[pair.column] = true
                    for row in rowsOfTicket[pair.column] where !isSeen[row] {
                        isSeen[row] = true
                        part.append(row)
                    }
                }
                next += 1
            }
            parts.append(part.sorted())
        }
        return parts
    }
}
