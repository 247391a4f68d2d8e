import Chronology
import Deliveries
import FleetStore
import Foundation
import Logging
import Metrics
import PostgresClient
import Registers
import Safety
import Suspicions
import Telemetry
import Tracks

/// One step of analysis: takes in a stretch of the log for the vehicles that reported, and stores what follows from it
/// in the same transaction as the cursor. States in memory are only a shortcut: they can be thrown away at any time,
/// because the checkpoints and the log give them back.
struct AnalysisStep {
    let store: AnalysisStore
    private let deliveries: DeliveryStore
    let parameters: AnalysisParameters
    private let checkpointSeconds: Double
    let logger: Logger
    var world: World
    var judge: Judge
    var worldKey: String
    var states: [Int32: VehicleState] = [:]
    /// What the trucks do with their loads, as it was stored; and what this step changes of it.
    private var loads: [Int32: LoadState] = [:]
    private var loadChanges: [Int32: TruckLoadStore.Change] = [:]
    var alerts: AlertWatch
    private var roads: RoadLearning
    /// When deliveries were last judged again by roads that were learned since.
    var roadsJudgedAt = 0
    /// The registers by which all alerts have their plates; `nil`: nobody has looked yet.
    var platesGivenAt: Int64?
    /// The registers whose coordinates were compared with the halts last.
    var coordinatesCheckedAt: Int64?
    var terminals: [Int32: TerminalID] = [:]
    /// Vehicles still to be derived again after a change of the world.
    var stale: [Int32]
    /// The earliest new reports of vehicles that are stale: the alerts meet them when they are derived.
    private var unheard: [Int32: Instant] = [:]
    /// After a trap each vehicle is taken alone and noted before, to find the one whose reports end analysis.
    private var isCareful: Bool

    private let reportCount = Counter(label: "tongxing_analysis_reports_total")
    private let changeCount = Counter(label: "tongxing_analysis_delivery_changes_total")
    private let judgedCount = Counter(label: "tongxing_analysis_deliveries_judged_total")

    /// A vehicle's fold and the event time of its last checkpoint.
    struct VehicleState {
        var fold: VehicleFold
        var checkpointAt: Instant?
        /// What the store holds is what was derived up to the fold's time, and whether an open delivery is among it.
        var isStored = false
        var hasOpen = false
    }

    /// What was read of a vehicle together with that of others.
    private struct Ahead {
        var rows: [(report: PositionReport, receivedAt: Instant)]
        var words: [CameraReport]?
    }

    /// The limits of a step and what they bound.
    enum Limit {
        /// Batches of a lane in one step: bounds the transaction.
        static let batches = 64
        /// Vehicles derived again in one step.
        static let staleVehicles = 50
        /// Positions read at once.
        static let positions = 20_000
        /// Vehicles whose news are read with one question, and positions of each.
        static let vehiclesAhead = 500
        static let positionsAhead = 100
        /// Vehicles in one step that are brought up to where they were before a kill.
        static let vehiclesBehind = 200
        /// Folds kept in memory; beyond, the checkpoints serve.
        static let states = 20_000
        /// Traps after which a vehicle is set aside.
        static let traps = 2
        /// Fences that may change before every vehicle is derived again.
        static let changedFences = 200
        /// Milliseconds between two times that deliveries are judged again by roads learned since.
        static let roadInterval = 600_000
    }

