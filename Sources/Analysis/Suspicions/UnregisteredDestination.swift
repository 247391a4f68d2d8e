import Chronology
import Deliveries
import Geodesy
import Registers
import Tracks

/// 未登记工地: the truck was unloaded outside every site registered at that time.
struct UnregisteredDestination: DeliveryRule {
    let code = "unregistered-destination"
    let severity = 3
    let group = RuleGroup.destination
    let role = RuleRole.required
    let restsOnDrop = true

    func judge(_ delivery: Delivery, _ context: DeliveryContext, in world: World) -> RuleAnswer {
        let margin = world.parameters.rules.margin
        let cargo = self.exemptCargo(delivery, in: world)
        let parameters = ["margin_m": margin].merging(SmallJob.parameters(of: cargo, world.parameters)) { $1 }
        let time = delivery.unloadStart
        switch delivery.destination.kind {
        case .place where self.isYard(delivery.destination, in: world):
            return self.leftInYard(parameters)
        case .plant, .place:
            // Cement goes to plants and silos.
            return .no(parameters, zh: "卸料地点为登记的站点或场所。", en: "Unloaded at a registered plant or known place.")
        case .site, .unknown, .suspectedPlant: break
        }
        guard !world.registers.sites.isEmpty else {
            return .insufficient(parameters, zh: "尚未导入任何工地登记，无法判断去向。", en: "No register of sites is loaded.")
        }
        if let id = delivery.destination.id, let row = world.index.site(id, at: time) {
            let status = row.status.wording
            return .no(
                parameters, zh: "卸料地点为登记工地 \(row.name)（\(id)），当时状态为“\(status.zh)”。",
                en: "Unloaded at the registered site \(row.name) (\(id)), then \(status.en).")
        }
        guard let place = delivery.destination.coordinate else {
            return RuleAnswer(
                .insufficient,
                facts: [Statement(zh: "卸料地点未知。", en: "Where it was unloaded is not known.")], parameters: parameters)
        }
        let near = NearestRow.site(to: place, at: time, in: world)
        if let near, near.metres <= margin {
            return RuleAnswer(
                .no,
                facts: [
                    Statement(
                        zh: "卸料地点在登记工地\(near.wording.zh)，不超过 \(Int(margin)) 米。",
                        en: "Unloaded at a registered site: \(near.wording.en), within \(Int(margin)) m.")
                ], parameters: parameters)
        }
        var hit = RuleAnswer(
            .hit, facts: self.facts(delivery, place, margin, world),
            counterfacts: self.counterfacts(delivery, near), parameters: parameters)
        guard cargo != nil else { return hit }
        guard let job = context.smallJob else {
            return .insufficient(
                parameters, zh: "该处还运到多少方量未知，无法判断是否属于豁免的零星工程。",
                en: "What else came to the place is not known, nor whether it is a small job that is exempt.")
        }
        guard job.isReached else { return self.belowExemption(job, place, parameters, world.parameters) }
        hit.facts.insert(job.statement(at: place, world.parameters), at: hit.facts.count - 1)
        if let estimates = job.estimates(world.parameters) { hit.counterfacts.append(estimates) }
        hit.counterfacts.append(
            Statement(
                zh: "方量按地点累计：相邻的几处零星工程可能计在一起，分卸多处的车料在每处都按整车计。",
                en:
                    "The volume is counted by the place: neighbouring small jobs may be counted together, and a load with several "
                    + "drops counts whole at each."))
        return hit
    }

    /// A drop at a known place, which is none unless a sensor shows it.
    private func leftInYard(_ parameters: [String: Double]) -> RuleAnswer {
        .insufficient(
            parameters,
            zh: "传感器显示车料卸在登记的场所（非工地）：可能是退料、剩料处理，也可能由此转运，去向不足以判断。",
            en:
                "A sensor shows the load discharged at a known place that is no site: it may be what was refused or left "
                + "over, or go on from there. Too little to judge where it went.")
    }

    /// Whether it is a known place at which nothing is delivered.
    private func isYard(_ end: DeliveryEnd, in world: World) -> Bool {
        end.id.flatMap(world.index.place).map { $0.kind != .silo } ?? false
    }

