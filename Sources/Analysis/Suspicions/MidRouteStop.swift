import Chronology
import Deliveries
import Geodesy
import Registers
import Tracks

/// 途中停车（疑似加水、偷卸）: a loaded truck stood off the usual road and outside every known place.
///
/// A queue at the gates of plant and site, a known place, a light or a jam on the road is none. A drum that turns back
/// there makes it urgent.
struct MidRouteStop: DeliveryRule {
    let code = "mid-route-stop"
    let severity = 3
    let group = RuleGroup.quality
    let role = RuleRole.besideVerdict

    func judge(_ delivery: Delivery, _ context: DeliveryContext, in world: World) -> RuleAnswer {
        let hauls = world.parameters.hauls
        let parameters = [
            "stop_s": hauls.stopSeconds, "road_m": hauls.roadDistance, "queue_m": hauls.queueDistance,
            "reversal_s": hauls.reversalSeconds, "road_kmh": world.parameters.roads.drivingSpeed,
        ]
        guard let haul = delivery.haul, haul.isLoadSeen else {
            return .insufficient(
                parameters, zh: "装料过程未被看到，途中经过不完整。", en: "The loading was not seen, so the way is not known in full.")
        }
        // What came before an earlier drop of the load stands on that drop's row.
        let since =
            context.otherDrops.filter { $0.unloadStart < delivery.unloadStart }.map(\.unloadEnd).max() ?? haul.since
        let halts = haul.halts.filter { halt in
            halt.place == nil && halt.start >= since && halt.seconds >= hauls.stopSeconds
                && !world.isQueue(halt.coordinate, of: delivery)
        }
        guard !halts.isEmpty else {
            return .no(parameters, zh: "途中没有在已知场所以外停留。", en: "It did not stand outside the known places on the way.")
        }
        guard let roads = context.roads else {
            return .insufficient(
                parameters, zh: "途中停留 \(halts.count) 次；尚未学得常用道路，无法判断是否离开道路。",
                en:
                    "It stood \(halts.count) times on the way; the usual roads are not learned yet, so whether off them is not known."
            )
        }
        let readings = halts.map { ($0, roads.reading(at: $0.coordinate, within: hauls.roadDistance)) }
        let off = readings.filter { $0.1 == .offRoad }.map(\.0)
        guard !off.isEmpty else {
            guard readings.contains(where: { $0.1 == .unknown }) else {
                return .no(parameters, zh: "途中停留均在常用道路上（路口、拥堵等）。", en: "It stood only on usual roads (lights, jams).")
            }
            return .insufficient(
                parameters, zh: "停留处附近的常用道路尚未学得足够。", en: "Too few usual roads are known near where it stood.")
        }
        let isReversed = off.contains { $0.evidence.dischargeSeconds >= hauls.reversalSeconds }
        var answer = RuleAnswer.hit(
            parameters, facts: off.map { self.fact($0, delivery, hauls) },
            counterfacts: Self.counterfacts(world.parameters.roads), in: world)
        if isReversed { answer.severity = 4 }
        return answer
    }

    private func fact(_ halt: Haul.Halt, _ delivery: Delivery, _ hauls: AnalysisParameters.Hauls) -> Statement {
        let (start, end) = (Wording.time(halt.start), Wording.time(halt.end))
        let (spot, minutes) = (Wording.coordinate(halt.coordinate), Wording.minutes(halt.seconds))
        let drum = Wording.discharge(halt.evidence)
        return Statement(
            zh:
                "\(Wording.truck(delivery)) 载料途中于 \(start) 至 \(end) 在 \(spot) 停留 \(minutes) 分钟，离常用道路超过 \(Int(hauls.roadDistance)) 米；\(drum.zh)。",
            en:
                "\(Wording.truck(delivery)), loaded, stood at \(spot) from \(start) to \(end) (\(minutes) min), more than "
                + "\(Int(hauls.roadDistance)) m off the usual roads; \(drum.en).")
    }

    private static func counterfacts(_ roads: AnalysisParameters.Roads) -> [Statement] {
        let speed = Wording.number(roads.drivingSpeed)
        return [
            Statement(
                zh: "可能的合理原因：故障、交警检查、坡道停车、司机休息、新开通的道路，或车速都低于 \(speed) 公里/小时的窄路。",
                en:
                    "It may be a breakdown, a police check, a rest, a stop on a slope, a road newly opened, or a lane where nobody "
                    + "drives \(speed) km/h.")
        ]
    }
}

extension World {
    /// Whether a point is where trucks wait for the plant or the site of a delivery.
    /// - Parameter knownOriginOnly: where it was loaded counts only as a place of the registers.
    func isQueue(_ point: Coordinate, of delivery: Delivery, knownOriginOnly: Bool = false) -> Bool {
        let distance = self.parameters.hauls.queueDistance
        let hasOrigin = delivery.origin.id != nil || !knownOriginOnly
        for end in (hasOrigin ? [delivery.origin] : []) + [delivery.destination] {
            if let place = end.coordinate, place.distanceMetres(to: point) <= distance { return true }
            guard let id = end.id else { continue }
            let kinds: [DeliveryEnd.Kind: PlaceReference.Kind] = [.plant: .plant, .site: .site, .place: .place]
            guard let kind = kinds[end.kind] else { continue }
            let metres = self.metres(from: point, to: PlaceReference(kind, id), at: delivery.unloadStart)
            if metres.map({ $0 <= distance }) ?? false { return true }
        }
        return false
    }
}