    init(
        store: AnalysisStore, parameters: AnalysisParameters, safetyRules: SafetyRules, checkpointHours: Int,
        afterTrap: Bool, logger: Logger
    ) throws {
        self.store = store
        self.parameters = parameters
        self.deliveries = DeliveryStore(connection: store.connection)
        self.checkpointSeconds = Double(checkpointHours) * 3600
        self.logger = logger
        try store.noteStart(afterTrap: afterTrap)
        self.isCareful = afterTrap
        self.world = try WorldReader(connection: store.connection).world(parameters)
        self.judge = Judge(world: self.world)
        self.worldKey = WorldKey.current(self.world.registers.revision, parameters)
        self.terminals = try store.log.terminals()
        self.alerts = try AlertWatch(connection: store.connection, rules: safetyRules)
        self.roads = RoadLearning(parameters)
        self.stale = try store.world() == self.worldKey ? [] : self.terminals.keys.sorted()
        // Who stops in the middle leaves rows of two worlds: nobody may take them for those of one.
        if !self.stale.isEmpty { try store.setWorld(WorldKey.underWay(self.worldKey)) }
        if self.isCareful { logger.warning("Analysis trapped before: taking vehicles one by one") }
    }

    /// What to tell about it; empty when all is well.
    private(set) var message = ""

    /// Does what there is to do; false when there was nothing.
    mutating func run() throws -> Bool {
        try self.refreshWorld()
        do {
            if self.isCareful { return try self.runCarefully() }
            var news = AnalysisStore.News()
            let again = Array(self.stale.prefix(Limit.staleVehicles))
            var asked: [Int32: String] = [:]
            var judged = (judged: 0, changed: 0)
            var notes = 0
            var isOutdated = false
            try self.store.step {
                // Reports that came behind a change of the registers are read by what it made of them.
                isOutdated =
                    try RegisterStore(connection: self.store.connection).revision() != self.world.registers.revision
                guard !isOutdated else { return }
                news = try self.store.news(limit: Limit.batches)
                asked = try self.store.requests()
                let stale = Set(self.stale)
                let behind = self.alerts.behind.lazy.filter { !stale.contains($0.key) }
                for (terminal, newest) in behind.prefix(Limit.vehiclesBehind) {
                    news.earliest[terminal] = min(news.earliest[terminal] ?? newest, newest)
                }
                try self.take(news.earliest, again: again, asked: asked)
                // Behind the log others are still to come that belong to what is due.
                if news.batchCount < Limit.batches, self.stale.count == again.count {
                    try AlertStore(connection: self.store.connection).closeThoseOfWithdrawnNotes()
                    try AlertCorrection(connection: self.store.connection, world: self.world).runIfDue()
                    judged = try JudgingStep(connection: self.store.connection, world: self.world, judge: self.judge)
                        .run(worldKey: self.worldKey)
                    if judged.judged == 0 {
                        notes = try NoteStep(connection: self.store.connection, world: self.world).run()
                    }
                }
                if !asked.isEmpty { try self.store.closeRequests(asked.keys.sorted()) }
                if news.batchCount < Limit.batches { try self.alerts.tick(in: self.world) }
                try self.alerts.save()
                if !news.cursors.isEmpty { try self.store.advance(news.cursors) }
                if !again.isEmpty, again.count == self.stale.count { try self.store.setWorld(self.worldKey) }
            }
            if isOutdated { return true }
            self.stale.removeFirst(again.count)
            for terminal in again { self.unheard[terminal] = nil }
            if self.states.count > Limit.states { self.states.removeAll() }
            self.judgedCount.increment(by: judged.judged)
            if news.batchCount > 0 || !again.isEmpty || !asked.isEmpty || judged.judged + notes > 0
                || !self.alerts.behind.isEmpty
            {
                return true
            }
            return self.stale.isEmpty ? try self.runSecondPass() : false
        } catch {
            // What is in memory may be ahead of what was stored.
            self.states.removeAll()
            self.loads.removeAll()
            self.loadChanges.removeAll()
            self.roads.forget()
            if !self.store.connection.isBroken { try? self.alerts.reload() }
            throw error
        }
    }

    /// Writes what still waits in memory; after the last step.
    mutating func finish() throws {
        try self.store.step { try self.alerts.save(isLast: true) }
    }

