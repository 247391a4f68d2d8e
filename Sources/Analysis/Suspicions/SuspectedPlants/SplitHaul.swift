package import Chronology
import Deliveries
import Geodesy
import Registers
import Tracks

/// Which delivery notes the search for suspected plants asks for: those of a plate that were issued in a time.
package struct NoteQuestion: Hashable, Sendable {
    package var plate: String
    package var from: Instant
    package var to: Instant

    package init(plate: String, from: Instant, to: Instant) {
        (self.plate, self.from, self.to) = (plate, from, to)
    }
}

/// A truck's way from one site to another after a plant of the registers, with halts outside every register in between:
/// if notes say that one load was for both sites, it had fuel or a meal there, and took no load.
///
/// Halts and notes decide and no delivery, as deliveries read suspects. What lets a note speak for the rest of a load
/// there lets it here (`TicketAgreement`), and one for a site before has to be with it.
struct SplitHaul {
    /// The stay at the plant.
    var load: Visit
    /// The sites at which it may have unloaded, in the order of time, and the one that ends the way.
    var before: [Visit]
    var drop: Visit
    /// The halts before that one, by their numbers in the chain, and when the first of them began.
    var halts: [Int]
    var haltedAt: Instant

    /// Where the notes of the load are found: under each plate that the truck bore meanwhile.
    func questions(of terminal: String, in world: World) -> [NoteQuestion] {
        let beside = world.parameters.tickets.sameLoadSeconds
        let (from, to) = (self.load.start.advanced(bySeconds: -beside), self.load.end.advanced(bySeconds: beside))
        return world.index.plates(terminal: terminal, from: from, to: self.drop.end).map {
            NoteQuestion(plate: $0, from: from, to: min(to, self.haltedAt))
        }
    }

    /// Whether one load was for this site and for one before it, by two notes that the drum holds together.
    /// - Parameter notes: those that were asked for, by plate; others do no harm.
    func isNoted(by notes: [String: [Ticket]], of terminal: String, in world: World) -> Bool {
        let written = self.questions(of: terminal, in: world).flatMap { question in
            (notes[question.plate] ?? []).filter {
                $0.issuedAt >= question.from && $0.issuedAt <= question.to && $0.issuedAt < self.haltedAt
                    && self.isOf($0, world)
            }
        }
        guard let rest = written.first(where: { Self.isFor($0, self.drop, world) }) else { return false }
        let isSplit = written.contains { note in
            note.plantID == rest.plantID && note.siteID != rest.siteID
                && self.before.contains { Self.isFor(note, $0, world) }
        }
        return isSplit
            && !TicketAgreement.exceeds(
                Ticket.cubicMetres(of: written), world.index.vehicle(terminal: terminal, at: self.load.end),
                world.parameters.volumes)
    }

    /// Whether the note is of the plant where it stood, or of another one in the same yard.
    private func isOf(_ note: Ticket, _ world: World) -> Bool {
        let plant = PlaceReference(.plant, note.plantID)
        let metres = world.metres(from: self.load.coordinate, to: plant, at: self.load.end)
        return metres.map { $0 <= world.parameters.rules.margin } ?? false
    }

    private static func isFor(_ note: Ticket, _ visit: Visit, _ world: World) -> Bool {
        let site = PlaceReference(.site, note.siteID)
        if visit.locus == .site(site) { return true }
        let metres = world.metres(from: visit.coordinate, to: site, at: visit.start)
        return metres.map { $0 <= world.parameters.tickets.diversion } ?? false
    }
}

extension HaltChain {
    /// Its ways from site to site, as long as concrete lasts. A sensor that shows a load, or a discharge, on the way
    /// speaks for itself.
    func splitHauls(_ parameters: AnalysisParameters) -> [SplitHaul] {
        guard self.kind == .mixer else { return [] }
        let (suspects, longest) = (parameters.suspects, parameters.quality.retardedMinutes * 60)
        var found: [SplitHaul] = []
        var load: Visit?
        var drops: [Visit] = []
        var halts: [Int] = []
        for (index, visit) in self.visits.enumerated() {
            switch visit.locus {
            case .plant:
                guard visit.seconds >= suspects.shortestLoad else { continue }
                (load, drops, halts) = (visit, [], [])
            case .site:
                guard let load, visit.seconds >= suspects.siteDrop else { continue }
                if let last = drops.last, last.locus != visit.locus, let first = halts.first {
                    found.append(
                        SplitHaul(
                            load: load, before: drops, drop: visit, halts: halts,
                            haltedAt: self.visits[first].start))
                }
                drops.append(visit)
                halts = []
            case .known, .silo:
                if visit.seconds >= parameters.cycles.restSeconds { load = nil }
            case .ground, .open:
                if visit.seconds >= parameters.cycles.restSeconds || visit.takesLoad(parameters.evidence) {
                    load = nil
                } else if let end = load?.end, visit.end.seconds(since: end) <= longest,
                    !visit.discharges(parameters.evidence)
                {
                    halts.append(index)
                }
            }
        }
        return found
    }
}
