package import Chronology
package import Deliveries
import Geodesy
package import Registers
import Telemetry
package import Tracks

/// Looks for plants that no register knows, in the halts of all trucks.
///
/// In: the halts of the last `AnalysisParameters.Suspects.days` days in any order, the world (registers, with the
/// vehicles' kinds and owners; parameters), and the suspects that are known by now with what people decided. Out: all
/// suspects as they are now, the likeliest first; what is stored is replaced by them (`SuspectIdentities`).
///
/// Beside these the notes go in of trucks that went from site to site after a plant of the registers: what they tell of
/// one load for both explains the halts in between (`SplitHaul`). Nothing else does, in particular no delivery:
/// deliveries read suspects as places of loading, and a suspect that lived on them would confirm itself.
///
/// The search begins with grounds on which many halts lie. A ground is judged by what the trucks did before and after
/// (`PlantScore`). The likeliest becomes a plant; with it known, what was thought of the others may no longer hold (a
/// site looks like a plant until its plant is known), so they are judged again, until no likely one is left. A yard
/// where trucks only wait between a load and its site is left out, as long as that load's plant is found
/// (`WaitingGrounds`).
package struct SuspectedPlantSearch: Sendable {
    private let world: World
    private var parameters: AnalysisParameters { self.world.parameters }
    private var suspects: AnalysisParameters.Suspects { self.world.parameters.suspects }

    package init(world: World) {
        self.world = world
    }

    /// - Parameters:
    ///   - stays: halts of any terminals, each once.
    ///   - known: what an earlier search found, with people's decisions; empty the first time.
    ///   - asOf: halts later than this, or too long ago, are left out.
    ///   - notes: answers questions for delivery notes, in any order; more than was asked for does no harm. Asked once
    ///     at the most.
    package func run(
        _ stays: [StayRecord], known: [SuspectedPlant] = [], asOf: Instant,
        notes: (Set<NoteQuestion>) throws -> [Ticket]
    ) rethrows -> [SuspectedPlant] {
        let since = asOf.advanced(bySeconds: -self.suspects.days * 86_400)
        let map = try HaltMap(stays.filter { $0.start >= since && $0.end <= asOf }, self.world, notes: notes)
        let found = self.plants(in: map).map { ground, card in self.suspect(ground, card, map) }
        let registered = Set(known.filter { $0.isRegistered(in: self.world) }.map(\.suspectedPlantID))
        return SuspectIdentities(known, registered: registered, since: since, self.suspects).name(found)
    }

    /// Where trucks wait, and by ground what its card says of that.
    private struct Waits {
        var grounds: Set<Int>
        var companions: [Int: [PlantEvidence.Companion]]
    }

    /// A ground as it is judged with the plants that are known so far.
    private struct Judged {
        var card = PlantEvidence()
        var points = 0.0
    }

    /// The grounds that are likely plants, the likeliest first, with their cards.
    private func plants(in map: HaltMap) -> [(ground: Int, card: PlantEvidence)] {
        var waiting = WaitingGrounds(map, self.parameters)
        while true {
            let plants = self.plants(in: map, Waits(grounds: waiting.all, companions: waiting.companions()))
            guard waiting.keepOnlyExplained(by: Set(plants.map(\.ground))) else { return plants }
        }
    }

    private func plants(in map: HaltMap, _ waits: Waits) -> [(ground: Int, card: PlantEvidence)] {
        var open = Set(map.grounds.centers.indices).subtracting(waits.grounds)
        var plants = Set<Int>()
        var judged = Array(repeating: Judged(), count: map.grounds.centers.count)
        var stale = open
        while true {
            for ground in stale where open.contains(ground) {
                judged[ground] = self.judge(ground, plants: plants, waits, map)
                // What is no lead by itself does not become one when more plants are known.
                if judged[ground].points < self.suspects.lead { open.remove(ground) }
            }
            guard let best = open.max(by: { Self.isLess($0, $1, judged, map) }) else { break }
            plants.insert(best)
            open.remove(best)
            open.subtract(map.neighbours[best])
            stale = map.sharingTrucks(with: best)
        }
        return self.confirm(plants, waits, map)
    }

    /// Judges each with all others known; those that are no longer likely go, the least likely first.
    private func confirm(
        _ plants: Set<Int>, _ waits: Waits, _ map: HaltMap
    ) -> [(ground: Int, card: PlantEvidence)] {
        var kept = plants
        var judged = Array(repeating: Judged(), count: map.grounds.centers.count)
        var stale = kept
        while true {
            for ground in stale where kept.contains(ground) {
                judged[ground] = self.judge(ground, plants: kept, waits, map)
            }
            let worst = kept.min { Self.isLess($0, $1, judged, map) }
            guard let worst, judged[worst].points < self.suspects.lead else { break }
            kept.remove(worst)
            stale = map.sharingTrucks(with: worst)
        }
        return kept.sorted { Self.isLess($1, $0, judged, map) }.map { ($0, judged[$0].card) }
    }

    /// By points, then by visits; a ground's number, which follows from the halts alone, decides between equals.
    private static func isLess(_ one: Int, _ other: Int, _ judged: [Judged], _ map: HaltMap) -> Bool {
        (judged[one].points, map.visits[one].count, other) < (judged[other].points, map.visits[other].count, one)
    }

    /// - Parameter plants: the grounds that are taken for plants; whether this one is among them makes no difference.
    private func judge(_ ground: Int, plants: Set<Int>, _ waits: Waits, _ map: HaltMap) -> Judged {
        let card = self.card(of: ground, plants: plants, waits, map)
        return Judged(card: card, points: self.points(card))
    }

    private func points(_ card: PlantEvidence) -> Double {
        max(card.loads, card.shuttles) >= self.suspects.fewestLoads ? PlantScore(card).sum : 0
    }

    private func card(of ground: Int, plants: Set<Int>, _ waits: Waits, _ map: HaltMap) -> PlantEvidence {
        var counter = EvidenceCounter(GroundRoles(plants: plants, waits: waits.grounds), self.parameters)
        for position in map.visits[ground] {
            counter.take(map.chains[position.chain], number: position.chain, visit: position.visit)
        }
        for place in [ground] + map.neighbours[ground] {
            for position in map.visits[place] {
                counter.takeNearby(map.chains[position.chain], number: position.chain, visit: position.visit)
            }
        }
        let middle = map.grounds.centers[ground]
        var card = counter.card(around: middle)
        card.companions = waits.companions[ground]
        if card.visits > 0, let near = NearestRow.licensedPlant(to: middle, at: card.lastSeen, in: self.world) {
            card.nearestPlant = PlantEvidence.Neighbour(plantID: near.id, name: near.name, metres: near.metres)
        }
        return card
    }

    private func suspect(_ ground: Int, _ card: PlantEvidence, _ map: HaltMap) -> SuspectedPlant {
        let score = PlantScore(card)
        let middle = map.grounds.centers[ground]
        return SuspectedPlant(
            suspectedPlantID: SuspectIdentities.name(middle), coordinate: middle,
            radiusMetres: min(
                max(card.spread + self.suspects.spotRadius, self.suspects.shortestRadius), self.suspects.longestRadius),
            evidence: card, score: score.points, reasons: score.reasons,
            isLikely: score.points >= self.suspects.loadingPlace && card.loads >= self.suspects.fewestLoads
                && !card.isOneOfTwo,
            parametersVersion: self.parameters.version, registerRevision: self.world.registers.revision)
    }
}
