package import Chronology
package import PostgresClient
import Safety
package import Suspicions

/// Alerts of stretches of which reports came late: where they are gone through again from, and what that disproves.
extension AlertStore {
    /// Writes down how a vehicle's alerts stood at a report, and forgets what was written long ago: no terminal's
    /// buffer is kept for so long.
    package func saveCheckpoint(of terminal: Int32, takenUpTo: Instant, _ state: VehicleState) throws {
        try self.connection.query(
            Self.upsertCheckpoint,
            [.integer(terminal), .text(takenUpTo.description), .text(try JSONText.encode(state))])
        try self.connection.query(Self.deleteOld, [.integer(terminal), .integer(Self.checkpointDays)])
    }

    /// How a vehicle's alerts stood last before `time`; `nil`: nobody knows.
    package func checkpoint(
        of terminal: Int32, before time: Instant
    ) throws -> (takenUpTo: Instant, state: VehicleState)? {
        let rows = try self.connection.query(Self.selectCheckpoint, [.integer(terminal), .text(time.description)])
        guard rows.rowCount == 1, let microseconds = rows.integer(0, 0),
            // One that an older version wrote says nothing.
            let state = try? JSONText.decode(VehicleState.self, from: rows.text(0, 1) ?? "")
        else { return nil }
        return (Instant(microseconds: microseconds), state)
    }

    /// Forgets the checkpoints from `time` on, which late reports make untrue.
    package func deleteCheckpoints(of terminal: Int32, from time: Instant) throws(PostgresError) {
        try self.connection.query(Self.deleteFrom, [.integer(terminal), .text(time.description)])
    }

    /// Withdraws the alerts of a vehicle's stream that its reports, now that late ones are among them, do not raise:
    /// they are closed, say so before all else, and their history has who withdrew them and why. None is deleted:
    /// somebody may have acted on it.
    /// - Parameters:
    ///   - after: from when on they were gone through again: what was opened until then stands.
    ///   - to: the last report that the alerts had seen.
    ///   - kept: rules that judge for good.
    ///   - raised: the ids of those that the reports raise.
    /// - Returns: how many were withdrawn.
    @discardableResult
    package func withdraw(
        of terminal: Int32, after: Instant, to: Instant, except kept: Set<VehicleAlert.Rule>, raised: [String]
    ) throws -> Int {
        let rules =
            VehicleAlert.Rule.allCases.filter { !kept.contains($0) }.map(\.rawValue)
            + CameraAlert.Rule.allCases.map(\.rawValue)
        let withdrawn = try self.connection.query(
            Self.withdrawOthers,
            [
                .integer(terminal), .array(rules.map { Optional($0) }),
                .text(after.description), .text(to.description),
                .array(raised.map { Optional($0) }), .text(try JSONText.encode(Self.withdrawn)),
                .text("\(Self.withdrawn.zh) \(Self.withdrawn.en)"),
            ])
        if withdrawn.rowCount > 0 { try self.connection.query(Self.notify) }
        return withdrawn.rowCount
    }

    /// What a withdrawn alert says first.
    static let withdrawn = Statement(
        zh: "已撤回：该时段有迟到的上报，按全部上报及现行登记表重新判断，本条不成立。",
        en: "Withdrawn: reports of that time came late, and by all of them and today's registers it does not hold."
    )

    /// Days for which checkpoints are kept, by the server's clock: a report from the future forgets none.
    private static let checkpointDays = 14

    private static let upsertCheckpoint = NamedQuery(
        "alert.checkpoint.upsert",
        """
        INSERT INTO alert_checkpoint (terminal_id, taken_up_to, state)
        VALUES ($1::integer, $2::timestamptz, $3::jsonb)
        ON CONFLICT (terminal_id, taken_up_to) DO UPDATE SET state = excluded.state, saved_at = clock_timestamp()
        """)
    private static let selectCheckpoint = NamedQuery(
        "alert.checkpoint.select",
        """
        SELECT (extract(epoch FROM taken_up_to) * 1000000)::bigint, state FROM alert_checkpoint
        WHERE terminal_id = $1::integer AND taken_up_to < $2::timestamptz
        ORDER BY taken_up_to DESC LIMIT 1
        """)
    private static let deleteFrom = NamedQuery(
        "alert.checkpoint.delete",
        "DELETE FROM alert_checkpoint WHERE terminal_id = $1::integer AND taken_up_to >= $2::timestamptz")
    private static let deleteOld = NamedQuery(
        "alert.checkpoint.forget",
        """
        DELETE FROM alert_checkpoint
        WHERE terminal_id = $1::integer AND saved_at < clock_timestamp() - $2::integer * interval '1 day'
        """)
    private static let withdrawOthers = NamedQuery(
        "alert.withdraw",
        """
        WITH gone AS (
            UPDATE alert SET status = 'closed', closed_at = coalesce(closed_at, clock_timestamp()),
                facts = jsonb_build_array($6::jsonb) || facts, revision = nextval('alert_revision')
            WHERE terminal_id = $1::integer AND delivery_id IS NULL AND rule = ANY ($2::text[])
                AND opened_at > $3::timestamptz AND opened_at <= $4::timestamptz AND alert_id <> ALL ($5::text[])
                AND facts -> 0 IS DISTINCT FROM $6::jsonb
            RETURNING alert_id
        )
        INSERT INTO alert_action (alert_id, acted_by, kind, note)
        SELECT alert_id, 'tongxing', 'comment', $7::text FROM gone ORDER BY alert_id RETURNING 1
        """)
}
