package import Chronology
package import PostgresClient

/// Drops what was received before a moment: whole partitions of the log, and sealed batches from the start of a chain.
/// A legal hold keeps what it names; each act is written down in the transaction that does it.
package struct RetentionStore {
    private let connection: PostgresConnection

    package init(connection: PostgresConnection) {
        self.connection = connection
    }

    /// By whom and by which rule something is dropped.
    package struct Order: Sendable {
        package var user: String
        package var months: Int
        package var receivedBefore: Instant
        package var isForced: Bool

        package init(user: String, months: Int, receivedBefore: Instant, isForced: Bool) {
            self.user = user
            self.months = months
            self.receivedBefore = receivedBefore
            self.isForced = isForced
        }
    }

    /// A partition of which everything was received before the moment.
    package struct OldPartition: Sendable {
        package var name: String
        package var rowCount: Int64
        /// The legal holds that keep it.
        package var holds: String
    }

    /// A lane's batches that were received before the moment.
    package struct OldBatches: Sendable {
        package var lane: Int32
        package var name: String
        package var first: Int64
        package var through: Int64
        /// Less than `through` when a legal hold keeps some.
        package var dropThrough: Int64
        package var holds: String
    }

    /// Batches that go in one transaction.
    private static let chunk: Int64 = 20_000
    /// How often a lock is tried for, a moment each.
    private static let moments = 60

    /// Brings the ledger of lanes that nobody writes up to their last batch; batches that are not in it stay.
    package func rollUpIdleLanes() throws(PostgresError) {
        let rows = try self.connection.query(Self.selectBehind)
        for row in 0..<rows.rowCount {
            let lane = Int32(truncatingIfNeeded: rows.integer(row, 0) ?? 0)
            // The writer's own lock: whoever holds it rolls up by itself.
            guard try self.connection.query(LogWriter.lockLane, [.integer(lane)]).boolean(0, 0) == true else {
                continue
            }
            try LogWriter.rollUpWhatIsLeft(self.connection, lane: lane)
            try self.connection.query(Self.unlockLane, [.integer(lane)])
        }
    }

    package func oldPartitions(receivedBefore: Instant) throws(PostgresError) -> [OldPartition] {
        let rows = try self.connection.query(Self.selectPartitions, [.text(receivedBefore.description)])
        return (0..<rows.rowCount).map {
            OldPartition(
                name: rows.text($0, 0) ?? "", rowCount: rows.integer($0, 1) ?? 0, holds: rows.text($0, 2) ?? "")
        }
    }

    package func oldBatches(receivedBefore: Instant) throws(PostgresError) -> [OldBatches] {
        let rows = try self.connection.query(Self.selectBatches, [.text(receivedBefore.description)])
        return (0..<rows.rowCount).map {
            OldBatches(
                lane: Int32(truncatingIfNeeded: rows.integer($0, 0) ?? 0), name: rows.text($0, 1) ?? "",
                first: rows.integer($0, 2) ?? 0, through: rows.integer($0, 3) ?? 0,
                dropThrough: rows.integer($0, 4) ?? 0, holds: rows.text($0, 5) ?? "")
        }
    }

    /// Looks a partition through beside whoever writes, then drops it in a moment.
    /// - Returns: false when something has come in meanwhile, or a hold was placed: it stays.
    package func drop(_ partition: OldPartition, _ order: Order) throws -> Bool {
        // Two who watch one partition would forget each other's rows.
        guard try self.connection.query(Self.lockRetention).boolean(0, 0) == true else {
            throw PostgresError(
                .server(.lockNotAvailable), message: "another retention is under way: wait for its end")
        }
        defer { _ = try? self.connection.query(Self.unlockRetention) }
        try self.inAMoment { () throws(PostgresError) in
            _ = try self.connection.query(Self.watch, [.text(partition.name)])
        }
        do {
            if try self.dropWatched(partition, order) { return true }
        } catch {
            try? self.unwatch(partition)
            throw error
        }
        try self.unwatch(partition)
        return false
    }

    private func dropWatched(_ partition: OldPartition, _ order: Order) throws -> Bool {
        // What holds there are is asked first, so that none is placed unseen.
        let holds = try self.connection.query(Self.selectHolds).text(0, 0) ?? "{}"
        let age = try self.connection.query(
            Self.selectPartition, [.text(partition.name), .text(order.receivedBefore.description)])
        guard age.boolean(0, 0) == true else { return false }
        let rowCount = age.integer(0, 1) ?? 0
        return try self.inAMoment { () throws(PostgresError) in
            let dropped = try self.connection.query(Self.dropWatched, [.text(partition.name), .text(holds)])
            guard dropped.boolean(0, 0) == true else { return false }
            try self.note("\(partition.name): \(rowCount) rows", order)
            return true
        }
    }

    private func unwatch(_ partition: OldPartition) throws {
        try self.inAMoment { () throws(PostgresError) in
            _ = try self.connection.query(Self.unwatch, [.text(partition.name)])
        }
    }

    /// Runs a transaction that takes a lock for itself alone. Whoever comes later stands behind one who waits for such
    /// a lock, so it waits a moment only, and tries again.
    private func inAMoment<Result>(_ body: () throws(PostgresError) -> Result) throws -> Result {
        for attempt in 1... {
            do {
                return try self.connection.transaction {
                    try self.connection.query(Self.limitMoment)
                    return try body()
                }
            } catch let error as PostgresError
                where error.sqlState == .lockNotAvailable && attempt < Self.moments && !self.connection.isBroken
            {
                // The others get through meanwhile.
                try self.connection.query(Self.pauseForOthers)
            }
        }
        preconditionFailure("the last attempt returns or throws")
    }

    /// Drops up to a limited number of batches from the start of the chain, with their rows of quarantine, and leaves
    /// an anchor. Call again until it returns false.
    package func drop(_ old: OldBatches, _ order: Order) throws -> Bool {
        try self.connection.transaction {
            try self.connection.query(Self.limitWait)
            // No hold may be placed between the look and the act.
            try self.connection.query(Self.lockHolds)
            let age = try self.connection.query(
                Self.selectAge, [.integer(old.lane), .text(order.receivedBefore.description)])
            guard let first = age.integer(0, 0), let allowed = age.integer(0, 1), first <= allowed else { return false }
            let through = min(allowed, first + Self.chunk - 1)
            try self.connection.query(
                Self.insertAnchor,
                [
                    .integer(old.lane), .integer(through), .text(order.user),
                    .text("retention of \(order.months) months, received before \(order.receivedBefore)"),
                ])
            try self.connection.query(Self.deleteQuarantine, [.integer(old.lane), .integer(through)])
            try self.connection.query(Self.deleteBatches, [.integer(old.lane), .integer(through)])
            try self.note("lane \(old.name): batches \(first)–\(through)", order)
            return true
        }
    }

    private func note(_ dropped: String, _ order: Order) throws(PostgresError) {
        try self.connection.query(
            Self.insertAct,
            [
                .text(order.user), .integer(order.months), .text(order.receivedBefore.description),
                .boolean(order.isForced), .text(dropped),
            ])
    }

    private static let selectBehind = NamedQuery(
        "retention.behind", "SELECT lane_id FROM lane WHERE ledger_number < last_number")
    private static let unlockLane = NamedQuery(
        "retention.lane.unlock", "SELECT pg_advisory_unlock(7302, $1::integer)")
    private static let selectPartitions = NamedQuery(
        "retention.partitions",
        """
        SELECT i.inhrelid::regclass::text, a.row_count, array_to_string(a.holds, ', ')
        FROM log_table l
        JOIN pg_inherits i ON i.inhparent = l.partrelid
        CROSS JOIN LATERAL partition_age(i.inhrelid::regclass, $1::timestamptz) a
        WHERE a.is_old ORDER BY 1
        """)
    private static let selectBatches = NamedQuery(
        "retention.batches",
        """
        SELECT l.lane_id, l.name, a.first_number, a.old_through, a.drop_through, array_to_string(a.holds, ', ')
        FROM lane l CROSS JOIN LATERAL batch_age(l.lane_id, $1::timestamptz) a
        WHERE a.first_number <= a.old_through ORDER BY l.lane_id
        """)
    /// A reader that does not end must not hold ingestion up behind a waiting DROP.
    private static let limitWait = NamedQuery(
        "retention.wait", "SELECT set_config('lock_timeout', '5s', true)")
    private static let limitMoment = NamedQuery(
        "retention.moment", "SELECT set_config('lock_timeout', '100ms', true)")
    private static let pauseForOthers = NamedQuery("retention.pause", "SELECT pg_sleep(0.2)")
    private static let watch = NamedQuery("retention.partition.watch", "SELECT watch_partition($1::regclass)")
    private static let unwatch = NamedQuery(
        "retention.partition.unwatch", "SELECT unwatch_partition($1::regclass)")
    private static let lockRetention = NamedQuery("retention.lock", "SELECT pg_try_advisory_lock(7301, 50)")
    private static let unlockRetention = NamedQuery("retention.unlock", "SELECT pg_advisory_unlock(7301, 50)")
    private static let selectHolds = NamedQuery(
        "retention.holds",
        "SELECT coalesce(array_agg(hold_id), '{}')::text FROM legal_hold WHERE released_at IS NULL")
    private static let selectPartition = NamedQuery(
        "retention.partition.age",
        """
        SELECT is_old AND holds = '{}', row_count FROM partition_age($1::regclass, $2::timestamptz)
        """)
    private static let dropWatched = NamedQuery(
        "retention.partition.drop", "SELECT drop_watched($1::regclass, $2::bigint[])")
    private static let lockHolds = NamedQuery("retention.hold.lock", "LOCK TABLE legal_hold IN SHARE MODE")
    private static let selectAge = NamedQuery(
        "retention.batch.age", "SELECT first_number, drop_through FROM batch_age($1::integer, $2::timestamptz)")
    private static let insertAnchor = NamedQuery(
        "retention.anchor",
        """
        INSERT INTO chain_anchor (lane_id, number, hash, dropped_by, reason, batches, stored, duplicate, quarantined,
            ignored, positions, camera_reports, alarms)
        SELECT lane_id, max(number), (SELECT hash FROM batch WHERE lane_id = $1 AND number = $2::bigint), $3, $4,
            count(*), sum(stored), sum(duplicate), sum(quarantined), sum(ignored), sum(positions), sum(camera_reports),
            sum(alarms)
        FROM batch WHERE lane_id = $1 AND number <= $2::bigint GROUP BY lane_id
        """)
    private static let deleteQuarantine = NamedQuery(
        "retention.quarantine.delete",
        """
        DELETE FROM quarantine WHERE batch_id >> 40 = $1::integer AND (batch_id & 1099511627775) <= $2::bigint
        """)
    private static let deleteBatches = NamedQuery(
        "retention.batch.delete", "DELETE FROM batch WHERE lane_id = $1 AND number <= $2::bigint")
    private static let insertAct = NamedQuery(
        "retention.act",
        """
        INSERT INTO retention_act (acted_by, months, received_before, is_forced, dropped) VALUES ($1, $2, $3, $4, $5)
        """)
}
