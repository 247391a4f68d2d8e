package import Chronology
import Deliveries
import Geodesy
import Registers
package import Telemetry
import Tracks

/// One vehicle's reports to its alerts, as they come: `(state, report) → (state, alerts opened and closed)`.
///
/// For the live view: a report that is not later than the last changes nothing, so that a buffered stretch that comes
/// late raises no alarm about what is over. The state is small and can be thrown away.
package struct VehicleAlerts: Codable, Hashable, Sendable {
    package let terminal: TerminalID
    private var last: LastReport?
    private var open: [VehicleAlert.Rule: VehicleAlert] = [:]
    /// Since when each condition has held without a break.
    private var since: [VehicleAlert.Rule: Instant] = [:]
    /// When driving began, and since when the truck has been standing.
    private var drivingSince: Instant?
    private var standingSince: Instant?
    private var standingAt: Coordinate?
    var faults = FaultWatch()
    var integrity = IntegrityWatch()

    /// What the next report is compared with.
    private struct LastReport: Codable, Hashable, Sendable {
        var time: Instant
        var receivedAt: Instant
        var coordinate: Coordinate?
        var isMoving: Bool
        var isLoaded: Bool
    }

    package init(terminal: TerminalID) {
        self.terminal = terminal
    }

    /// Time of the last position that was taken; an earlier one changes nothing.
    package var time: Instant? { self.last?.time }

    /// The alerts that stand open.
    package var standing: [VehicleAlert] { VehicleAlert.Rule.allCases.compactMap { self.open[$0] } }

    /// Takes the next position.
    package mutating func take(
        _ report: PositionReport, receivedAt: Instant, in surroundings: AlertSurroundings
    ) -> [VehicleAlert.Change] {
        if let last = self.last, report.recordedAt <= last.time { return [] }
        let world = surroundings.world
        let driving = world.parameters.driving
        let place = report.hasFix && !report.coordinate.isNullIsland ? report.coordinate : nil
        let seconds = self.last.map { report.recordedAt.seconds(since: $0.time) } ?? 0
        if seconds > driving.reportGap { self.forget(after: seconds, driving) }
        let speed = self.speed(of: report, at: place, seconds, driving)
        let isMoving = speed.map { $0 >= driving.movingSpeed } ?? false
        self.follow(report.recordedAt, isMoving: isMoving, at: place, driving)
        let time = report.recordedAt
        var changes = self.close(.silentVehicle, at: time)
        changes += self.speeding(speed, time, place, surroundings)
        changes += self.fatigue(time, place, world)
        changes += self.restricted(time, place, surroundings)
        changes += self.longStop(time, place, surroundings)
        changes += self.offCorridor(time, place, surroundings)
        changes += self.terminalFaults(report, receivedAt, place, world)
        changes += self.integrityAlerts(report, surroundings)
        self.last = LastReport(
            time: time, receivedAt: receivedAt, coordinate: place ?? self.last?.coordinate, isMoving: isMoving,
            isLoaded: surroundings.isLoaded)
        return changes
    }

    /// Asks, by the server's clock, whether the vehicle has fallen silent.
    package mutating func tick(at now: Instant, in surroundings: AlertSurroundings) -> [VehicleAlert.Change] {
        let driving = surroundings.world.parameters.driving
        guard let last = self.last, last.isMoving || last.isLoaded,
            last.receivedAt.seconds(since: last.time).magnitude <= driving.liveSeconds,
            now.seconds(since: last.receivedAt) >= driving.silentSeconds
        else { return [] }
        let (time, minutes) = (Wording.time(last.time), Wording.minutes(now.seconds(since: last.receivedAt)))
        let state =
            last.isLoaded ? (zh: "载料", en: "loaded") : (zh: "行驶中", en: "moving")
        return self.raise(
            .silentVehicle, since: last.time, at: now, last.coordinate,
            Statement(
                zh: "\(self.terminal) 已 \(minutes) 分钟没有上报，最后一次为 \(time)（\(state.zh)）。",
                en:
                    "\(self.terminal) has not reported for \(minutes) min; it was last heard of at \(time), \(state.en)."
            ),
            against: Statement(
                zh: "可能的合理原因：信号盲区、断电检修、流量卡欠费。",
                en: "It may be a dead zone, a repair with the power off, or an unpaid SIM."),
            in: surroundings.world)
    }
}

