package import PostgresClient
package import Registers

/// The rows of one register as they are known now.
package struct RegisterReader {
    private let connection: PostgresConnection

    package init(connection: PostgresConnection) {
        self.connection = connection
    }

    /// In order of id and validity.
    package func records(of kind: RegisterKind) throws -> [RegisterRecord] {
        let rows = try self.connection.query(Self.select, [.text(kind.rawValue)])
        return try (0..<rows.rowCount).map { row in
            try JSONText.decode(
                RegisterRecord.self, from: #"{"kind":"\#(kind.rawValue)","row":\#(rows.text(row, 0) ?? "null")}"#)
        }
    }

    private static let select = NamedQuery(
        "register.records",
        """
        SELECT content FROM register_entry WHERE known_to IS NULL AND kind = $1
        ORDER BY id, lower(valid) NULLS FIRST
        """)
}
