import Chronology
import Deliveries
import FleetStore
import PostgresClient
import Registers
import Safety
import Suspicions
import Telemetry
import Tracks

/// The alerts of all vehicles: follows each stream of reports where analysis takes it in, and the clock for those that
/// fall silent.
///
/// An alert and the state behind it are written in the transaction of the reports, so that a restart neither forgets
/// nor repeats an alert. A state that raised nothing is written once a minute: after a kill the reports since then are
/// taken again, which raises nothing again, and until that is done none of them is called silent.
struct AlertWatch {
    let store: AlertStore
    private let rules: SafetyRules
    var states: [Int32: AlertStore.VehicleState]
    /// Vehicles whose states are to be written with this step, and those whose states may wait, with since when.
    private var changed: Set<Int32> = []
    private var waiting: [Int32: Int] = [:]
    /// Vehicles that have reported since their states were written, with their newest reports: a kill lay between.
    private(set) var behind: [Int32: Instant] = [:]
    /// Vehicles whose alerts are gone through again, in this step.
    var again: [Int32: Again] = [:]
    var ways: WaysUnderWay
    let integrity: IntegrityCheck
    /// Terminals whose names are one when leading zeros are left out: they may be of one plate.
    var namesakes: [String: Set<Int32>] = [:]
    private var forgotAt: Int?
    private var zones: [Zone] = []
    /// Of the zones that are in memory; `nil`: none were read yet.
    private(set) var zonesRevision: Int64?
    private var tickedAt = 0

    /// Milliseconds between two looks at the clock: a vehicle is silent after minutes.
    private static let tickInterval = 10_000
    /// Milliseconds that a state which raised nothing may wait to be written.
    private static let saveInterval = 60_000
    /// Milliseconds between two times that old prints of tracks are forgotten.
    private static let forgetInterval = 3_600_000

    init(connection: PostgresConnection, rules: SafetyRules) throws {
        self.rules = rules
        self.store = AlertStore(connection: connection)
        self.ways = WaysUnderWay(connection: connection)
        self.integrity = IntegrityCheck(connection: connection)
        self.states = try self.store.states()
        self.findNamesakes()
        try self.findThoseBehind()
    }

    /// Reads the zones where they are not those in memory; to be called in the transaction of each step, before its
    /// reports: those were sent behind what stands in the registers at that time. What was told by the zones of its
    /// time and does not hold by those of a later import is closed (`AlertCorrection`): an order that ends has a date.
    mutating func refreshZones() throws {
        let revision = try self.store.zonesRevision()
        guard revision != self.zonesRevision else { return }
        self.zones = try self.store.zones()
        self.zonesRevision = revision
    }

    /// One vehicle's reports of a step, and what the alerts need to know of each.
    struct Stretch {
        var terminal: Int32
        var name: TerminalID
        var reports: [(report: PositionReport, receivedAt: Instant, cargo: Cargo?)] = []
        /// Times of reports at which the state is to be written down for late ones.
        var checkpoints: Set<Instant> = []
    }

    /// When the last report of a vehicle was that the alerts have seen.
    func seen(_ terminal: Int32) -> Instant? { self.states[terminal]?.alerts.time }

    /// What the cameras of these vehicles said since the alerts saw them last, for `take`: one question for all.
    func cameraReports(of terminals: [Int32]) throws -> [Int32: [CameraReport]] {
        let times = terminals.compactMap { terminal in
            self.wordsFrom(self.seen(terminal)).map { (terminal: terminal, time: $0) }
        }
        let found = try self.store.cameraReports(from: times)
        return Dictionary(uniqueKeysWithValues: times.map { ($0.terminal, found[$0.terminal] ?? []) })
    }

    /// From when on cameras' words are to be read where positions were seen until `time`; what is read twice says
    /// nothing new.
    private func wordsFrom(_ time: Instant?) -> Instant? {
        time?.advanced(bySeconds: -self.rules.parameters.cameras.wordWait)
    }

    /// Takes a vehicle's reports, in the order of their time, with the words of its cameras between them.
    /// - Parameter words: what its cameras said since the alerts saw it last; `nil`: to be asked for.
    mutating func take(_ stretch: Stretch, words: [CameraReport]? = nil, in world: World) throws {
        self.behind[stretch.terminal] = nil
        guard let again = self.again[stretch.terminal] else { return try self.follow(stretch, words, in: world) }
        if again.after == nil, let first = stretch.reports.first?.report.recordedAt {
            self.again[stretch.terminal]?.after = Instant(microseconds: first.microseconds - 1)
        }
        var (seen, new) = (stretch, stretch)
        seen.reports.removeAll { $0.report.recordedAt > again.until }
        new.reports.removeAll { $0.report.recordedAt <= again.until }
        try self.follow(seen, words, in: world)
        guard !new.reports.isEmpty else { return }
        try self.settle(stretch.terminal, in: world)
        try self.follow(new, in: world)
    }

