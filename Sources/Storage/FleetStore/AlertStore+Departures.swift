import Chronology
import Deliveries
import Geodesy
import PostgresClient
package import Suspicions

/// Alerts of loads that left the usual ways: told while it happens, and judged when the haul has ended.
extension AlertStore {
    /// A load that left every usual way raises an alert of its own, which is over when it is judged; the same is told
    /// otherwise when it is judged otherwise. Where it was told while it happened, that alert stands for it.
    ///
    /// What is told under way goes by the ways that were learned by then, which is a matter of when reports and
    /// judgements came in. This goes by all ways of loads before it: an alert of that load that it contradicts is
    /// closed, with why in its history, and opened again should the load be judged otherwise. Where it cannot say,
    /// none is.
    package func storeDeparture(_ judged: JudgedDelivery, terminal: Int32) throws {
        let delivery = judged.delivery
        let id = "A-off-corridor-" + delivery.deliveryID
        guard let said = judged.judgements.first(where: { $0.rule == "off-corridor" }) else { return }
        let facts = try JSONText.encode(said.facts + said.counterfacts)
        let left = delivery.loadEnd ?? delivery.unloadStart
        let underWay: [PostgresValue] = [
            .integer(terminal), .text(left.description), .text(max(left, delivery.unloadStart).description), .text(id),
        ]
        guard said.outcome == .hit else {
            try self.connection.query(Self.updateFacts, [.text(id), .text(facts)])
            guard said.outcome == .no, let reason = said.facts.first else { return }
            try self.connection.query(
                Self.closeDepartures,
                underWay + [
                    .text(
                        "该车次结束后按其装料前已知的全部路线重新判定，不成立，由分析关闭：\(reason.zh) Judged again at the end of the haul by all "
                            + "ways known from before its load, it does not hold; closed by the analysis. \(reason.en)")
                ])
            return
        }
        try self.connection.query(Self.reopenDepartures, underWay)
        guard try self.connection.query(Self.selectDeparture, Array(underWay.prefix(3))).rowCount == 0 else { return }
        let point = delivery.destination.coordinate
        try self.connection.query(
            Self.upsert,
            [
                .text(id), .text(said.rule), .integer(said.severity), .integer(terminal), .optional(delivery.plate),
                .text(left.description), .text(delivery.unloadStart.description),
                .optional(point.map { String($0.latitude) }), .optional(point.map { String($0.longitude) }),
                .text(delivery.deliveryID), .text("closed"), .text(facts),
            ])
        try self.connection.query(Self.notify)
    }

    private static let selectDeparture = NamedQuery(
        "alert.departure",
        """
        SELECT 1 FROM alert
        WHERE rule = 'off-corridor' AND delivery_id IS NULL AND terminal_id = $1::integer
            AND opened_at BETWEEN $2::timestamptz AND $3::timestamptz
        """)
    private static let updateFacts = NamedQuery(
        "alert.facts",
        """
        UPDATE alert SET facts = $2::jsonb, revision = nextval('alert_revision')
        WHERE alert_id = $1 AND facts <> $2::jsonb
        """)
    /// A person's closing is the person's, and is not closed twice.
    private static let closeDepartures = NamedQuery(
        "alert.departure.close",
        """
        INSERT INTO alert_action (alert_id, acted_by, kind, reason, note)
        SELECT a.alert_id, 'tongxing', 'close', 'other', $5 FROM alert a LEFT JOIN alert_handling h USING (alert_id)
        WHERE a.rule = 'off-corridor' AND a.terminal_id = $1::integer AND h.state IS DISTINCT FROM 'closed'
            AND (a.delivery_id IS NULL AND a.opened_at BETWEEN $2::timestamptz AND $3::timestamptz OR a.alert_id = $4)
        ORDER BY a.alert_id
        """)
    private static let reopenDepartures = NamedQuery(
        "alert.departure.reopen",
        """
        INSERT INTO alert_action (alert_id, acted_by, kind, note)
        SELECT a.alert_id, 'tongxing', 'reopen',
            '该车次再次判定，预警仍成立。 Judged once more, the load left the usual ways after all.'
        FROM alert a JOIN alert_handling h USING (alert_id)
        WHERE a.rule = 'off-corridor' AND a.terminal_id = $1::integer
            AND h.state = 'closed' AND h.closed_by = 'tongxing'
            AND (a.delivery_id IS NULL AND a.opened_at BETWEEN $2::timestamptz AND $3::timestamptz OR a.alert_id = $4)
        ORDER BY a.alert_id
        """)
}
