import Chronology
import Registers
import Tracks

/// One stop and what it can be to this kind of truck.
struct StopReading {
    /// What the stop was in the cycle.
    enum Role: Hashable {
        case load
        case drop
        /// A known place, or a plant left too soon.
        case idle
        /// Away from every register.
        case unknown
        case dark
        /// Unseen for a while.
        case unseen
    }

    var role: Role
    var stop: Stop
    /// How sure the place is: less in the margin of a fence than inside.
    var confidence = 1.0
    /// The latest start of the stops read as this one: of two fences around one halt the truck was at one.
    var latestStart: Instant
}

extension Vehicle.Kind {
    /// What a plant has to be licensed for that loads such trucks.
    var ownLicence: Plant.LicenceKind {
        switch self {
        case .mixer: .concrete
        case .mortar: .mortar
        case .bulkCement: .cement
        }
    }
}

/// Gives every stop its role.
struct StopReader {
    let world: World
    let trucks: TerminalHistory
    /// The time of the last report: what may still be explained by a later visit waits until it cannot.
    let asOf: Instant

    private var visits: AnalysisParameters.Visits { self.world.parameters.visits }
    private var cycles: AnalysisParameters.Cycles { self.world.parameters.cycles }

    init(world: World, trucks: TerminalHistory, asOf: Instant) {
        self.world = world
        self.trucks = trucks
        self.asOf = asOf
    }

    /// Reads the stop at `index` together with those that overlap it, and moves `index` on. `nil` where it is none: a
    /// queue at the edge of a fence that the truck then enters, or one that nothing has explained yet.
    ///
    /// - Parameter carrying: what the truck that took what is on it is built to carry; `nil`: nothing is on it.
    func next(_ stops: [Stop], _ index: inout Int, carrying: Vehicle.Kind?) -> StopReading? {
        let first = stops[index]
        index += 1
        guard first.isVisit else { return self.outside(first, among: stops, carrying) }
        if carrying == nil, self.isQueueInside(first, among: stops) { return nil }
        var group = [self.visit(first, carrying)]
        var skipped: [Stop] = []
        while index < stops.count, stops[index].start < first.end {
            let other = stops[index]
            let shorter = min(first.seconds, other.seconds)
            guard first.overlap(other) >= self.visits.overlapShare * shorter else { break }
            if other.isVisit { group.append(self.visit(other, carrying)) } else { skipped.append(other) }
            index += 1
        }
        let latest = (group.map(\.stop.start) + skipped.map(\.start)).max() ?? first.start
        guard group.count > 1 else {
            group[0].latestStart = latest
            return group[0]
        }
        var chosen = self.choose(group, isLoaded: carrying != nil)
        chosen.latestStart = latest
        return chosen
    }

    /// What a visit inside a fence can be.
    private func visit(_ stop: Stop, _ carrying: Vehicle.Kind?) -> StopReading {
        StopReading(role: self.role(of: stop, carrying), stop: stop, latestStart: stop.start)
    }

    /// What is on a truck is unloaded where the truck that took it can. A load is taken by a truck that leaves with it;
    /// nothing else is any by the row that holds on arrival.
    private func role(of stop: Stop, _ carrying: Vehicle.Kind?) -> StopReading.Role {
        guard let place = stop.place else {
            return stop.locus == .dark ? .dark : stop.locus == .unseen ? .unseen : .unknown
        }
        func role(_ kind: Vehicle.Kind) -> StopReading.Role { self.role(of: stop, at: place, for: kind) }
        let coming = self.trucks.kind(at: stop.start) ?? .mixer
        let leaving = self.trucks.kind(at: stop.end) ?? .mixer
        let own = carrying ?? coming
        if own == coming, own == leaving { return role(own) }
        if carrying != nil, role(own) == .drop { return .drop }
        if role(leaving) == .load { return .load }
        return carrying == nil && role(coming) == .drop ? .drop : .idle
    }

    /// What a stop at a place is to a truck of this kind.
    private func role(of stop: Stop, at place: PlaceReference, for kind: Vehicle.Kind) -> StopReading.Role {
        let isTanker = kind == .bulkCement
        switch place.kind {
        case .plant:
            if isTanker {
                guard self.world.licenceKind(ofPlant: place.id, at: stop.start) == .cement else { return .drop }
                return stop.stayedSeconds >= self.cycles.tankerLoadSeconds ? .load : .idle
            }
            return stop.stayedSeconds >= self.cycles.loadSeconds ? .load : .idle
        case .site: return .drop
        case .place:
            let isSilo = self.world.index.place(place.id)?.kind == .silo
            return isSilo && kind != .mixer ? .drop : .idle
        }
    }

