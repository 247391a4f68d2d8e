import Chronology
import Deliveries
import Geodesy
import Registers
import Tracks

/// A truck's visit to one place, or a halt on its way.
struct Visit {
    /// Where it was, by the registers and by the grounds that were found.
    enum Locus: Hashable {
        case plant(PlaceReference)
        case site(PlaceReference)
        /// A known innocent place; no truck loads or unloads there.
        case known(PlaceReference)
        case silo(PlaceReference)
        /// Outside every register, on a ground by its number.
        case ground(Int)
        case open
    }

    var locus: Locus
    var start: Instant
    var end: Instant
    var coordinate: Coordinate
    var drumSeconds: Double
    var dischargeSeconds: Double
    var loadingSeconds: Double
    var loadChange: Double?
    /// Halts of the track that it was put together from, where the first and the last were, and the longest's seconds.
    private(set) var halts = 1
    private(set) var firstSpot: Coordinate
    private(set) var lastSpot: Coordinate
    private(set) var longestHalt: Double
    /// How many of these halts were work to and fro (`HaltChain.findShuttles`).
    var shuttles = 0
    /// Whether it lies on a trip (`HaltChain.findTrips`).
    var isOnTrip = false
    /// Whether notes say that it lies between two drops of one load (`SplitHaul`).
    var isInHaul = false

    init(_ stay: StayRecord, locus: Locus) {
        self.locus = locus
        self.start = stay.start
        self.end = stay.end
        self.coordinate = stay.coordinate
        (self.firstSpot, self.lastSpot, self.longestHalt) = (stay.coordinate, stay.coordinate, stay.seconds)
        self.drumSeconds = Double(stay.drumSeconds)
        self.dischargeSeconds = Double(stay.dischargeSeconds)
        self.loadingSeconds = Double(stay.loadingSeconds)
        self.loadChange = stay.loadChange.map(Double.init)
    }

    var seconds: Double { self.end.seconds(since: self.start) }

    var ground: Int? {
        if case .ground(let ground) = self.locus { ground } else { nil }
    }

    mutating func merge(_ later: Visit) {
        if later.seconds > self.seconds { self.coordinate = later.coordinate }
        self.end = max(self.end, later.end)
        self.halts += later.halts
        self.lastSpot = later.lastSpot
        self.longestHalt = max(self.longestHalt, later.longestHalt)
        self.drumSeconds += later.drumSeconds
        self.dischargeSeconds += later.dischargeSeconds
        self.loadingSeconds += later.loadingSeconds
        if let change = later.loadChange { self.loadChange = (self.loadChange ?? 0) + change }
    }

    func takesLoad(_ evidence: AnalysisParameters.Evidence) -> Bool {
        if let change = self.loadChange { return change >= evidence.loadChange }
        return self.loadingSeconds >= evidence.loadingSeconds && self.dischargeSeconds < evidence.dischargeSeconds
    }

    func discharges(_ evidence: AnalysisParameters.Evidence) -> Bool {
        if let change = self.loadChange { return change <= -evidence.loadChange }
        return self.dischargeSeconds >= evidence.dischargeSeconds
    }

    /// Whether the sensors would have shown a load or a drop.
    func isHeard(_ evidence: AnalysisParameters.Evidence) -> Bool {
        self.loadChange != nil || self.drumSeconds >= evidence.heardShare * self.seconds
    }
}

/// What is thought of the grounds so far.
struct GroundRoles {
    /// Taken for plants.
    var plants: Set<Int> = []
    /// Where trucks wait before they go on to load, or to unload.
    var waits: Set<Int> = []
}

/// One truck's visits in the order of time.
struct HaltChain {
    var terminal: String
    var kind: Vehicle.Kind
    /// Who owns the truck, by the register.
    var company: String?
    private(set) var visits: [Visit] = []
    /// Whether the truck's sensors show a load where it takes one (`findSensors`).
    private(set) var showsLoads = false
    /// The latest halts between which it was nowhere else.
    private var recent: [Spot] = []

    /// A halt, and whether it counts as work to and fro.
    private struct Spot {
        var coordinate: Coordinate
        var visit: Int
        var isShuttle = false
    }

    /// So many halts are remembered: no round within one ground is longer.
    private static let longestRound = 8

    init(terminal: String, kind: Vehicle.Kind, company: String?) {
        self.terminal = terminal
        self.kind = kind
        self.company = company
    }

    /// Adds the next visit; one at the place of the last, soon after it, goes on with that.
    mutating func append(_ visit: Visit, _ parameters: AnalysisParameters) {
        let last = self.visits.last
        if let last, Self.belongs(visit, to: last, parameters) {
            self.visits[self.visits.count - 1].merge(visit)
        } else {
            self.visits.append(visit)
        }
        if !(last.map { Self.isNear($0, visit, parameters.suspects) } ?? false) { self.recent = [] }
        self.findShuttles(with: visit, parameters.suspects)
    }

    /// Counts the halts of a truck that comes back to a spot which it had left for another one close by: so do trucks
    /// of a plant with a site or a precast yard of its own. A queue before a ferry, a bridge or a gate only gets on.
    /// Who was at a registered plant, or a known place, begins anew.
    private mutating func findShuttles(with visit: Visit, _ suspects: AnalysisParameters.Suspects) {
        switch visit.locus {
        case .plant, .known, .silo:
            self.recent = []
            return
        case .site, .ground, .open: break
        }
        func isAway(_ spot: Spot, from other: Spot) -> Bool {
            spot.coordinate.nearbyMetres(to: other.coordinate) > suspects.spotRadius
        }
        let now = self.recent.count
        self.recent.append(Spot(coordinate: visit.coordinate, visit: self.visits.count - 1))
        for before in 0..<now where !isAway(self.recent[now], from: self.recent[before]) {
            for between in before + 1..<now
            where isAway(self.recent[between], from: self.recent[before])
                && isAway(self.recent[between], from: self.recent[now])
            {
                self.countShuttle(between)
                self.countShuttle(now)
            }
        }
        if self.recent.count > Self.longestRound { self.recent.removeFirst() }
    }

