import Deliveries
import Tracks

/// A load cell that showed a part of the load before a halt outside every plant, and more after it.
///
/// What was taken at the plant is as real as what was added, and a cell may settle wrongly: so nobody is accused by it,
/// and nothing is called clear.
enum TopUp {
    /// Why not all of the load is known to be of its plant; `nil`: nothing speaks against it.
    static func doubt(
        _ delivery: Delivery, _ context: DeliveryContext, _ parameters: [String: Double], in world: World
    ) -> RuleAnswer? {
        let needed = world.parameters.evidence.loadChange
        let halt = delivery.haul?.halts.first { halt in
            halt.place?.kind != .plant && self.isRise(halt.evidence, needed)
                && self.isOnTruck(halt.evidence, at: delivery, context, needed)
        }
        guard let halt, let before = halt.evidence.firstLoad, let after = halt.evidence.lastLoad else { return nil }
        let (truck, spot) = (Wording.truck(delivery), Wording.coordinate(halt.coordinate))
        let (from, to) = (Wording.time(halt.start), Wording.time(halt.end))
        return RuleAnswer(
            .insufficient,
            facts: [
                Statement(
                    zh:
                        "\(truck) 离开装料站点后，于 \(from) 至 \(to) 在 \(spot) 停留，载重由 \(before) 千克升至 \(after) 千克，该处不是登记站点："
                        + "可能在该处加装，不能确认整车料均出自该站，不足以判断。",
                    en:
                        "After it had left its plant, \(truck) stood at \(spot) from \(from) to \(to), where the load rose from \(before) kg to "
                        + "\(after) kg; the place is no registered plant. More may have been loaded there, so that not all of the load is "
                        + "known to be of the plant. Too little to judge by.")
            ],
            counterfacts: [
                Statement(
                    zh: "也可能是载重传感器误差（空气悬架、停车坡度）。请核对过磅记录。",
                    en: "The load cell may have erred (air suspension, a slope): compare the weighbridge's records.")
            ],
            parameters: parameters.merging(["load_change_kg": needed]) { own, _ in own })
    }

    /// Whether a part of a load grew. A cell that read nothing before was off.
    private static func isRise(_ evidence: CarryingEvidence, _ needed: Double) -> Bool {
        guard let change = evidence.loadChange, let before = evidence.firstLoad else { return false }
        return change >= needed && Double(before) >= needed
    }

    /// Whether the cell still shows it where the first of the load was dropped; where it says nothing it may.
    private static func isOnTruck(
        _ evidence: CarryingEvidence, at delivery: Delivery, _ context: DeliveryContext, _ needed: Double
    ) -> Bool {
        guard context.isFirstDrop(delivery), let shown = delivery.haul?.drop.firstLoad, let after = evidence.lastLoad
        else { return true }
        return Double(shown) > Double(after) - needed
    }
}
