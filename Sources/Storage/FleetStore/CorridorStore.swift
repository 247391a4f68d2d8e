package import Chronology
package import Deliveries
package import Geodesy
package import PostgresClient
package import Tracks

/// The ways of loads that nothing was found against, from plants to sites.
///
/// A load is compared with those that went before it, so what is said of it follows from the facts and not from when
/// they were judged. A way that comes late or goes makes the loads due that are compared with it.
package struct CorridorStore {
    private let connection: PostgresConnection

    package init(connection: PostgresConnection) {
        self.connection = connection
    }

    /// The ways that went between plant and site before a load, the newest few.
    package func corridors(
        _ pair: Corridors.Pair, before time: Instant, loadID: String, _ parameters: AnalysisParameters
    ) throws(PostgresError) -> Corridors {
        var corridors = Corridors(parameters.corridors)
        try self.read(pair, before: time, loadID: loadID, into: &corridors, parameters)
        return corridors
    }

    private func read(
        _ pair: Corridors.Pair, before time: Instant, loadID: String, into corridors: inout Corridors,
        _ parameters: AnalysisParameters
    ) throws(PostgresError) {
        let rows = try self.connection.query(
            Self.select,
            [
                .text(pair.plantID), .text(pair.siteID), .text(time.description), .text(loadID),
                .integer(parameters.corridors.tripLimit),
            ])
        for row in 0..<rows.rowCount {
            let numbers = (rows.text(row, 2) ?? "").split(separator: ",").compactMap { Int32($0) }
            let points = stride(from: 0, to: numbers.count - 1, by: 2).map {
                Coordinate(latitudeE7: numbers[$0], longitudeE7: numbers[$0 + 1])
            }
            corridors.note(
                points, of: rows.text(row, 0) ?? "", at: Instant(microseconds: rows.integer(row, 1) ?? 0), for: pair)
        }
    }

    /// The ways that went between a plant and each of some sites before `time`, the newest few of each.
    package func corridors(
        plant: String, sites: [String], before time: Instant, _ parameters: AnalysisParameters
    ) throws(PostgresError) -> Corridors {
        var corridors = Corridors(parameters.corridors)
        for site in sites {
            let pair = Corridors.Pair(plantID: plant, siteID: site)
            try self.read(pair, before: time, loadID: "", into: &corridors, parameters)
        }
        return corridors
    }

    /// Learns the way of a load that nothing was found against.
    package func learn(
        _ points: [Coordinate], of loadID: String, at time: Instant, for pair: Corridors.Pair, tripLimit: Int
    ) throws(PostgresError) {
        // What was compared with it as it was read before, at another time or of another pair, may not be any more.
        let key: [PostgresValue] = [
            .text(loadID), .text(pair.plantID), .text(pair.siteID), .text(time.description),
        ]
        if try self.connection.query(Self.selectMoved, key).rowCount > 0 {
            try self.makeLaterDue(than: loadID, tripLimit: tripLimit)
        }
        let rows = try self.connection.query(
            Self.upsert, key + [.binaryArray(points.flatMap { [$0.latitudeE7, $0.longitudeE7] })])
        guard rows.rowCount > 0 else { return }
        try self.makeLaterDue(than: loadID, tripLimit: tripLimit)
    }

    /// Forgets the way of a load, if it was learned.
    package func forget(_ loadID: String, tripLimit: Int) throws(PostgresError) {
        guard try self.connection.query(Self.selectOne, [.text(loadID)]).rowCount > 0 else { return }
        try self.makeLaterDue(than: loadID, tripLimit: tripLimit)
        try self.connection.query(Self.delete, [.text(loadID)])
    }

    private func makeLaterDue(than loadID: String, tripLimit: Int) throws(PostgresError) {
        try self.connection.query(Self.insertDue, [.text(loadID), .integer(tripLimit)])
    }

    private static let select = NamedQuery(
        "corridor.before",
        """
        SELECT load_id, (extract(epoch FROM carried_at) * 1000000)::bigint, array_to_string(points, ',')
        FROM corridor_trip
        WHERE plant = $1 AND site = $2 AND (carried_at, load_id) < ($3::timestamptz, $4)
        ORDER BY carried_at DESC, load_id DESC LIMIT $5::integer
        """)
    private static let selectOne = NamedQuery("corridor.one", "SELECT 1 FROM corridor_trip WHERE load_id = $1")
    private static let selectMoved = NamedQuery(
        "corridor.moved",
        """
        SELECT 1 FROM corridor_trip
        WHERE load_id = $1 AND (plant, site, carried_at) IS DISTINCT FROM ($2, $3, $4::timestamptz)
        """)
    private static let upsert = NamedQuery(
        "corridor.learn",
        """
        INSERT INTO corridor_trip AS t (load_id, plant, site, carried_at, points)
        VALUES ($1, $2, $3, $4::timestamptz, $5::integer[])
        ON CONFLICT (load_id) DO UPDATE SET plant = excluded.plant, site = excluded.site,
            carried_at = excluded.carried_at, points = excluded.points
        WHERE (t.plant, t.site, t.carried_at, t.points)
            IS DISTINCT FROM (excluded.plant, excluded.site, excluded.carried_at, excluded.points)
        RETURNING 1
        """)
    private static let delete = NamedQuery("corridor.forget", "DELETE FROM corridor_trip WHERE load_id = $1")
    /// Beyond the newest ways that are kept of a pair a way makes no difference.
    private static let insertDue = NamedQuery(
        "corridor.due",
        """
        INSERT INTO delivery_due (delivery_id, due_at, reason)
        SELECT d.delivery_id, clock_timestamp(), 'a usual way of this plant and site was learned or forgotten: ' || $1
        FROM corridor_trip t
        JOIN delivery d ON d.origin_plant = t.plant AND d.destination_id = t.site
            AND d.carried_at >= t.carried_at AND d.load_id <> t.load_id
        WHERE t.load_id = $1 AND d.carried_at <= coalesce((
            SELECT o.carried_at FROM corridor_trip o
            WHERE o.plant = t.plant AND o.site = t.site AND o.carried_at > t.carried_at
            ORDER BY o.carried_at OFFSET $2::integer LIMIT 1), 'infinity')
        ON CONFLICT (delivery_id) DO UPDATE SET due_at = least(delivery_due.due_at, excluded.due_at)
        """)
}
