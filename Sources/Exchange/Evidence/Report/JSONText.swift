import Chronology
import Exchange

/// A JSON document in the order in which it is written, indented for people.
indirect enum JSONText {
    case object([(String, JSONText)])
    case array([JSONText])
    case text(String?)
    case number(Double?)
    case integer(Int64?)
    case boolean(Bool?)

    static func time(_ instant: Instant?) -> JSONText { .text(instant?.description) }

    var document: [UInt8] {
        var bytes: [UInt8] = []
        self.append(to: &bytes, indent: 0)
        bytes.append(UInt8(ascii: "\n"))
        return bytes
    }

    private func append(to bytes: inout [UInt8], indent: Int) {
        switch self {
        case .object(let members):
            Self.list(members, "{", "}", to: &bytes, indent: indent) { member, bytes in
                TextEscapes.appendJSON(member.0, to: &bytes)
                bytes.append(contentsOf: ": ".utf8)
                member.1.append(to: &bytes, indent: indent + 1)
            }
        case .array(let elements):
            Self.list(elements, "[", "]", to: &bytes, indent: indent) { $0.append(to: &$1, indent: indent + 1) }
        case .text(let text?): TextEscapes.appendJSON(text, to: &bytes)
        case .number(let number?) where number.isFinite: bytes.append(contentsOf: NumberText.shortest(number).utf8)
        case .integer(let number?): bytes.append(contentsOf: String(number).utf8)
        case .boolean(let flag?): bytes.append(contentsOf: (flag ? "true" : "false").utf8)
        case .text(nil), .number, .integer(nil), .boolean(nil): bytes.append(contentsOf: "null".utf8)
        }
    }

    private static func list<Element>(
        _ elements: [Element], _ open: String, _ close: String, to bytes: inout [UInt8], indent: Int,
        write: (Element, inout [UInt8]) -> Void
    ) {
        bytes.append(contentsOf: open.utf8)
        let margin = String(repeating: "  ", count: indent)
        for (index, element) in elements.enumerated() {
            bytes.append(contentsOf: ((index == 0 ? "\n" : ",\n") + margin + "  ").utf8)
            write(element, &bytes)
        }
        if !elements.isEmpty { bytes.append(contentsOf: ("\n" + margin).utf8) }
        bytes.append(contentsOf: close.utf8)
    }
}