    private mutating func follow(_ stretch: Stretch, _ words: [CameraReport]? = nil, in world: World) throws {
        guard let last = stretch.reports.last else { return }
        if let seen = self.seen(stretch.terminal), last.report.recordedAt <= seen { return }
        // Taken out of the dictionary, so that it is changed in place; a step that fails reads all of them again.
        let known = self.states.removeValue(forKey: stretch.terminal)
        var state = known ?? AlertStore.VehicleState(terminal: stretch.name)
        self.noteZones(&state, isNew: known == nil, from: stretch.reports[0].report.recordedAt)
        let cameras =
            try words ?? self.store.cameraReports(of: stretch.terminal, from: self.wordsFrom(state.alerts.time))
        var next = cameras.startIndex
        var changes: [AlertStore.Change] = []
        let parameters = self.rules.parameters.cameras
        var surroundings = AlertSurroundings(world: world, zones: self.zones)
        surroundings.twin = stretch.reports.first.flatMap {
            self.twin(of: stretch, at: $0.report.recordedAt, in: world)
        }
        var trail = try self.twinTrail(of: stretch, in: world)[...]
        for row in stretch.reports {
            if state.alerts.isHandedOver(at: row.report.recordedAt, in: world) {
                changes += try self.handOver(&state, of: stretch.terminal, cameras, &next, in: world)
                surroundings.twin = self.twin(of: stretch, at: row.report.recordedAt, in: world)
            }
            while let there = trail.first, there.time <= row.report.recordedAt {
                surroundings.twin = self.isTwin(there, of: stretch, at: row.report.recordedAt, in: world) ? there : nil
                trail.removeFirst()
            }
            while next < cameras.endIndex, cameras[next].recordedAt <= row.report.recordedAt {
                changes += state.camera.take(cameras[next], parameters).map(AlertStore.Change.camera)
                next += 1
            }
            surroundings.ways = try self.expectedWays(of: row.cargo, stretch, at: row.report.recordedAt, in: world)
            surroundings.take(
                row.cargo, try self.notes(of: row.cargo, stretch, at: row.report.recordedAt, in: world),
                at: row.report.recordedAt)
            changes += state.alerts.take(row.report, receivedAt: row.receivedAt, in: surroundings).map(
                AlertStore.Change.vehicle)
            changes += try self.integrity.darkness(&state.alerts, terminal: stretch.terminal, in: world).map(
                AlertStore.Change.vehicle)
            changes += state.camera.take(row.report, parameters, world.parameters).map(AlertStore.Change.camera)
            state.taken = state.taken.map { $0 + 1 }
            if stretch.checkpoints.contains(row.report.recordedAt) {
                state.taken = state.taken ?? 0
                state.camera.forgetDays()
                try self.store.saveCheckpoint(of: stretch.terminal, takenUpTo: row.report.recordedAt, state)
            }
        }
        changes += try self.integrity.prints(&state.alerts, terminal: stretch.terminal, in: world).map(
            AlertStore.Change.vehicle)
        state.camera.forgetDays()
        try self.tell(changes, of: stretch.terminal, named: stretch.name, in: world)
        // A fold that goes on from its checkpoint after a kill gives no reports from before it.
        let isDue = known == nil || !changes.isEmpty || !stretch.checkpoints.isEmpty
        self.keep(state, of: stretch.terminal, isChanged: isDue)
        self.namesakes[TerminalNames.stripped(stretch.name.text), default: []].insert(stretch.terminal)
    }

    /// Ends what a terminal's vehicle did, where another one carries it from the next report on: with the words of its
    /// cameras until then, and with what its way has in common with earlier days.
    /// - Parameter next: the first of `cameras` that was not taken; behind, the first that is the next vehicle's.
    private func handOver(
        _ state: inout AlertStore.VehicleState, of terminal: Int32, _ cameras: [CameraReport], _ next: inout Int,
        in world: World
    ) throws -> [AlertStore.Change] {
        let parameters = self.rules.parameters.cameras
        var changes: [AlertStore.Change] = []
        while next < cameras.endIndex, !state.alerts.isHandedOver(at: cameras[next].recordedAt, in: world) {
            changes += state.camera.take(cameras[next], parameters).map(AlertStore.Change.camera)
            next += 1
        }
        changes += try self.integrity.prints(&state.alerts, terminal: terminal, in: world).map(
            AlertStore.Change.vehicle)
        changes += state.alerts.handOver().map(AlertStore.Change.vehicle)
        return changes + state.camera.handOver(parameters).map(AlertStore.Change.camera)
    }

