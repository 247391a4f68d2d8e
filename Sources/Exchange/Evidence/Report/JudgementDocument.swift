import Chronology
import Deliveries
import Geodesy
import Suspicions
import Telemetry

/// A judged delivery as a document: the row of the contract, what was seen on the way, and what every rule said with
/// its facts, counter-facts and parameters.
enum JudgementDocument {
    static func json(_ judged: JudgedDelivery) -> JSONText {
        let delivery = judged.delivery
        return .object([
            ("delivery_id", .text(delivery.deliveryID)), ("load_id", .text(delivery.loadID)),
            ("plate", .text(delivery.plate)), ("terminal", .text(delivery.terminal.text)),
            ("origin", Self.end(delivery.origin)), ("load_start", .time(delivery.loadStart)),
            ("load_end", .time(delivery.loadEnd)), ("destination", Self.end(delivery.destination)),
            ("unload_start", .time(delivery.unloadStart)), ("unload_end", .time(delivery.unloadEnd)),
            ("distance_km", .number(delivery.distanceKilometres)), ("ticket_id", .text(delivery.ticketID)),
            ("other_ticket_ids", .array((delivery.otherTicketIDs ?? []).map { .text($0) })),
            ("verdict", .text(judged.verdict.rawValue)),
            ("suspicions", .array(judged.suspicions.map { .text($0) })), ("score", .number(judged.score)),
            ("coverage", .number(delivery.coverage)), ("is_final", .boolean(delivery.isFinal)),
            ("settled_at", .time(delivery.settledAt)), ("confidence", Self.numbers(delivery.confidence)),
            ("haul", delivery.haul.map(Self.haul) ?? .text(nil)),
            ("judgements", .array(judged.judgements.map(Self.judgement))),
        ])
    }

    private static func end(_ end: DeliveryEnd) -> JSONText {
        .object([
            ("kind", .text(end.kind.rawValue)), ("id", .text(end.id)), ("lat", .number(end.coordinate?.latitude)),
            ("lon", .number(end.coordinate?.longitude)),
        ])
    }

    private static func numbers(_ numbers: [String: Double]) -> JSONText {
        .object(numbers.sorted { $0.key < $1.key }.map { ($0.key, .number($0.value)) })
    }

    private static func haul(_ haul: Haul) -> JSONText {
        .object([
            ("since", .time(haul.since)), ("is_load_seen", .boolean(haul.isLoadSeen)),
            (
                "halts",
                .array(
                    haul.halts.map { halt in
                        .object([
                            ("start", .time(halt.start)), ("end", .time(halt.end)),
                            ("lat", .number(halt.coordinate.latitude)), ("lon", .number(halt.coordinate.longitude)),
                            ("place_kind", .text(halt.place?.kind.rawValue)), ("place_id", .text(halt.place?.id)),
                        ])
                    })
            ),
            (
                "gaps",
                .array(
                    haul.gaps.map { gap in
                        .object([
                            ("start", .time(gap.start)), ("end", .time(gap.end)), ("metres", .number(gap.metres)),
                            ("is_part_of_halt", .boolean(gap.isPartOfHalt)),
                            ("is_ignition_on", .boolean(gap.isIgnitionOn)),
                        ])
                    })
            ),
        ])
    }

    private static func judgement(_ judgement: Judgement) -> JSONText {
        func statements(_ list: [Statement]) -> JSONText {
            .array(list.map { .object([("zh", .text($0.zh)), ("en", .text($0.en))]) })
        }
        return .object([
            ("rule", .text(judgement.rule)), ("title", .text(RuleTitle.zh(judgement.rule))),
            ("outcome", .text(judgement.outcome.rawValue)), ("severity", .integer(Int64(judgement.severity))),
            ("facts", statements(judgement.facts)), ("counterfacts", statements(judgement.counterfacts)),
            ("parameters", Self.numbers(judgement.parameters)),
            ("register_revision", .integer(judgement.registerRevision)),
        ])
    }
}
