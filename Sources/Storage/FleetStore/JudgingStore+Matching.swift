package import Chronology
package import Deliveries
package import Geodesy
import PostgresClient
package import Registers

/// What is read around loads and notes to match them.
extension JudgingStore {
    /// What tells of a truck that its clock is a day beside the time is looked for farther away on one side: the notes
    /// around loads that are judged, or the loads around notes.
    package enum FarSide: Sendable { case loads, notes }

    /// These deliveries and notes, and all within the span that is matched together with them (`MatchingReach`).
    package func reach(
        from deliveries: [Delivery], _ notes: [Ticket] = [], in span: MatchingSpan, far: FarSide, world: World
    ) throws -> MatchingReach {
        var reach = MatchingReach(from: deliveries, notes, in: world)
        let (from, to) = (span.matched.lowerBound, span.matched.upperBound)
        let carried = far == .loads ? span.clocked : span.matched
        let issued = far == .notes ? span.clocked : span.matched
        while let wanted = reach.wanted() {
            var loads = try self.deliveries(takenIn: wanted.boxes, from: from, to: to)
            if !wanted.plantsAround.isEmpty {
                loads += try self.deliveries(plants: wanted.plantsAround, terminals: [], from: from, to: to)
            }
            if !wanted.plates.isEmpty {
                loads += try self.deliveries(
                    plates: wanted.plates, from: carried.lowerBound, to: carried.upperBound)
            }
            let notes =
                try self.tickets(plants: wanted.plants, plates: [], from: from, to: to)
                + self.tickets(plants: [], plates: wanted.plates, from: issued.lowerBound, to: issued.upperBound)
            reach.take(loads, notes)
        }
        return reach
    }

    /// Deliveries from no registered plant whose load was taken in one of these boxes, and carried from `from` to `to`.
    package func deliveries(takenIn boxes: [BoundingBox], from: Instant, to: Instant) throws -> [Delivery] {
        guard !boxes.isEmpty else { return [] }
        let rows = try self.connection.query(
            Self.selectTakenIn,
            [
                .array(boxes.map(\.south)), .array(boxes.map(\.north)), .array(boxes.map(\.west)),
                .array(boxes.map(\.east)), .text(from.description), .text(to.description),
            ])
        return try (0..<rows.rowCount).map { try JSONText.decode(Delivery.self, from: rows.text($0, 0) ?? "") }
    }

    private static let selectTakenIn = NamedQuery(
        "judging.taken.in",
        """
        SELECT d.content -> 'delivery'
        FROM unnest($1::integer[], $2::integer[], $3::integer[], $4::integer[]) AS box (south, north, west, east)
        JOIN delivery d ON d.origin_plant IS NULL
            AND d.origin_latitude BETWEEN box.south AND box.north
            AND d.origin_longitude BETWEEN box.west AND box.east
            AND d.carried_at BETWEEN $5::timestamptz AND $6::timestamptz
        ORDER BY d.carried_at, d.delivery_id
        """)
}
