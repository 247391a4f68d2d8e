package import Chronology
package import Deliveries
import Geodesy
package import Registers

/// How far people have got with a suspected plant.
package enum SuspectStatus: String, Sendable, Codable, CaseIterable {
    /// Found by the search; nobody has looked.
    case lead
    /// Somebody is looking into it.
    case checking
    case confirmed
    /// It was checked and is none. It stays quiet.
    case dismissed

    /// What may follow: a lead is checked before it is confirmed or dismissed, and what is closed can be opened again.
    package var followers: [SuspectStatus] {
        switch self {
        case .lead: [.checking]
        case .checking: [.confirmed, .dismissed, .lead]
        case .confirmed, .dismissed: [.checking]
        }
    }

    package var wording: Statement {
        switch self {
        case .lead: Statement(zh: "线索", en: "lead")
        case .checking: Statement(zh: "核查中", en: "checking")
        case .confirmed: Statement(zh: "查实", en: "confirmed")
        case .dismissed: Statement(zh: "已排除", en: "dismissed")
        }
    }
}

/// One decision of a person about a suspected plant.
package struct SuspectDecision: Hashable, Sendable, Codable {
    package var status: SuspectStatus
    package var at: Instant
    package var by: String
    /// Why; a confirmation, a dismissal and a reopening need it.
    package var reason: String
    /// What the place is instead, with a dismissal.
    package var placeKind: Place.Kind?

    package init(
        status: SuspectStatus, at: Instant, by: String, reason: String, placeKind: Place.Kind? = nil
    ) {
        self.status = status
        self.at = at
        self.by = by
        self.reason = reason
        self.placeKind = placeKind
    }
}

/// Why a decision was refused.
package struct SuspectDecisionError: Error, Hashable, Sendable {
    package var statement: Statement
}

extension SuspectedPlant {
    /// Takes a person's decision; one that does not follow from the status, or gives no reason, is refused.
    package mutating func decide(_ decision: SuspectDecision) throws(SuspectDecisionError) {
        let (from, to) = (self.status.wording, decision.status.wording)
        guard self.status.followers.contains(decision.status) else {
            let possible = self.status.followers.map(\.wording)
            throw SuspectDecisionError(
                statement: Statement(
                    zh: "疑似搅拌点 \(self.suspectedPlantID)：不能由“\(from.zh)”改为“\(to.zh)”；可改为："
                        + possible.map(\.zh).joined(separator: "、") + "。",
                    en: "Suspected plant \(self.suspectedPlantID): from \(from.en) it cannot become \(to.en); choose "
                        + possible.map(\.en).joined(separator: ", ") + "."))
        }
        let isOpening = self.status == .lead && decision.status == .checking
        guard isOpening || decision.reason.contains(where: { !$0.isWhitespace }) else {
            throw SuspectDecisionError(
                statement: Statement(
                    zh: "疑似搅拌点 \(self.suspectedPlantID)：改为“\(to.zh)”须填写理由。",
                    en: "Suspected plant \(self.suspectedPlantID): say why it becomes \(to.en)."))
        }
        self.status = decision.status
        self.decisions.append(decision)
    }

    /// The known place that a dismissed one becomes where the officer said what it is: a row for the register of
    /// places. Without that it stays a dismissed suspect, just as quiet (`dismissedPlace`).
    package var knownPlace: Place? {
        guard self.status == .dismissed, let kind = self.decisions.last?.placeKind else { return nil }
        return Place(
            placeID: self.suspectedPlantID, name: self.suspectedPlantID, kind: kind,
            fence: .circle(center: self.coordinate, radiusMetres: self.radiusMetres))
    }

    /// The dismissed one of which nobody said what it is: loads are seen there still, and accuse nobody.
    package var dismissedPlace: SuspectedPlace? {
        guard self.status == .dismissed, self.knownPlace == nil else { return nil }
        return SuspectedPlace(id: self.suspectedPlantID, coordinate: self.coordinate, radiusMetres: self.radiusMetres)
    }
}
