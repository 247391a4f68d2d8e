package import Chronology
import Geodesy
package import PostgresClient
package import Telemetry

/// The stored positions, terminal by terminal, as the fold wants them.
package struct PositionLog {
    private let connection: PostgresConnection

    package init(connection: PostgresConnection) {
        self.connection = connection
    }

    /// All terminals that have ever reported.
    package func terminals() throws(PostgresError) -> [Int32: TerminalID] {
        let rows = try self.connection.query(Self.selectTerminals)
        var terminals: [Int32: TerminalID] = [:]
        for row in 0..<rows.rowCount {
            guard let id = rows.integer(row, 0), let name = rows.text(row, 1), let terminal = TerminalID(name) else {
                continue
            }
            terminals[Int32(truncatingIfNeeded: id)] = terminal
        }
        return terminals
    }

    /// Up to `limit` positions of one terminal recorded after `time`, the earliest first.
    package func positions(
        of terminal: Int32, after time: Instant?, limit: Int
    ) throws(PostgresError) -> [(report: PositionReport, receivedAt: Instant)] {
        let after = time.map { PostgresValue.text($0.description) } ?? .text("-infinity")
        let rows = try self.connection.query(
            Self.selectPositions, [.integer(terminal), after, .integer(limit)], binaryResult: true)
        return (0..<rows.rowCount).map { PositionRow.read(rows, row: $0) }
    }

    /// Of each terminal up to `limit` positions recorded after its time, the earliest first: one question for all.
    package func positions(
        after times: [(terminal: Int32, time: Instant)], limit: Int
    ) throws(PostgresError) -> [Int32: [(report: PositionReport, receivedAt: Instant)]] {
        let rows = try self.connection.query(
            Self.selectNews,
            [
                .array(times.map(\.terminal)),
                .timestamps(microsecondsSince1970: times.map(\.time.microseconds)), .integer(limit),
            ], binaryResult: true)
        var found: [Int32: [(report: PositionReport, receivedAt: Instant)]] = [:]
        found.reserveCapacity(times.count)
        for row in 0..<rows.rowCount {
            let terminal = Int32(truncatingIfNeeded: rows.binaryInteger(row, PositionRow.columns) ?? 0)
            found[terminal, default: []].append(PositionRow.read(rows, row: row))
        }
        return found
    }

    /// The positions of one terminal recorded from `from` to `to`, the earliest first.
    package func positions(
        of terminal: Int32, from: Instant, to: Instant
    ) throws(PostgresError) -> [(report: PositionReport, receivedAt: Instant)] {
        let rows = try self.connection.query(
            Self.selectStretch, [.integer(terminal), .text(from.description), .text(to.description)],
            binaryResult: true)
        return (0..<rows.rowCount).map { PositionRow.read(rows, row: $0) }
    }

    /// How many positions of a terminal were recorded after `time` (`nil`: ever) and no later than `end`.
    package func count(of terminal: Int32, after time: Instant?, to end: Instant) throws(PostgresError) -> Int {
        let rows = try self.connection.query(
            Self.countPositions,
            [.integer(terminal), .text(time?.description ?? "-infinity"), .text(end.description)])
        return Int(rows.integer(0, 0) ?? 0)
    }

    private static let countPositions = NamedQuery(
        "log.count",
        """
        SELECT count(*) FROM position
        WHERE terminal_id = $1::integer AND recorded_at > $2::timestamptz AND recorded_at <= $3::timestamptz
        """)
    private static let selectTerminals = NamedQuery("log.terminals", "SELECT terminal_id, name FROM terminal")
    private static let selectPositions = NamedQuery(
        "log.positions",
        """
        SELECT recorded_at, received_at, latitude, longitude, flags, speed, course, satellites, hdop, drum, altitude,
            odometer, load, sequence
        FROM position WHERE terminal_id = $1 AND recorded_at > $2::timestamptz
        ORDER BY recorded_at LIMIT $3::integer
        """)
    private static let selectNews = NamedQuery(
        "log.news",
        """
        SELECT p.*, w.terminal_id FROM unnest($1::integer[], $2::timestamptz[]) AS w (terminal_id, seen)
        CROSS JOIN LATERAL (
            SELECT recorded_at, received_at, latitude, longitude, flags, speed, course, satellites, hdop, drum,
                altitude, odometer, load, sequence
            FROM position WHERE terminal_id = w.terminal_id AND recorded_at > w.seen
            ORDER BY recorded_at LIMIT $3::integer) AS p
        ORDER BY w.terminal_id, p.recorded_at
        """)
    private static let selectStretch = NamedQuery(
        "log.stretch",
        """
        SELECT recorded_at, received_at, latitude, longitude, flags, speed, course, satellites, hdop, drum, altitude,
            odometer, load, sequence
        FROM position WHERE terminal_id = $1 AND recorded_at BETWEEN $2::timestamptz AND $3::timestamptz
        ORDER BY recorded_at
        """)
}

/// Reads a row of `position` in the column order of `log.positions`, binary format.
enum PositionRow {
    /// How many columns it reads; one may follow.
    static let columns = 14

    static func read(_ rows: borrowing QueryResult, row: Int) -> (report: PositionReport, receivedAt: Instant) {
        func time(_ column: Int) -> Instant {
            Instant(microseconds: (rows.binaryInteger(row, column) ?? 0) &+ postgresEpoch)
        }
        func small(_ column: Int) -> Int16? { rows.binaryInteger(row, column).map { Int16(truncatingIfNeeded: $0) } }
        func medium(_ column: Int) -> Int32? { rows.binaryInteger(row, column).map { Int32(truncatingIfNeeded: $0) } }
        let flags = PositionFlags(rawValue: small(4) ?? 0)
        var report = PositionReport(
            recordedAt: time(0), coordinate: Coordinate(latitudeE7: medium(2) ?? 0, longitudeE7: medium(3) ?? 0),
            hasFix: flags.contains(.hasFix))
        report.ignition = flags.ignition
        report.speed = small(5)
        report.course = small(6)
        report.satellites = small(7)
        report.hdop = small(8)
        report.drum = small(9)
        report.altitude = medium(10)
        report.odometer = medium(11)
        report.load = medium(12)
        report.sequence = rows.binaryInteger(row, 13)
        return (report, time(1))
    }
}
