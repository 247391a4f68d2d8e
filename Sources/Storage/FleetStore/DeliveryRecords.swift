import Chronology
import Deliveries
package import PostgresClient
package import Suspicions

/// Deliveries by id, whether they stand or were superseded, with what they were before. What the reader may see of
/// both the database decides (M0015, M0055).
package struct DeliveryRecords {
    private let connection: PostgresConnection

    package init(connection: PostgresConnection) {
        self.connection = connection
    }

    /// `nil` when there is none, and never was one that was final.
    package func record(_ id: String) throws -> DeliveryRecord? {
        let earlier = try self.earlier(id)
        if let judged = try DeliveryStore(connection: self.connection).delivery(id)?.judged {
            return DeliveryRecord(judged: judged, earlier: earlier)
        }
        guard let last = earlier.last else { return nil }
        return DeliveryRecord(
            judged: last.judged, supersededAt: last.until, earlier: earlier, successors: try self.successors(of: id))
    }

    /// How it stood before, the earliest first.
    package func earlier(_ id: String) throws -> [SupersededForm] {
        let rows = try self.connection.query(Self.selectEarlier, [.text(id)])
        return try (0..<rows.rowCount).map { row in
            SupersededForm(
                judged: try JSONText.decode(JudgedDelivery.self, from: rows.text(row, 0) ?? ""),
                world: rows.text(row, 1) ?? "", until: Instant(microseconds: rows.integer(row, 2) ?? 0),
                reason: rows.text(row, 3) ?? "")
        }
    }

    /// What is derived now of the same truck between the loading and the unloading of the form that stood last.
    package func successors(of id: String) throws -> [JudgedDelivery] {
        let rows = try self.connection.query(Self.selectSuccessors, [.text(id)])
        return try (0..<rows.rowCount).map {
            try JSONText.decode(JudgedDelivery.self, from: rows.text($0, 0) ?? "")
        }
    }

    private static let selectEarlier = NamedQuery(
        "delivery.earlier",
        """
        SELECT content, world, (extract(epoch FROM superseded_at) * 1000000)::bigint, reason
        FROM delivery_superseded WHERE delivery_id = $1 ORDER BY superseded_id
        """)
    private static let selectSuccessors = NamedQuery(
        "delivery.successors",
        """
        WITH gone AS (
            SELECT s.terminal_id, to_timestamp((s.content #>> '{delivery,unloadEnd}')::float8 / 1000000) AS ended,
                to_timestamp(coalesce(s.content #>> '{delivery,loadStart}', s.content #>> '{delivery,loadEnd}',
                    s.content #>> '{delivery,unloadStart}')::float8 / 1000000) AS began
            FROM delivery_superseded s WHERE s.delivery_id = $1 ORDER BY s.superseded_id DESC LIMIT 1)
        SELECT d.content FROM gone
        JOIN delivery d ON d.terminal_id = gone.terminal_id AND d.unload_end >= gone.began
            AND d.unload_start BETWEEN gone.began - interval '2 days' AND gone.ended + interval '2 days'
            AND to_timestamp(coalesce(d.content #>> '{delivery,loadStart}', d.content #>> '{delivery,loadEnd}',
                d.content #>> '{delivery,unloadStart}')::float8 / 1000000) <= gone.ended
        WHERE d.delivery_id <> $1 ORDER BY d.unload_start, d.delivery_id LIMIT 20
        """)
}
