import Chronology
import Deliveries
import Geodesy
import Registers
import Tracks

/// 部分卸料盗卖: part of the load was discharged at a third place before it came to its site.
///
/// A drum that turns back, or a load that grows lighter, is the evidence; without it the halt is mid-route-stop's. A
/// discharge that is a drop of its own stands on that drop's row, any other on the load's first one. A drum that turned
/// back in a single report may have done so for a moment, whenever the next report came: that leaves it open.
struct PartialDiversion: DeliveryRule {
    let code = "partial-diversion"
    let severity = 3
    let group = RuleGroup.destination
    let role = RuleRole.deciding
    let restsOnDrop = true

    func judge(_ delivery: Delivery, _ context: DeliveryContext, in world: World) -> RuleAnswer {
        let hauls = world.parameters.hauls
        let parameters = [
            "discharge_s": hauls.dischargeSeconds, "load_change_kg": world.parameters.evidence.loadChange,
        ]
        guard let haul = delivery.haul else {
            return .insufficient(parameters, zh: "途中停留没有记录。", en: "What happened on the way was not recorded.")
        }
        let later = self.laterSite(delivery, context, world)
        if later != nil, self.isDoubted(haul.drop, world) { return Self.doubted(parameters) }
        if let site = later, self.isDischarged(haul.drop, world) {
            guard !self.isOneReport(haul.drop) else {
                return Self.oneReport(delivery.unloadStart, delivery.unloadEnd, parameters)
            }
            return .hit(
                parameters,
                facts: [
                    self.fact(
                        Haul.Halt(
                            start: delivery.unloadStart, end: delivery.unloadEnd,
                            coordinate: delivery.destination.coordinate ?? Coordinate(latitudeE7: 0, longitudeE7: 0),
                            evidence: haul.drop), delivery, before: site)
                ], counterfacts: Self.counterfacts, in: world)
        }
        if self.isOutside(delivery, world), self.isDischarged(haul.drop, world),
            context.mayDropAgain(delivery, world.parameters)
        {
            return .tripNotKnown(parameters)
        }
        guard haul.isLoadSeen else {
            return .insufficient(
                parameters, zh: "装料过程未被看到，途中经过不完整。", en: "The loading was not seen, so the way is not known in full.")
        }
        guard context.isFirstDrop(delivery) else {
            return .no(parameters, zh: "途中停留在该车料的首个卸料点判断。", en: "The way is judged with the first drop of the load.")
        }
        let outside = haul.halts.filter { $0.place == nil && !world.isQueue($0.coordinate, of: delivery) }
        let halts = outside.filter { self.isDischarged($0.evidence, world) }
        guard let first = halts.first else {
            if outside.contains(where: { self.isDoubted($0.evidence, world) }) { return Self.doubted(parameters) }
            return .no(parameters, zh: "途中没有卸料的迹象。", en: "Nothing shows a discharge on the way.")
        }
        guard let halt = halts.first(where: { !self.isOneReport($0.evidence) }) else {
            return Self.oneReport(first.start, first.end, parameters)
        }
        return .hit(
            parameters, facts: [self.fact(halt, delivery, before: delivery)], counterfacts: Self.counterfacts, in: world
        )
    }

    /// The later drop of the load at a registered site or the note's, where this one is at neither.
    private func laterSite(_ delivery: Delivery, _ context: DeliveryContext, _ world: World) -> Delivery? {
        guard self.isOutside(delivery, world), let place = delivery.destination.coordinate else { return nil }
        return context.otherDrops.first { other in
            guard other.unloadStart > delivery.unloadStart, !world.isQueue(place, of: other) else { return false }
            if other.destination.kind == .site { return true }
            let metres = context.ticket.match.flatMap { TicketAgreement.metresToSite(of: other, $0.ticket, world) }
            return metres.map { $0 <= world.parameters.tickets.diversion } ?? false
        }
    }

    /// Whether it was dropped outside every place of the registers.
    private func isOutside(_ delivery: Delivery, _ world: World) -> Bool {
        guard delivery.destination.kind == .unknown, let place = delivery.destination.coordinate else { return false }
        return world.nearestPlace(to: place, within: world.parameters.rules.margin, at: delivery.unloadStart) == nil
    }

    private func isDischarged(_ evidence: CarryingEvidence, _ world: World) -> Bool {
        if let change = evidence.loadChange { return change <= -world.parameters.evidence.loadChange }
        return evidence.dischargeSeconds >= world.parameters.hauls.dischargeSeconds
    }

    /// Whether the discharge is that of a drum that was heard turning back once.
    private func isOneReport(_ evidence: CarryingEvidence) -> Bool {
        evidence.loadChange == nil && evidence.dischargeReports == 1
    }

    /// Whether a drum turned back as long as a discharge takes, whose sensor is likely mounted the wrong way round.
    private func isDoubted(_ evidence: CarryingEvidence, _ world: World) -> Bool {
        evidence.loadChange == nil && evidence.doubtedSeconds ?? 0 >= world.parameters.hauls.dischargeSeconds
    }

    private static func doubted(_ parameters: [String: Double]) -> RuleAnswer {
        RuleAnswer(.insufficient, facts: [DoubtedDrum.statement], parameters: parameters)
    }

    private static func oneReport(_ start: Instant, _ end: Instant, _ parameters: [String: Double]) -> RuleAnswer {
        let (from, to) = (Wording.time(start), Wording.time(end))
        return .insufficient(
            parameters,
            zh: "\(from) 至 \(to) 停留期间只有一次上报显示搅拌筒反转，其后较久才有下一次上报：可能只是坍落度试验或冲洗的片刻，不足以判断。",
            en:
                "While it stood from \(from) to \(to) a single report shows the drum turning back, and the next came late: it may have "
                + "been the moment of a slump test or a rinse. Too little to judge by.")
    }

    private func fact(_ halt: Haul.Halt, _ delivery: Delivery, before site: Delivery) -> Statement {
        let (start, end) = (Wording.time(halt.start), Wording.time(halt.end))
        let spot = Wording.coordinate(halt.coordinate)
        let sensor = Wording.discharge(halt.evidence)
        let target = site.destination.id ?? Wording.coordinate(site.destination.coordinate)
        return Statement(
            zh:
                "\(Wording.truck(delivery)) 于 \(start) 至 \(end) 在 \(spot) 停留，\(sensor.zh)；随后于 \(Wording.time(site.unloadStart)) 到达 \(target)。",
            en:
                "\(Wording.truck(delivery)) stood at \(spot) from \(start) to \(end), \(sensor.en); it came to \(target) only at "
                + "\(Wording.time(site.unloadStart)).")
    }

    private static let counterfacts = [
        Statement(
            zh: "可能的合理原因：冲洗搅拌筒、坍落度试验、撒漏清理，或另一个尚未登记的工地。",
            en:
                "The drum may have been washed out, a slump test made, a spill cleared, or it was a second site not yet registered."
        )
    ]
}