    /// What was carried, where a city exempts small jobs of it and the place is in no register; else `nil`.
    private func exemptCargo(_ delivery: Delivery, in world: World) -> SmallJob.Cargo? {
        guard SmallJob.areExempt(world.parameters), delivery.destination.kind == .unknown,
            let cargo = SmallJob.cargo(of: delivery.terminal, at: delivery.unloadStart, in: world),
            SmallJob.limit(of: cargo, world.parameters) != nil
        else { return nil }
        return cargo
    }

    private func belowExemption(
        _ job: SmallJob, _ place: Coordinate, _ parameters: [String: Double], _ all: AnalysisParameters
    ) -> RuleAnswer {
        let facts = [job.statement(at: place, all)] + [job.estimates(all)].compactMap { $0 }
        guard job.unknownLoads == 0 || all.exemption.loadVolume > 0 else {
            let unknown = Statement(
                zh: "有 \(job.unknownLoads) 车既无发货单方量，登记库中也没有搅拌筒容量，方量无从得知，无法判断是否属于豁免的零星工程。",
                en:
                    "Of \(job.unknownLoads) loads neither a note nor the register tells a volume, so that whether this is a small "
                    + "job that is exempt cannot be known.")
            return RuleAnswer(.insufficient, facts: [unknown] + facts, parameters: parameters)
        }
        let exempt = Statement(
            zh: "卸料地点未登记，但已知用量低于本市设定的零星工程豁免量。",
            en:
                "The place is in no register, and what is known to have come there is below what the city exempts as a "
                + "small job."
        )
        return RuleAnswer(.no, facts: [exempt] + facts, parameters: parameters)
    }

    private func facts(_ delivery: Delivery, _ place: Coordinate, _ margin: Double, _ world: World) -> [Statement] {
        let (start, end) = (Wording.time(delivery.unloadStart), Wording.time(delivery.unloadEnd))
        let minutes = Wording.minutes(delivery.unloadEnd.seconds(since: delivery.unloadStart))
        let (truck, spot) = (Wording.truck(delivery), Wording.coordinate(place))
        let stood =
            delivery.isDropUnheard
            ? Statement(
                zh: "\(truck) 于 \(start) 在 \(spot) 附近失联，\(end) 在该处恢复（\(minutes) 分钟），推断为卸料。",
                en:
                    "\(truck) went dark around \(spot) at \(start) and came back there at \(end) (\(minutes) min), taken for "
                    + "unloading.")
            : Statement(
                zh: "\(truck) 于 \(start) 至 \(end) 在 \(spot) 停留 \(minutes) 分钟，推断为卸料。",
                en: "\(truck) stood at \(spot) from \(start) to \(end) (\(minutes) min), taken for unloading.")
        var statements = [stood]
        if let id = delivery.destination.id, let row = world.index.sites(id).last {
            let period = row.period.wording
            statements.append(
                Statement(
                    zh: "该处为工地 \(row.name)（\(id)），但其登记期限为 \(period.zh)。",
                    en: "The place is the site \(row.name) (\(id)), whose registration holds \(period.en)."))
        } else {
            statements.append(
                Statement(
                    zh: "该处距当时所有登记工地均超过 \(Int(margin)) 米。",
                    en: "The place is more than \(Int(margin)) m outside every site registered then."))
        }
        statements.append(.registers(world))
        return statements
    }

    private func counterfacts(_ delivery: Delivery, _ near: NearestRow?) -> [Statement] {
        var statements: [Statement] = []
        if let near {
            statements.append(
                Statement(
                    zh: "当时最近的登记工地：\(near.wording.zh)。", en: "The nearest site registered then: \(near.wording.en)."))
        } else {
            statements.append(
                Statement(zh: "登记库中当时没有登记工地。", en: "No site of the register was registered then."))
        }
        let confidence = Wording.percent(
            (delivery.confidence["destination"] ?? 1) * (delivery.confidence[Delivery.unheardDrop] ?? 1))
        if delivery.isDropUnheard {
            statements.append(
                Statement(
                    zh: "终端没有补传，停留未被看到：可能只是信号盲区，或终端在行驶中休眠。",
                    en: "Nothing came in for it: nobody saw it stand; it may be a dead zone, or a terminal asleep."))
        }
        statements.append(
            Statement(
                zh: "卸料由停留推断（把握 \(confidence)）：也可能是休息或维修；农村零星建房、道路抢修、装修等可依法免登记。",
                en:
                    "The unloading is inferred from a halt (sure to \(confidence)): it may have been a rest or a repair; "
                    + "small village jobs, road repairs and interior works need no registration."))
        return statements
    }
}
