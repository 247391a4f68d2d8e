import Deliveries
import Tracks

/// What is said of a drum sensor that is likely mounted the wrong way round: its direction is no evidence.
enum DoubtedDrum {
    /// Why, and what cures it.
    static let statement = Statement(
        zh: "搅拌筒传感器在装料、载料行驶时多显示反转，可能装反：其转向不作为证据。请检查安装方向，或在登记表 terminals 的 drum_forward 中更正。",
        en:
            "The sensor shows the drum turning back at the plant, or for most of the way with the load: it may be mounted the wrong way "
            + "round, and its direction is no evidence. Check how it is mounted, or set `drum_forward` in the register `terminals`."
    )

    /// The hit of a rule, with that beside it.
    static func qualified(_ answer: RuleAnswer, _ delivery: Delivery) -> RuleAnswer {
        guard answer.outcome == .hit, delivery.isDrumDoubted else { return answer }
        var answer = answer
        answer.counterfacts.append(Self.statement)
        return answer
    }
}

extension Delivery {
    /// Whether which way the drum turned on the way, or at the drop, is no evidence.
    var isDrumDoubted: Bool {
        guard let haul = self.haul else { return false }
        return haul.drop.doubtedSeconds != nil || haul.halts.contains { $0.evidence.doubtedSeconds != nil }
    }
}
