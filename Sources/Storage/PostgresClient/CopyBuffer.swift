/// The bytes of one `COPY … FROM STDIN (FORMAT binary)` (PostgreSQL manual, COPY, "Binary Format").
package struct CopyBuffer: Sendable {
    package private(set) var bytes: [UInt8] = []
    package private(set) var rowCount = 0

    package init(reservingRows rows: Int = 0) {
        self.bytes.reserveCapacity(rows * 128 + 32)
        self.reset()
    }

    /// Back to no rows; the storage is kept.
    package mutating func reset() {
        self.bytes.removeAll(keepingCapacity: true)
        self.bytes.append(contentsOf: Self.signature)
        self.rowCount = 0
    }

    private static let signature: [UInt8] =
        Array("PGCOPY\n".utf8) + [0xFF, 0x0D, 0x0A, 0x00] + [0, 0, 0, 0] + [0, 0, 0, 0]
    static let trailer: [UInt8] = [0xFF, 0xFF]

    /// Starts a row of `columns` fields; exactly so many appends must follow.
    package mutating func beginRow(columns: Int16) {
        self.append(columns)
        self.rowCount += 1
    }

    package mutating func null() { self.append(Int32(-1)) }

    package mutating func int64(_ value: Int64) {
        self.append(Int32(8))
        self.append(value)
    }

    package mutating func int32(_ value: Int32) {
        self.append(Int32(4))
        self.append(value)
    }

    package mutating func int16(_ value: Int16) {
        self.append(Int32(2))
        self.append(value)
    }

    package mutating func optional(_ value: Int64?) {
        if let value { self.int64(value) } else { self.null() }
    }

    package mutating func optional(_ value: Int32?) {
        if let value { self.int32(value) } else { self.null() }
    }

    package mutating func optional(_ value: Int16?) {
        if let value { self.int16(value) } else { self.null() }
    }

    package mutating func boolean(_ value: Bool) {
        self.append(Int32(1))
        self.bytes.append(value ? 1 : 0)
    }

    /// Microseconds since 1970; the wire counts from 2000-01-01.
    package mutating func timestamp(microsecondsSince1970 value: Int64) {
        self.int64(value.subtractingReportingOverflow(postgresEpoch).partialValue)
    }

    /// A `text` field. PostgreSQL takes no NUL in text, so it is shown as U+FFFD.
    package mutating func text(_ value: String) {
        let clean = value.utf8.contains(0) ? value.replacing("\0", with: "\u{FFFD}") : value
        self.append(Int32(truncatingIfNeeded: clean.utf8.count))
        self.bytes.append(contentsOf: clean.utf8)
    }

    package mutating func bytea(_ value: some Collection<UInt8>) {
        self.append(Int32(truncatingIfNeeded: value.count))
        self.bytes.append(contentsOf: value)
    }

    private mutating func append(_ value: some FixedWidthInteger) {
        withUnsafeBytes(of: value.bigEndian) { self.bytes.append(contentsOf: $0) }
    }
}

/// 2000-01-01T00:00:00Z in microseconds since 1970: where PostgreSQL's binary timestamps begin.
package let postgresEpoch: Int64 = 946_684_800_000_000
