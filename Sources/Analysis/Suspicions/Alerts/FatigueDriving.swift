import Chronology
import Deliveries
import Geodesy
import Telemetry
import Tracks

/// For how long a truck has been driven.
struct FatigueFacts: Sendable {
    var terminal: TerminalID
    /// Since when it has been driven without a rest; `nil`: it rests.
    var drivingSince: Instant?
    /// Whether the rest before that was seen: else it may have been driven before.
    var isRestSeen: Bool
    var time: Instant
}

/// 疲劳驾驶: driven for too long without a rest. Lights and queues are no rest; a silence as long as one may have been.
struct FatigueDriving: StreamRule {
    let rule = VehicleAlert.Rule.fatigueDriving
    let severity = 3

    func parameters(_ all: AnalysisParameters) -> [String: Double] {
        ["driving_s": all.driving.fatigueSeconds, "rest_s": all.driving.restSeconds]
    }

    func criterion(_ all: AnalysisParameters) -> Statement {
        let (drive, rest) = (Wording.minutes(all.driving.fatigueSeconds), Wording.minutes(all.driving.restSeconds))
        return .criterion(
            zh: "连续行驶超过 \(drive) 分钟，其间没有 \(rest) 分钟休息",
            en: "over \(drive) min of driving without a rest of \(rest) min")
    }

    func judge(_ facts: FatigueFacts, in world: World) -> StreamAnswer {
        let driving = world.parameters.driving
        if let since = facts.drivingSince, facts.time.seconds(since: since) > driving.fatigueSeconds {
            return .hit(
                Self.fact(facts, since, driving),
                against: Statement(zh: "可能已换驾驶员。", en: "The driver may have changed."))
        }
        guard facts.drivingSince == nil || facts.isRestSeen else {
            return .insufficient(
                zh: "此前是否休息未被看到，不知已连续行驶多久。",
                en: "Whether it rested before was not seen, so for how long it has been driven is not known.")
        }
        return .no(zh: "没有连续行驶过久。", en: "It has not been driven for too long.")
    }

    private static func fact(
        _ facts: FatigueFacts, _ since: Instant, _ driving: AnalysisParameters.Driving
    ) -> Statement {
        let (minutes, rest) = (Wording.minutes(facts.time.seconds(since: since)), Wording.minutes(driving.restSeconds))
        let (truck, begin) = (facts.terminal, Wording.time(since))
        return Statement(
            zh: "\(truck) 自 \(begin) 起连续行驶 \(minutes) 分钟，其间没有 \(rest) 分钟休息。",
            en: "\(truck) has driven since \(begin) (\(minutes) min) without a rest of \(rest) min.")
    }
}

extension VehicleAlerts {
    mutating func fatigue(_ time: Instant, _ place: Coordinate?, _ world: World) -> [VehicleAlert.Change] {
        let facts = FatigueFacts(
            terminal: self.terminal, drivingSince: self.drivingSince, isRestSeen: self.isRestSeen ?? false, time: time)
        return self.tell(FatigueDriving(), facts, since: self.drivingSince, at: time, place, in: world)
    }
}
