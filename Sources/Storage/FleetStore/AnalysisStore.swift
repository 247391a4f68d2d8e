package import Chronology
package import PostgresClient

/// Analysis reads the log and keeps its results through this. One process at a time owns it (advisory lock); a step
/// is one repeatable-read transaction, so that the manifests and the rows it sees belong together.
package struct AnalysisStore {
    package let connection: PostgresConnection
    package let log: PositionLog

    /// Takes the lock that makes this process the owner of analysis.
    package init(url: String) throws(StoreError) {
        do throws(PostgresError) {
            let connection = try PostgresConnection(url: url, application: "tongxing analysis")
            self.connection = connection
            self.log = PositionLog(connection: connection)
            try SchemaMigrator(connection: connection).requireCurrentOrFail()
            guard try connection.query(Self.lock).boolean(0, 0) == true else {
                throw PostgresError(
                    .server(.lockNotAvailable), message: "another process already does the analysis: this one stands by"
                )
            }
            try connection.execute("LISTEN tongxing_log", name: "listen")
            try connection.execute("LISTEN tongxing_register", name: "listen")
        } catch {
            throw error.sqlState == .lockNotAvailable
                ? StoreError.alreadyRunning(error.message) : StoreError.database(error)
        }
    }

    /// Which terminals got new positions since the last step, and from when on.
    package struct News: Sendable {
        /// The lanes' new cursors.
        package var cursors: [(lane: Int32, number: Int64)] = []
        package var earliest: [Int32: Instant] = [:]
        package var batchCount = 0

        package init() {}
    }

    /// Runs one step in one transaction.
    package func step<R>(_ body: () throws -> R) throws -> R {
        try self.connection.execute("BEGIN ISOLATION LEVEL REPEATABLE READ", name: "begin")
        do {
            let result = try body()
            try self.connection.execute("COMMIT", name: "commit")
            return result
        } catch {
            if !self.connection.isBroken { try? self.connection.execute("ROLLBACK", name: "rollback") }
            throw error
        }
    }

    /// The manifests of up to `limit` batches a lane that have not been taken in.
    package func news(limit: Int) throws(PostgresError) -> News {
        var news = News()
        let rows = try self.connection.query(Self.selectNews, [.integer(limit)])
        for row in 0..<rows.rowCount {
            guard let terminal = rows.integer(row, 0), let microseconds = rows.integer(row, 1) else { continue }
            news.earliest[Int32(truncatingIfNeeded: terminal)] = Instant(microseconds: microseconds)
        }
        let ends = try self.connection.query(Self.selectNewsEnds, [.integer(limit)])
        for row in 0..<ends.rowCount {
            news.cursors.append((Int32(truncatingIfNeeded: ends.integer(row, 0) ?? 0), ends.integer(row, 1) ?? 0))
            news.batchCount += Int(ends.integer(row, 2) ?? 0)
        }
        return news
    }

    package func advance(_ cursors: [(lane: Int32, number: Int64)]) throws(PostgresError) {
        try self.connection.query(
            Self.upsertCursors, [.array(cursors.map(\.lane)), .array(cursors.map(\.number))])
    }

    /// The newest checkpoint of this world that lies before `time`.
    package func checkpoint(
        of terminal: Int32, before time: Instant?, world: String
    ) throws(PostgresError) -> (takenUpTo: Instant, state: [UInt8])? {
        let before = time.map { PostgresValue.text($0.description) } ?? .text("infinity")
        let rows = try self.connection.query(
            Self.selectCheckpoint, [.integer(terminal), before, .text(world)], binaryResult: true)
        guard rows.rowCount == 1, let microseconds = rows.binaryInteger(0, 0), let state = rows.bytes(0, 1) else {
            return nil
        }
        return (Instant(microseconds: microseconds + postgresEpoch), state)
    }

    package func saveCheckpoint(
        of terminal: Int32, takenUpTo: Instant, state: [UInt8], world: String
    ) throws(PostgresError) {
        try self.connection.query(
            Self.upsertCheckpoint,
            [.integer(terminal), .text(takenUpTo.description), .text(world), .bytes(state)])
    }

    /// Forgets the checkpoints after `time` (`nil`: all), which a derivation from there on makes untrue.
    package func deleteCheckpoints(of terminal: Int32, after time: Instant?) throws(PostgresError) {
        try self.connection.query(
            Self.deleteCheckpoints, [.integer(terminal), .text(time?.description ?? "-infinity")])
    }

    /// The world by which everything stored was judged.
    package func world() throws(PostgresError) -> String {
        try self.connection.query(Self.selectWorld).text(0, 0) ?? ""
    }

    package func setWorld(_ world: String) throws(PostgresError) {
        try self.connection.query(Self.updateWorld, [.text(world)])
    }

    /// The terminals that somebody asked to have derived again, with why.
    package func requests() throws(PostgresError) -> [Int32: String] {
        let rows = try self.connection.query(Self.selectRequests)
        var requests: [Int32: String] = [:]
        for row in 0..<rows.rowCount {
            guard let terminal = rows.integer(row, 0) else { continue }
            requests[Int32(truncatingIfNeeded: terminal)] = rows.text(row, 1) ?? ""
        }
        return requests
    }

    /// Notes that the requests for these terminals were met.
    package func closeRequests(_ terminals: [Int32]) throws(PostgresError) {
        try self.connection.query(Self.closeRequests, [.array(terminals)])
    }

    /// Counts the terminal that was being taken when the process before trapped; forgets it when that one ended
    /// otherwise (a kill, a power cut) and is no proof of anything.
    package func noteStart(afterTrap: Bool) throws(PostgresError) {
        try self.connection.query(Self.countTaken, [.integer(afterTrap ? 1 : 0)])
    }

    /// The terminals on which analysis trapped so many times.
    package func setAside(traps: Int) throws(PostgresError) -> Set<Int32> {
        let rows = try self.connection.query(Self.selectSetAside, [.integer(traps)])
        return Set((0..<rows.rowCount).compactMap { rows.integer($0, 0).map { Int32(truncatingIfNeeded: $0) } })
    }

    /// Notes that this terminal is being taken; `guardEnd` forgets it when that went well.
    package func guardStart(_ terminal: Int32) throws(PostgresError) {
        try self.connection.query(Self.noteTaken, [.integer(terminal)])
    }

    package func guardEnd(_ terminal: Int32) throws(PostgresError) {
        try self.connection.query(Self.forgetTaken, [.integer(terminal)])
    }

    private static let selectRequests = NamedQuery(
        "analysis.request.open",
        """
        SELECT terminal_id, string_agg(DISTINCT requested_by || ': ' || reason, '; ')
        FROM derive_request WHERE done_at IS NULL
        GROUP BY terminal_id
        """)
    private static let closeRequests = NamedQuery(
        "analysis.request.close",
        """
        UPDATE derive_request SET done_at = clock_timestamp()
        WHERE done_at IS NULL AND terminal_id = ANY ($1::integer[])
        """)
    private static let countTaken = NamedQuery(
        "analysis.guard.count",
        "UPDATE analysis_guard SET is_taken = false, traps = traps + $1::integer WHERE is_taken")
    private static let selectSetAside = NamedQuery(
        "analysis.guard.set_aside", "SELECT terminal_id FROM analysis_guard WHERE traps >= $1::integer")
    private static let noteTaken = NamedQuery(
        "analysis.guard.take",
        """
        INSERT INTO analysis_guard (terminal_id, is_taken) VALUES ($1, true)
        ON CONFLICT (terminal_id) DO UPDATE SET is_taken = true
        """)
    private static let forgetTaken = NamedQuery(
        "analysis.guard.forget", "DELETE FROM analysis_guard WHERE terminal_id = $1")

    private static let lock = NamedQuery("analysis.lock", "SELECT pg_try_advisory_lock(7304, 0)")
    private static let selectNews = NamedQuery(
        "analysis.news",
        """
        SELECT m.terminal_id, (extract(epoch FROM min(m.earliest)) * 1000000)::bigint
        FROM lane l
        LEFT JOIN analysis_cursor c USING (lane_id)
        JOIN batch b ON b.lane_id = l.lane_id AND b.number > coalesce(c.number, 0)
            AND b.number <= coalesce(c.number, 0) + $1::bigint
        CROSS JOIN LATERAL unnest(b.terminal_ids, b.earliest) AS m (terminal_id, earliest)
        GROUP BY m.terminal_id
        """)
    private static let selectNewsEnds = NamedQuery(
        "analysis.news.ends",
        """
        SELECT l.lane_id, max(b.number), count(*)
        FROM lane l
        LEFT JOIN analysis_cursor c USING (lane_id)
        JOIN batch b ON b.lane_id = l.lane_id AND b.number > coalesce(c.number, 0)
            AND b.number <= coalesce(c.number, 0) + $1::bigint
        GROUP BY l.lane_id
        """)
    private static let upsertCursors = NamedQuery(
        "analysis.cursor.upsert",
        """
        INSERT INTO analysis_cursor (lane_id, number) SELECT * FROM unnest($1::integer[], $2::bigint[])
        ON CONFLICT (lane_id) DO UPDATE SET number = excluded.number
        """)
    private static let selectCheckpoint = NamedQuery(
        "analysis.checkpoint.select",
        """
        SELECT taken_up_to, state FROM fold_checkpoint
        WHERE terminal_id = $1 AND taken_up_to < $2::timestamptz AND world = $3
        ORDER BY taken_up_to DESC LIMIT 1
        """)
    private static let upsertCheckpoint = NamedQuery(
        "analysis.checkpoint.upsert",
        """
        INSERT INTO fold_checkpoint (terminal_id, taken_up_to, world, state) VALUES ($1, $2, $3, $4)
        ON CONFLICT (terminal_id, taken_up_to) DO UPDATE SET world = excluded.world, state = excluded.state
        """)
    private static let deleteCheckpoints = NamedQuery(
        "analysis.checkpoint.delete",
        "DELETE FROM fold_checkpoint WHERE terminal_id = $1 AND taken_up_to > $2::timestamptz")
    private static let selectWorld = NamedQuery("analysis.world.select", "SELECT world FROM analysis_state")
    private static let updateWorld = NamedQuery("analysis.world.update", "UPDATE analysis_state SET world = $1")
}

extension SchemaMigrator {
    /// As `requireCurrent`, with the text as a server error so that a caller with one error type can pass it on.
    func requireCurrentOrFail() throws(PostgresError) {
        do throws(StoreError) {
            try self.requireCurrent()
        } catch {
            if case .database(let cause) = error { throw cause }
            throw PostgresError(.unexpectedResult, message: error.description)
        }
    }
}