    private mutating func countShuttle(_ spot: Int) {
        guard !self.recent[spot].isShuttle else { return }
        self.recent[spot].isShuttle = true
        self.visits[self.recent[spot].visit].shuttles += 1
    }

    /// Notes that these visits lie on a trip.
    mutating func mark(_ halts: [Int]) {
        for halt in halts { self.visits[halt].isOnTrip = true }
    }

    /// Notes that these visits lie between two drops of one load.
    mutating func markInHaul(_ halts: [Int]) {
        for halt in halts { self.visits[halt].isInHaul = true }
    }

    /// Finds whether the sensors show loads: at half of the registered plants' visits at which they were heard, as a
    /// truck calls there for other things, too; of a truck that was heard at none, at any halt.
    mutating func findSensors(_ parameters: AnalysisParameters) {
        let heard = self.visits.filter {
            $0.seconds >= parameters.suspects.shortestLoad && $0.isHeard(parameters.evidence)
        }
        let atPlants = heard.filter { if case .plant = $0.locus { true } else { false } }
        let loads = (atPlants.isEmpty ? heard : atPlants).count { $0.takesLoad(parameters.evidence) }
        self.showsLoads = loads > 0 && (atPlants.isEmpty || loads * 2 >= atPlants.count)
    }

    private static func belongs(_ visit: Visit, to last: Visit, _ parameters: AnalysisParameters) -> Bool {
        guard visit.locus == last.locus else { return false }
        let gap = visit.start.seconds(since: last.end)
        if visit.locus != .open { return gap <= parameters.suspects.sameVisit }
        return gap < parameters.standing.mergeGap
            && visit.coordinate.nearbyMetres(to: last.coordinate) < parameters.standing.mergeDistance
    }
}

extension HaltChain {
    /// What a mixer did before or after a visit.
    enum Neighbour: Hashable {
        /// It was at a plant: a licensed one, or one already taken for a plant.
        case plant
        /// It unloaded: surely (a registered site, or its sensors show it), or by the length of its halt.
        case drop(index: Int, isCertain: Bool)
        /// It rested, or nothing is known within the time.
        case nothing
    }

    /// What came after the visit at `index`, as far as the haul of a load goes.
    func next(after index: Int, _ roles: GroundRoles, _ parameters: AnalysisParameters) -> Neighbour {
        let here = self.visits[index]
        var other = index + 1
        while other < self.visits.count {
            let there = self.visits[other]
            guard there.start.seconds(since: here.end) <= parameters.suspects.haul else { break }
            if let found = self.work(at: other, from: here, roles, parameters) { return found }
            if there.locus == here.locus { break }
            other += 1
        }
        return .nothing
    }

    /// What came before it, as far as the way back goes.
    func previous(before index: Int, _ roles: GroundRoles, _ parameters: AnalysisParameters) -> Neighbour {
        let here = self.visits[index]
        var other = index - 1
        while other >= 0 {
            let there = self.visits[other]
            guard here.start.seconds(since: there.end) <= parameters.suspects.wayBack else { break }
            if let found = self.work(at: other, from: here, roles, parameters) { return found }
            if there.locus == here.locus { break }
            other -= 1
        }
        return .nothing
    }

    /// What the truck did at a visit; `nil`: nothing that matters.
    private func work(
        at index: Int, from here: Visit, _ roles: GroundRoles, _ parameters: AnalysisParameters
    ) -> Neighbour? {
        let there = self.visits[index]
        let suspects = parameters.suspects
        if there.locus == here.locus, here.locus != .open { return nil }
        switch there.locus {
        case .plant: return there.seconds >= suspects.shortestLoad ? .plant : nil
        case .site:
            guard there.seconds >= suspects.siteDrop,
                there.coordinate.nearbyMetres(to: here.coordinate) >= suspects.haulDistance
            else { return nil }
            return .drop(index: index, isCertain: true)
        case .known, .silo: return there.seconds >= parameters.cycles.restSeconds ? .nothing : nil
        case .ground, .open:
            if there.isInHaul { return nil }
            // Who halts near a site that he then enters was in its queue.
            if self.isQueue(at: index, suspects) { return nil }
            if there.isOnTrip, let ground = there.ground, roles.waits.contains(ground) { return nil }
            if let ground = there.ground, roles.plants.contains(ground) {
                return there.seconds >= suspects.shortestLoad ? .plant : nil
            }
            if there.seconds >= parameters.cycles.restSeconds { return .nothing }
            guard there.coordinate.nearbyMetres(to: here.coordinate) >= suspects.haulDistance else { return nil }
            if there.discharges(parameters.evidence) { return .drop(index: index, isCertain: true) }
            guard there.seconds >= suspects.unknownDrop, !there.isHeard(parameters.evidence),
                !self.isBeforeGate(index, suspects), !self.isCreeping(at: index, parameters)
            else { return nil }
            return .drop(index: index, isCertain: false)
        }
    }
}
