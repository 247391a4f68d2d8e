package import Chronology
package import Deliveries
package import Geodesy
package import PostgresClient
package import Tracks

/// Where trucks have driven, day by day, in cells: what `UsualRoads` is read from around a point.
///
/// What a report teaches follows from that report alone, and a cell that was learned is not forgotten: so any order
/// of the reports, and any number of times that they are read, gives the same roads.
package struct RoadStore {
    private let connection: PostgresConnection

    package init(connection: PostgresConnection) {
        self.connection = connection
    }

    /// Cells driven through for the first time on their day, or by another truck than the first.
    package struct Pass: Hashable, Sendable {
        package var cell: Int64
        /// Days since 1970 in China.
        package var day: Int32
        package var terminal: Int32
        package var isShared: Bool

        package init(cell: Int64, day: Int32, terminal: Int32, isShared: Bool) {
            self.cell = cell
            self.day = day
            self.terminal = terminal
            self.isShared = isShared
        }
    }

    /// Takes passes, each cell and day once; to be called in a transaction.
    package func store(_ passes: [Pass]) throws(PostgresError) {
        guard !passes.isEmpty else { return }
        let passes = passes.sorted { ($0.cell, $0.day) < ($1.cell, $1.day) }
        try self.connection.query(
            Self.upsert,
            [
                .array(passes.map(\.cell)), .binaryArray(passes.map(\.day)), .binaryArray(passes.map(\.terminal)),
                .array(passes.map { $0.isShared ? 1 : 0 }),
            ])
    }

    /// The roads around some points, of the days from `first` to `last`.
    package func roads(
        around points: [Coordinate], first: CivilDate, last: CivilDate, _ parameters: AnalysisParameters
    ) throws(PostgresError) -> UsualRoads {
        var roads = UsualRoads(parameters.roads)
        let ranges = points.flatMap { roads.cells(around: $0, within: parameters.hauls.roadDistance) }
        guard !ranges.isEmpty else { return roads }
        let rows = try self.connection.query(
            Self.select,
            [
                .array(ranges.map(\.lowerBound)), .array(ranges.map(\.upperBound)),
                .integer(first.daysSince1970), .integer(last.daysSince1970),
            ])
        for row in 0..<rows.rowCount {
            roads.note(cell: rows.integer(row, 0) ?? 0, passes: Int(rows.integer(row, 1) ?? 0))
        }
        return roads
    }

    /// Whether roads have come to be known by which nothing has been judged yet.
    package func hasChanges() throws(PostgresError) -> Bool {
        try self.connection.query(Self.selectChanged).boolean(0, 0) ?? false
    }

    /// Makes the deliveries due that stood on the way, or were unloaded outside every register, and are judged by roads
    /// that have changed since; to be called in a transaction.
    package func makeDue(days: Int) throws(PostgresError) {
        try self.connection.query(Self.insertDue, [.integer(days)])
    }

    private static let upsert = NamedQuery(
        "road.upsert",
        """
        WITH written AS (
            INSERT INTO road_cell AS r (cell, day, terminal_id, is_shared)
            SELECT cell, date '1970-01-01' + day, terminal_id, is_shared = 1
            FROM unnest($1::bigint[], $2::integer[], $3::integer[], $4::integer[])
                AS n (cell, day, terminal_id, is_shared)
            ON CONFLICT (cell, day) DO UPDATE SET is_shared = true
            WHERE NOT r.is_shared AND (excluded.is_shared OR r.terminal_id <> excluded.terminal_id)
            RETURNING r.day)
        INSERT INTO road_change SELECT DISTINCT day FROM written ON CONFLICT (day) DO NOTHING
        """)
    private static let select = NamedQuery(
        "road.around",
        """
        SELECT r.cell, sum(CASE WHEN r.is_shared THEN 2 ELSE 1 END)
        FROM (
            SELECT DISTINCT c.cell, c.day, c.is_shared FROM unnest($1::bigint[], $2::bigint[]) AS range (first, last)
            JOIN road_cell c ON c.cell BETWEEN range.first AND range.last
                AND c.day BETWEEN date '1970-01-01' + $3::integer AND date '1970-01-01' + $4::integer) AS r
        GROUP BY r.cell
        """)
    private static let selectChanged = NamedQuery("road.changed", "SELECT EXISTS (SELECT FROM road_change)")
    private static let insertDue = NamedQuery(
        "road.due",
        """
        WITH changed AS (DELETE FROM road_change RETURNING day)
        INSERT INTO delivery_due (delivery_id, due_at, reason)
        SELECT delivery_id, clock_timestamp(), 'usual roads were learned'
        FROM changed JOIN delivery ON carried_at >= (day::timestamp AT TIME ZONE 'Asia/Shanghai')
            AND carried_at < ((day + $1::integer)::timestamp AT TIME ZONE 'Asia/Shanghai')
        WHERE jsonb_path_exists(content, '$.delivery.haul.halts[*] ? (!exists(@.place))')
            OR destination_id IS NULL AND destination_point IS NOT NULL
        GROUP BY delivery_id
        ON CONFLICT (delivery_id) DO UPDATE SET due_at = least(delivery_due.due_at, excluded.due_at)
        """)
}
