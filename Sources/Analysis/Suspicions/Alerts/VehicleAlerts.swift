package import Chronology
package import Deliveries
import Geodesy
import Registers
package import Telemetry
import Tracks

/// One vehicle's reports to its alerts, as they come: `(state, report) → (state, alerts opened and closed)`.
///
/// A report that is not later than the last changes nothing here: whoever has late ones takes a state from before them,
/// gives it all reports since in their order, and compares what that raises with what was raised (`keep`). The state is
/// small and can be written down for that.
///
/// Where another vehicle carries the terminal from some time on, what went on before is over and begins anew: an alert
/// is about the vehicle that carried the terminal when it opened, and about what happened to that one alone.
package struct VehicleAlerts: Codable, Hashable, Sendable {
    package let terminal: TerminalID
    private(set) var last: LastReport?
    private var open: [VehicleAlert.Rule: VehicleAlert] = [:]
    /// Since when each condition has held without a break.
    private var since: [VehicleAlert.Rule: Instant] = [:]
    /// When driving began, and whether the rest before it was seen.
    private(set) var drivingSince: Instant?
    private(set) var isRestSeen: Bool?
    /// Since when the truck has not been seen to move; and where it has been seen to stand, since when.
    private(set) var standingSince: Instant?
    private(set) var standingAt: Coordinate?
    private(set) var stoodSince: Instant?
    /// When it was last too fast; `nil` too in states that were written down before it was remembered.
    var tooFastAt: Instant?
    var faults = FaultWatch()
    var integrity = IntegrityWatch()

    /// What the next report is compared with.
    struct LastReport: Codable, Hashable, Sendable {
        var time: Instant
        var receivedAt: Instant
        /// Where it was last seen, and when.
        var coordinate: Coordinate?
        var placedAt: Instant?
        var isMoving: Bool
        /// What says that it was loaded; `nil`: it was not.
        var load: LoadBasis?
    }

    package init(terminal: TerminalID) {
        self.terminal = terminal
    }

    /// Time of the last position that was taken; an earlier one changes nothing.
    package var time: Instant? { self.last?.time }

    /// The alerts that stand open.
    package var standing: [VehicleAlert] { VehicleAlert.Rule.allCases.compactMap { self.open[$0] } }

    /// Goes on with what some rules told and watched as `live` has it, to the same last report: where a stretch was
    /// gone through again which these rules have judged for good.
    package mutating func keep(_ rules: Set<VehicleAlert.Rule>, of live: VehicleAlerts) {
        for rule in rules { (self.open[rule], self.since[rule]) = (live.open[rule], live.since[rule]) }
        if rules.contains(.clockFault) { self.faults.keepClock(of: live.faults) }
    }

    /// Takes the next position.
    package mutating func take(
        _ report: PositionReport, receivedAt: Instant, in surroundings: AlertSurroundings
    ) -> [VehicleAlert.Change] {
        if let last = self.last, report.recordedAt <= last.time { return [] }
        let (world, time) = (surroundings.world, report.recordedAt)
        var changes = self.isHandedOver(at: time, in: world) ? self.handOver() : []
        let driving = world.parameters.driving
        let reading = self.faults.take(report, receivedAt: receivedAt, world.parameters)
        // Nobody is accused for a stray fix.
        let isPlaced = report.hasFix && !report.coordinate.isNullIsland && !reading.isSpike
        let place = isPlaced ? report.coordinate : nil
        let seconds = self.last.map { time.seconds(since: $0.time) } ?? 0
        let unseen = seconds > driving.reportGap ? self.last?.time : nil
        if unseen != nil { self.forget(after: seconds, driving) }
        let speed = self.speed(of: report, at: place, driving)
        let isMoving = speed.map { $0 >= driving.movingSpeed } ?? false
        self.follow(time, isMoving: isMoving, at: place, unseen: unseen, driving)
        changes += self.close(.silentVehicle, at: time)
        changes += self.speeding(speed, time, place, surroundings)
        changes += self.fatigue(time, place, world)
        changes += self.restricted(time, place, surroundings)
        changes += self.longStop(time, surroundings)
        changes += self.offCorridor(time, place, surroundings)
        changes += self.unregistered(time, place, world)
        changes += self.frozenPosition(report, reading.frozen, in: world)
        changes += self.teleport(report, reading.teleports, in: world)
        changes += self.clockFault(report, receivedAt, reading.clock, in: world)
        changes += self.integrityAlerts(report, surroundings)
        self.last = LastReport(
            time: time, receivedAt: receivedAt, coordinate: place ?? self.last?.coordinate,
            placedAt: place == nil ? self.last?.placedAt : time, isMoving: isMoving,
            load: surroundings.isLoaded ? surroundings.basis : nil)
        return changes
    }
}

extension VehicleAlerts {
    /// Whether by `time` another vehicle carries the terminal than at the last report, by the register of vehicles.
    package func isHandedOver(at time: Instant, in world: World) -> Bool {
        guard let last = self.last else { return false }
        return !world.index.isSameVehicle(terminal: self.terminal.text, at: last.time, and: time)
    }

