import Chronology
import Deliveries
import Registers
import Tracks

/// Where a load is judged to have been taken, where its own delivery note is of another plant than the one that is
/// read; the row keeps what was read.
///
/// - Both plants' fences hold the halt (two licences in one yard): the note's plant is the one.
/// - The truck had stood at the note's plant before, and only shortly at the one that is read: the same.
/// - It stood there for longer: which of the two it was nobody can tell, and only what would be said of both is said.
struct OriginOfNote {
    private let world: World
    /// What is judged, …
    private let meant: Sight
    /// … and what it may have been as well.
    private let other: Sight?

    init(_ read: Delivery, _ context: DeliveryContext, in world: World) {
        self.world = world
        guard let match = context.ticket.match, match.agreement.isOfEarlierLoad, let earlier = read.asLoadedEarlier
        else {
            (self.meant, self.other) = (Sight(read, context, in: world), nil)
            return
        }
        var before = context
        (before.plantMonth, before.corridors, before.way) = (nil, nil, nil)
        let stood = Sight(earlier, before, in: world)
        guard match.agreement.isLoadInDoubt else {
            // The note shows that the truck merely stood at the plant that is read.
            (self.meant, self.other) = (stood, nil)
            return
        }
        var asRead = context
        var readMatch = match
        readMatch.agreement = TicketAgreement(asRead: match.load, match.nearest, in: world)
        asRead.ticket = .matched(readMatch)
        (self.meant, self.other) = (Sight(read, asRead, in: world), stood)
    }

    /// What the rule says.
    func answer(of rule: any DeliveryRule) -> RuleAnswer {
        let answer = self.meant.answer(of: rule, in: self.world)
        guard let other = self.other, rule.restsOnLoad || rule is UnlicensedOrigin, Self.looksAtPlants(rule) else {
            return answer
        }
        let before = other.answer(of: rule, in: self.world)
        switch (answer.outcome, before.outcome) {
        case (.hit, .hit):
            var both = answer
            both.counterfacts.insert(contentsOf: self.doubt(other).map { [$0] } ?? [], at: 0)
            return both
        case (.hit, _), (_, .hit):
            let cycles = self.world.parameters.cycles
            let limits = [
                "certain_reload_s": cycles.certainReloadSeconds, "possible_reload_s": cycles.possibleReloadSeconds,
            ]
            return RuleAnswer(
                .insufficient, facts: self.doubt(other).map { [$0] } ?? answer.facts,
                parameters: answer.parameters.merging(limits) { own, _ in own })
        case (.no, .insufficient) where rule.role == .required: return before
        default: return answer
        }
    }

    /// What speaks for each of the two plants.
    private func doubt(_ other: Sight) -> Statement? {
        let (read, before) = (self.meant.delivery, other.delivery)
        guard let ticket = self.meant.context.ticket.match?.ticket, let there = before.origin.id,
            let came = read.loadStart, let left = read.loadEnd, let from = before.loadStart, let to = before.loadEnd
        else { return nil }
        let (note, issued) = (ticket.ticketID, Wording.time(ticket.issuedAt))
        let first = Self.name(there, self.world)
        guard read.origin.kind == .plant, let here = read.origin.id else { return Self.rest(of: first, ticket, read) }
        let second = Self.name(here, self.world)
        return Statement(
            zh:
                "\(Wording.truck(read)) 于 \(Wording.time(from)) 至 \(Wording.time(to)) 停在\(first.zh)，发货单 \(note) 由该站于 \(issued) 开具，"
                + "其后没有卸料；再于 \(Wording.time(came)) 至 \(Wording.time(left)) 停在\(second.zh)，没有传感器表明在那里装料，"
                + "该车次也没有\(second.zh)的发货单。可能在前一站装料、在后一站只是就餐或维修，也可能在后一站装料，无法区分。",
            en:
                "\(Wording.truck(read)) stood at \(first.en) from \(Wording.time(from)) to \(Wording.time(to)), whose delivery note "
                + "\(note) was written at \(issued), and dropped nothing before it stood at \(second.en) from "
                + "\(Wording.time(came)) to \(Wording.time(left)). No sensor shows a loading there, and no note of \(second.en) is "
                + "known for this load. It may have been loaded at the first and have had a meal or a repair at the second, or have "
                + "been loaded at the second: nobody can tell.")
    }

