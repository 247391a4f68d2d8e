import Deliveries
import Registers
import Tracks

/// 超载: the note's volume weighs more, with the truck, than the truck may.
struct Overload: DeliveryRule {
    let code = "overload"
    let severity = 3
    let group = RuleGroup.ticket
    let role = RuleRole.besideVerdict

    func judge(_ delivery: Delivery, _ context: DeliveryContext, in world: World) -> RuleAnswer {
        let volumes = world.parameters.volumes
        var parameters = ["tolerance": volumes.overloadTolerance]
        guard let match = context.ticket.match else { return .withoutTicket(context.ticket, parameters) }
        let numbers = Wording.numbers(match)
        guard let volume = match.cubicMetres else {
            return .insufficient(
                parameters, zh: "发货单 \(numbers.zh) 没有方量。", en: "Delivery note \(numbers.en) has no volume.")
        }
        let vehicle = world.vehicle(delivery.terminal, at: delivery.loadEnd ?? delivery.unloadStart)
        guard let vehicle, let tare = vehicle.tareTonnes, let limit = vehicle.grossLimitTonnes else {
            return .insufficient(
                parameters, zh: "\(Wording.truck(delivery)) 没有登记整备质量或最大允许总质量。",
                en: "The tare or the gross limit of \(Wording.truck(delivery)) is not registered.")
        }
        let product = match.ticket.product.flatMap(ProductKind.init(product:))
        guard vehicle.kind != .bulkCement, product != .cement else {
            return .insufficient(
                parameters, zh: "散装水泥按重量计，发货单方量不能换算。", en: "Cement goes by weight; a volume does not tell it.")
        }
        let isMortar = product == .mortar || product == nil && vehicle.kind == .mortar
        let density = isMortar ? volumes.mortarDensity : volumes.concreteDensity
        parameters["density_t_per_m3"] = density
        // Mortar that goes with concrete is lighter.
        let priming = isMortar ? 0 : Self.mortar(match)
        let gross = (volume - priming) * density + priming * volumes.mortarDensity + tare
        let over = limit > 0 ? gross / limit - 1 : 0
        let fact = Statement(
            zh:
                "\(Wording.cubicMetres(volume - priming)) 立方米 × \(Wording.decimal(density, digits: 2)) 吨/立方米"
                + Self.term(priming, volumes, " 立方米砂浆", "吨/立方米") + " + 整备质量 "
                + "\(Wording.decimal(tare, digits: 1)) 吨 = \(Wording.decimal(gross, digits: 1)) 吨；"
                + "\(vehicle.plate) 最大允许总质量 \(Wording.decimal(limit, digits: 1)) 吨。",
            en: "\(Wording.cubicMetres(volume - priming)) m³ × \(Wording.decimal(density, digits: 2)) t/m³"
                + Self.term(priming, volumes, " m³ of mortar", "t/m³") + " + tare "
                + "\(Wording.decimal(tare, digits: 1)) t = \(Wording.decimal(gross, digits: 1)) t; the gross limit of "
                + "\(vehicle.plate) is \(Wording.decimal(limit, digits: 1)) t.")
        guard over > volumes.overloadTolerance else { return RuleAnswer(.no, facts: [fact], parameters: parameters) }
        return .hit(
            parameters,
            facts: [
                fact,
                Statement(
                    zh: "超出 \(Wording.percent(over))。", en: "That is \(Wording.percent(over)) above."),
            ],
            counterfacts: [
                Statement(
                    zh: "按发货单（\(numbers.zh)）方量推算，未经过磅；可能的合理原因：轻质底盘、整备质量登记有误。",
                    en:
                        "This is worked out from the note (\(numbers.en)), not weighed; the chassis may be a light one, or the tare wrong."
                )
            ], in: world)
    }

    /// Cubic metres of mortar on the other notes of a load of concrete.
    private static func mortar(_ match: TicketMatch) -> Double {
        let notes = match.notes.filter { note in
            note.ticketID != match.ticket.ticketID && note.product.flatMap(ProductKind.init(product:)) == .mortar
        }
        return Ticket.cubicMetres(of: notes) ?? 0
    }

    private static func term(
        _ mortar: Double, _ volumes: AnalysisParameters.Volumes, _ what: String, _ unit: String
    ) -> String {
        guard mortar > 0 else { return "" }
        return " + \(Wording.cubicMetres(mortar))\(what) × \(Wording.decimal(volumes.mortarDensity, digits: 2)) \(unit)"
    }
}