    mutating func keep(_ state: AlertStore.VehicleState, of terminal: Int32, isChanged: Bool) {
        self.states[terminal] = state
        if isChanged {
            self.changed.insert(terminal)
        } else if self.waiting[terminal] == nil {
            self.waiting[terminal] = Clocks.monotonicMilliseconds()
        }
    }

    /// Writes the states that are due; to be called at the end of a step, in its transaction.
    /// - Parameter isLast: all that wait, as nothing comes after.
    mutating func save(isLast: Bool = false) throws {
        let due = Clocks.monotonicMilliseconds() - Self.saveInterval
        let terminals = self.changed.union(self.waiting.filter { isLast || $0.value <= due }.keys).sorted()
        try self.store.save(terminals.compactMap { terminal in self.states[terminal].map { (terminal, $0) } })
        for terminal in terminals { self.waiting[terminal] = nil }
        self.changed.removeAll(keepingCapacity: true)
    }

    /// Looks at the clock now and then; to be called in a transaction. When a vehicle that is behind was last heard of
    /// is not known yet.
    mutating func tick(in world: World) throws {
        let milliseconds = Clocks.monotonicMilliseconds()
        guard milliseconds - self.tickedAt >= Self.tickInterval else { return }
        self.tickedAt = milliseconds
        if self.forgotAt.map({ milliseconds - $0 >= Self.forgetInterval }) ?? true {
            self.forgotAt = milliseconds
            try self.integrity.forget(world.parameters)
        }
        let now = Clocks.now()
        let surroundings = AlertSurroundings(world: world, zones: self.zones)
        for (terminal, known) in self.states where self.behind[terminal] == nil {
            var state = known
            let changes = state.alerts.tick(at: now, in: surroundings)
            guard !changes.isEmpty else { continue }
            try self.store.store(changes.map(AlertStore.Change.vehicle), terminal: terminal) {
                world.vehicle(state.alerts.terminal, at: $0)?.plate
            }
            self.keep(state, of: terminal, isChanged: true)
        }
    }

    /// What is in memory may be ahead of what was stored.
    mutating func reload() throws {
        self.ways.forgetAll()
        self.again.removeAll()
        self.states = try self.store.states()
        self.changed.removeAll()
        self.waiting.removeAll()
        self.findNamesakes()
        try self.findThoseBehind()
    }

    private mutating func findThoseBehind() throws {
        self.behind = try self.store.newest().filter { terminal, newest in
            self.seen(terminal).map { $0 < newest } ?? false
        }
    }

    /// These were brought up to date, whether or not they had anything that the alerts take, or never will be.
    mutating func forgetThoseBehind(of terminals: some Sequence<Int32>) {
        for terminal in terminals { self.behind[terminal] = nil }
    }

    /// The world is another one: sites may have come or gone.
    mutating func forgetWays() { self.ways.forgetAll() }

    private mutating func findNamesakes() {
        self.namesakes = [:]
        for (terminal, state) in self.states {
            self.namesakes[TerminalNames.stripped(state.alerts.terminal.text), default: []].insert(terminal)
        }
    }

    /// Where another terminal of the truck's plate was last seen, the one heard of last; it may carry another by now.
    private func twin(of stretch: Stretch, at time: Instant, in world: World) -> Sighting? {
        let others = self.namesakes[TerminalNames.stripped(stretch.name.text)] ?? []
        guard others.count > 1 || !others.contains(stretch.terminal), !others.isEmpty,
            let plate = world.vehicle(stretch.name, at: time)?.plate
        else { return nil }
        let sightings = others.filter { $0 != stretch.terminal }.compactMap { self.states[$0]?.alerts.sighting }
        return sightings.filter { world.vehicle($0.terminal, at: $0.time)?.plate == plate }
            .max { ($0.time, $0.terminal.text) < ($1.time, $1.terminal.text) }
    }

    /// What notes say of the load; to be called behind `expectedWays`, which reads them.
    private mutating func notes(
        of cargo: Cargo?, _ stretch: Stretch, at time: Instant, in world: World
    ) throws -> LoadNotes {
        guard let cargo else { return LoadNotes() }
        return try self.ways.notes(of: cargo, terminal: stretch.terminal, at: time, in: world)
    }

    private mutating func expectedWays(
        of cargo: Cargo?, _ stretch: Stretch, at time: Instant, in world: World
    ) throws -> ExpectedWays? {
        guard let cargo else {
            self.ways.forget(stretch.terminal)
            return nil
        }
        return try self.ways.ways(of: cargo, terminal: stretch.terminal, named: stretch.name, at: time, in: world)
    }
}
