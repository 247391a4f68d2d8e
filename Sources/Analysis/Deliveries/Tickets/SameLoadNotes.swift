import Chronology
package import Registers
package import Tracks

/// Which notes are of one load.
///
/// Every pumped pour begins with a cubic metre or two of priming mortar, from the same plant, in the same drum, on a
/// note of its own; some plants write one note for each grade. So notes of one truck, plant and site that were issued
/// within minutes, and fit into the drum together, are of one load: none of them is missing or left over, and none is
/// another truck's.
///
/// Two loads stay two: first every load takes the note of its own truck that fits it best, and only a note that is left
/// over then goes with one of these.
struct SameLoadNotes {
    /// The notes of each load by their positions, ascending, and by the first of them; most stand alone.
    private(set) var groups: [[Int]]
    private let tickets: [Ticket]
    private let world: World

    /// Notes in their order.
    init(_ table: TicketTable, _ tickets: [Ticket], in world: World) {
        self.groups = []
        self.tickets = tickets
        self.world = world
        let runs = self.runs()
        guard !runs.isEmpty else {
            self.groups = tickets.indices.map { [$0] }
            return
        }
        // Priming mortar beside another note is no load: it would go with this one, and the note with the truck's next.
        let beside = Set(runs.flatMap { self.priming(in: $0) })
        let owned = Set(table.ofOwnNotes(without: beside).assigned().compactMap(\.self))
        var isInRun = [Bool](repeating: false, count: tickets.count)
        for run in runs {
            for note in run { isInRun[note] = true }
            self.groups += self.groups(of: run, owned: owned)
        }
        self.groups += tickets.indices.lazy.filter { !isInRun[$0] }.map { [$0] }
        self.groups.sort { $0[0] < $1[0] }
    }

    /// Notes of one truck, plant and site with no longer pause between them than notes of one load have; two or more.
    private func runs() -> [[Int]] {
        let limit = self.world.parameters.tickets.sameLoadSeconds
        var runs: [[Int]] = []
        for notes in Dictionary(
            grouping: self.tickets.indices,
            by: { [self.tickets[$0].plate, self.tickets[$0].plantID, self.tickets[$0].siteID] }
        ).values where notes.count > 1 {
            var run: [Int] = []
            for note in notes {
                if let last = run.last, self.seconds(last, note) > limit {
                    if run.count > 1 { runs.append(run) }
                    run = []
                }
                run.append(note)
            }
            if run.count > 1 { runs.append(run) }
        }
        return runs
    }

    /// The notes of priming mortar that have another note beside them.
    private func priming(in run: [Int]) -> [Int] {
        let rules = self.world.parameters.tickets
        let others = run.filter { !self.tickets[$0].isPriming(rules) }
        return run.filter { note in
            self.tickets[note].isPriming(rules)
                && others.contains { self.seconds($0, note) <= rules.sameLoadSeconds }
        }
    }

    /// A run divided: around the notes that loads took, and what is left around the largest of it.
    private func groups(of run: [Int], owned: Set<Int>) -> [[Int]] {
        var found = self.groups(around: run.filter(owned.contains), run.filter { !owned.contains($0) })
        let inGroups = Set(found.joined())
        var rest = run.filter { !inGroups.contains($0) }
        while let largest = Ticket.largest(of: rest.map { self.tickets[$0] }, self.world.parameters.tickets),
            let head = rest.first(where: { self.tickets[$0] == largest })
        {
            let group = self.groups(around: [head], rest.filter { $0 != head })
            found += group
            rest.removeAll { group[0].contains($0) }
        }
        return found.map { $0.sorted() }
    }

    /// Some notes with those of the others that go with them, each with the nearest that has room for it.
    private func groups(around heads: [Int], _ others: [Int]) -> [[Int]] {
        var groups = heads.map { [$0] }
        let limit = self.world.parameters.tickets.sameLoadSeconds
        let pairs = others.flatMap { note in
            heads.indices.map { (seconds: self.seconds(heads[$0], note), note: note, group: $0) }
        }
        var joined = Set<Int>()
        for pair in pairs.sorted(by: { ($0.seconds, $0.note, $0.group) < ($1.seconds, $1.note, $1.group) })
        where pair.seconds <= limit && !joined.contains(pair.note) && self.has(groups[pair.group], roomFor: pair.note) {
            groups[pair.group].append(pair.note)
            joined.insert(pair.note)
        }
        return groups
    }

