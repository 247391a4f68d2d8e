package import Chronology
package import PostgresClient

/// Who took which evidence package out, and what for.
package struct EvidenceLog {
    private let connection: PostgresConnection

    package init(connection: PostgresConnection) {
        self.connection = connection
    }

    /// One package that was handed out.
    package struct Export: Sendable {
        package var by: String
        package var interface: String
        package var purpose: String
        package var deliveryID: String
        package var terminal: String
        package var plate: String?
        package var from: Instant
        package var to: Instant
        package var files: Int
        package var bytes: Int
        package var manifestHash: [UInt8]
        package var publicKey: [UInt8]

        package init(
            by: String, interface: String, purpose: String, deliveryID: String, terminal: String, plate: String?,
            from: Instant, to: Instant, files: Int, bytes: Int, manifestHash: [UInt8], publicKey: [UInt8]
        ) {
            self.by = by
            self.interface = interface
            self.purpose = purpose
            self.deliveryID = deliveryID
            self.terminal = terminal
            self.plate = plate
            self.from = from
            self.to = to
            self.files = files
            self.bytes = bytes
            self.manifestHash = manifestHash
            self.publicKey = publicKey
        }
    }

    /// Called before the package is handed out: what cannot be noted is not had.
    package func note(_ export: Export) throws(PostgresError) {
        try self.connection.query(
            Self.insert,
            [
                .text(export.by), .text(export.interface), .text(export.purpose), .text(export.deliveryID),
                .text(export.terminal), .optional(export.plate), .text(export.from.description),
                .text(export.to.description), .integer(export.files), .integer(export.bytes),
                .bytes(export.manifestHash), .bytes(export.publicKey),
            ])
    }

    private static let insert = NamedQuery(
        "evidence.note",
        """
        INSERT INTO evidence_export (exported_by, interface, purpose, delivery_id, terminal, plate, covers, files,
            bytes, manifest_sha256, public_key)
        VALUES ($1, $2, $3, $4, $5, $6, tstzrange($7::timestamptz, $8::timestamptz), $9::integer, $10::bigint, $11, $12)
        """)
}
