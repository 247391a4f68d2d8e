package import PostgresClient
import Safety
import Suspicions

/// Whose the alerts of streams of reports are: the vehicle's that carried the terminal when they opened, by the
/// register of vehicles as it stands. When that is corrected the plates are given anew, and the alert's history says
/// so.
package struct AlertPlates {
    private let connection: PostgresConnection

    package init(connection: PostgresConnection) {
        self.connection = connection
    }

    /// The revision of the registers up to which the plates of all alerts were given.
    package func revision() throws(PostgresError) -> Int64 {
        try self.connection.query(Self.selectRevision).integer(0, 0) ?? -1
    }

    /// Gives the plates anew by the registers as they stand; to be called in a transaction. Whatever is right already
    /// stays as it is.
    /// - Parameters:
    ///   - terminals: whose alerts; `nil`: all.
    ///   - revision: of the registers, up to which the plates of all alerts are given with this.
    ///   - change: who corrected what; `nil`: not known any more.
    /// - Returns: how many alerts were of another vehicle.
    @discardableResult
    package func give(
        to terminals: [Int32]?, upTo revision: Int64, by change: (user: String, source: String)?
    ) throws(PostgresError) -> Int {
        try self.connection.query(Self.updateRevision, [.integer(revision)])
        if let terminals, terminals.isEmpty { return 0 }
        let rules = VehicleAlert.Rule.allCases.map(\.rawValue) + CameraAlert.Rule.allCases.map(\.rawValue)
        let changed = try self.connection.query(
            Self.giveAnew,
            [
                .array(rules.map { Optional($0) }), .array(terminals ?? []), .text(terminals == nil ? "all" : ""),
                .integer(revision), .text(change.map { "\($0.user): \($0.source)" } ?? ""),
            ])
        if changed.rowCount > 0 { try self.connection.query(AlertStore.notify) }
        return changed.rowCount
    }

    private static let selectRevision = NamedQuery(
        "alert.plates.revision", "SELECT register_revision FROM alert_plates")
    private static let updateRevision = NamedQuery(
        "alert.plates.advance",
        "UPDATE alert_plates SET register_revision = $1 WHERE register_revision IS DISTINCT FROM $1::bigint")
    /// As `RegisterIndex.vehicle(terminal:at:)` answers: the very same name before one without its leading zeros, and
    /// of rows that are valid then the one that began last.
    private static let giveAnew = NamedQuery(
        "alert.plates.give",
        """
        WITH known AS (
            SELECT a.alert_id, a.plate AS before, (
                SELECT v.content ->> 'plate' FROM register_entry v
                WHERE v.kind = 'vehicles' AND v.known_to IS NULL AND v.terminal = t.key AND v.valid @> a.opened_at
                ORDER BY v.content ->> 'terminal' = t.name DESC, lower(v.valid) DESC NULLS LAST,
                    v.content ->> 'plate' COLLATE "C" DESC LIMIT 1) AS plate
            FROM alert a JOIN terminal t USING (terminal_id)
            WHERE a.delivery_id IS NULL AND a.rule = ANY ($1::text[])
                AND ($3 = 'all' OR a.terminal_id = ANY ($2::integer[]))
        ), given AS (
            UPDATE alert a SET plate = k.plate, revision = nextval('alert_revision') FROM known k
            WHERE a.alert_id = k.alert_id AND k.plate IS DISTINCT FROM k.before
            RETURNING a.alert_id, k.before, k.plate
        )
        INSERT INTO alert_action (alert_id, acted_by, kind, note)
        SELECT alert_id, 'tongxing', 'comment', format(
            '按车辆登记表第 %s 版，预警发生时该终端所属车辆由 %s 更正为 %s%s。 By register revision %s the vehicle that carried '
            'the terminal then is %s, not %s%s.',
            $4::text, coalesce(before, '（未登记）'), coalesce(plate, '（未登记）'),
            CASE WHEN $5 <> '' THEN format('（%s）', $5) ELSE '' END,
            $4::text, coalesce(plate, 'one that is not registered'), coalesce(before, 'one that is not registered'),
            CASE WHEN $5 <> '' THEN format(' (%s)', $5) ELSE '' END)
        FROM given ORDER BY alert_id RETURNING 1
        """)
}
