import Chronology
import Deliveries
import Registers
import Tracks

/// 资质失效: the plant's licence did not hold when the truck left it: expired, not begun, suspended, revoked or
/// cancelled. A plant told to mend something (整改) may supply.
struct LicenceInvalid: DeliveryRule {
    let code = "licence-invalid"
    let severity = 4
    let group = RuleGroup.origin
    let role = RuleRole.required
    let restsOnLoad = true

    func judge(_ delivery: Delivery, _ context: DeliveryContext, in world: World) -> RuleAnswer {
        guard !world.registers.plants.isEmpty else {
            return RuleAnswer(
                .insufficient,
                facts: [Statement(zh: "尚未导入任何站点登记，无法判断资质。", en: "No register of plants is loaded.")])
        }
        guard delivery.origin.kind == .plant, let id = delivery.origin.id, let loadEnd = delivery.loadEnd else {
            return self.withoutPlant(delivery)
        }
        let rows = world.index.plants(id)
        guard !rows.isEmpty else {
            return RuleAnswer(
                .insufficient,
                facts: [Statement(zh: "登记库中已无站点 \(id)。", en: "The register no longer has the plant \(id).")])
        }
        let time = Wording.time(loadEnd)
        guard let row = world.index.plant(id, at: loadEnd) else {
            return self.outsideAllPeriods(rows, at: loadEnd, world)
        }
        let (status, period) = (row.status.wording, row.period.wording)
        let licence = row.licenceNumber.map { " \($0)" } ?? ""
        let fact = Statement(
            zh: "\(row.name)（\(id)）资质\(licence)：装料结束时（\(time)）状态为“\(status.zh)”，有效期 \(period.zh)。",
            en: "Licence\(licence) of \(row.name) (\(id)): \(status.en) when loading ended (\(time)), its row holds "
                + "\(period.en).")
        guard !row.status.maySupply else { return RuleAnswer(.no, facts: [fact]) }
        return RuleAnswer(.hit, facts: [fact, .registers(world)], counterfacts: Self.counterfacts(rows, loadEnd))
    }

    /// A load at no known plant has no licence that could be invalid; one that was not seen may have.
    private func withoutPlant(_ delivery: Delivery) -> RuleAnswer {
        guard delivery.origin.coordinate != nil, delivery.loadEnd != nil else {
            return RuleAnswer(
                .insufficient,
                facts: [
                    Statement(
                        zh: "装料地点未知，无法查对资质。", en: "The loading place is not known, so no licence can be looked up.")
                ])
        }
        return RuleAnswer(
            .no,
            facts: [
                Statement(
                    zh: "装料地点不属于任何登记站点，无资质可查（见“无资质来源”）。",
                    en: "The loading place is no registered plant, so there is no licence to look up (see "
                        + "unlicensed-origin).")
            ])
    }

    private func outsideAllPeriods(_ rows: [Plant], at loadEnd: Instant, _ world: World) -> RuleAnswer {
        let id = rows[0].plantID
        let time = Wording.time(loadEnd)
        let before = rows.last { $0.period.to.map { $0 <= loadEnd } ?? false }
        let fact: Statement
        if let before, let ended = before.period.to {
            let last = Wording.date(ended.advanced(bySeconds: -1))
            fact = Statement(
                zh: "\(before.name)（\(id)）的资质已于 \(last) 到期，装料结束于 \(time)。",
                en: "The licence of \(before.name) (\(id)) ran out on \(last); loading ended at \(time).")
        } else {
            let first = Wording.date(rows[0].period.from)
            fact = Statement(
                zh: "\(rows[0].name)（\(id)）的资质自 \(first) 起生效，装料结束于 \(time)，早于生效日期。",
                en: "The licence of \(rows[0].name) (\(id)) begins on \(first); loading ended before, at \(time).")
        }
        return RuleAnswer(.hit, facts: [fact, .registers(world)], counterfacts: Self.counterfacts(rows, loadEnd))
    }

    private static func counterfacts(_ rows: [Plant], _ loadEnd: Instant) -> [Statement] {
        var statements: [Statement] = []
        if let later = rows.first(where: { $0.status.maySupply && $0.period.from > loadEnd }) {
            let first = Wording.date(later.period.from)
            statements.append(
                Statement(zh: "该站资质自 \(first) 起又有效。", en: "The plant is licensed again from \(first)."))
        }
        statements.append(
            Statement(
                zh: "可能的合理原因：续期已受理但登记库尚未更新。",
                en: "It may be explained by a renewal that was granted but has not reached the register."))
        return statements
    }
}