    mutating func take(
        _ earliest: [Int32: Instant], again: [Int32], asked: [Int32: String] = [:]
    ) throws {
        try self.alerts.refreshZones()
        let setAside = try self.store.setAside(traps: Limit.traps)
        self.message =
            setAside.isEmpty
            ? ""
            : "\(setAside.count) 个终端已搁置 / \(setAside.count) terminals set aside: \(setAside.prefix(5).map { self.terminals[$0]?.text ?? "?" }.joined(separator: ", "))"
        let stale = Set(self.stale)
        for (terminal, time) in earliest where stale.contains(terminal) {
            self.unheard[terminal] = min(self.unheard[terminal] ?? time, time)
        }
        let change = ChangeCause.ofWorld(self.worldKey, by: NSUserName())
        for terminal in again where !setAside.contains(terminal) {
            try self.derive(terminal, from: nil, news: self.unheard[terminal], reason: change)
        }
        let again = Set(again)
        for (terminal, reason) in asked.sorted(by: { $0.key < $1.key })
        where !setAside.contains(terminal) && !again.contains(terminal) {
            try self.derive(terminal, from: nil, news: earliest[terminal], reason: reason)
        }
        // A vehicle that is still to be derived again will meet these reports then.
        let due = earliest.filter { terminal, _ in
            !stale.contains(terminal) && asked[terminal] == nil && !setAside.contains(terminal)
        }
        .sorted { $0.key < $1.key }
        for begin in stride(from: 0, to: due.count, by: Limit.vehiclesAhead) {
            let some = due[begin..<min(begin + Limit.vehiclesAhead, due.count)]
            let ahead = try self.readAhead(some.map { (terminal: $0.key, earliest: $0.value) })
            for (terminal, time) in some {
                try self.derive(terminal, from: time, news: time, reason: "late reports", ahead: ahead[terminal])
            }
        }
        // Who is still to be derived again stays behind until then.
        self.alerts.forgetThoseBehind(of: setAside.union(earliest.keys.filter { !stale.contains($0) }))
        try self.roads.write(to: RoadStore(connection: self.store.connection))
        try TruckLoadStore(connection: self.store.connection).set(
            self.loadChanges.values.sorted { $0.terminal < $1.terminal })
        self.loadChanges.removeAll()
    }

    /// The news of the vehicles whose folds are in memory and go on: asked one by one they would take a second for a
    /// thousand.
    private func readAhead(_ vehicles: [(terminal: Int32, earliest: Instant)]) throws -> [Int32: Ahead] {
        let known = vehicles.compactMap { terminal, earliest in
            self.states[terminal]?.fold.time.flatMap { $0 < earliest ? (terminal: terminal, time: $0) : nil }
        }
        guard !known.isEmpty else { return [:] }
        let rows = try self.store.log.positions(after: known, limit: Limit.positionsAhead)
        let words = try self.alerts.cameraReports(of: known.map(\.terminal))
        return rows.reduce(into: [:]) { $0[$1.key] = Ahead(rows: $1.value, words: words[$1.key]) }
    }

