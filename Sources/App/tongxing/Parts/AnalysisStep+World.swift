import Deliveries
import FleetStore
import Logging
import PostgresClient
import Registers
import Suspicions
import Telemetry
import Tracks

/// The world that analysis judges by, and what follows when it changes.
extension AnalysisStep {
    /// Reads the registers again when an import has changed them, and the suspected plants when a search or a person
    /// has, and asks for what that touches: no more is derived or judged again than a change can change.
    mutating func refreshWorld() throws {
        let connection = self.store.connection
        let changes = WorldChanges(connection: connection, parameters: self.parameters)
        let isChanged = try RegisterStore(connection: connection).revision() != self.world.registers.revision
        guard try isChanged || changes.arePending() else {
            try self.givePlatesToAll()
            if self.stale.isEmpty, try self.store.world() != self.worldKey { try self.store.setWorld(self.worldKey) }
            return
        }
        self.terminals = try self.store.log.terminals()
        let (world, isAll) = try self.store.step {
            let world = try WorldReader(connection: connection).world(self.parameters)
            try changes.takePlaces()
            try SuspectSearch.alert(connection, in: world)
            return (world, try self.asksForAll(world, changes))
        }
        if self.platesGivenAt == self.world.registers.revision { self.platesGivenAt = world.registers.revision }
        self.world = world
        self.judge = Judge(world: world)
        self.alerts.forgetWays()
        self.worldKey = WorldKey.current(world.registers.revision, self.parameters)
        guard isAll else { return }
        self.states.removeAll()
        self.stale = self.terminals.keys.sorted()
        self.logger.info(
            "Registers changed: deriving again",
            metadata: ["world": "\(self.worldKey)", "vehicles": "\(self.stale.count)"])
    }

    /// Gives the alerts of all vehicles their plates where the registers changed while nobody analysed.
    private mutating func givePlatesToAll() throws {
        let revision = self.world.registers.revision
        let plates = AlertPlates(connection: self.store.connection)
        guard try self.platesGivenAt ?? plates.revision() != revision else {
            self.platesGivenAt = revision
            return
        }
        let count = try self.store.step { try plates.give(to: nil, upTo: revision, by: nil) }
        self.platesGivenAt = revision
        if count > 0 { self.logger.info("Alerts given their vehicles", metadata: ["alerts": "\(count)"]) }
    }

    /// Asks for what differs between the world so far and a new one; to be called in a transaction.
    /// - Returns: whether that is too much to tell apart, so that every vehicle is to be derived again.
    private func asksForAll(_ new: World, _ changes: WorldChanges) throws -> Bool {
        let key = WorldKey.current(new.registers.revision, self.parameters)
        // A place that a suspect became is no import: whoever halted there is asked for as it was decided.
        guard key != self.worldKey else { return false }
        let change = RegisterChange(from: self.world.registers, to: new.registers)
        let (user, source) = try changes.lastImport()
        let terminals = self.terminals.filter { change.terminals.contains(TerminalNames.stripped($0.value.text)) }
        if self.platesGivenAt == self.world.registers.revision {
            try AlertPlates(connection: self.store.connection).give(
                to: terminals.keys.sorted(), upTo: new.registers.revision, by: (user, source))
        }
        guard self.stale.isEmpty, try self.store.world() == self.worldKey,
            change.fences.count <= Limit.changedFences
        else { return true }
        // `register_effects` (M0024) finds by these words what came out otherwise.
        let reason = "registers changed (revision \(new.registers.revision): \(source))"
        try changes.touch(change, terminals: terminals.keys.sorted(), by: user, reason: reason)
        if self.world.registers.revision < new.registers.revision {
            try changes.note(
                revisions: self.world.registers.revision..<new.registers.revision, by: user, reason: reason)
        }
        // Behind the note of what is touched: they are judged again in any case.
        try JudgingStore(connection: self.store.connection).makeOpenDue(reason: "\(user): \(reason)")
        try changes.keepCheckpoints(of: self.worldKey, in: key)
        try self.store.setWorld(key)
        self.logger.info(
            "Registers changed",
            metadata: [
                "world": "\(key)", "plants": "\(change.plants.count)", "sites": "\(change.sites.count)",
                "fences": "\(change.fences.count)", "terminals": "\(terminals.count)",
            ])
        return false
    }

    /// Compares the registers' coordinates with the halts where either has changed: what is made from all vehicles
    /// together goes by the world with these questions. To be called in the transaction of the search, so that both see
    /// the same reasons to search: who asks between two transactions would get the search without the comparison.
    private func hasNewQuestions(_ search: SuspectSearch) throws -> Bool {
        guard try self.coordinatesCheckedAt != self.world.registers.revision || search.isDue() else { return false }
        return try CoordinateSearch(
            connection: self.store.connection, parameters: self.parameters.coordinateFit, logger: self.logger
        ).run()
    }

    /// What is made from all vehicles together, when there is nothing else to do.
    /// - Returns: whether there was anything to do.
    mutating func runSecondPass() throws -> Bool {
        let connection = self.store.connection
        let search = SuspectSearch(connection: connection, world: self.world)
        let isTime = Clocks.monotonicMilliseconds() - self.roadsJudgedAt >= Limit.roadInterval
        do {
            let (isQuestioned, hasSearched, hasRoads) = try self.store.step {
                if try self.hasNewQuestions(search) { return (true, false, false) }
                let (roads, requests) = (RoadStore(connection: connection), SecondPass(connection: connection))
                let hasRoads = try (isTime || requests.isRequested()) && roads.hasChanges()
                if hasRoads { try roads.makeDue(days: self.parameters.roads.days) }
                let hasSearched = try search.runIfDue()
                try requests.closeRequests()
                return (false, hasSearched, hasRoads)
            }
            self.coordinatesCheckedAt = self.world.registers.revision
            if hasRoads { self.roadsJudgedAt = Clocks.monotonicMilliseconds() }
            return isQuestioned || hasSearched || hasRoads
        } catch let error as PostgresError where error.sqlState == .serializationFailure {
            // A person decided about a suspected plant meanwhile: with that it is searched again.
            return true
        }
    }
}
