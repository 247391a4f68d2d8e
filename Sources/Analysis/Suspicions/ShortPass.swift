import Chronology
import Deliveries
import Registers
import Tracks

/// A stay at a plant that was shorter than the fastest load, after a halt elsewhere at which the truck may have been
/// loaded: whoever is loaded at a hidden place drives through the yard of the plant that writes the note.
///
/// Neither can be told from the other: a plant may be quick, and the halt a meal. So nobody is accused by it, and
/// nothing is called clear.
enum ShortPass {
    /// Why it is not known at which of the two places the load was taken; `nil`: nothing speaks against the plant.
    static func doubt(
        _ delivery: Delivery, _ context: DeliveryContext, _ parameters: [String: Double], in world: World
    ) -> RuleAnswer? {
        guard let halt = delivery.haul?.elsewhere, delivery.origin.kind == .plant, let plant = delivery.origin.id,
            let came = delivery.loadStart, let left = delivery.loadEnd
        else { return nil }
        let name = world.index.plant(plant, at: left)?.name ?? plant
        let fastest = world.parameters.cycles.fastestLoadSeconds
        let (stood, limit) = (Wording.number(left.seconds(since: came) / 60), Wording.number(fastest / 60))
        let (from, to, spot) = (
            Wording.time(halt.start), Wording.time(halt.end), Wording.coordinate(halt.coordinate)
        )
        var facts = [
            Statement(
                zh:
                    "\(Wording.truck(delivery)) 于 \(Wording.time(came)) 至 \(Wording.time(left)) 在\(name)（\(plant)）只停留 \(stood) 分钟，"
                    + "计入前后上报间隔的一半仍短于最快装料所需的 \(limit) 分钟。",
                en:
                    "\(Wording.truck(delivery)) stood at \(name) (\(plant)) from \(Wording.time(came)) to \(Wording.time(left)), for \(stood) "
                    + "min: with half the time between the reports at both ends less than the \(limit) min of the fastest load."
            ),
            Statement(
                zh:
                    "此前于 \(from) 至 \(to) 在登记库之外的 \(spot) 停留 \(Wording.minutes(halt.seconds)) 分钟，足以装料。可能在该处装料、只驶过该站，"
                    + "也可能在该站快速装料，无法区分，不足以判断。",
                en:
                    "Before that it stood outside every register, at \(spot), from \(from) to \(to) (\(Wording.minutes(halt.seconds)) min), as "
                    + "long as a load takes. It may have been loaded there and have driven through the plant, or been loaded at the plant "
                    + "quickly: nobody can tell, and it is too little to judge by."),
        ]
        if let match = context.ticket.match, match.ticket.plantID == plant {
            facts.append(
                Statement(
                    zh: "\(Wording.ticket(match).zh)由该站开具，单凭发货单不能证明料出自该站。",
                    en: "The \(Wording.ticket(match).en) is of that plant, which alone does not show that the load is.")
            )
        }
        return RuleAnswer(
            .insufficient, facts: facts, counterfacts: Self.counterfacts,
            parameters: parameters.merging(["fastest_load_s": fastest]) { own, _ in own })
    }

    private static let counterfacts = [
        Statement(
            zh: "可能的合理原因：该站装料确实很快；此前的停留是就餐、加油、维修或等候。请核对该站当时的生产（配料）记录和过磅记录。",
            en:
                "The plant may load that quickly, and the halt before may have been a meal, refuelling, a repair or a wait: compare the "
                + "plant's batching records and the weighbridge's.")
    ]
}
