/// A value bound to a query's parameter. Everything but raw bytes, and the arrays of
/// `BinaryArrays.swift`, travels as text: the server knows the type.
package enum PostgresValue: Sendable, Hashable {
    case null
    case text(String)
    case bytes([UInt8])

    package static func integer(_ value: some BinaryInteger) -> PostgresValue { .text(String(value)) }
    package static func boolean(_ value: Bool) -> PostgresValue { .text(value ? "t" : "f") }
    package static func double(_ value: Double) -> PostgresValue { .text(String(value)) }
    package static func optional(_ value: String?) -> PostgresValue { value.map { .text($0) } ?? .null }

    /// An array literal, for `unnest($1::text[])`.
    package static func array(_ values: [String?]) -> PostgresValue {
        var literal = Array("{".utf8)
        for (index, value) in values.enumerated() {
            if index > 0 { literal.append(UInt8(ascii: ",")) }
            guard let value else {
                literal.append(contentsOf: "NULL".utf8)
                continue
            }
            literal.append(UInt8(ascii: "\""))
            for byte in value.utf8 {
                if byte == UInt8(ascii: "\\") || byte == UInt8(ascii: "\"") { literal.append(UInt8(ascii: "\\")) }
                literal.append(byte)
            }
            literal.append(UInt8(ascii: "\""))
        }
        literal.append(UInt8(ascii: "}"))
        return .text(String(decoding: literal, as: UTF8.self))
    }

    package static func array(_ values: [some BinaryInteger]) -> PostgresValue {
        .text("{" + values.map { String($0) }.joined(separator: ",") + "}")
    }
}

/// A statement with a name. Both are literals, so nothing can be spliced into the SQL.
package struct NamedQuery: Sendable {
    package let name: String
    package let sql: String

    package init(_ name: StaticString, _ sql: StaticString) {
        self.name = name.description
        self.sql = sql.description
    }
}
