package import Chronology
package import Deliveries
package import Geodesy
import PostgresClient
package import Suspicions
import Telemetry
import Tracks

/// What small jobs outside the registers ask of the store, where a city exempts them; where not, nothing is asked.
extension JudgingStore {
    /// Drops outside every register within `metres` of a place, and perhaps a little farther, that began from `from` to
    /// `to`.
    package func drops(near place: Coordinate, within metres: Double, from: Instant, to: Instant) throws -> [PlaceDrop]
    {
        let box = BoundingBox(around: [place])?.expanded(byMetres: metres)
        guard let box else { return [] }
        let corners = [
            Coordinate(latitudeE7: box.south, longitudeE7: box.west),
            Coordinate(latitudeE7: box.north, longitudeE7: box.east),
        ]
        let rows = try self.connection.query(
            Self.selectDrops,
            corners.flatMap { [PostgresValue.double($0.longitude), .double($0.latitude)] } + [
                .text(from.description), .text(to.description),
            ])
        return (0..<rows.rowCount).compactMap { row in
            guard let delivery = rows.text(row, 0), let load = rows.text(row, 1),
                let terminal = rows.text(row, 2).flatMap({ TerminalID($0) }), let start = rows.integer(row, 3),
                let latitude = rows.double(row, 4), let longitude = rows.double(row, 5),
                let coordinate = Coordinate(latitude: latitude, longitude: longitude)
            else { return nil }
            let isEstimated = rows.boolean(row, 7) ?? false
            let volume = rows.double(row, 6).map { isEstimated ? LoadVolume.estimated($0) : .noted($0) }
            return PlaceDrop(
                deliveryID: delivery, loadID: load, terminal: terminal, unloadStart: Instant(microseconds: start),
                coordinate: coordinate, volume: volume ?? .unknown)
        }
    }

    /// What came to the place of a drop around it, with its own load.
    package func smallJob(around drop: PlaceDrop, in world: World) throws -> SmallJob? {
        guard SmallJob.areExempt(world.parameters) else { return nil }
        return SmallJob(around: drop, of: try self.drops(around: drop, world.parameters, times: 1), in: world)
    }

    /// Makes the deliveries to the same small job due of which another word may be said, because this one came, went or
    /// counts otherwise.
    package func makeDue(aroundJobOf delivery: Delivery, in world: World) throws {
        guard SmallJob.areExempt(world.parameters), let drop = PlaceDrop(delivery, volume: .unknown) else { return }
        let drops = try self.drops(around: drop, world.parameters, times: 2)
        let touched = SmallJob.touched(by: drop, among: drops, in: world)
        guard !touched.isEmpty else { return }
        try self.connection.query(Self.insertDueOfJob, [.array(touched), .text(delivery.deliveryID)])
    }

    /// Those of its job, or, twice as far and as long, also of theirs.
    private func drops(around drop: PlaceDrop, _ parameters: AnalysisParameters, times: Double) throws -> [PlaceDrop] {
        let exemption = parameters.exemption
        let seconds = exemption.days * 86_400 * times
        return try self.drops(
            near: drop.coordinate, within: exemption.radius * times,
            from: drop.unloadStart.advanced(bySeconds: -seconds), to: drop.unloadStart.advanced(bySeconds: seconds))
    }

    private static let selectDrops = NamedQuery(
        "judging.drops",
        """
        SELECT d.delivery_id, d.load_id, t.name, (extract(epoch FROM d.unload_start) * 1000000)::bigint,
            ST_Y(d.destination_point), ST_X(d.destination_point), d.volume_m3, d.is_volume_estimated
        FROM delivery d JOIN terminal t USING (terminal_id)
        WHERE d.destination_id IS NULL
            AND d.destination_latitude BETWEEN $2::float8 AND $4::float8
            AND d.destination_longitude BETWEEN $1::float8 AND $3::float8
            AND d.unload_start BETWEEN $5::timestamptz AND $6::timestamptz
        ORDER BY d.unload_start, d.delivery_id
        """)
    private static let insertDueOfJob = NamedQuery(
        "judging.due.job",
        """
        INSERT INTO delivery_due (delivery_id, due_at, reason)
        SELECT delivery_id, clock_timestamp(), 'another delivery came, went or changed: ' || $2
        FROM delivery WHERE delivery_id = ANY ($1::text[])
        ON CONFLICT (delivery_id) DO UPDATE SET due_at = least(delivery_due.due_at, excluded.due_at)
        """)
}
