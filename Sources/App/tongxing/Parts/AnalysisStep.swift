import Chronology
import Deliveries
import FleetStore
import Foundation
import Logging
import Metrics
import PostgresClient
import Registers
import Suspicions
import Telemetry
import Tracks

/// One step of analysis: takes in a stretch of the log for the vehicles that reported, and stores what follows from it
/// in the same transaction as the cursor. States in memory are only a shortcut: they can be thrown away at any time,
/// because the checkpoints and the log give them back.
struct AnalysisStep {
    private let store: AnalysisStore
    private let deliveries: DeliveryStore
    private let checkpointSeconds: Double
    private let logger: Logger
    private var world: World
    private var judge: Judge
    private var worldKey: String
    private var states: [Int32: VehicleState] = [:]
    private var terminals: [Int32: TerminalID] = [:]
    /// Vehicles still to be derived again after a change of the world.
    private var stale: [Int32]
    /// After a trap each vehicle is taken alone and noted before, to find the one whose reports end analysis.
    private var isCareful: Bool

    private let reportCount = Counter(label: "tongxing_analysis_reports_total")
    private let changeCount = Counter(label: "tongxing_analysis_delivery_changes_total")

    /// A vehicle's fold and the event time of its last checkpoint.
    private struct VehicleState {
        var fold: VehicleFold
        var checkpointAt: Instant?
    }

    /// The limits of a step and what they bound.
    private enum Limit {
        /// Batches of a lane in one step: bounds the transaction.
        static let batches = 64
        /// Vehicles derived again in one step.
        static let staleVehicles = 50
        /// Positions read at once.
        static let positions = 20_000
        /// Folds kept in memory; beyond, the checkpoints serve.
        static let states = 20_000
        /// Traps after which a vehicle is set aside.
        static let traps = 2
    }

    init(store: AnalysisStore, checkpointHours: Int, afterTrap: Bool, logger: Logger) throws {
        self.store = store
        self.deliveries = DeliveryStore(connection: store.connection)
        self.checkpointSeconds = Double(checkpointHours) * 3600
        self.logger = logger
        try store.noteStart(afterTrap: afterTrap)
        self.isCareful = afterTrap
        let snapshot = try RegisterStore(connection: store.connection).snapshot()
        self.world = World(registers: snapshot, parameters: .standard)
        self.judge = Judge(world: self.world)
        self.worldKey = WorldKey.current(snapshot.revision)
        self.terminals = try store.terminals()
        self.stale = try store.world() == self.worldKey ? [] : self.terminals.keys.sorted()
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
            try self.store.step {
                news = try self.store.news(limit: Limit.batches)
                try self.take(news.earliest, again: again)
                if !news.cursors.isEmpty { try self.store.advance(news.cursors) }
                if !again.isEmpty, again.count == self.stale.count { try self.store.setWorld(self.worldKey) }
            }
            self.stale.removeFirst(again.count)
            if self.states.count > Limit.states { self.states.removeAll() }
            return news.batchCount > 0 || !again.isEmpty
        } catch {
            // What is in memory may be ahead of what was stored.
            self.states.removeAll()
            throw error
        }
    }

    /// Reads the registers again when an import has changed them; everything is then derived again.
    private mutating func refreshWorld() throws {
        let registers = RegisterStore(connection: self.store.connection)
        let key = WorldKey.current(try registers.revision())
        if key != self.worldKey {
            self.world = World(registers: try registers.snapshot(), parameters: .standard)
            self.judge = Judge(world: self.world)
            self.worldKey = WorldKey.current(self.world.registers.revision)
            self.states.removeAll()
            self.terminals = try self.store.terminals()
            self.stale = self.terminals.keys.sorted()
            self.logger.info(
                "Registers changed: deriving again",
                metadata: ["world": "\(self.worldKey)", "vehicles": "\(self.stale.count)"])
        }
        if self.stale.isEmpty, try self.store.world() != self.worldKey { try self.store.setWorld(self.worldKey) }
    }

    private mutating func take(_ earliest: [Int32: Instant], again: [Int32]) throws {
        let setAside = try self.store.setAside(traps: Limit.traps)
        self.message =
            setAside.isEmpty
            ? ""
            : "\(setAside.count) 个终端已搁置 / \(setAside.count) terminals set aside: \(setAside.prefix(5).map { self.terminals[$0]?.text ?? "?" }.joined(separator: ", "))"
        let stale = Set(self.stale)
        for terminal in again where !setAside.contains(terminal) {
            try self.derive(terminal, from: nil, reason: "registers or parameters changed")
        }
        for (terminal, time) in earliest.sorted(by: { $0.key < $1.key }) {
            // A vehicle that is still to be derived again will meet these reports then.
            guard !stale.contains(terminal), !setAside.contains(terminal) else { continue }
            try self.derive(terminal, from: time, reason: "late reports")
        }
    }

    /// Brings one vehicle up to date. `time` is the earliest new report; nil derives from the beginning.
    private mutating func derive(_ terminal: Int32, from time: Instant?, reason: String) throws {
        guard let name = try self.name(of: terminal) else { return }
        var state = try self.state(of: terminal, name, before: time)
        let start = state.fold.time
        var found: [Delivery] = []
        while true {
            let rows = try self.store.positions(of: terminal, after: state.fold.time, limit: Limit.positions)
            for row in rows {
                found += state.fold.take(row.report, receivedAt: row.receivedAt, in: self.world)
                try self.checkpoint(&state, terminal)
            }
            self.reportCount.increment(by: rows.count)
            if rows.count < Limit.positions { break }
        }
        found += state.fold.openDeliveries(in: self.world)
        let changes = try self.deliveries.replace(
            terminal: terminal, settledAfter: start, with: found.map { self.judge.judge($0) }, world: self.worldKey,
            reason: reason)
        self.changeCount.increment(by: changes)
        self.states[terminal] = state
    }

    /// The fold to go on from: the one in memory, or the newest checkpoint before `time`, or a new one.
    private mutating func state(of terminal: Int32, _ name: TerminalID, before time: Instant?) throws -> VehicleState {
        if let time, let known = self.states[terminal], known.fold.time.map({ $0 < time }) ?? true { return known }
        self.states[terminal] = nil
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

    private func checkpoint(_ state: inout VehicleState, _ terminal: Int32) throws {
        guard let time = state.fold.time else { return }
        guard let last = state.checkpointAt else {
            // The first stretch counts from the first report; nothing is worth saving yet.
            state.checkpointAt = time
            return
        }
        guard time.seconds(since: last) >= self.checkpointSeconds else { return }
        let bytes = Array(try JSONEncoder().encode(state.fold))
        try self.store.saveCheckpoint(of: terminal, takenUpTo: time, state: bytes, world: self.worldKey)
        state.checkpointAt = time
    }

    private mutating func name(of terminal: Int32) throws -> TerminalID? {
        if let name = self.terminals[terminal] { return name }
        self.terminals = try self.store.terminals()
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
                let earliest = isStale ? [:] : news.earliest.filter { $0.key == terminal }
                try self.take(earliest, again: isStale ? [terminal] : [])
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
