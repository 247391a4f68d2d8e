import Chronology
import Deliveries
import Geodesy
import Registers
import Suspicions

/// `analysis/suspected_plants.json`: the evidence cards of the suspected plants that a delivery names, with their
/// reasons, counts and decisions.
enum SuspectDocument {
    static func json(_ evidence: EvidenceCase) -> JSONText {
        .object([
            ("judged_at", .time(evidence.derivedAt)),
            ("why_this_severity", evidence.severityOfOrigin.map(Self.statement) ?? .text(nil)),
            ("suspected_plants", .array(evidence.suspects.map { Self.suspect($0, judgedAt: evidence.derivedAt) })),
        ])
    }

    private static func statement(_ statement: Statement) -> JSONText {
        .object([("zh", .text(statement.zh)), ("en", .text(statement.en))])
    }

    private static func suspect(_ suspect: EvidenceSuspect, judgedAt: Instant) -> JSONText {
        .object([
            ("suspected_plant_id", .text(suspect.suspectedPlantID)),
            ("status_when_judged", .text(suspect.status(at: judgedAt).rawValue)),
            ("card_at", .time(suspect.cardAt)), ("card_is_that_of_the_judgement", .boolean(suspect.isOfJudgement)),
            ("card_note", Self.statement(suspect.wording(judgedAt: judgedAt))),
            ("card", suspect.card.map(Self.card) ?? .text(nil)),
            (
                "decisions",
                .array(
                    suspect.decisions.map { decision in
                        .object([
                            ("at", .time(decision.at)), ("by", .text(decision.by)),
                            ("status", .text(decision.status.rawValue)), ("reason", .text(decision.reason)),
                            ("place_kind", .text(decision.placeKind?.rawValue)),
                            ("known_when_judged", .boolean(decision.at <= judgedAt)),
                        ])
                    })
            ),
        ])
    }

    private static func card(_ card: SuspectedPlant) -> JSONText {
        .object([
            ("lat", .number(card.coordinate.latitude)), ("lon", .number(card.coordinate.longitude)),
            ("radius_m", .number(card.radiusMetres)), ("score", .number(card.score)),
            ("is_likely", .boolean(card.isLikely)),
            ("parameters_version", .integer(Int64(card.parametersVersion))),
            ("register_revision", .integer(card.registerRevision)),
            (
                "reasons",
                .array(
                    card.reasons.map {
                        .object([
                            ("name", .text($0.name)), ("points", .number($0.points)), ("zh", .text($0.statement.zh)),
                            ("en", .text($0.statement.en)),
                        ])
                    })
            ),
            ("counts", Self.counts(card.evidence)),
        ])
    }

    private static func counts(_ card: PlantEvidence) -> JSONText {
        func count(_ number: Int) -> JSONText { .integer(Int64(number)) }
        let isSeen = card.firstSeen <= card.lastSeen
        return .object([
            ("visits", count(card.visits)), ("trucks", count(card.trucks)), ("truck_days", count(card.truckDays)),
            ("companies", count(card.companies)), ("loads", count(card.loads)),
            ("certain_loads", count(card.certainLoads)), ("sites", count(card.sites)),
            ("registered_sites", count(card.registeredSites)), ("arrived_loaded", count(card.arrivedLoaded)),
            ("went_to_plant", count(card.wentToPlant)), ("aimless", count(card.aimless)),
            ("shuttles", count(card.shuttles)), ("shuttle_days", count(card.shuttleDays)),
            ("dwell_p10_s", .number(card.dwellShort)), ("dwell_p50_s", .number(card.dwellMedian)),
            ("dwell_p90_s", .number(card.dwellLong)), ("long_visits", count(card.longVisits)),
            ("loads_by_hour", .array(card.hours.map(count))), ("heard", count(card.heard)),
            ("heard_loads", count(card.heardLoads)), ("heard_discharges", count(card.heardDischarges)),
            ("heard_nothing", count(card.heardNothing ?? 0)),
            ("tanker_visits", count(card.tankerVisits)), ("tankers", count(card.tankers)),
            ("other_visits", count(card.otherVisits)), ("spread_m", .number(card.spread)),
            ("nearest_plant_id", .text(card.nearestPlant?.plantID)),
            ("nearest_plant_m", .number(card.nearestPlant?.metres)),
            ("first_seen", .time(isSeen ? card.firstSeen : nil)), ("last_seen", .time(isSeen ? card.lastSeen : nil)),
        ])
    }
}
