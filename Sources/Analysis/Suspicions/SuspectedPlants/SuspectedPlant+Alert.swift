import Geodesy

extension SuspectedPlant {
    /// What an alert says of it: where it is, what speaks for it, what against, and that it is a lead.
    package var alertFacts: [Statement] {
        let (spot, score) = (Wording.coordinate(self.coordinate), Wording.decimal(self.score, digits: 1))
        let card = self.evidence
        let lead = Statement(
            zh:
                "\(spot) 处发现疑似搅拌点 \(self.suspectedPlantID)：疑似装料 \(card.loads) 车次、\(card.trucks) 辆车，评分 \(score)；不在任何登记场所内。",
            en:
                "A suspected plant \(self.suspectedPlantID) was found at \(spot): \(Wording.count(card.loads, "likely load")) "
                + "by \(Wording.count(card.trucks, "truck")), score \(score); it lies in no registered place.")
        let ordered = self.reasons.sorted { ($1.points, $0.name) < ($0.points, $1.name) }
        return [lead] + ordered.map(\.statement) + [.leadOnly]
    }
}
