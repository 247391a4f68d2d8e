import Chronology
import Deliveries
import Geodesy
import Telemetry
import Tracks

/// Where a truck stands, and for how long.
struct HaltFacts: Sendable {
    var terminal: TerminalID
    var isLoaded: Bool
    var isStanding: Bool
    /// Where it has been seen to stand, and since when; `nil`: nobody has seen where.
    var spot: Coordinate?
    var since: Instant?
    var time: Instant
}

/// 异常停留: loaded, it stands for too long outside the known places and the queues at their gates.
struct LongStop: StreamRule {
    let rule = VehicleAlert.Rule.longStop
    let severity = 2

    func parameters(_ all: AnalysisParameters) -> [String: Double] {
        [
            "stop_s": all.driving.longStopSeconds, "radius_m": all.driving.longStopRadius,
            "queue_m": all.hauls.queueDistance,
        ]
    }

    func criterion(_ all: AnalysisParameters) -> Statement {
        let (time, metres) = (Wording.minutes(all.driving.longStopSeconds), Wording.metres(all.hauls.queueDistance))
        return .criterion(
            zh: "载料停留超过 \(time) 分钟，\(metres.zh) 内没有已知场所",
            en: "loaded, it stood for more than \(time) min with no known place within \(metres.en)")
    }

    func judge(_ facts: HaltFacts, in world: World) -> StreamAnswer {
        guard facts.isLoaded else { return .no(zh: "没有载料。", en: "It carries no load.") }
        guard facts.isStanding else { return .no(zh: "没有停留。", en: "It does not stand.") }
        guard let spot = facts.spot, let since = facts.since else {
            return .insufficient(zh: "停在何处未被看到。", en: "Where it stands was not seen.")
        }
        guard facts.time.seconds(since: since) > world.parameters.driving.longStopSeconds else {
            return .no(zh: "停留时间不足。", en: "It has not stood for long enough.")
        }
        guard world.nearestPlace(to: spot, within: world.parameters.hauls.queueDistance, at: facts.time) == nil else {
            return .no(zh: "停在已知场所或其门口。", en: "It stands at a known place, or at its gate.")
        }
        return .hit(
            Self.fact(facts.terminal, spot, since),
            against: Statement(zh: "可能是故障或拥堵。", en: "It may be a breakdown or a jam."))
    }

    private static func fact(_ truck: TerminalID, _ spot: Coordinate, _ since: Instant) -> Statement {
        let (begin, place) = (Wording.time(since), Wording.coordinate(spot))
        return Statement(
            zh: "\(truck) 载料，自 \(begin) 起停在 \(place)，不在任何已知场所。",
            en: "\(truck), loaded, has stood at \(place) since \(begin), at no known place.")
    }
}

extension VehicleAlerts {
    mutating func longStop(_ time: Instant, _ surroundings: AlertSurroundings) -> [VehicleAlert.Change] {
        let world = surroundings.world
        var facts = HaltFacts(
            terminal: self.terminal, isLoaded: surroundings.isLoaded, isStanding: self.standingSince != nil,
            spot: self.standingAt, since: self.stoodSince, time: time)
        // Who is back from a silence and stands where he stood has not left.
        if let told = self.told(.longStop), let spot = facts.spot, let there = told.coordinate,
            there.nearbyMetres(to: spot) <= world.parameters.driving.longStopRadius
        {
            facts.since = told.since
        }
        return self.tell(LongStop(), facts, since: facts.since, at: time, facts.spot, in: world)
    }
}