    /// One halt in several fences: a full truck came to unload, an empty one to load; of several such places one that
    /// may supply this kind of truck, and then the smallest, is meant. A known place that saw nearly all of it explains
    /// it alone, unless it is a part of the plant's or the site's own yard, or holds it.
    private func choose(_ group: [StopReading], isLoaded: Bool) -> StopReading {
        let longest = group.map(\.stop.standing).max() ?? 0
        let idle = group.first {
            $0.stop.place?.kind == .place && $0.stop.standing >= 0.8 * longest && $0.role == .idle
                && !self.isOfYard($0.stop, among: group)
        }
        if let idle { return idle }
        func rank(_ reading: StopReading) -> Int {
            switch reading.role {
            case .load: isLoaded ? 1 : 0
            case .drop: isLoaded ? 0 : 1
            case .idle: 2
            case .unknown, .dark, .unseen: 3
            }
        }
        func extent(_ reading: StopReading) -> Double {
            reading.stop.place.map { self.world.extent(of: $0, at: reading.stop.start) } ?? .infinity
        }
        func misfit(_ reading: StopReading) -> Int {
            reading.role == .load && !self.maySupply(reading.stop) ? 1 : 0
        }
        return group.min { one, other in
            (rank(one), misfit(one), extent(one), one.stop.start)
                < (rank(other), misfit(other), extent(other), other.stop.start)
        } ?? group[0]
    }

    /// Whether a known place is a part of the yard of a plant or a site at which the truck loaded or unloaded, as its
    /// weighbridge and its wash are, or the car park that the yard is. A fuel station in it is none.
    private func isOfYard(_ stop: Stop, among group: [StopReading]) -> Bool {
        guard let place = stop.place else { return false }
        let isFuel = self.world.index.place(place.id)?.kind == .fuel
        return group.contains { other in
            guard other.role == .load || other.role == .drop, let yard = other.stop.place else { return false }
            return self.world.isEnclosed(yard, by: place, at: stop.start)
                || !isFuel && self.world.isEnclosed(place, by: yard, at: stop.start)
        }
    }

    /// Whether the plant may supply what this kind of truck carries, at that time: two licences may share a yard.
    private func maySupply(_ stop: Stop) -> Bool {
        guard let id = stop.place?.id, let row = self.world.index.plant(id, at: stop.start) else { return false }
        return row.status.maySupply && row.licenceKind == (self.trucks.kind(at: stop.end) ?? .mixer).ownLicence
    }

    /// Whether a truck stood outside a gate through which it then went; what it discharged there was no queue.
    private func isQueue(_ stop: Stop, for visit: Stop) -> Bool {
        let seconds = visit.start.seconds(since: stop.end)
        guard seconds >= 0, seconds <= self.visits.entrySeconds, let place = visit.place, place.kind != .place,
            let here = stop.coordinate,
            stop.evidence.dischargeSeconds < self.world.parameters.evidence.dischargeSeconds
        else { return false }
        let metres = self.world.metres(from: here, to: place, at: stop.start)
        return metres.map { $0 <= self.world.parameters.hauls.queueDistance } ?? false
    }

    /// Whether an empty truck waited in a site for the plant inside it, into which it then went.
    private func isQueueInside(_ stop: Stop, among stops: [Stop]) -> Bool {
        guard let site = stop.place, site.kind == .site else { return false }
        return stops.contains { other in
            guard other.isVisit, let plant = other.place, plant.kind == .plant else { return false }
            let seconds = other.start.seconds(since: stop.end)
            return seconds >= 0 && seconds <= self.visits.rejoinSeconds
                && self.world.isEnclosed(plant, by: site, at: stop.start)
        }
    }

    /// What a halt outside all fences can be.
    private func outside(_ stop: Stop, among stops: [Stop], _ carrying: Vehicle.Kind?) -> StopReading? {
        guard case .near(let place) = stop.locus else {
            return StopReading(role: self.role(of: stop, carrying), stop: stop, latestStart: stop.start)
        }
        var isExplained = self.asOf.seconds(since: stop.end) > self.visits.queueSeconds
        for other in stops where other.isVisit {
            let before = stop.start.seconds(since: other.end)
            let after = other.start.seconds(since: stop.end)
            guard before <= self.visits.queueSeconds, after <= self.visits.queueSeconds else { continue }
            if other.place == place || self.isQueue(stop, for: other) { return nil }
            // The truck was at another plant or site since: it was not queueing here.
            if after >= 0, other.place?.kind != .place { isExplained = true }
        }
        guard isExplained else { return nil }
        // Put at the site before whose gate it was in the dark, it is one of the places at which a load can have gone.
        let role = stop.isUnseen == true ? .unknown : self.role(of: stop, carrying)
        return StopReading(role: role, stop: stop, confidence: 0.7, latestStart: stop.start)
    }
}