    /// Ends what the vehicle did that carried the terminal so far; the next report is the first of another one.
    package mutating func handOver() -> [VehicleAlert.Change] {
        guard var last = self.last else { return [] }
        let changes = VehicleAlert.Rule.allCases.flatMap { self.close($0, at: last.time) }
        // What came so far stays behind: an earlier report changes nothing.
        (last.coordinate, last.placedAt, last.isMoving, last.load) = (nil, nil, false, nil)
        self = VehicleAlerts(terminal: self.terminal)
        self.last = last
        return changes
    }

    /// Nothing is known of a gap: what was going on may be over, and with the standing before it, it may have been a
    /// rest.
    private mutating func forget(after seconds: Double, _ driving: AnalysisParameters.Driving) {
        for rule in VehicleAlert.Rule.allCases where self.open[rule] == nil {
            self.since[rule] = nil
        }
        let stood = self.standingSince.flatMap { self.last?.time.seconds(since: $0) } ?? 0
        guard stood + seconds >= driving.restSeconds else { return }
        (self.drivingSince, self.isRestSeen) = (nil, nil)
        guard seconds >= driving.restSeconds else { return }
        (self.standingSince, self.standingAt, self.stoodSince) = (nil, nil, nil)
    }

    /// km/h: the receiver's, or the way since it was last seen.
    private func speed(
        of report: PositionReport, at place: Coordinate?, _ driving: AnalysisParameters.Driving
    ) -> Double? {
        guard let place else { return nil }
        if let speed = report.speed { return Double(speed) / 10 }
        guard let last = self.last, let before = last.coordinate else { return nil }
        let seconds = report.recordedAt.seconds(since: last.placedAt ?? last.time)
        guard seconds > 0, seconds <= driving.reportGap else { return nil }
        return before.nearbyMetres(to: place) / seconds * 3.6
    }

    /// Keeps account of driving, standing and rests.
    /// - Parameter unseen: since when nothing was reported, after a gap: who stands now may have stood since then.
    private mutating func follow(
        _ time: Instant, isMoving: Bool, at place: Coordinate?, unseen: Instant?,
        _ driving: AnalysisParameters.Driving
    ) {
        let hasLeft =
            self.standingAt.flatMap { there in place.map { there.nearbyMetres(to: $0) > driving.longStopRadius } }
            ?? false
        if isMoving || hasLeft {
            if self.drivingSince == nil { self.drivingSince = time }
            (self.standingSince, self.standingAt, self.stoodSince) = (isMoving ? nil : unseen, nil, nil)
        } else {
            if self.standingSince == nil { self.standingSince = unseen ?? time }
            // A truck that nobody sees may rest; where it stands is known from when it is seen.
            if self.standingAt == nil, let place { (self.standingAt, self.stoodSince) = (place, time) }
        }
        if let standing = self.standingSince, time.seconds(since: standing) >= driving.restSeconds {
            let seen = self.stoodSince.map { time.seconds(since: $0) } ?? 0
            (self.drivingSince, self.isRestSeen) = (nil, seen >= driving.restSeconds)
        }
    }
}

extension VehicleAlerts {
    /// The alert of a rule that stands open.
    func told(_ rule: VehicleAlert.Rule) -> VehicleAlert? { self.open[rule] }

    /// Since when a condition has held without a break.
    mutating func held(_ rule: VehicleAlert.Rule, _ isSo: Bool, at time: Instant) -> Instant? {
        self.since[rule] = isSo ? self.since[rule] ?? time : nil
        return self.since[rule]
    }

    /// Raises what a rule hits, unless it stands open; closes what it hits no more.
    /// - Parameter keepsUnlessHit: what is judged can raise an alert and does not end one.
    mutating func tell<Rule: StreamRule>(
        _ rule: Rule, _ facts: Rule.Facts, since: Instant?, at time: Instant, _ place: Coordinate?, in world: World,
        keepsUnlessHit: Bool = false
    ) -> [VehicleAlert.Change] {
        let answer = rule.judge(facts, in: world)
        guard answer.outcome == .hit else { return keepsUnlessHit ? [] : self.close(rule.rule, at: time) }
        guard self.open[rule.rule] == nil else { return [] }
        let alert = VehicleAlert(
            rule: rule.rule, terminal: self.terminal, since: since ?? time, openedAt: time, coordinate: place,
            facts: answer.facts + answer.counterfacts + rule.basis(in: world) + [.leadOnly])
        self.open[rule.rule] = alert
        return [.opened(alert)]
    }

    /// Something that is over when it is known.
    mutating func tellAtOnce<Rule: StreamRule>(
        _ rule: Rule, _ facts: Rule.Facts, _ fault: TerminalFault?, at time: Instant, in world: World
    ) -> [VehicleAlert.Change] {
        guard let fault else { return [] }
        return self.tell(rule, facts, since: fault.start, at: time, fault.coordinate, in: world)
            + self.close(rule.rule, at: time)
    }

    /// The condition holds no more. What is closed by a report from before its opening is closed as it was opened.
    mutating func close(_ rule: VehicleAlert.Rule, at time: Instant) -> [VehicleAlert.Change] {
        guard var alert = self.open.removeValue(forKey: rule) else { return [] }
        alert.closedAt = max(time, alert.openedAt)
        return [.closed(alert)]
    }
}
