import CPostgres

/// One `PGresult`, owned: cleared exactly once. Values are copied out; no pointer into it leaves this type.
package struct QueryResult: ~Copyable {
    private let pointer: OpaquePointer

    init(takingOwnership pointer: OpaquePointer) {
        self.pointer = pointer
    }

    deinit {
        PQclear(self.pointer)
    }

    package var rowCount: Int { Int(PQntuples(self.pointer)) }
    package var columnCount: Int { Int(PQnfields(self.pointer)) }
    var status: ExecStatusType { PQresultStatus(self.pointer) }

    package func isNull(_ row: Int, _ column: Int) -> Bool {
        PQgetisnull(self.pointer, CInt(row), CInt(column)) != 0
    }

    /// The field as text; of a text-format result. `nil` for NULL.
    package func text(_ row: Int, _ column: Int) -> String? {
        self.bytes(row, column).map { String(decoding: $0, as: UTF8.self) }
    }

    package func integer(_ row: Int, _ column: Int) -> Int64? { self.text(row, column).flatMap { Int64($0) } }
    package func double(_ row: Int, _ column: Int) -> Double? { self.text(row, column).flatMap { Double($0) } }
    package func boolean(_ row: Int, _ column: Int) -> Bool? { self.text(row, column).map { $0 == "t" } }

    /// The field's bytes as the server sent them: text, or the type's binary form. `nil` for NULL.
    package func bytes(_ row: Int, _ column: Int) -> [UInt8]? {
        guard !self.isNull(row, column), let value = PQgetvalue(self.pointer, CInt(row), CInt(column)) else {
            return nil
        }
        let count = Int(PQgetlength(self.pointer, CInt(row), CInt(column)))
        return Array(UnsafeRawBufferPointer(start: value, count: count))
    }

    /// A binary-format integer of 2, 4 or 8 bytes, widened. `nil` for NULL and for any other width.
    package func binaryInteger(_ row: Int, _ column: Int) -> Int64? {
        guard !self.isNull(row, column), let value = PQgetvalue(self.pointer, CInt(row), CInt(column)) else {
            return nil
        }
        let raw = UnsafeRawPointer(value)
        switch PQgetlength(self.pointer, CInt(row), CInt(column)) {
        case 8: return Int64(bigEndian: raw.loadUnaligned(as: Int64.self))
        case 4: return Int64(Int32(bigEndian: raw.loadUnaligned(as: Int32.self)))
        case 2: return Int64(Int16(bigEndian: raw.loadUnaligned(as: Int16.self)))
        case 1: return Int64(raw.load(as: UInt8.self))
        default: return nil
        }
    }

    var error: PostgresError {
        let state = self.diagnostic(.sqlState) ?? "?????"
        let message = self.diagnostic(.message) ?? "no message"
        let subject = self.diagnostic(.constraint) ?? self.diagnostic(.table)
        return PostgresError(.server(SQLState(state)), message: message, subject: subject)
    }

    /// The fields of an error that are read (libpq, `PQresultErrorField`).
    private enum DiagnosticField: UInt8 {
        case sqlState = 0x43  // 'C' PG_DIAG_SQLSTATE
        case message = 0x4D  // 'M' PG_DIAG_MESSAGE_PRIMARY
        case table = 0x74  // 't' PG_DIAG_TABLE_NAME
        case constraint = 0x6E  // 'n' PG_DIAG_CONSTRAINT_NAME
    }

    private func diagnostic(_ field: DiagnosticField) -> String? {
        // libpq returns NULL when the server did not send the field; the header does not say so.
        let value: UnsafeMutablePointer<CChar>? = PQresultErrorField(self.pointer, CInt(field.rawValue))
        return value.map { String(cString: $0) }
    }
}