    /// What speaks for the rest of a plant's load, and what for a load at a halt outside the registers.
    private static func rest(of plant: (zh: String, en: String), _ ticket: Ticket, _ read: Delivery) -> Statement {
        let (note, issued) = (ticket.ticketID, Wording.time(ticket.issuedAt))
        let (truck, spot) = (Wording.truck(read), Wording.coordinate(read.origin.coordinate))
        let (came, left) = (read.loadStart.map(Wording.time) ?? "?", read.loadEnd.map(Wording.time) ?? "?")
        return Statement(
            zh:
                "\(truck) 该处卸料有\(plant.zh)于 \(issued) 开具的发货单 \(note)，可能是该站上一车料的剩余；其间 \(came) 至 \(left) 在 \(spot) 停留，"
                + "没有传感器表明在那里装料，但该处是疑似搅拌点，或各发货单合计超过罐容。无法区分，不足以判断。",
            en:
                "For where \(truck) unloaded there is the delivery note \(note) of \(plant.en), written at \(issued): it may be the rest of "
                + "the load taken there. In between it stood at \(spot) from \(came) to \(left); no sensor shows a loading there, but the "
                + "place is a suspected plant, or the notes together are more than the drum holds. Nobody can tell: too little to "
                + "judge by.")
    }

    private static func name(_ id: String, _ world: World) -> (zh: String, en: String) {
        guard let name = world.index.plants(id).last?.name else { return (id, id) }
        return ("\(name)（\(id)）", "\(name) (\(id))")
    }

    /// Whether the rule asks what plant it was; ages and ways are those of the halt, whosever it was.
    private static func looksAtPlants(_ rule: any DeliveryRule) -> Bool {
        switch rule.group {
        case .origin, .destination, .ticket: true
        case .quality, .device, .driving: false
        }
    }

    /// A delivery and what is known of it, as the rules look at them.
    private struct Sight {
        let delivery: Delivery
        let context: DeliveryContext
        /// The plant of its own note, another than the one that is read: the fences of both hold the halt.
        private let sharing: String?

        init(_ delivery: Delivery, _ context: DeliveryContext, in world: World) {
            (self.delivery, self.context) = (delivery, context)
            self.sharing = Self.sharing(delivery, context, in: world)
        }

        private static func sharing(_ delivery: Delivery, _ context: DeliveryContext, in world: World) -> String? {
            guard context.ticket.match?.isOwn == true, let plant = context.ticket.match?.ticket.plantID,
                delivery.origin.kind == .plant, delivery.origin.id != plant, let halt = delivery.origin.coordinate,
                let loadEnd = delivery.loadEnd,
                world.metres(from: halt, to: PlaceReference(.plant, plant), at: loadEnd) == 0
            else { return nil }
            return plant
        }

        func answer(of rule: any DeliveryRule, in world: World) -> RuleAnswer {
            guard let plant = self.sharing, OriginOfNote.looksAtPlants(rule) else {
                return self.answer(of: rule, self.delivery, in: world)
            }
            var answer = self.answer(of: rule, self.delivery.asLoaded(atPlant: plant), in: world)
            if answer.outcome == .hit, rule.restsOnLoad, let read = self.delivery.origin.id {
                let (meant, also) = (OriginOfNote.name(plant, world), OriginOfNote.name(read, world))
                answer.facts.append(
                    Statement(
                        zh: "装料停留处同在\(also.zh)和\(meant.zh)的围栏内，按发货单以后者为装料站点。",
                        en:
                            "Where it stood to be loaded lies in the fences of both \(also.en) and \(meant.en); by the delivery note the "
                            + "latter is taken for the plant."))
            }
            return answer
        }

        private func answer(of rule: any DeliveryRule, _ delivery: Delivery, in world: World) -> RuleAnswer {
            let answer = rule.answerSoFar(delivery, self.context, in: world)
            // A number that was used twice rests on no fence.
            guard !(rule is DuplicateTicket) else { return answer }
            let hold = CoordinateHold(world: world)
            let held = hold.held(answer, of: rule.group, delivery, self.context)
            // What was discharged on the way was discharged elsewhere.
            guard rule.group == .destination, !(rule is PartialDiversion) else { return held }
            return hold.heldByNote(held, delivery, self.context)
        }
    }
}
