import Chronology
import Deliveries
import Geodesy
import Registers
import Tracks

/// Where a visit stands: the chain's number and its place in it.
struct VisitPosition: Hashable {
    var chain: Int
    var visit: Int
}

/// Counts what happened on one ground.
struct EvidenceCounter {
    private let parameters: AnalysisParameters
    private let roles: GroundRoles
    private(set) var evidence = PlantEvidence()
    private var trucks = Set<Int>()
    private var truckDays = Set<TruckDay>()
    private var shuttleDays = Set<TruckDay>()
    private var companies = Set<String>()
    private var tankers = Set<Int>()
    private var dwell: [Double] = []
    private var points: [Coordinate] = []
    /// Visits that were no loads: they stand for the place only where there are no loads.
    private var otherVisits: [Visit] = []
    private var sites = Set<PlaceReference>()
    private var drops: [Coordinate] = []

    /// One truck on one day in China.
    private struct TruckDay: Hashable {
        var chain: Int
        var day: Int
    }

    init(_ roles: GroundRoles, _ parameters: AnalysisParameters) {
        self.roles = roles
        self.parameters = parameters
    }

    mutating func take(_ chain: HaltChain, number: Int, visit index: Int) {
        switch chain.kind {
        case .bulkCement: self.tanker(chain.visits[index], number)
        case .mortar: self.evidence.otherVisits += 1
        case .mixer: self.mixer(chain, number, index)
        }
    }

    /// Takes a visit at this ground or at one close by, for the work within the premises.
    mutating func takeNearby(_ chain: HaltChain, number: Int, visit index: Int) {
        let visit = chain.visits[index]
        guard chain.kind == .mixer, visit.shuttles > 0 else { return }
        self.evidence.shuttles += visit.shuttles
        self.shuttleDays.insert(TruckDay(chain: number, day: visit.start.date(at: .shanghai).daysSince1970))
    }

    private mutating func tanker(_ visit: Visit, _ number: Int) {
        let suspects = self.parameters.suspects
        guard visit.seconds >= suspects.tankerUnload, visit.seconds <= suspects.tankerLongest else {
            self.evidence.otherVisits += 1
            return
        }
        self.evidence.tankerVisits += 1
        self.tankers.insert(number)
    }

    private mutating func mixer(_ chain: HaltChain, _ number: Int, _ index: Int) {
        let visit = chain.visits[index]
        let (suspects, evidence) = (self.parameters.suspects, self.parameters.evidence)
        // What notes explain speaks neither for a plant nor against one: a note alone does not tell where others load.
        guard visit.seconds >= suspects.shortestLoad, !visit.isInHaul else { return }
        guard visit.seconds <= suspects.longestLoad else {
            self.evidence.longVisits += 1
            return
        }
        self.evidence.visits += 1
        self.trucks.insert(number)
        self.truckDays.insert(TruckDay(chain: number, day: visit.start.date(at: .shanghai).daysSince1970))
        if let company = chain.company { self.companies.insert(company) }
        let (takes, discharges) = (visit.takesLoad(evidence), visit.discharges(evidence))
        if visit.isHeard(evidence) {
            self.evidence.heard += 1
            if takes { self.evidence.heardLoads += 1 }
            if discharges { self.evidence.heardDischarges += 1 }
        }
        let next = chain.next(after: index, self.roles, self.parameters)
        let previous = chain.previous(before: index, self.roles, self.parameters)
        let tookNothing = !takes && !discharges && visit.isHeard(evidence) && chain.showsLoads
        if tookNothing { self.evidence.heardNothing = (self.evidence.heardNothing ?? 0) + 1 }
        switch (previous, next) {
        case _ where discharges: self.evidence.arrivedLoaded += 1
        case (.plant, _) where !takes: self.evidence.arrivedLoaded += 1
        case (_, .drop) where tookNothing: self.evidence.aimless += 1
        case (_, .drop(let drop, let isCertain)):
            self.load(visit, droppedAt: chain.visits[drop], isCertain: isCertain || takes)
        case (_, .plant): self.evidence.wentToPlant += 1
        case (_, .nothing): self.evidence.aimless += 1
        }
        if self.evidence.loads == 0 { self.otherVisits.append(visit) }
    }

    private mutating func load(_ visit: Visit, droppedAt drop: Visit, isCertain: Bool) {
        self.evidence.loads += 1
        if isCertain { self.evidence.certainLoads += 1 }
        self.note(visit)
        let second = visit.start.microseconds / 1_000_000 % 86_400 + 8 * 3600
        self.evidence.hours[Int((second % 86_400 + 86_400) % 86_400 / 3600)] += 1
        if case .site(let site) = drop.locus {
            self.sites.insert(site)
        } else {
            self.drops.append(drop.coordinate)
        }
    }

    private mutating func note(_ visit: Visit) {
        self.dwell.append(visit.seconds)
        self.points.append(visit.coordinate)
        self.evidence.firstSeen = min(self.evidence.firstSeen, visit.start)
        self.evidence.lastSeen = max(self.evidence.lastSeen, visit.end)
    }

    /// The whole card of the ground around `middle`.
    consuming func card(around middle: Coordinate) -> PlantEvidence {
        if self.evidence.loads == 0 {
            for visit in self.otherVisits { self.note(visit) }
        }
        var card = self.evidence
        card.trucks = self.trucks.count
        card.truckDays = self.truckDays.count
        card.shuttleDays = self.shuttleDays.count
        card.companies = self.companies.count
        card.tankers = self.tankers.count
        card.registeredSites = self.sites.count
        card.sites = self.sites.count + Self.places(self.drops, apart: self.parameters.suspects.haulDistance)
        let dwell = self.dwell.sorted()
        (card.dwellShort, card.dwellMedian, card.dwellLong) = (
            Self.quantile(dwell, 0.1), Self.quantile(dwell, 0.5), Self.quantile(dwell, 0.9)
        )
        card.spread = Self.quantile(self.points.map { $0.nearbyMetres(to: middle) }.sorted(), 0.9)
        return card
    }

    /// How many of the points lie apart from each other.
    private static func places(_ points: [Coordinate], apart metres: Double) -> Int {
        var grid = PointGrid(radiusMetres: metres)
        var count = 0
        let sorted = points.sorted { ($0.latitudeE7, $0.longitudeE7) < ($1.latitudeE7, $1.longitudeE7) }
        for point in sorted where grid.nearest(to: point, within: metres) == nil {
            grid.insert(point, Int32(clamping: count))
            count += 1
        }
        return count
    }

    private static func quantile(_ sorted: [Double], _ share: Double) -> Double {
        guard !sorted.isEmpty else { return 0 }
        return sorted[min(sorted.count - 1, Int(Double(sorted.count) * share))]
    }
}