extension VehicleAlerts {
    /// Nothing is known of a gap: what was going on may be over, and a long one may have been a rest.
    private mutating func forget(after seconds: Double, _ driving: AnalysisParameters.Driving) {
        for rule in VehicleAlert.Rule.allCases where self.open[rule] == nil {
            self.since[rule] = nil
        }
        guard seconds >= driving.restSeconds else { return }
        (self.drivingSince, self.standingSince, self.standingAt) = (nil, nil, nil)
    }

    /// km/h: the receiver's, or the way since the last report.
    private func speed(
        of report: PositionReport, at place: Coordinate?, _ seconds: Double, _ driving: AnalysisParameters.Driving
    ) -> Double? {
        guard let place else { return nil }
        if let speed = report.speed { return Double(speed) / 10 }
        guard let before = self.last?.coordinate, seconds > 0, seconds <= driving.reportGap else { return nil }
        return before.nearbyMetres(to: place) / seconds * 3.6
    }

    /// Keeps account of driving, standing and rests.
    private mutating func follow(
        _ time: Instant, isMoving: Bool, at place: Coordinate?, _ driving: AnalysisParameters.Driving
    ) {
        let hasLeft =
            self.standingAt.flatMap { there in place.map { there.nearbyMetres(to: $0) > driving.longStopRadius } }
            ?? false
        if isMoving || hasLeft {
            if self.drivingSince == nil { self.drivingSince = time }
            (self.standingSince, self.standingAt) = (nil, nil)
        } else if self.standingSince == nil {
            (self.standingSince, self.standingAt) = (time, place)
        }
        if let standing = self.standingSince, time.seconds(since: standing) >= driving.restSeconds {
            self.drivingSince = nil
        }
    }

    private mutating func speeding(
        _ speed: Double?, _ time: Instant, _ place: Coordinate?, _ surroundings: AlertSurroundings
    ) -> [VehicleAlert.Change] {
        let driving = surroundings.world.parameters.driving
        let limit = surroundings.isLoaded ? driving.loadedLimit : driving.emptyLimit
        guard let speed, speed > limit * (1 + driving.speedTolerance) else { return self.end(.speeding, at: time) }
        guard let since = self.held(.speeding, since: time, for: driving.speedingSeconds, at: time) else { return [] }
        return self.raise(
            .speeding, since: since, at: time, place,
            Statement(
                zh: "\(self.terminal) 自 \(Wording.time(since)) 起超速，当前 \(Int(speed)) 公里/小时，限速 \(Int(limit))。",
                en:
                    "\(self.terminal) has been too fast since \(Wording.time(since)): \(Int(speed)) km/h, the limit is \(Int(limit))."
            ),
            against: Statement(
                zh: "可能的合理原因：该路段限速更高，或定位误差。", en: "The limit of that road may be higher, or the receiver wrong."),
            in: surroundings.world)
    }

    private mutating func fatigue(
        _ time: Instant, _ place: Coordinate?, _ world: World
    ) -> [VehicleAlert.Change] {
        let driving = world.parameters.driving
        guard let since = self.drivingSince, time.seconds(since: since) > driving.fatigueSeconds else {
            return self.end(.fatigueDriving, at: time)
        }
        let (minutes, rest) = (Wording.minutes(time.seconds(since: since)), Wording.minutes(driving.restSeconds))
        return self.raise(
            .fatigueDriving, since: since, at: time, place,
            Statement(
                zh: "\(self.terminal) 自 \(Wording.time(since)) 起连续行驶 \(minutes) 分钟，其间没有 \(rest) 分钟休息。",
                en:
                    "\(self.terminal) has driven since \(Wording.time(since)) (\(minutes) min) without a rest of \(rest) min."
            ), against: Statement(zh: "可能已换驾驶员。", en: "The driver may have changed."), in: world)
    }

