import Chronology
import Deliveries
import Geodesy
import Telemetry
import Tracks

/// Where a truck stands, and for how long.
struct HaltFacts: Sendable {
    var terminal: TerminalID
    /// What says that it is loaded; `nil`: it carries nothing.
    var load: LoadBasis?
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
            "queue_m": all.hauls.queueDistance, "note_lead_s": all.driving.noteLead,
            "note_source_s": all.driving.noteSourceSeconds,
        ]
    }

    func criterion(_ all: AnalysisParameters) -> Statement {
        let (time, metres) = (Wording.minutes(all.driving.longStopSeconds), Wording.metres(all.hauls.queueDistance))
        return .criterion(
            zh: "载料（由传感器、发货单或站内停留得知）停留超过 \(time) 分钟，\(metres.zh) 内没有已知场所",
            en:
                "loaded (by a sensor, a note or a stay at a plant), it stood for more than \(time) min with no known place "
                + "within \(metres.en)")
    }

    func judge(_ facts: HaltFacts, in world: World) -> StreamAnswer {
        guard let load = facts.load else { return .no(zh: "没有载料。", en: "It carries no load.") }
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
        // Trucks are washed and parked at their plant, too, and their drivers eat.
        guard load != .silence else { return LoadBasis.silenceAnswer }
        return .hit(Self.fact(facts.terminal, load, spot, since), against: Self.counterfact(load))
    }

    private static func fact(
        _ truck: TerminalID, _ load: LoadBasis, _ spot: Coordinate, _ since: Instant
    ) -> Statement {
        let (begin, place) = (Wording.time(since), Wording.coordinate(spot))
        let how =
            switch load {
            case .sensor: (zh: "载料（传感器显示装料）", en: "loaded, as a sensor shows,")
            case .note: (zh: "载料（有装料站点的发货单）", en: "loaded, as a note of its plant says,")
            case .tanker: (zh: "载料（水泥罐车曾在水泥厂装料）", en: "a tanker loaded at a cement plant,")
            case .stay, .silence: (zh: "推断载料（曾在站内停留）", en: "taken to be loaded after a stay at a plant,")
            }
        return Statement(
            zh: "\(truck) \(how.zh)，自 \(begin) 起停在 \(place)，不在任何已知场所。",
            en: "\(truck), \(how.en) has stood at \(place) since \(begin), at no known place.")
    }

    private static func counterfact(_ load: LoadBasis) -> Statement {
        guard !load.isShown else { return Statement(zh: "可能是故障或拥堵。", en: "It may be a breakdown or a jam.") }
        return Statement(
            zh: "装料只由停留推断，没有传感器信号和发货单为证：可能是在站内洗车、停放后空车就餐或维修；也可能是故障或拥堵。",
            en:
                "That it was loaded is inferred from a stay, with no sensor and no note to show it: it may have been washed or "
                + "parked at the plant and be empty, at a meal or a repair. It may also be a breakdown or a jam.")
    }
}

extension VehicleAlerts {
    mutating func longStop(_ time: Instant, _ surroundings: AlertSurroundings) -> [VehicleAlert.Change] {
        let world = surroundings.world
        var facts = HaltFacts(
            terminal: self.terminal, load: surroundings.isLoaded ? surroundings.basis : nil,
            isStanding: self.standingSince != nil, spot: self.standingAt, since: self.stoodSince, time: time)
        // Who is back from a silence and stands where he stood has not left.
        if let told = self.told(.longStop), let spot = facts.spot, let there = told.coordinate,
            there.nearbyMetres(to: spot) <= world.parameters.driving.longStopRadius
        {
            facts.since = told.since
        }
        return self.tell(LongStop(), facts, since: facts.since, at: time, facts.spot, in: world)
    }
}
