import Chronology
import Deliveries
import Tracks

/// One rule of the catalogue: a pure function of a delivery, what other stored facts say of it, the registers and the
/// parameters.
protocol DeliveryRule: Sendable {
    /// The code that is printed.
    var code: String { get }
    /// 1 notice, 2 attention, 3 inspect, 4 urgent.
    var severity: Int { get }
    var group: RuleGroup { get }
    var role: RuleRole { get }
    /// Whether a hit rests on where, or when, the truck was loaded: it says nothing where nobody saw that.
    var restsOnLoad: Bool { get }
    /// The same of the drop.
    var restsOnDrop: Bool { get }
    /// Whether a hit rests on what registers and notes said of that day: it says nothing where the day is not known.
    var restsOnDate: Bool { get }

    func judge(_ delivery: Delivery, _ context: DeliveryContext, in world: World) -> RuleAnswer
}

extension DeliveryRule {
    var restsOnLoad: Bool { false }
    var restsOnDrop: Bool { false }
    var restsOnDate: Bool { [.origin, .destination, .ticket].contains(self.group) }

    /// What the rule says; that it cannot say, where a hit would rest on a load or a drop that nobody saw, on a stretch
    /// in the dark that may still be filled in, or on a date that nobody can tell.
    func answer(_ delivery: Delivery, _ context: DeliveryContext, in world: World) -> RuleAnswer {
        let answer = self.seen(delivery, context, in: world)
        return [.origin, .destination, .quality].contains(self.group)
            ? DoubtedDrum.qualified(answer, delivery) : answer
    }

    private func seen(_ delivery: Delivery, _ context: DeliveryContext, in world: World) -> RuleAnswer {
        let answer = self.judge(delivery, context, in: world)
        guard answer.outcome == .hit else { return answer }
        if self.restsOnDate, delivery.isDateInDoubt {
            return .insufficient(
                answer.parameters,
                zh: "终端时钟比接收时间早 1024 周的整数倍（疑似 GPS 周数翻转），日期有疑，无法按当日的登记和发货单判断；请校正或更换终端。",
                en:
                    "The terminal's clock is eras of 1024 weeks behind the time of receipt (the GPS week number rolled over), so the day "
                    + "is not known, nor what registers and notes said of it: set it right, or change the terminal.")
        }
        if self.restsOnDrop, delivery.isDropUnseen {
            let (start, end) = (Wording.time(delivery.unloadStart), Wording.time(delivery.unloadEnd))
            return .insufficient(
                answer.parameters, zh: "卸料过程未被看到（终端失联，推断约在 \(start) 至 \(end)），卸料地点和时间只是推断，不足以判断。",
                en:
                    "Nobody saw the unloading: the terminal was dark, and from about \(start) to \(end) is what is likeliest. That is "
                    + "too little to judge by.")
        }
        let settled = delivery.unloadEnd.advanced(bySeconds: world.parameters.hauls.backfill)
        if self.restsOnDrop, delivery.isDropUnheard, context.asOf < settled {
            return .insufficient(
                answer.parameters.merging(["backfill_s": world.parameters.hauls.backfill]) { own, _ in own },
                zh: "车辆在卸料处附近失联后又在该处恢复，停留未被看到，终端可能补传，\(Wording.time(settled)) 后再判断。",
                en:
                    "The truck went dark about where it was unloaded and came back there: nobody saw it stand. The terminal may still "
                    + "fill that in, so it is judged after \(Wording.time(settled)).")
        }
        if self.restsOnLoad || self.restsOnDrop, let change = delivery.changeOfTruck(in: world) {
            return .insufficient(answer.parameters, zh: change.zh, en: change.en)
        }
        guard self.restsOnLoad, delivery.isLoadUnseen else {
            let loaded = self.restsOnLoad ? InferredLoad.objection(to: answer, delivery, context, in: world) : nil
            let objection =
                loaded
                ?? InferredSupply.objection(
                    to: answer, restsOnLoad: self.restsOnLoad, restsOnDrop: self.restsOnDrop, delivery, context,
                    in: world)
            if let objection { return objection }
            let supported = InferredSupply.supported(
                answer, restsOnLoad: self.restsOnLoad, restsOnDrop: self.restsOnDrop, delivery, context, in: world)
            return self.restsOnLoad ? InferredLoad.qualified(supported, delivery, context) : supported
        }
        let (start, end) = (delivery.loadStart.map(Wording.time) ?? "?", delivery.loadEnd.map(Wording.time) ?? "?")
        return .insufficient(
            answer.parameters, zh: "装料过程未被看到（终端失联，推断约在 \(start) 至 \(end)），装料地点和时间只是推断，不足以判断。",
            en:
                "Nobody saw the loading: the terminal was dark, and from about \(start) to \(end) is what is likeliest. That is too "
                + "little to judge by.")
    }
}

/// One rule of the catalogue about a delivery note rather than a delivery: the note may belong to no trip at all.
protocol TicketRule: Sendable {
    /// The code that is printed.
    var code: String { get }
    /// 1 notice, 2 attention, 3 inspect, 4 urgent.
    var severity: Int { get }

    func judge(_ note: TicketContext, in world: World) -> RuleAnswer
}

/// What the hits of one group tell is much the same, so that they do not add up in full.
enum RuleGroup: CaseIterable {
    case origin, destination, ticket, quality, device, driving
}

/// What a rule means for the verdict.
enum RuleRole {
    /// Its hit makes the delivery suspicious, and without its answer nothing is called clear.
    case required
    /// Its hit makes the delivery suspicious; where it cannot be judged, that alone leaves nothing open.
    case deciding
    /// Shown beside the verdict.
    case besideVerdict
}

/// What a rule says, before its name is put to it.
struct RuleAnswer: Hashable, Sendable {
    var outcome: Judgement.Outcome
    var facts: [Statement]
    var counterfacts: [Statement] = []
    var parameters: [String: Double] = [:]
    /// Where a fact makes a hit graver than the rule is by itself.
    var severity: Int?
    /// Where a fact makes the hit of a rule that stands beside the verdict decide it.
    var decides = false

    init(
        _ outcome: Judgement.Outcome, facts: [Statement], counterfacts: [Statement] = [],
        parameters: [String: Double] = [:], severity: Int? = nil, decides: Bool = false
    ) {
        self.outcome = outcome
        self.facts = facts
        self.counterfacts = counterfacts
        self.parameters = parameters
        self.severity = severity
        self.decides = decides
    }

    static func no(_ parameters: [String: Double] = [:], zh: String, en: String) -> RuleAnswer {
        RuleAnswer(.no, facts: [Statement(zh: zh, en: en)], parameters: parameters)
    }

    static func insufficient(_ parameters: [String: Double] = [:], zh: String, en: String) -> RuleAnswer {
        RuleAnswer(.insufficient, facts: [Statement(zh: zh, en: en)], parameters: parameters)
    }

    static func hit(
        _ parameters: [String: Double] = [:], facts: [Statement], counterfacts: [Statement], in world: World
    ) -> RuleAnswer {
        RuleAnswer(.hit, facts: facts + [.registers(world)], counterfacts: counterfacts, parameters: parameters)
    }
}
