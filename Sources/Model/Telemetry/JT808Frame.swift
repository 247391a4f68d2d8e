/// One JT/T 808 frame as its bytes stand: `7E`, a header, a body and a checksum with escapes undone, `7E`. What is
/// wrong with the bytes throws; whether we take what they say is decided in `JT808Validation.swift`.
struct JT808Frame: Sendable {
    /// The two layouts of the header: the standard of 2019 has a version byte and a longer phone number.
    enum Layout: Sendable {
        case year2013, year2019
    }

    /// What the product reads of the terminal's messages.
    enum MessageID {
        static let location: UInt16 = 0x0200
        /// The answer to a request for the position: the request's serial number, then a location.
        static let locationAnswer: UInt16 = 0x0201
        static let locationBatch: UInt16 = 0x0704
        static let ofLocations: Set<UInt16> = [Self.location, Self.locationAnswer, Self.locationBatch]
    }

    var messageID: UInt16
    var layout: Layout
    /// The phone number without its leading zeros.
    var phone: TerminalID
    var serial: UInt16
    /// 0 is none.
    var encryption: UInt8
    /// Part of a message that was cut into several frames.
    var isFragment: Bool
    /// The frame without its ends and escapes, and where the body lies in it.
    let bytes: [UInt8]
    let body: Range<Int>

    init(_ payload: Span<UInt8>) throws(ReportProblem) {
        let bytes = try Self.unescaped(payload)
        let span = bytes.span
        // The shortest frame is a header of 2013 and the checksum.
        guard span.count >= 13 else { throw Self.badLength }
        var checksum: UInt8 = 0
        for index in span.indices { checksum ^= span[index] }
        // The sum of everything with itself.
        guard checksum == 0 else { throw ReportProblem(reason: .badChecksum, detail: "checksum") }

        let properties = span.bigEndian16(at: 2)
        let layout: Layout = properties & 0x4000 == 0 ? .year2013 : .year2019
        let phoneStart = layout == .year2013 ? 4 : 5
        let phoneEnd = phoneStart + (layout == .year2013 ? 6 : 10)
        let isFragment = properties & 0x2000 != 0
        let bodyStart = phoneEnd + (isFragment ? 6 : 2)
        let bodyEnd = bodyStart + Int(properties & 0x03FF)
        guard bodyEnd + 1 == span.count else { throw Self.badLength }
        guard let phone = TerminalID(phone: Self.digits(span.extracting(phoneStart..<phoneEnd)).span) else {
            throw ReportProblem(reason: .malformed, detail: "phone")
        }
        self.messageID = span.bigEndian16(at: 0)
        self.layout = layout
        self.phone = phone
        self.serial = span.bigEndian16(at: phoneEnd)
        self.encryption = UInt8(truncatingIfNeeded: properties >> 10 & 0x07)
        self.isFragment = isFragment
        self.bytes = bytes
        self.body = bodyStart..<bodyEnd
    }

    private static var badLength: ReportProblem { ReportProblem(reason: .badLength, detail: "length") }

    /// What stands between the two `7E`: `7D 02` is `7E`, `7D 01` is `7D`. Both bytes elsewhere are taken as they are,
    /// for some bridges publish frames without escapes: where that is wrong, length or checksum is.
    private static func unescaped(_ payload: Span<UInt8>) throws(ReportProblem) -> [UInt8] {
        let end = payload.count - 1
        guard end >= 1, payload[0] == 0x7E, payload[end] == 0x7E else {
            throw ReportProblem(reason: .malformed, detail: "7E")
        }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(payload.count)
        var index = 1
        while index < end {
            let byte = payload[index]
            index += 1
            // The closing 7E is behind every byte in between.
            let next = payload[index]
            if byte == 0x7D, next == 0x01 || next == 0x02 {
                bytes.append(next == 0x01 ? 0x7D : 0x7E)
                index += 1
            } else {
                bytes.append(byte)
            }
        }
        return bytes
    }

    /// Packed decimal digits as text; a nibble above 9 becomes a byte that is no digit.
    private static func digits(_ packed: Span<UInt8>) -> [UInt8] {
        var digits: [UInt8] = []
        digits.reserveCapacity(packed.count * 2)
        for index in packed.indices {
            digits.append(0x30 + packed[index] >> 4)
            digits.append(0x30 + packed[index] & 0x0F)
        }
        return digits
    }
}

/// Numbers of several bytes, the highest first. The caller knows that the bytes are there.
extension Span<UInt8> {
    func bigEndian16(at index: Int) -> UInt16 {
        UInt16(self[index]) << 8 | UInt16(self[index + 1])
    }

    func bigEndian32(at index: Int) -> UInt32 {
        UInt32(self.bigEndian16(at: index)) << 16 | UInt32(self.bigEndian16(at: index + 2))
    }
}
