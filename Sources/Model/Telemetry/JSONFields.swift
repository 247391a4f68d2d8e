/// One field of an object: its name, and the bytes of its value in the document.
package struct JSONField: Sendable {
    package var name: String
    package var value: Range<Int>
    package var kind: JSONScanner.Kind
}

extension JSONScanner {
    /// The fields of a document that is one object, in its order. The values are checked, not read: their bytes can be
    /// passed on as they stand. Throws for anything but an object, and for a name that occurs twice.
    package static func fields(of bytes: Span<UInt8>) throws(JSONFailure) -> [JSONField] {
        var scanner = try JSONScanner(bytes)
        var fields: [JSONField] = []
        var names: Set<String> = []
        try scanner.beginObject(bytes)
        while let name = try scanner.nextField(bytes) {
            let kind = try scanner.kind(bytes)
            let field = JSONField(name: name.string(bytes), value: try scanner.skip(bytes), kind: kind)
            guard names.insert(field.name).inserted else { throw JSONFailure(.repeatedName, at: name.range.lowerBound) }
            fields.append(field)
        }
        try scanner.end(bytes)
        return fields
    }

    /// The string whose bytes, quotes included, are `range` (a `JSONField.value` of kind `string`).
    package static func string(_ bytes: Span<UInt8>, at range: Range<Int>) throws(JSONFailure) -> String {
        try JSONText(bytes, at: range.lowerBound).string(bytes)
    }

    /// The number whose bytes are `range`; `nil` beyond the range of a double.
    package static func double(_ bytes: Span<UInt8>, at range: Range<Int>) throws(JSONFailure) -> Double? {
        try JSONNumber(bytes, at: range.lowerBound).double(bytes)
    }
}
