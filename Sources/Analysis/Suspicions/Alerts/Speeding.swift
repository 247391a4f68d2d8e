import Chronology
import Deliveries
import Geodesy
import Telemetry
import Tracks

/// How fast a truck drives.
struct SpeedFacts: Sendable {
    var terminal: TerminalID
    /// km/h; `nil`: nobody knows.
    var speed: Double?
    /// For certain, by a sensor or a note: the lower limit is held against nobody whose load is inferred from a stay.
    var isLoaded: Bool
    /// Since when every report has been above the limit and what a receiver may err.
    var since: Instant?
    var time: Instant
}

/// 超速: above the limit and what a receiver may err, for long enough.
///
/// A speed that no truck drives is the receiver's, and says nothing.
struct Speeding: StreamRule {
    let rule = VehicleAlert.Rule.speeding
    let severity = 2

    func parameters(_ all: AnalysisParameters) -> [String: Double] {
        let driving = all.driving
        return [
            "loaded_kmh": driving.loadedLimit, "empty_kmh": driving.emptyLimit, "tolerance": driving.speedTolerance,
            "duration_s": driving.speedingSeconds, "pause_s": driving.speedingPause,
            "possible_kmh": all.cleaning.maximumSpeed, "note_lead_s": all.driving.noteLead,
        ]
    }

    func criterion(_ all: AnalysisParameters) -> Statement {
        let (loaded, other) = (Wording.number(all.driving.loadedLimit), Wording.number(all.driving.emptyLimit))
        let over = Wording.percent(all.driving.speedTolerance)
        let seconds = Wording.number(all.driving.speedingSeconds)
        let pause = Wording.minutes(all.driving.speedingPause)
        return .criterion(
            zh:
                "限速载料 \(loaded)（在登记站点装料，有传感器或该站发货单为证，或为水泥罐车，其后没有可能卸料的停留）、其他 \(other) 公里/小时，"
                + "超出 \(over) 以上并持续 \(seconds) 秒；相隔不足 \(pause) 分钟的算一次",
            en:
                "a limit of \(loaded) km/h loaded (at a registered plant, as a sensor or a note of that plant shows, or a "
                + "tanker of cement, with no halt since at which it could have been dropped), \(other) else, exceeded by "
                + "more than \(over) for \(seconds) s; less than \(pause) min apart is one"
        )
    }

    /// Above the limit and what a receiver may err; `nil`: the speed is not known, or is none.
    static func isTooFast(_ speed: Double?, isLoaded: Bool, _ all: AnalysisParameters) -> Bool? {
        guard let speed, speed <= all.cleaning.maximumSpeed else { return nil }
        return speed > Self.limit(isLoaded, all) * (1 + all.driving.speedTolerance)
    }

    private static func limit(_ isLoaded: Bool, _ all: AnalysisParameters) -> Double {
        isLoaded ? all.driving.loadedLimit : all.driving.emptyLimit
    }

    func judge(_ facts: SpeedFacts, in world: World) -> StreamAnswer {
        let all = world.parameters
        guard let speed = facts.speed, let isTooFast = Self.isTooFast(speed, isLoaded: facts.isLoaded, all) else {
            return .insufficient(
                zh: "车速未知，或不是车辆能达到的速度。", en: "Its speed is not known, or is one that no truck drives.")
        }
        guard isTooFast else { return .no(zh: "没有超过限速及允许误差。", en: "It is within the limit and the tolerance.") }
        guard let since = facts.since, facts.time.seconds(since: since) >= all.driving.speedingSeconds else {
            return .no(zh: "超速持续时间不足。", en: "It has not been too fast for long enough.")
        }
        return .hit(
            Self.fact(facts, speed, since, Self.limit(facts.isLoaded, all)),
            against: Statement(
                zh: "可能的合理原因：该路段限速更高，或定位误差。", en: "The limit of that road may be higher, or the receiver wrong."))
    }

    private static func fact(_ facts: SpeedFacts, _ speed: Double, _ since: Instant, _ limit: Double) -> Statement {
        let (truck, begin) = (facts.terminal, Wording.time(since))
        let (driven, allowed) = (Wording.number(speed), Wording.number(limit))
        return Statement(
            zh: "\(truck) 自 \(begin) 起超速，当前 \(driven) 公里/小时，限速 \(allowed)。",
            en: "\(truck) has been too fast since \(begin): \(driven) km/h, the limit is \(allowed).")
    }
}

extension VehicleAlerts {
    mutating func speeding(
        _ speed: Double?, _ time: Instant, _ place: Coordinate?, _ surroundings: AlertSurroundings
    ) -> [VehicleAlert.Change] {
        let world = surroundings.world
        let isLoaded = surroundings.isSurelyLoaded
        let isTooFast = Speeding.isTooFast(speed, isLoaded: isLoaded, world.parameters) ?? false
        let since = self.held(.speeding, isTooFast, at: time)
        var changes: [VehicleAlert.Change] = []
        // A bend, a light or a tunnel ends no drive; what ends is known a while later.
        if self.told(.speeding) != nil, let last = self.tooFastAt,
            time.seconds(since: last) >= world.parameters.driving.speedingPause
        {
            changes = self.close(.speeding, at: last)
        }
        if isTooFast { self.tooFastAt = time }
        let facts = SpeedFacts(terminal: self.terminal, speed: speed, isLoaded: isLoaded, since: since, time: time)
        return changes + self.tell(Speeding(), facts, since: since, at: time, place, in: world, keepsUnlessHit: true)
    }
}
