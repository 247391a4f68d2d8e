import FleetStore

/// Deriving vehicles again because somebody asked for them, where no service runs.
extension AnalysisStep {
    /// Derives these vehicles again by this step's parameters and judges their deliveries, and no others: what else is
    /// due waits for the service. Requests for them give who asked and why, and are met with it.
    mutating func deriveAgain(_ terminals: [Int32]) throws {
        let connection = self.store.connection
        let chosen = Set(terminals)
        while true {
            let count = try self.store.step {
                let open = try self.store.requests().filter { chosen.contains($0.key) }
                let some = open.sorted { $0.key < $1.key }.prefix(Limit.staleVehicles)
                let asked = Dictionary(uniqueKeysWithValues: some.map { ($0.key, $0.value) })
                try self.take([:], again: [], asked: asked)
                let judging = JudgingStore(connection: connection)
                for (terminal, reason) in some { try judging.makeAllDue(of: terminal, reason: reason) }
                try self.store.closeRequests(asked.keys.sorted())
                try self.alerts.save()
                return asked.count
            }
            guard count > 0 else { break }
        }
        var judged = 1
        while judged > 0 {
            judged = try self.store.step {
                try JudgingStep(connection: connection, world: self.world, judge: self.judge)
                    .run(worldKey: self.worldKey, of: terminals).judged
            }
        }
    }
}