    /// Brings one vehicle up to date. `time` is the earliest new report; nil derives from the beginning, and `news` is
    /// the earliest new one where there is any.
    private mutating func derive(
        _ terminal: Int32, from time: Instant?, news: Instant?, reason: String, ahead: Ahead? = nil
    ) throws {
        guard let name = try self.name(of: terminal) else { return }
        // What a truck's late reports show, or reports read anew, may change what is said of its notes.
        let isAgain = self.states[terminal]?.fold.time.map { last in time.map { $0 <= last } ?? true } ?? true
        if isAgain { try self.makeNotesDue(of: name, from: time) }
        // What was read ahead goes on from the fold in memory.
        var ahead = news.map { self.alerts.isLate(terminal, $0) } ?? false ? nil : ahead
        var state = try self.state(of: terminal, name, before: time, news: news)
        let start = state.fold.time
        var found: [Delivery] = []
        var (stays, dark): ([StayRecord], [DarkStretch]) = ([], [])
        while true {
            let limit = ahead == nil ? Limit.positions : Limit.positionsAhead
            let rows =
                try ahead?.rows ?? self.store.log.positions(of: terminal, after: state.fold.time, limit: limit)
            var watched = AlertWatch.Stretch(terminal: terminal, name: name)
            let seen = self.alerts.seen(terminal) ?? .distantPast
            for row in rows {
                self.roads.take(row.report, of: terminal)
                found += state.fold.take(
                    row.report, receivedAt: row.receivedAt, in: self.world, stays: &stays, dark: &dark)
                if row.report.recordedAt > seen {
                    watched.reports.append((row.report, row.receivedAt, state.fold.cargo(in: self.world)))
                }
                if try self.checkpoint(&state, terminal) { watched.checkpoints.insert(row.report.recordedAt) }
            }
            try self.alerts.take(watched, words: ahead?.words, in: self.world)
            self.reportCount.increment(by: rows.count)
            if rows.count < limit { break }
            ahead = nil
        }
        try self.alerts.settle(terminal, in: self.world)
        let outlook = state.fold.outlook(in: self.world)
        found += outlook.deliveries
        if let load = outlook.load, let time = state.fold.time, self.loads[terminal] != load {
            self.loads[terminal] = load
            self.loadChanges[terminal] = TruckLoadStore.Change(terminal: terminal, state: load, since: time)
        }
        // A fold that goes on where the store stands has nothing to replace where it found nothing.
        if !state.isStored || state.hasOpen || !found.isEmpty {
            try self.replaceDeliveries(
                of: terminal, settledAfter: start, with: found, reason: reason, isAgain: isAgain)
        }
        if !state.isStored || !stays.isEmpty {
            try StayStore(connection: self.store.connection).replace(terminal: terminal, after: start, with: stays)
        }
        if !state.isStored || !dark.isEmpty {
            try DarkStretchStore(connection: self.store.connection).replace(
                terminal: terminal, after: start, with: dark)
        }
        state.isStored = true
        state.hasOpen = found.contains { !$0.isFinal }
        self.states[terminal] = state
    }

    private func replaceDeliveries(
        of terminal: Int32, settledAfter start: Instant?, with found: [Delivery], reason: String, isAgain: Bool
    ) throws {
        let derived = found.map { delivery in
            let vehicle = self.world.vehicle(delivery.terminal, at: delivery.loadEnd ?? delivery.unloadStart)
            return DeliveryStore.Derived(delivery, drumCubicMetres: vehicle?.capacityCubicMetres)
        }
        let changes = try self.deliveries.replace(
            terminal: terminal, settledAfter: start, with: derived, world: self.worldKey, reason: reason,
            isAgain: isAgain, cycles: self.parameters.cycles, judgedIn: self.world
        ) { self.judge.judge($0) }
        self.changeCount.increment(by: changes)
    }

    /// The notes for the plates that the terminal has carried.
    private func makeNotesDue(of name: TerminalID, from time: Instant?) throws {
        let since = time?.advanced(bySeconds: -self.parameters.tickets.ghostWindow) ?? .distantPast
        let notes = NoteStore(connection: self.store.connection)
        for plate in self.world.index.plates(terminal: name.text) {
            try notes.makeDue(plate: plate, from: since, after: NoteStep.wait(self.parameters))
        }
    }

    /// The fold to go on from, and the alerts where the news are late for them: both from before the news, the fold not
    /// behind the alerts, which need what it says of the load at each report. Where nobody knows how the alerts stood
    /// (before the first checkpoint that was written for them), what is late raises nothing.
    private mutating func state(
        of terminal: Int32, _ name: TerminalID, before time: Instant?, news: Instant?
    ) throws -> VehicleState {
        guard let news, self.alerts.isLate(terminal, news) else {
            return try self.state(of: terminal, name, before: time)
        }
        let saved = try self.alerts.store.checkpoint(of: terminal, before: news)
        guard try !self.alerts.hasMetAll(of: terminal, since: saved, in: self.store.log) else {
            return try self.state(of: terminal, name, before: time)
        }
        let before = saved.map { Instant(microseconds: $0.takenUpTo.microseconds + 1) }
        let state = try self.state(of: terminal, name, before: time.map { min($0, before ?? $0) })
        if saved != nil || time != nil && state.fold.time == nil && self.alerts.areFromStart(terminal) {
            try self.alerts.goBack(terminal, to: saved, before: news)
        }
        return state
    }

