/// Why bytes are not a JSON document.
package struct JSONFailure: Error, Hashable, Sendable, CustomStringConvertible {
    /// The reasons there are; their codes are stable.
    package enum Reason: Hashable, Sendable, CaseIterable {
        case invalidUTF8
        /// The document ends inside a value.
        case unexpectedEnd
        case unexpectedByte
        case badNumber
        /// A backslash with something else than an escape after it, or half of a surrogate pair.
        case badEscape
        /// A byte below 0x20 inside a string.
        case controlCharacter
        /// More than `JSONScanner.maximumDepth` levels.
        case tooDeep
        case trailingBytes
        /// The same name twice in one object, where that is refused.
        case repeatedName
    }

    package var reason: Reason
    /// Counted from 0.
    package var offset: Int

    init(_ reason: Reason, at offset: Int) {
        self.reason = reason
        self.offset = offset
    }

    /// For a person, without the bytes themselves.
    package var description: String {
        let (zh, en) =
            switch self.reason {
            case .invalidUTF8: ("不是有效的 UTF-8", "not valid UTF-8")
            case .unexpectedEnd: ("内容不完整", "ends too early")
            case .unexpectedByte: ("不符合 JSON 语法", "not JSON")
            case .badNumber: ("数字格式错误", "not a JSON number")
            case .badEscape: ("转义序列错误", "bad escape in a string")
            case .controlCharacter: ("字符串含控制字符", "control character in a string")
            case .tooDeep: ("嵌套超过 \(JSONScanner.maximumDepth) 层", "nested deeper than \(JSONScanner.maximumDepth)")
            case .trailingBytes: ("JSON 之后还有内容", "something follows the JSON value")
            case .repeatedName: ("字段重复", "repeated name")
            }
        return "第 \(self.offset + 1) 字节：\(zh) / byte \(self.offset + 1): \(en)"
    }
}
