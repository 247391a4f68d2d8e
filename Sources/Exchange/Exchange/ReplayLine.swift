package import Chronology
package import Registers
import Telemetry

/// One recorded message: a line of a replay file (`contract.md` §3), ready to be published.
package struct ReplayLine: Hashable, Sendable {
    package var topic: String
    /// The very bytes to publish.
    package var payload: [UInt8]
    /// When it was sent, for replaying at its pace; `nil` where the line does not say.
    package var sent: Instant?

    package init(topic: String, payload: [UInt8], sent: Instant? = nil) {
        self.topic = topic
        self.payload = payload
        self.sent = sent
    }

    /// Why a line is no message.
    package struct Fault: Error, Hashable, Sendable {
        package var message: Remark
    }

    /// Reads `{"topic": "…", "payload": …, "sent": "RFC 3339"}`, or `payload_hex` instead of `payload`; other fields
    /// are ignored. An object, an array, a number, `true`, `false` and `null` are sent as they are written, a string as
    /// its bytes. The topic may be any string here; whether it can be sent is for `ReplayTopic` to say.
    package init(json line: [UInt8]) throws(Fault) {
        let bytes = line.span
        do {
            var topic: String?
            var payload: [UInt8]?
            var sent: Instant?
            for field in try JSONScanner.fields(of: bytes) {
                switch field.name {
                case "topic":
                    guard field.kind == .string else { throw Self.fault("topic 须为字符串", "topic is not a string") }
                    topic = try JSONScanner.string(bytes, at: field.value)
                case "payload", "payload_hex":
                    guard payload == nil else {
                        throw Self.fault("payload 与 payload_hex 只能有一个", "both payload and payload_hex")
                    }
                    payload = try Self.payload(field, in: line)
                case "sent":
                    sent = try Self.sent(field, in: line)
                default: break
                }
            }
            guard let topic else { throw Self.fault("缺少 topic", "topic is missing") }
            guard let payload else { throw Self.fault("缺少 payload", "payload is missing") }
            self.init(topic: topic, payload: payload, sent: sent)
        } catch let fault as Fault {
            throw fault
        } catch let failure as JSONFailure {
            let remark = Remark(bilingual: failure.description)
            throw Self.fault("不是 JSON 对象：\(remark.zh)", "not a JSON object: \(remark.en)")
        } catch {
            throw Self.fault("读不了", "cannot be read")
        }
    }

    private static func payload(_ field: JSONField, in line: [UInt8]) throws -> [UInt8] {
        if field.name == "payload_hex" {
            guard field.kind == .string,
                let bytes = Self.hexadecimal(try JSONScanner.string(line.span, at: field.value))
            else { throw Self.fault("payload_hex 须为成对的十六进制数字", "payload_hex is not pairs of hex digits") }
            return bytes
        }
        guard field.kind == .string else { return Array(line[field.value]) }
        return Array(try JSONScanner.string(line.span, at: field.value).utf8)
    }

    private static func sent(_ field: JSONField, in line: [UInt8]) throws -> Instant? {
        if field.kind == .null { return nil }
        guard field.kind == .string,
            let instant = Instant(rfc3339: try JSONScanner.string(line.span, at: field.value))
        else { throw Self.fault("sent 不是 RFC 3339 时间", "sent is not an RFC 3339 time") }
        return instant
    }

    private static func hexadecimal(_ text: String) -> [UInt8]? {
        let digits = Array(text.utf8)
        guard digits.count.isMultiple(of: 2) else { return nil }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(digits.count / 2)
        for index in stride(from: 0, to: digits.count, by: 2) {
            guard let high = Self.value(digits[index]), let low = Self.value(digits[index + 1]) else { return nil }
            bytes.append(high << 4 | low)
        }
        return bytes
    }

    private static func value(_ digit: UInt8) -> UInt8? {
        switch digit {
        case 0x30...0x39: digit - 0x30
        case 0x41...0x46: digit - 0x41 + 10
        case 0x61...0x66: digit - 0x61 + 10
        default: nil
        }
    }

    private static func fault(_ zh: String, _ en: String) -> Fault { Fault(message: Remark(zh: zh, en: en)) }
}
