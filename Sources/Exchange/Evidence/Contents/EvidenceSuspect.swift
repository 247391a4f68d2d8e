package import Chronology
import Deliveries
package import Suspicions

/// A suspected plant that a delivery names as one of its ends: what the judgement rested on there.
package struct EvidenceSuspect: Sendable, Hashable {
    package var suspectedPlantID: String
    /// Its evidence card; `nil`: none was kept, and the search finds it no more.
    package var card: SuspectedPlant?
    /// When the card was made, or kept with the judgement.
    package var cardAt: Instant?
    /// Whether the card is the one that stood when the delivery was judged, and not today's.
    package var isOfJudgement: Bool
    /// What people decided about it, the earliest first; later ones than the judgement too.
    package var decisions: [SuspectDecision]

    package init(
        suspectedPlantID: String, card: SuspectedPlant?, cardAt: Instant?, isOfJudgement: Bool,
        decisions: [SuspectDecision]
    ) {
        self.suspectedPlantID = suspectedPlantID
        self.card = card
        self.cardAt = cardAt
        self.isOfJudgement = isOfJudgement
        self.decisions = decisions
    }

    /// How far people had got with it at a time.
    func status(at instant: Instant) -> SuspectStatus {
        self.decisions.last { $0.at <= instant }?.status ?? .lead
    }

    /// How the card stands to the judgement, for a reader.
    func wording(judgedAt: Instant) -> Statement {
        guard self.card != nil else {
            return Statement(
                zh: "判定时的证据卡未留存，现已不再检出该点。", en: "Its card was not kept, and the search finds the place no more.")
        }
        let at = self.cardAt?.description ?? "?"
        return self.isOfJudgement
            ? Statement(
                zh: "证据卡为判定时（\(ChinaTime.text(judgedAt))）所依据的一份。",
                en: "The card is the one that stood at the judgement, \(judgedAt).")
            : Statement(
                zh: "判定时的证据卡未留存；以下为 \(ChinaTime.text(self.cardAt)) 的一份，数字可能多于判定时。",
                en: "The card of the judgement was not kept; this is the one of \(at), and its counts may be higher.")
    }
}

extension EvidenceCase {
    /// Why the origin counts for as much as it does: what it was sure to, against the limit that the rule names.
    /// Nothing of a delivery that the rule did not meet.
    var severityOfOrigin: Statement? {
        guard
            let hit = self.judged.judgements.first(where: { $0.rule == "unlicensed-origin" && $0.outcome == .hit }),
            let limit = hit.parameters["urgent_confidence"]
        else { return nil }
        func percent(_ share: Double) -> String { "\(Int((share * 100).rounded())) %" }
        let delivery = self.judged.delivery
        let sure = delivery.confidence["origin"] ?? 1
        let (have, least, severity) = (percent(sure), percent(limit), hit.severity)
        guard sure >= limit else {
            return Statement(
                zh: "来源级别 \(severity)：装料把握 \(have)，低于 \(least)（urgent_confidence），依据仅为一次停留，故不列为最高级。",
                en:
                    "Origin, severity \(severity): the loading is sure to \(have), below \(least) (urgent_confidence): it rests "
                    + "on a single halt, so it is not of the gravest kind.")
        }
        let head = Statement(
            zh: "来源级别 \(severity)：装料把握 \(have)，不低于 \(least)（urgent_confidence）。",
            en:
                "Origin, severity \(severity): the loading is sure to \(have), no less than \(least) (urgent_confidence)."
        )
        guard delivery.origin.kind == .suspectedPlant, let id = delivery.origin.id else {
            return Statement(
                zh: head.zh + "传感器显示进料，或该车在此多次装料，或当时该处为疑似搅拌点。",
                en: head.en
                    + " A sensor shows the load, or the truck was loaded there again and again, or the place was a "
                    + "suspected plant then.")
        }
        return Statement(
            zh: head.zh + "装料地为疑似搅拌点 \(id)，在该处的一次停留按多次装料计；有传感器进料信号的把握更高。该点的依据见下。",
            en: head.en
                + " It was loaded at the suspected plant \(id): a halt there counts as one where trucks were loaded "
                + "again and again, one with a sensor's word for more. What speaks for that place stands below.")
    }
}
