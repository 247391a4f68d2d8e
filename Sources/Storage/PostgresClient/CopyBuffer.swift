/// The bytes of one `COPY … FROM STDIN (FORMAT binary)` (PostgreSQL manual, COPY, "Binary Format").
package struct CopyBuffer: Sendable {
    /// Holds the bytes up to `count`; longer than that, so that a number is one store without a look at the capacity.
    private var storage: [UInt8] = []
    private var count = 0
    package private(set) var rowCount = 0

    package init(reservingRows rows: Int = 0) {
        self.storage = [UInt8](repeating: 0, count: rows * 160 + 64)
        self.reset()
    }

    package var bytes: ArraySlice<UInt8> { self.storage[..<self.count] }

    /// Back to no rows; the storage is kept.
    /// - Parameter isContinued: what follows is a further piece of a COPY that has begun.
    package mutating func reset(isContinued: Bool = false) {
        self.count = 0
        if !isContinued { self.put(Self.signature) }
        self.rowCount = 0
    }

    private static let signature: [UInt8] =
        Array("PGCOPY\n".utf8) + [0xFF, 0x0D, 0x0A, 0x00] + [0, 0, 0, 0] + [0, 0, 0, 0]
    static let trailer: [UInt8] = [0xFF, 0xFF]

    private mutating func makeRoom(for more: Int) {
        guard self.storage.count - self.count < more else { return }
        self.storage.append(contentsOf: repeatElement(0, count: max(more, self.storage.count)))
    }

    private mutating func put(_ bytes: some Collection<UInt8>) {
        let length = bytes.count
        self.makeRoom(for: length)
        self.storage.replaceSubrange(self.count..<self.count + length, with: bytes)
        self.count += length
    }

    /// The wire's byte order.
    private mutating func put<Number: FixedWidthInteger>(_ value: Number) {
        self.makeRoom(for: MemoryLayout<Number>.size)
        let offset = self.count
        self.storage.withUnsafeMutableBytes {
            $0.storeBytes(of: value.bigEndian, toByteOffset: offset, as: Number.self)
        }
        self.count = offset + MemoryLayout<Number>.size
    }

    /// Starts a row of `columns` fields; exactly so many appends must follow.
    package mutating func beginRow(columns: Int16) {
        self.put(columns)
        self.rowCount += 1
    }

    package mutating func null() { self.put(Int32(-1)) }

    package mutating func int64(_ value: Int64) {
        self.put(Int32(8))
        self.put(value)
    }

    package mutating func int32(_ value: Int32) {
        self.put(Int32(4))
        self.put(value)
    }

    package mutating func int16(_ value: Int16) {
        self.put(Int32(2))
        self.put(value)
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
        self.put(Int32(1))
        self.put(value ? 1 as UInt8 : 0)
    }

    /// Microseconds since 1970; the wire counts from 2000-01-01.
    package mutating func timestamp(microsecondsSince1970 value: Int64) {
        self.int64(value.subtractingReportingOverflow(postgresEpoch).partialValue)
    }

    /// A `text` field. PostgreSQL takes no NUL in text, so it is shown as U+FFFD.
    package mutating func text(_ value: String) {
        let clean = value.utf8.contains(0) ? value.replacing("\0", with: "\u{FFFD}") : value
        self.put(Int32(truncatingIfNeeded: clean.utf8.count))
        self.put(clean.utf8)
    }

    package mutating func bytea(_ value: some Collection<UInt8>) {
        self.put(Int32(truncatingIfNeeded: value.count))
        self.put(value)
    }
}

/// 2000-01-01T00:00:00Z in microseconds since 1970: where PostgreSQL's binary timestamps begin.
package let postgresEpoch: Int64 = 946_684_800_000_000