    /// Whether the drum holds another note's volume, too.
    ///
    /// Priming mortar is no trip of its own: it goes with a full drum as well, and that the notes then say more than
    /// the drum holds is for the rule to tell. A number that comes again is the same note sent again, if it comes soon;
    /// else it was used twice, and that is not settled by adding up.
    private func has(_ group: [Int], roomFor note: Int) -> Bool {
        let (rules, volumes) = (self.world.parameters.tickets, self.world.parameters.volumes)
        let ticket = self.tickets[note]
        let same = group.filter { self.tickets[$0].ticketID == ticket.ticketID }
        guard same.isEmpty else { return same.allSatisfy { self.seconds($0, note) <= rules.repeatSeconds } }
        let all = (group + [note]).map { self.tickets[$0] }
        let vehicle = self.world.index.vehicle(plate: ticket.plate, at: ticket.issuedAt)
        guard let capacity = vehicle?.capacityCubicMetres, capacity > 0 else {
            // Nobody knows what it holds: a full note and the little that comes before it.
            let full = all.filter { $0.volumeCubicMetres.map { $0 > rules.primingVolume } ?? false }
            return Set(full.map(\.ticketID)).count <= 1
        }
        guard TicketAgreement.exceeds(Ticket.cubicMetres(of: all), vehicle, volumes) else { return true }
        let others = all.filter { !$0.isPriming(rules) }
        let mortar = Ticket.cubicMetres(of: all.filter { $0.isPriming(rules) }) ?? 0
        return mortar > 0 && mortar <= rules.primingVolume
            && (Set(others.map(\.ticketID)).count <= 1
                || !TicketAgreement.exceeds(Ticket.cubicMetres(of: others), vehicle, volumes))
    }

    private func seconds(_ one: Int, _ other: Int) -> Double {
        self.tickets[one].issuedAt.seconds(since: self.tickets[other].issuedAt).magnitude
    }
}

extension Ticket {
    /// Whether it is a note of priming mortar, by its name, or as it is mortar and so little.
    package func isPriming(_ rules: AnalysisParameters.Tickets) -> Bool {
        guard let product = self.product else { return false }
        let isLittle = self.volumeCubicMetres.map { $0 <= rules.primingVolume }
        if ProductKind.isPriming(product: product) { return isLittle ?? true }
        return ProductKind(product: product) == .mortar && isLittle ?? false
    }

    /// Of the notes of one load the one by which it is judged: that of the most. Where it does not say how much, it
    /// counts for more than priming mortar. `nil` of none.
    package static func largest(of notes: [Ticket], _ rules: AnalysisParameters.Tickets) -> Ticket? {
        func volume(_ note: Ticket) -> Double {
            note.volumeCubicMetres ?? (note.isPriming(rules) ? 0 : rules.primingVolume)
        }
        return notes.min { one, other in
            let (here, there) = (volume(one), volume(other))
            if here != there { return here > there }
            let (isPriming, isOtherPriming) = (one.isPriming(rules), other.isPriming(rules))
            return isPriming == isOtherPriming ? Ticket.isOrdered(one, other) : isOtherPriming
        }
    }

    /// What the notes of one load say together, a number that was sent again counted once; `nil` where none says it.
    package static func cubicMetres(of notes: [Ticket]) -> Double? {
        var byNumber: [String: Double] = [:]
        for note in notes {
            guard let volume = note.volumeCubicMetres else { continue }
            byNumber[note.ticketID] = max(byNumber[note.ticketID] ?? volume, volume)
        }
        // In the order of the numbers, so that the sum is the same each time.
        return byNumber.isEmpty ? nil : byNumber.sorted { $0.key < $1.key }.reduce(0) { $0 + $1.value }
    }
}
