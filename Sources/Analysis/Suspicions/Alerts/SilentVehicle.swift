package import Chronology
import Deliveries
import Geodesy
import Telemetry
import Tracks

/// When a truck was last heard of, and what it did.
struct SilenceFacts: Sendable {
    var terminal: TerminalID
    /// Time of the last report, by the terminal's clock and by the server's.
    var last: Instant
    var receivedAt: Instant
    var wasMoving: Bool
    /// What says that it was loaded; `nil`: it was not.
    var load: LoadBasis?
    /// By the server's clock.
    var time: Instant
}

/// 车辆失联: last seen moving or loaded, and not heard of since, by the server's clock. Only of terminals whose reports
/// are live: an old recording is not silent.
struct SilentVehicle: StreamRule {
    let rule = VehicleAlert.Rule.silentVehicle
    let severity = 2

    func parameters(_ all: AnalysisParameters) -> [String: Double] {
        ["silent_s": all.driving.silentSeconds, "live_s": all.driving.liveSeconds]
    }

    func criterion(_ all: AnalysisParameters) -> Statement {
        let (silent, live) = (Wording.minutes(all.driving.silentSeconds), Wording.minutes(all.driving.liveSeconds))
        return .criterion(
            zh: "\(silent) 分钟没有上报，此前行驶或载料，且上报及时（\(live) 分钟以内）",
            en: "no report for \(silent) min, moving or loaded before, and heard of live (within \(live) min)")
    }

    func judge(_ facts: SilenceFacts, in world: World) -> StreamAnswer {
        let driving = world.parameters.driving
        guard facts.wasMoving || facts.load != nil else {
            return .no(zh: "最后一次上报时停着且没有载料。", en: "It stood, without a load, when it was last heard of.")
        }
        guard facts.receivedAt.seconds(since: facts.last).magnitude <= driving.liveSeconds else {
            return .insufficient(
                zh: "该终端的上报不是实时的，无从判断失联。", en: "It is not heard of live, so silence says nothing.")
        }
        guard facts.time.seconds(since: facts.receivedAt) >= driving.silentSeconds else {
            return .no(zh: "不久前还有上报。", en: "It was heard of a short while ago.")
        }
        // A terminal sleeps while its truck is parked, and trucks are parked and washed at their plant, too.
        guard facts.wasMoving || facts.load != .silence else { return LoadBasis.silenceAnswer }
        return .hit(
            Self.fact(facts),
            against: Statement(
                zh: "可能的合理原因：信号盲区、断电检修、流量卡欠费。",
                en: "It may be a dead zone, a repair with the power off, or an unpaid SIM."))
    }

    private static func fact(_ facts: SilenceFacts) -> Statement {
        let (truck, time) = (facts.terminal, Wording.time(facts.last))
        let minutes = Wording.minutes(facts.time.seconds(since: facts.receivedAt))
        let state = facts.load != nil ? (zh: "载料", en: "loaded") : (zh: "行驶中", en: "moving")
        return Statement(
            zh: "\(truck) 已 \(minutes) 分钟没有上报，最后一次为 \(time)（\(state.zh)）。",
            en: "\(truck) has not reported for \(minutes) min; it was last heard of at \(time), \(state.en).")
    }
}

extension VehicleAlerts {
    /// Asks, by the server's clock, whether the vehicle has fallen silent.
    package mutating func tick(at now: Instant, in surroundings: AlertSurroundings) -> [VehicleAlert.Change] {
        // Of the vehicle that carries the terminal by now nothing was heard that could end.
        guard let last = self.last, !self.isHandedOver(at: now, in: surroundings.world) else { return [] }
        let facts = SilenceFacts(
            terminal: self.terminal, last: last.time, receivedAt: last.receivedAt, wasMoving: last.isMoving,
            load: last.load, time: now)
        // Only a report ends it.
        return self.tell(
            SilentVehicle(), facts, since: last.time, at: now, last.coordinate, in: surroundings.world,
            keepsUnlessHit: true)
    }
}
