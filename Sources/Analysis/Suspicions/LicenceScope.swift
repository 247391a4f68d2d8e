import Chronology
import Deliveries
import Registers
import Tracks

/// 资质范围不符: what was carried is not what the plant is licensed to make, for example concrete from a mortar filing.
///
/// The note's product says what was carried, of several notes of one load the largest one's; without one the kind of
/// the truck does. Priming mortar of a concrete plant is no business in mortar: the pour that it goes before is
/// concrete.
struct LicenceScope: DeliveryRule {
    let code = "licence-scope"
    let severity = 3
    let group = RuleGroup.origin
    let role = RuleRole.deciding
    let restsOnLoad = true

    func judge(_ delivery: Delivery, _ context: DeliveryContext, in world: World) -> RuleAnswer {
        guard delivery.origin.kind == .plant, let id = delivery.origin.id, let loadEnd = delivery.loadEnd else {
            guard delivery.origin.coordinate != nil else {
                return .insufficient(
                    zh: "装料地点未知，无法查对资质范围。", en: "The loading place is not known, so its licence cannot be looked up.")
            }
            return .no(zh: "装料地点不属于任何登记站点，无资质范围可查。", en: "It was loaded at no registered plant.")
        }
        let rows = world.index.plants(id)
        let valid = rows.filter { $0.period.contains(loadEnd) }
        let licensed = Set((valid.isEmpty ? rows.suffix(1) : valid[...]).map(\.licenceKind))
        guard let name = rows.last?.name, !licensed.isEmpty else {
            return .insufficient(zh: "登记库中已无站点 \(id)。", en: "The register no longer has the plant \(id).")
        }
        guard let (carried, isByTicket) = Self.carried(delivery, context, world) else {
            return .insufficient(
                zh: "车辆未登记，也没有写明产品的发货单，所运产品未知。",
                en:
                    "The vehicle is not registered and no delivery note names a product, so what was carried is not known."
            )
        }
        let kinds = Plant.LicenceKind.allCases.filter(licensed.contains)
        let (zh, en) = (kinds.map(\.wording.zh).joined(separator: "、"), kinds.map(\.wording.en).joined(separator: ", "))
        let source = Self.source(context, isByTicket)
        let fact = Statement(
            zh: "\(name)（\(id)）的资质类别为\(zh)；该车次所运为\(carried.wording.zh)（依据：\(source.zh)）。",
            en: "\(name) (\(id)) is licensed for \(en); this load was \(carried.wording.en) (by \(source.en)).")
        guard !licensed.contains(carried) else { return RuleAnswer(.no, facts: [fact]) }
        if carried == .mortar, licensed.contains(.concrete),
            let reason = Self.priming(delivery, context, world)
        {
            return RuleAnswer(
                .no, facts: [fact, reason], parameters: ["priming_m3": world.parameters.tickets.primingVolume])
        }
        if !isByTicket, carried == .concrete, licensed.contains(.mortar) {
            return .insufficient(
                zh: "\(name)（\(id)）的资质类别为\(zh)；没有写明产品的发货单，而湿拌砂浆也用搅拌车运输，所运产品未知。",
                en:
                    "\(name) (\(id)) is licensed for \(en); no delivery note names a product, and wet mortar travels in mixers, too, so "
                    + "what was carried is not known.")
        }
        return .hit(facts: [fact], counterfacts: [Self.counterfact(isByTicket)], in: world)
    }

    /// Why mortar from a concrete plant is what a pump is primed with; `nil` where it is not known to be.
    private static func priming(
        _ delivery: Delivery, _ context: DeliveryContext, _ world: World
    ) -> Statement? {
        guard let match = context.ticket.match, world.kind(of: delivery) == .mixer else { return nil }
        let rules = world.parameters.tickets
        let concrete = match.notes.filter { $0.product.flatMap(ProductKind.init(product:)) == .concrete }
        let mortar = match.notes.filter { $0.product.flatMap(ProductKind.init(product:)) == .mortar }
        if !concrete.isEmpty, mortar.allSatisfy({ $0.isPriming(rules) }) {
            let numbers = concrete.map(\.ticketID)
            return Statement(
                zh: "同车另有混凝土发货单 \(numbers.joined(separator: "、"))：少量砂浆用于泵送前润管，不单独判断资质范围。",
                en:
                    "The same load has the note \(numbers.joined(separator: ", ")) of concrete: the little mortar primes the pump, and is "
                    + "not judged by itself.")
        }
        let isNamed = match.notes.allSatisfy { note in
            note.isPriming(rules) && note.product.map(ProductKind.isPriming(product:)) ?? false
        }
        guard isNamed, delivery.destination.kind == .site, (match.cubicMetres ?? 0) <= rules.primingVolume else {
            return nil
        }
        return Statement(
            zh: "发货单写明为泵送前的润管砂浆，不超过 \(Wording.number(rules.primingVolume)) 立方米，由搅拌车送至工地：属混凝土浇筑的一部分，不单独判断资质范围。",
            en:
                "The note says that it primes a concrete pump, it is no more than \(Wording.number(rules.primingVolume)) m³, and a mixer "
                + "brought it to a site: it belongs to a pour of concrete, and is not judged by itself.")
    }

    /// What was carried, and whether the note says so.
    private static func carried(
        _ delivery: Delivery, _ context: DeliveryContext, _ world: World
    ) -> (Plant.LicenceKind, Bool)? {
        if let product = context.ticket.match?.ticket.product.flatMap(ProductKind.init(product:)) {
            return (product.licence, true)
        }
        switch world.kind(of: delivery) {
        case .mixer: return (.concrete, false)
        case .mortar: return (.mortar, false)
        case .bulkCement: return (.cement, false)
        case nil: return nil
        }
    }

    private static func source(_ context: DeliveryContext, _ isByTicket: Bool) -> (zh: String, en: String) {
        guard isByTicket, let ticket = context.ticket.match?.ticket else {
            return ("登记车型", "the registered kind of truck")
        }
        let others = context.ticket.match?.otherNumbers ?? []
        return (
            "发货单 \(ticket.ticketID)，产品 \(ticket.product ?? "")"
                + (others.isEmpty ? "" : "；同车另有发货单 \(others.joined(separator: "、"))"),
            "delivery note \(ticket.ticketID), product \(ticket.product ?? "")"
                + (others.isEmpty ? "" : "; of the same load also \(others.joined(separator: ", "))")
        )
    }

    private static func counterfact(_ isByTicket: Bool) -> Statement {
        if isByTicket {
            return Statement(zh: "可能的合理原因：发货单上的产品代码填写有误。", en: "The product code on the note may be wrong.")
        }
        return Statement(
            zh: "可能的合理原因：车型登记有误，或该站新取得的资质尚未更新。",
            en: "The kind of the truck may be registered wrongly, or a new licence may not have reached the register.")
    }
}

extension ProductKind {
    fileprivate var licence: Plant.LicenceKind {
        switch self {
        case .concrete: .concrete
        case .mortar: .mortar
        case .cement: .cement
        }
    }
}

extension Plant.LicenceKind {
    var wording: (zh: String, en: String) {
        switch self {
        case .concrete: ("预拌混凝土", "concrete")
        case .mortar: ("预拌砂浆", "mortar")
        case .cement: ("散装水泥", "cement")
        }
    }
}
