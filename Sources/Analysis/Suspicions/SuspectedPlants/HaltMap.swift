import Chronology
import Deliveries
import Geodesy
import Registers
import Telemetry
import Tracks

/// All halts, put in their places: the trucks' chains of visits, and for every ground the visits there.
struct HaltMap {
    private(set) var chains: [HaltChain] = []
    let grounds: HaltGrounds
    /// By ground.
    private(set) var visits: [[VisitPosition]]
    /// By ground: the other grounds close by.
    private(set) var neighbours: [[Int]]
    /// The grounds that a chain's truck has been at, by chain.
    private(set) var groundsOfChain: [Set<Int>] = []
    /// The trips of all trucks.
    private(set) var trips: [Trip] = []
    /// By ground: the halts of trucks on their way to or from a plant of the registers.
    private(set) var licensed: [Int]

    /// - Parameter notes: answers questions for delivery notes; asked once at the most.
    init(_ stays: [StayRecord], _ world: World, notes: (Set<NoteQuestion>) throws -> [Ticket]) rethrows {
        let parameters = world.parameters
        let sorted = stays.sorted { ($0.terminal, $0.start, $0.end) < ($1.terminal, $1.start, $1.end) }
        let trucks = Self.trucks(sorted, world)
        let loci = sorted.map { Self.registered(at: $0.coordinate, $0.start, world) }
        // Where mixers halt for as long as a load takes; who parks for hours makes no ground.
        let candidates = sorted.indices.filter { index in
            loci[index] == nil && trucks[index].kind == .mixer
                && sorted[index].seconds >= parameters.suspects.shortestLoad
                && sorted[index].seconds <= parameters.suspects.longestLoad
        }
        self.grounds = HaltGrounds(
            candidates.map { sorted[$0].coordinate }, fewest: parameters.suspects.fewestLoads, parameters.suspects)
        var ground = [Int](repeating: -1, count: sorted.count)
        for (candidate, index) in candidates.enumerated() { ground[index] = Int(self.grounds.labels[candidate]) }

        for index in sorted.indices {
            let isNew =
                index == 0 || sorted[index].terminal != sorted[index - 1].terminal
                || trucks[index] != trucks[index - 1]
            if isNew {
                self.chains.append(
                    HaltChain(
                        terminal: sorted[index].terminal.text, kind: trucks[index].kind, company: trucks[index].company)
                )
            }
            var locus = loci[index]
            if locus == nil, ground[index] < 0 {
                ground[index] = self.grounds.ground(at: sorted[index].coordinate) ?? -1
            }
            if ground[index] >= 0 { locus = .ground(ground[index]) }
            self.chains[self.chains.count - 1].append(Visit(sorted[index], locus: locus ?? .open), parameters)
        }
        self.neighbours = self.grounds.neighbours(within: parameters.suspects.neighbourDistance)
        self.visits = Array(repeating: [], count: self.grounds.centers.count)
        self.licensed = Array(repeating: 0, count: self.grounds.centers.count)
        try self.explainHalts(by: notes, world)
        for number in self.chains.indices {
            self.chains[number].findSensors(parameters)
            self.trips += self.chains[number].findTrips(parameters, licensed: &self.licensed)
        }
        for (number, chain) in self.chains.enumerated() {
            var been = Set<Int>()
            for (index, visit) in chain.visits.enumerated() {
                guard let ground = visit.ground else { continue }
                been.insert(ground)
                self.visits[ground].append(VisitPosition(chain: number, visit: index))
            }
            self.groundsOfChain.append(been)
        }
    }

    /// Marks the halts between two drops of one load, as far as notes tell.
    private mutating func explainHalts(by notes: (Set<NoteQuestion>) throws -> [Ticket], _ world: World) rethrows {
        let hauls = self.chains.map { $0.splitHauls(world.parameters) }
        var questions = Set<NoteQuestion>()
        for (chain, own) in zip(self.chains, hauls) {
            for haul in own { questions.formUnion(haul.questions(of: chain.terminal, in: world)) }
        }
        guard !questions.isEmpty else { return }
        let found = Dictionary(grouping: try notes(questions), by: \.plate)
        for (number, own) in hauls.enumerated() {
            let terminal = self.chains[number].terminal
            for haul in own where haul.isNoted(by: found, of: terminal, in: world) {
                self.chains[number].markInHaul(haul.halts)
            }
        }
    }

    /// The grounds whose trucks have been at this ground, itself included: what is thought of it matters to them.
    func sharingTrucks(with ground: Int) -> Set<Int> {
        var shared = Set<Int>()
        var last = -1
        for position in self.visits[ground] where position.chain != last {
            last = position.chain
            shared.formUnion(self.groundsOfChain[last])
        }
        return shared
    }

    /// Metres between the middles of two grounds.
    func metres(_ one: Int, _ other: Int) -> Double {
        self.grounds.centers[one].nearbyMetres(to: self.grounds.centers[other])
    }

    /// What a truck is, and whose.
    private struct Truck: Equatable {
        var kind: Vehicle.Kind
        var company: String?
    }

    /// The truck of every halt; one that no register knows is taken for a mixer.
    private static func trucks(_ stays: [StayRecord], _ world: World) -> [Truck] {
        var trucks: [Truck] = []
        trucks.reserveCapacity(stays.count)
        var last: (terminal: TerminalID, history: TerminalHistory, truck: Truck)?
        for stay in stays {
            let isSame = last.map { $0.terminal == stay.terminal } ?? false
            if let last, isSame, last.history.isSteady {
                trucks.append(last.truck)
                continue
            }
            let history = isSame ? last?.history : nil
            let known = history ?? world.history(of: stay.terminal)
            let vehicle = known.vehicle(at: stay.start)
            let truck = Truck(kind: vehicle?.kind ?? .mixer, company: vehicle?.company)
            trucks.append(truck)
            last = (stay.terminal, known, truck)
        }
        return trucks
    }

    /// The place of the registers at which a halt was: inside a fence, or in its margin; `nil` outside all.
    private static func registered(at point: Coordinate, _ time: Instant, _ world: World) -> Visit.Locus? {
        let place =
            world.places(containing: point, at: time).first
            ?? world.nearestPlace(to: point, within: world.parameters.visits.margin, at: time)?.place
        return place.map { place in
            switch place.kind {
            case .plant: .plant(place)
            case .site: .site(place)
            case .place: world.index.place(place.id)?.kind == .silo ? .silo(place) : .known(place)
            }
        }
    }
}
