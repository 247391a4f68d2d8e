package import Chronology
package import Deliveries
package import PostgresClient

/// What each truck does with its load now.
package struct TruckLoadStore {
    private let connection: PostgresConnection

    package init(connection: PostgresConnection) {
        self.connection = connection
    }

    /// What changed for one truck.
    package struct Change: Hashable, Sendable {
        package var terminal: Int32
        package var state: LoadState
        package var since: Instant

        package init(terminal: Int32, state: LoadState, since: Instant) {
            self.terminal = terminal
            self.state = state
            self.since = since
        }
    }

    package func set(_ changes: [Change]) throws(PostgresError) {
        guard !changes.isEmpty else { return }
        try self.connection.query(
            Self.upsert,
            [
                .binaryArray(changes.map(\.terminal)), .array(changes.map(\.state.rawValue)),
                .timestamps(microsecondsSince1970: changes.map(\.since.microseconds)),
            ])
    }

    private static let upsert = NamedQuery(
        "truck_load.set",
        """
        INSERT INTO truck_load (terminal_id, state, since)
        SELECT * FROM unnest($1::integer[], $2::text[], $3::timestamptz[])
        ON CONFLICT (terminal_id) DO UPDATE SET state = excluded.state, since = excluded.since
            WHERE truck_load.state <> excluded.state
        """)
}
