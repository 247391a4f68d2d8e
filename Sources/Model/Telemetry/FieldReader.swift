import Chronology

/// Why a report is not accepted: a refusal that does not yet know which report of the message it is.
struct ReportProblem: Error, Hashable {
    var reason: Refusal.Reason
    /// The field's name, or the place.
    var detail: String
}

/// Finds a dialect's field by its name. Names have at most fifteen bytes, and there are at most 32 of them.
struct FieldTable<Field: RawRepresentable & CaseIterable & Sendable>: Sendable where Field.RawValue == String {
    /// What the table knows of a field.
    struct Entry {
        var code: NameCode
        /// How long the name is, and which bits of two words it takes.
        var count: Int
        var mask: NameCode
        /// One bit that no other field has.
        var mark: UInt32
        var field: Field
        /// Where the entry that comes after it in the contract stands.
        var next: Int
    }

    /// Open addressing with linear probing. A free slot has no mark (and some field, that means nothing).
    private let slots: [Entry]
    private static var mask: Int { 63 }
    /// Where the contract's first field stands.
    let first: Int

    init(_ first: Field) {
        precondition(Field.allCases.count <= 32, "More fields than bits to mark them")
        let nothing = NameCode(low: 0, high: 0)
        let free = Entry(code: nothing, count: 0, mask: nothing, mark: 0, field: first, next: 0)
        var slots = [Entry](repeating: free, count: Self.mask + 1)
        var mark: UInt32 = 1
        var places: [Int] = []
        for field in Field.allCases {
            let name = field.rawValue
            let count = name.utf8.count
            guard count < NameCode.maximumLength, let code = NameCode(name) else {
                preconditionFailure("\(field) has too long a name")
            }
            var index = Self.hash(code)
            while slots[index].mark != 0 { index = (index + 1) & Self.mask }
            slots[index] = Entry(
                code: code, count: count, mask: NameCode(maskOf: count), mark: mark, field: field, next: 0)
            places.append(index)
            mark <<= 1
        }
        for (place, next) in zip(places, places.dropFirst()) { slots[place].next = next }
        self.first = places.first ?? 0
        self.slots = slots
    }

    /// The entry at a place that `first` or an entry's `next` names.
    @inline(__always)
    func entry(at place: Int) -> Entry { self.slots[place] }

    @inline(__always)
    func entry(_ code: NameCode) -> Entry? {
        var index = Self.hash(code)
        while true {
            let entry = self.slots[index]
            if entry.mark == 0 { return nil }
            if entry.code == code { return entry }
            index = (index &+ 1) & Self.mask
        }
    }

    /// The slow way, for a name with escapes in it.
    @inline(never)
    func entry(named name: String) -> Entry? {
        self.slots.first { $0.mark != 0 && $0.field.rawValue == name }
    }

    @inline(__always)
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
    /// Which entry is tried first: devices mostly keep to the contract's order.
    private var guess: Int

    init(_ table: FieldTable<Field>) {
        self.table = table
        self.guess = table.first
    }

    /// The next field that the dialect knows, at its value; `nil` at the object's end. Unknown fields are passed over
    /// and counted (repeated ones too: they change nothing); a known one that comes again is a problem.
    @inline(__always)
    mutating func nextField(
        _ scanner: inout JSONScanner, _ bytes: Span<UInt8>
    ) throws(JSONFailure) -> Field? {
        let guess = self.table.entry(at: self.guess)
        if scanner.takesName(guess.code, mask: guess.mask, count: guess.count, bytes) { return self.came(guess) }
        return scanner.takesEnd(bytes) ? nil : try self.otherField(&scanner, bytes)
    }

    @inline(never)
    private mutating func otherField(
        _ scanner: inout JSONScanner, _ bytes: Span<UInt8>
    ) throws(JSONFailure) -> Field? {
        while let name = try scanner.nextField(bytes) {
            if let entry = self.entry(name, bytes) { return self.came(entry) }
            self.unknownFieldCount += 1
            try scanner.skip(bytes)
        }
        return nil
    }

    @inline(__always)
    private mutating func came(_ entry: FieldTable<Field>.Entry) -> Field {
        if self.seen & entry.mark != 0 { self.note(.repeatedField, entry.field) }
        self.seen |= entry.mark
        self.guess = entry.next
        return entry.field
    }

    @inline(__always)
    private func entry(_ name: JSONText, _ bytes: Span<UInt8>) -> FieldTable<Field>.Entry? {
        guard !name.hasEscapes else { return self.table.entry(named: name.string(bytes)) }
        return NameCode(bytes, name.range).flatMap { self.table.entry($0) }
    }

    mutating func note(_ reason: Refusal.Reason, _ field: Field, suffix: String = "") {
        if self.problem == nil { self.problem = ReportProblem(reason: reason, detail: field.rawValue + suffix) }
    }

    @inline(__always)
    mutating func number(
        _ field: Field, _ scanner: inout JSONScanner, _ bytes: Span<UInt8>
    ) throws(JSONFailure) -> Double? {
        if let value = scanner.takesShortNumber(bytes) { return value }
        return try self.otherNumber(field, &scanner, bytes)
    }

    @inline(never)
    private mutating func otherNumber(
        _ field: Field, _ scanner: inout JSONScanner, _ bytes: Span<UInt8>
    ) throws(JSONFailure) -> Double? {
        guard let number = try scanner.numberIfNext(bytes) else {
            _ = try self.expect(.number, field, &scanner, bytes)
            return nil
        }
        let value = number.double(bytes)
        if value == nil { self.note(.outOfRange, field) }
        return value
    }

    mutating func whole(
        _ field: Field, _ scanner: inout JSONScanner, _ bytes: Span<UInt8>
    ) throws(JSONFailure) -> Int64? {
        if let value = scanner.takesShortNumber(bytes) {
            // At most seven digits before the point.
            let whole = Int64(value)
            if Double(whole) == value { return whole }
            self.note(.wrongType, field)
            return nil
        }
        return try self.otherWhole(field, &scanner, bytes)
    }

    @inline(never)
    private mutating func otherWhole(
        _ field: Field, _ scanner: inout JSONScanner, _ bytes: Span<UInt8>
    ) throws(JSONFailure) -> Int64? {
        guard let number = try scanner.numberIfNext(bytes) else {
            _ = try self.expect(.number, field, &scanner, bytes)
            return nil
        }
        switch number.whole(bytes) {
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
        if let number = try scanner.numberIfNext(bytes) { return self.instant(field, number, bytes) }
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
