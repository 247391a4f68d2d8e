import Deliveries
import Registers
import Tracks

/// 出借资质（挂靠）: the note is of one plant, and the truck was loaded at another place.
///
/// Another place is one more than the catalogue's margin (80 m) outside the fence of the note's plant. Only in the yard
/// of another registered plant it takes the queue zone (300 m): plants of one industrial park share gates and roads, a
/// truck that waits for the rear one stands in the yard of the front one, and whose loader filled it nobody can tell.
struct NameLending: DeliveryRule {
    let code = "name-lending"
    let severity = 4
    let group = RuleGroup.origin
    let role = RuleRole.deciding
    let restsOnLoad = true

    func judge(_ delivery: Delivery, _ context: DeliveryContext, in world: World) -> RuleAnswer {
        let parameters = [
            "margin_m": world.parameters.rules.margin, "queue_m": world.parameters.hauls.queueDistance,
        ]
        guard let match = context.ticket.match else { return .withoutTicket(context.ticket, parameters) }
        let ticket = match.ticket
        switch match.agreement.plant {
        case .unknown:
            if let metres = Self.metres(delivery, ticket, world) {
                let (near, zone) = (Wording.metres(metres), Int(world.parameters.hauls.queueDistance))
                return .insufficient(
                    parameters, zh: "装料处距发货单上的站点（\(ticket.plantID)）仅 \(near.zh)，在其 \(zone) 米排队区内，无法区分相邻两站。",
                    en:
                        "It was loaded \(near.en) from the plant of the note (\(ticket.plantID)), within its queue zone of "
                        + "\(zone) m, so that the two neighbours cannot be told apart.")
            }
            return .insufficient(
                parameters, zh: "装料地点或发货单上的站点（\(ticket.plantID)）位置未知，无从比对。",
                en: "Where it was loaded, or where the plant of the note (\(ticket.plantID)) stands, is not known.")
        case .same where match.agreement.isOfEarlierLoad:
            let spot = Wording.coordinate(match.load.origin.coordinate)
            let stood = match.load.origin.id.map { Self.name($0, world) } ?? (spot, spot)
            return .no(
                parameters,
                zh: "装料地点与\(Wording.ticket(match).zh)上的站点一致；此后在 \(stood.0) 仅短暂停留，不视为装料。",
                en:
                    "It was loaded at the plant of \(Wording.ticket(match).en); the short stand at \(stood.1) afterwards is not "
                    + "taken for a load.")
        case .same:
            if let doubt = ShortPass.doubt(delivery, context, parameters, in: world) { return doubt }
            return .no(
                parameters, zh: "装料地点与\(Wording.ticket(match).zh)上的站点一致。",
                en: "It was loaded at the plant of \(Wording.ticket(match).en).")
        case .different: break
        }
        let issuer = Self.name(ticket.plantID, world)
        let place = delivery.origin
        let loadedAt =
            place.id.map { Self.name($0, world) } ?? (
                Wording.coordinate(place.coordinate), Wording.coordinate(place.coordinate)
            )
        let time = delivery.loadEnd.map(Wording.time) ?? "?"
        let away = Wording.metres(Self.metres(delivery, ticket, world) ?? .nan)
        return .hit(
            parameters,
            facts: [
                Statement(
                    zh:
                        "\(Wording.truck(delivery)) 于 \(time) 离开装料地点 \(loadedAt.0)；\(Wording.ticket(match).zh)却由 \(issuer.0) 开具，两地相距 \(away.zh)。",
                    en: "\(Wording.truck(delivery)) left \(loadedAt.1), where it was loaded, at \(time); but "
                        + "\(Wording.ticket(match).en) is of \(issuer.1), \(away.en) from there.")
            ], counterfacts: Self.counterfacts(ticket, delivery, world), in: world)
    }

    /// From where it was loaded to the fence of the note's plant.
    private static func metres(_ delivery: Delivery, _ ticket: Ticket, _ world: World) -> Double? {
        delivery.origin.coordinate.flatMap {
            world.metres(
                from: $0, to: PlaceReference(.plant, ticket.plantID), at: delivery.loadEnd ?? delivery.unloadStart)
        }
    }

    private static func name(_ id: String, _ world: World) -> (String, String) {
        guard let name = world.index.plants(id).last?.name else { return (id, id) }
        return ("\(name)（\(id)）", "\(name) (\(id))")
    }

    private static func counterfacts(_ ticket: Ticket, _ delivery: Delivery, _ world: World) -> [Statement] {
        var statements: [Statement] = []
        let issuer = world.index.plants(ticket.plantID).last?.creditCode
        let loader = delivery.origin.id.flatMap { world.index.plants($0).last?.creditCode }
        if let issuer, issuer == loader {
            statements.append(
                Statement(
                    zh: "两站属同一企业（信用代码 \(issuer)），可能是内部调配。",
                    en:
                        "Both plants belong to one company (credit code \(issuer)), which may have moved the order between them."
                ))
        }
        statements.append(
            Statement(
                zh: "可能的合理原因：开票时选错站点，或该站临时租用他站生产线。",
                en: "The clerk may have picked the wrong plant, or the plant may have rented a line of the other."))
        return statements
    }
}
