import Chronology
import Deliveries
import FleetStore
import Registers
import Safety
import Suspicions
import Telemetry
import Tracks

/// What reports that come late do to the alerts of their vehicle: the alerts are gone through again, from how they
/// stood before the earliest of them, and what all reports raise is compared with what was raised without those.
///
/// What is new is stored, seen late (`raised_at` is of now, `opened_at` of then); what is raised no more is withdrawn;
/// what is raised again keeps its row, whatever people did about it. It costs no more than the deliveries, which are
/// derived again from the same checkpoint.
extension AlertWatch {
    /// How a vehicle's alerts are gone through again.
    struct Again {
        /// As they stood without the late reports.
        var live: AlertStore.VehicleState
        /// The report behind which they are gone through again (`nil`: from the first on), and the last that was seen
        /// before: what was opened between them is compared, and nothing of which the log has no reports. Late reports
        /// whose news are still to come may be among those that are read: the earliest of the news is no bound.
        var after: Instant?
        var until: Instant
        /// Rules that have judged for good.
        var kept: Set<VehicleAlert.Rule>
        var changes: [AlertStore.Change] = []

        /// The last word on each alert, in the order in which they were first spoken of, with those that stand open.
        func told(_ state: AlertStore.VehicleState) -> [AlertStore.Change] {
            let standing =
                state.alerts.standing.map { AlertStore.Change.vehicle(.opened($0)) }.filter { !$0.isOf(self.kept) }
                + state.camera.standing.map { .camera(.opened($0)) }
            var order: [String] = []
            var last: [String: AlertStore.Change] = [:]
            for change in self.changes + standing where last.updateValue(change, forKey: change.alertID) == nil {
                order.append(change.alertID)
            }
            return order.compactMap { last[$0] }
        }
    }

    /// Whether the alerts of a vehicle have seen reports that are not earlier than this one.
    func isLate(_ terminal: Int32, _ time: Instant) -> Bool { self.seen(terminal).map { time <= $0 } ?? false }

    /// Whether the alerts of a vehicle can begin anew with its first report.
    func areFromStart(_ terminal: Int32) -> Bool { self.states[terminal]?.isFromStart ?? false }

    /// Whether the alerts of a vehicle have met all reports up to their last: an earlier step may have read them ahead
    /// of their news.
    /// - Parameter saved: how they stood before the news; `nil`: before the first report.
    func hasMetAll(
        of terminal: Int32, since saved: (takenUpTo: Instant, state: AlertStore.VehicleState)?, in log: PositionLog
    ) throws -> Bool {
        guard let state = self.states[terminal], let until = state.alerts.time, let taken = state.taken else {
            return false
        }
        guard let before = saved.map(\.state.taken) ?? 0 else { return false }
        return try log.count(of: terminal, after: saved?.takenUpTo, to: until) == taken - before
    }

    /// Goes back to how a vehicle's alerts stood before its late reports, the earliest at `time`; what follows is to be
    /// taken in the same step, and then to be settled.
    /// - Parameter saved: how they stood; `nil`: before the first report.
    mutating func goBack(
        _ terminal: Int32, to saved: (takenUpTo: Instant, state: AlertStore.VehicleState)?, before time: Instant
    ) throws {
        guard let live = self.states.removeValue(forKey: terminal), let until = live.alerts.time else { return }
        var kept = VehicleAlert.Rule.ofTheirMoment
        // What was told by the zones of its time is not taken back by those of today.
        if live.zones != self.zonesRevision || live.zonesFrom ?? .distantFuture > saved?.takenUpTo ?? .distantPast {
            kept.insert(.restrictedZone)
        }
        self.states[terminal] = saved?.state
        self.ways.forget(terminal)
        self.again[terminal] = Again(live: live, after: saved?.takenUpTo, until: until, kept: kept)
        try self.store.deleteCheckpoints(of: terminal, from: time)
    }

    /// Stores what was raised, or collects it where a stretch is gone through again.
    mutating func tell(
        _ changes: [AlertStore.Change], of terminal: Int32, named name: TerminalID, in world: World
    ) throws {
        if let again = self.again[terminal] {
            self.again[terminal]?.changes += changes.filter { !$0.isOf(again.kept) }
        } else if !changes.isEmpty {
            try self.store.store(changes, terminal: terminal) { world.vehicle(name, at: $0)?.plate }
        }
    }

    /// Ends going through a vehicle's alerts again: the comparison, where it has come to the last report seen before.
    mutating func settle(_ terminal: Int32, in world: World) throws {
        guard let again = self.again.removeValue(forKey: terminal) else { return }
        self.ways.forget(terminal)
        guard var state = self.states[terminal], let after = again.after else {
            self.keep(again.live, of: terminal, isChanged: true)
            return
        }
        let told = again.told(state)
        try self.store.store(told, terminal: terminal) { world.vehicle(state.alerts.terminal, at: $0)?.plate }
        try self.store.withdraw(
            of: terminal, after: after, to: again.until, except: again.kept, raised: told.map(\.alertID))
        state.alerts.keep(again.kept, of: again.live.alerts)
        (state.zones, state.zonesFrom) = (again.live.zones, again.live.zonesFrom)
        self.keep(state, of: terminal, isChanged: true)
    }

    /// Notes from which report on the zones are those of now.
    func noteZones(_ state: inout AlertStore.VehicleState, isNew: Bool, from time: Instant) {
        guard state.zones != self.zonesRevision else { return }
        (state.zones, state.zonesFrom) = (self.zonesRevision, isNew ? .distantPast : time)
    }

    /// Where the other terminals of a truck's name were during a stretch, in the order of time, from the log: for a
    /// stretch behind which they are so far ahead that where they were last seen says nothing about it.
    func twinTrail(of stretch: Stretch, in world: World) throws -> [Sighting] {
        guard let others = self.namesakes[TerminalNames.stripped(stretch.name.text)],
            let first = stretch.reports.first?.report.recordedAt, let last = stretch.reports.last?.report.recordedAt
        else { return [] }
        let reach = world.parameters.integrity.cloneSeconds
        var trail: [Sighting] = []
        for other in others.sorted() where other != stretch.terminal {
            guard let seen = self.states[other]?.alerts.sighting, seen.time.seconds(since: first) > reach else {
                continue
            }
            trail += try self.integrity.sightings(
                of: other, named: seen.terminal, from: first.advanced(bySeconds: -reach), to: last, world)
        }
        return trail.sorted { ($0.time, $0.terminal.text) < ($1.time, $1.terminal.text) }
    }

    /// Whether what was seen there carried the plate that the truck carries.
    func isTwin(_ there: Sighting, of stretch: Stretch, at time: Instant, in world: World) -> Bool {
        guard let plate = world.vehicle(stretch.name, at: time)?.plate else { return false }
        return world.vehicle(there.terminal, at: there.time)?.plate == plate
    }
}