    /// The fold to go on from: the one in memory, or the newest checkpoint before `time`, or a new one.
    private mutating func state(of terminal: Int32, _ name: TerminalID, before time: Instant?) throws -> VehicleState {
        // Taken out of the dictionary, so that it is changed in place; a step that fails throws all of them away.
        if let known = self.states.removeValue(forKey: terminal), let time, known.fold.time.map({ $0 < time }) ?? true {
            return known
        }
        if let time,
            let saved = try self.store.checkpoint(of: terminal, before: time, world: self.worldKey),
            let fold = try? JSONDecoder().decode(VehicleFold.self, from: Data(saved.state))
        {
            try self.store.deleteCheckpoints(of: terminal, after: saved.takenUpTo)
            return VehicleState(fold: fold, checkpointAt: saved.takenUpTo)
        }
        try self.store.deleteCheckpoints(of: terminal, after: nil)
        return VehicleState(fold: VehicleFold(terminal: name))
    }

    /// - Returns: whether it was time for one.
    private func checkpoint(_ state: inout VehicleState, _ terminal: Int32) throws -> Bool {
        guard let time = state.fold.time else { return false }
        guard let last = state.checkpointAt else {
            // The first stretch counts from the first report; nothing is worth saving yet.
            state.checkpointAt = time
            return false
        }
        guard time.seconds(since: last) >= self.checkpointSeconds else { return false }
        let bytes = Array(try JSONEncoder().encode(state.fold))
        try self.store.saveCheckpoint(of: terminal, takenUpTo: time, state: bytes, world: self.worldKey)
        state.checkpointAt = time
        return true
    }

    private mutating func name(of terminal: Int32) throws -> TerminalID? {
        if let name = self.terminals[terminal] { return name }
        self.terminals = try self.store.log.terminals()
        return self.terminals[terminal]
    }
}

// MARK: - After a trap

extension AnalysisStep {
    /// Takes the vehicles of the next stretch one by one, each noted before and in a transaction of its own, so that
    /// the one on which analysis traps is known at the next start. Ends the careful mode when the stretch is done.
    private mutating func runCarefully() throws -> Bool {
        let news = try self.store.step { try self.store.news(limit: Limit.batches) }
        let again = Array(self.stale.prefix(Limit.staleVehicles))
        let vehicles = Set(news.earliest.keys).union(again).sorted()
        let setAside = try self.store.setAside(traps: Limit.traps)
        for terminal in vehicles where !setAside.contains(terminal) {
            try self.store.guardStart(terminal)
            try self.store.step {
                let isStale = self.stale.contains(terminal)
                try self.take(news.earliest.filter { $0.key == terminal }, again: isStale ? [terminal] : [])
                try self.alerts.save()
            }
            try self.store.guardEnd(terminal)
        }
        for terminal in setAside.sorted() {
            self.logger.error(
                "Vehicle set aside: analysis trapped on its reports",
                metadata: ["terminal.id": "\(self.terminals[terminal]?.text ?? "\(terminal)")"])
        }
        let isWorldDone = !again.isEmpty && again.count == self.stale.count
        try self.store.step {
            if !news.cursors.isEmpty { try self.store.advance(news.cursors) }
            if isWorldDone { try self.store.setWorld(self.worldKey) }
        }
        self.stale.removeFirst(again.count)
        self.isCareful = !self.stale.isEmpty
        return news.batchCount > 0 || !again.isEmpty
    }
}