    private mutating func restricted(
        _ time: Instant, _ place: Coordinate?, _ surroundings: AlertSurroundings
    ) -> [VehicleAlert.Change] {
        guard let place else { return [] }
        let plate = surroundings.world.vehicle(self.terminal, at: time)?.plate
        let zone = surroundings.zones.first { zone in
            zone.isClosed(at: time) && zone.fence.contains(place)
                // Whether a truck without a known plate has a permit nobody can tell.
                && !(plate.map(zone.permitPlates.contains) ?? !zone.permitPlates.isEmpty)
        }
        guard let zone else { return self.end(.restrictedZone, at: time) }
        return self.raise(
            .restrictedZone, since: self.since[.restrictedZone] ?? time, at: time, place,
            Statement(
                zh: "\(plate ?? self.terminal.text) 在禁行时段位于 \(zone.name)（\(zone.zoneID)），没有登记的通行证。",
                en:
                    "\(plate ?? self.terminal.text) is in \(zone.name) (\(zone.zoneID)) at a restricted hour, with no permit registered."
            ),
            against: Statement(
                zh: "通行证可能已核发但尚未登记。", en: "A permit may have been granted and not have reached the register."),
            in: surroundings.world)
    }

    private mutating func longStop(
        _ time: Instant, _ place: Coordinate?, _ surroundings: AlertSurroundings
    ) -> [VehicleAlert.Change] {
        let (world, driving) = (surroundings.world, surroundings.world.parameters.driving)
        guard surroundings.isLoaded, let since = self.standingSince, let spot = self.standingAt ?? place,
            world.nearestPlace(to: spot, within: world.parameters.hauls.queueDistance, at: time) == nil
        else { return self.end(.longStop, at: time) }
        guard time.seconds(since: since) > driving.longStopSeconds else { return [] }
        return self.raise(
            .longStop, since: since, at: time, spot,
            Statement(
                zh: "\(self.terminal) 载料，自 \(Wording.time(since)) 起停在 \(Wording.coordinate(spot))，不在任何已知场所。",
                en:
                    "\(self.terminal), loaded, has stood at \(Wording.coordinate(spot)) since \(Wording.time(since)), at no known "
                    + "place."), against: Statement(zh: "可能是故障或拥堵。", en: "It may be a breakdown or a jam."),
            in: world)
    }
}

extension VehicleAlerts {
    /// Since when a condition has held, once it has held long enough.
    mutating func held(
        _ rule: VehicleAlert.Rule, since begin: Instant, for seconds: Double, at time: Instant
    ) -> Instant? {
        let since = self.since[rule] ?? begin
        self.since[rule] = since
        return time.seconds(since: since) >= seconds ? since : nil
    }

    /// Opens an alert, unless it stands open.
    mutating func raise(
        _ rule: VehicleAlert.Rule, since: Instant, at time: Instant, _ place: Coordinate?, _ fact: Statement,
        against counterfact: Statement, in world: World
    ) -> [VehicleAlert.Change] {
        self.raise(rule, since: since, at: time, place, [fact, counterfact], in: world)
    }

    /// The same with several facts; by what it is told, and by which registers, stands with them.
    mutating func raise(
        _ rule: VehicleAlert.Rule, since: Instant, at time: Instant, _ place: Coordinate?, _ facts: [Statement],
        in world: World
    ) -> [VehicleAlert.Change] {
        guard self.open[rule] == nil else { return [] }
        let basis = [rule.criterion(world.parameters), .registers(world)].filter { !facts.contains($0) }
        let alert = VehicleAlert(
            rule: rule, terminal: self.terminal, since: since, openedAt: time, coordinate: place,
            facts: facts + basis + [.leadOnly])
        self.open[rule] = alert
        return [.opened(alert)]
    }

    /// The condition holds no more.
    mutating func end(_ rule: VehicleAlert.Rule, at time: Instant) -> [VehicleAlert.Change] {
        self.since[rule] = nil
        return self.close(rule, at: time)
    }

    mutating func close(_ rule: VehicleAlert.Rule, at time: Instant) -> [VehicleAlert.Change] {
        guard var alert = self.open.removeValue(forKey: rule) else { return [] }
        alert.closedAt = time
        return [.closed(alert)]
    }
}
