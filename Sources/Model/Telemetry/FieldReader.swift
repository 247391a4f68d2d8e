import Chronology

/// Why a report is not accepted: a refusal that does not yet know which report of the message it is.
struct ReportProblem: Error, Hashable {
    var reason: Refusal.Reason
    /// The field's name, or the place.
    var detail: String
}

/// Finds a dialect's field by its name. Names have at most sixteen bytes, and there are at most 32 of them.
struct FieldTable<Field: RawRepresentable & CaseIterable & Sendable>: Sendable where Field.RawValue == String {
    struct Entry {
        var code: NameCode
        var field: Field
        /// One bit that no other field has.
        var mark: UInt32
    }

    /// Open addressing with linear probing.
    private let slots: [Entry?]
    private static var mask: Int { 63 }

    init() {
        precondition(Field.allCases.count <= 32, "More fields than bits to mark them")
        var slots = [Entry?](repeating: nil, count: Self.mask + 1)
        var mark: UInt32 = 1
        for field in Field.allCases {
            guard let code = NameCode(field.rawValue) else { preconditionFailure("\(field) has too long a name") }
            var index = Self.hash(code)
            while slots[index] != nil { index = (index + 1) & Self.mask }
            slots[index] = Entry(code: code, field: field, mark: mark)
            mark <<= 1
        }
        self.slots = slots
    }

    func entry(named name: JSONText, _ bytes: Span<UInt8>) -> Entry? {
        guard !name.hasEscapes else {
            let text = name.string(bytes)
            return self.slots.lazy.compactMap { $0 }.first { $0.field.rawValue == text }
        }
        guard let code = NameCode(bytes, name.range) else { return nil }
        var index = Self.hash(code)
        while let entry = self.slots[index] {
            if entry.code == code { return entry }
            index = (index + 1) & Self.mask
        }
        return nil
    }

    private static func hash(_ code: NameCode) -> Int {
        Int(truncatingIfNeeded: ((code.low ^ code.high &* 31) &* 0x9E37_79B9_7F4A_7C15) >> 58)
    }
}

/// Reads fields of a report by their contracted type. The first problem is kept; the scanner goes on behind the value
/// all the same, for the rest of the message is to be read too.
struct FieldReader<Field: RawRepresentable & CaseIterable & Sendable>: ~Copyable where Field.RawValue == String {
    private(set) var problem: ReportProblem?
    private(set) var unknownFieldCount = 0
    private let table: FieldTable<Field>
    /// The marks of the fields that came.
    private var seen: UInt32 = 0

    init(_ table: FieldTable<Field>) {
        self.table = table
    }

    /// The next field that the dialect knows, at its value; `nil` at the object's end. Unknown fields are passed over
    /// and counted (repeated ones too: they change nothing); a known one that comes again is a problem.
    mutating func nextField(
        _ scanner: inout JSONScanner, _ bytes: Span<UInt8>
    ) throws(JSONFailure) -> Field? {
        while let name = try scanner.nextField(bytes) {
            guard let entry = self.table.entry(named: name, bytes) else {
                self.unknownFieldCount += 1
                try scanner.skip(bytes)
                continue
            }
            if self.seen & entry.mark != 0 { self.note(.repeatedField, entry.field) }
            self.seen |= entry.mark
            return entry.field
        }
        return nil
    }

    mutating func note(_ reason: Refusal.Reason, _ field: Field, suffix: String = "") {
        if self.problem == nil { self.problem = ReportProblem(reason: reason, detail: field.rawValue + suffix) }
    }

    mutating func number(
        _ field: Field, _ scanner: inout JSONScanner, _ bytes: Span<UInt8>
    ) throws(JSONFailure) -> Double? {
        guard try self.expect(.number, field, &scanner, bytes) else { return nil }
        let value = try scanner.number(bytes).double(bytes)
        if value == nil { self.note(.outOfRange, field) }
        return value
    }

    mutating func whole(
        _ field: Field, _ scanner: inout JSONScanner, _ bytes: Span<UInt8>
    ) throws(JSONFailure) -> Int64? {
        guard try self.expect(.number, field, &scanner, bytes) else { return nil }
        switch try scanner.number(bytes).whole(bytes) {
        case .value(let value): return value
        case .fraction: self.note(.wrongType, field)
        case .beyond: self.note(.outOfRange, field)
        }
        return nil
    }

    mutating func boolean(
        _ field: Field, _ scanner: inout JSONScanner, _ bytes: Span<UInt8>
    ) throws(JSONFailure) -> Bool? {
        guard try self.expect(.boolean, field, &scanner, bytes) else { return nil }
        return try scanner.boolean(bytes)
    }

    mutating func text(
        _ field: Field, _ scanner: inout JSONScanner, _ bytes: Span<UInt8>
    ) throws(JSONFailure) -> JSONText? {
        guard try self.expect(.string, field, &scanner, bytes) else { return nil }
        return try scanner.text(bytes)
    }

    /// RFC 3339 with an offset, or epoch milliseconds as a number.
    mutating func instant(
        _ field: Field, _ scanner: inout JSONScanner, _ bytes: Span<UInt8>
    ) throws(JSONFailure) -> Instant? {
        if scanner.isNext(.number, bytes) { return self.instant(field, try scanner.number(bytes), bytes) }
        guard let text = try self.text(field, &scanner, bytes) else { return nil }
        let instant =
            text.hasEscapes
            ? Instant(rfc3339: text.string(bytes)) : Instant(rfc3339: bytes.extracting(text.range))
        if instant == nil { self.note(.badTime, field) }
        return instant
    }

    private mutating func instant(_ field: Field, _ number: JSONNumber, _ bytes: Span<UInt8>) -> Instant? {
        switch number.whole(bytes) {
        case .value(let milliseconds): return Instant(milliseconds: milliseconds)
        case .fraction:
            // Digits below the microsecond are rounded away.
            if let milliseconds = number.double(bytes), milliseconds.magnitude < 1e15 {
                return Instant(microseconds: Int64((milliseconds * 1000).rounded()))
            }
            self.note(.badTime, field)
        case .beyond: self.note(number.double(bytes) == nil ? .outOfRange : .badTime, field)
        }
        return nil
    }

    /// Whether the value is of that kind; if not, it is passed over and noted.
    @inline(__always)
    mutating func expect(
        _ kind: JSONScanner.Kind, _ field: Field, _ scanner: inout JSONScanner, _ bytes: Span<UInt8>
    ) throws(JSONFailure) -> Bool {
        if scanner.isNext(kind, bytes) { return true }
        self.note(.wrongType, field)
        try scanner.skip(bytes)
        return false
    }
}
