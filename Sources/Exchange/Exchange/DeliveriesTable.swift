import Chronology
import Deliveries
import Geodesy
package import Suspicions
import Telemetry

/// Deliveries as a table, with the columns of `contract.md` §5. In GeoJSON a delivery is the straight line from where
/// it was loaded to where it was unloaded, or the one of the two points that is known.
package enum DeliveriesTable {
    package static let columns = [
        "delivery_id", "load_id", "plate", "terminal", "origin_kind", "origin_id", "origin_lat", "origin_lon",
        "load_start", "load_end", "destination_kind", "destination_id", "destination_lat", "destination_lon",
        "unload_start", "unload_end", "distance_km", "ticket_id", "verdict", "suspicions", "score", "coverage",
    ]

    /// The whole table. For a long one use a `TableWriter(columns:format:)` and `cells`, `geometry` row by row.
    package static func write(_ deliveries: some Sequence<JudgedDelivery>, as format: TableFormat) -> [UInt8] {
        var writer = TableWriter(columns: Self.columns, format: format)
        for delivery in deliveries { writer.append(Self.cells(of: delivery), geometry: Self.geometry(of: delivery)) }
        return writer.finish()
    }

    /// In the order of `columns`.
    package static func cells(of judged: JudgedDelivery) -> [TableCell] {
        let delivery = judged.delivery
        return [
            .text(delivery.deliveryID), .text(delivery.loadID), .text(delivery.plate), .text(delivery.terminal.text),
        ] + self.cells(of: delivery.origin) + [.time(delivery.loadStart), .time(delivery.loadEnd)]
            + self.cells(of: delivery.destination) + [
                .time(delivery.unloadStart), .time(delivery.unloadEnd), .number(delivery.distanceKilometres),
                .text(delivery.ticketID), .text(judged.verdict.rawValue),
                .text(judged.suspicions.joined(separator: ";")), .number(judged.score), .number(delivery.coverage),
            ]
    }

    package static func geometry(of judged: JudgedDelivery) -> TableGeometry? {
        switch (judged.delivery.origin.coordinate, judged.delivery.destination.coordinate) {
        case (let origin?, let destination?): .line([origin, destination])
        case (let point?, nil), (nil, let point?): .point(point)
        case (nil, nil): nil
        }
    }

    private static func cells(of end: DeliveryEnd) -> [TableCell] {
        [
            .text(end.kind.rawValue), .text(end.id), .number(end.coordinate?.latitude),
            .number(end.coordinate?.longitude),
        ]
    }
}
