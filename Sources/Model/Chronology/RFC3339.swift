/// RFC 3339 timestamps, read from bytes and written as text.
extension Instant {
    /// Reads `2026-03-02T08:15:30.25+08:00` (`T`, `t` or a space; `Z`, `z` or `±hh:mm`; up to any number of
    /// fraction digits, those past the sixth cut off; `:60` is read as the next second). `nil` for anything else.
    package init?(rfc3339 text: Span<UInt8>) {
        guard let local = LocalTime(text), let offset = Self.offset(text, from: local.length) else { return nil }
        self.init(microseconds: local.microseconds - Int64(offset) * 1_000_000)
    }

    package init?(rfc3339 text: String) {
        self.init(rfc3339: Array(text.utf8).span)
    }

    /// Reads an RFC 3339 timestamp, or the same without an offset and then at `offset`; seconds may be missing.
    package init?(_ text: String, assuming offset: TimeZoneOffset) {
        let bytes = Array(text.utf8)
        if let instant = Instant(rfc3339: bytes.span) {
            self = instant
        } else if let local = LocalTime(bytes.span), local.length == bytes.count {
            self.init(microseconds: local.microseconds - Int64(offset.seconds) * 1_000_000)
        } else if bytes.count == 16, let local = LocalTime((bytes + Array(":00".utf8)).span) {
            self.init(microseconds: local.microseconds - Int64(offset.seconds) * 1_000_000)
        } else {
            return nil
        }
    }

    /// Seconds ahead of UTC that the text from `start` to its end names.
    private static func offset(_ text: Span<UInt8>, from start: Int) -> Int? {
        guard start < text.count else { return nil }
        let sign = text[start]
        if sign == UInt8(ascii: "Z") || sign == UInt8(ascii: "z") { return start + 1 == text.count ? 0 : nil }
        guard sign == UInt8(ascii: "+") || sign == UInt8(ascii: "-"), text.count == start + 6,
            let hours = twoDigits(text, start + 1), hours < 24, text[start + 3] == UInt8(ascii: ":"),
            let minutes = twoDigits(text, start + 4), minutes < 60
        else { return nil }
        let seconds = hours * 3600 + minutes * 60
        return sign == UInt8(ascii: "-") ? -seconds : seconds
    }
}

extension Instant: CustomStringConvertible {
    /// RFC 3339 in UTC; fraction digits only where they are not zero.
    package var description: String { self.formatted(at: .utc) }

    /// RFC 3339 as clocks `offset` ahead of UTC show it, for example `2026-03-02T16:15:30+08:00`.
    package func formatted(at offset: TimeZoneOffset) -> String {
        var text: [UInt8] = []
        text.reserveCapacity(32)
        self.write(at: offset, to: &text)
        return String(decoding: text, as: UTF8.self)
    }

    /// The same as bytes behind those that are there.
    package func write(at offset: TimeZoneOffset = .utc, to text: inout [UInt8]) {
        let second = self.microseconds.flooredQuotient(1_000_000)
        // Not `microseconds - second * 1_000_000`: near the start of the time line that product overflows.
        let remainder = self.microseconds % 1_000_000
        let fraction = remainder < 0 ? remainder + 1_000_000 : remainder
        let local = second + Int64(offset.seconds)
        let day = local.flooredQuotient(86400)
        let secondOfDay = Int(local - day * 86400)
        CivilDate(daysSince1970: Int(day)).write(to: &text)
        text.append(UInt8(ascii: "T"))
        text.append(digits: secondOfDay / 3600)
        text.append(UInt8(ascii: ":"))
        text.append(digits: secondOfDay / 60 % 60)
        text.append(UInt8(ascii: ":"))
        text.append(digits: secondOfDay % 60)
        text.append(fraction: Int(fraction), places: 6)
        guard offset.seconds != 0 else { return text.append(UInt8(ascii: "Z")) }
        let distance = abs(offset.seconds)
        text.append(offset.seconds < 0 ? UInt8(ascii: "-") : UInt8(ascii: "+"))
        text.append(digits: distance / 3600)
        text.append(UInt8(ascii: ":"))
        text.append(digits: distance / 60 % 60)
    }
}

/// `yyyy-mm-ddThh:mm:ss[.fraction]`, the part of a timestamp before its offset.
private struct LocalTime {
    /// As if the clock showed UTC.
    var microseconds: Int64
    /// How many bytes it took.
    var length: Int

    init?(_ text: Span<UInt8>) {
        guard text.count >= 19, let century = twoDigits(text, 0), let year = twoDigits(text, 2),
            text[4] == UInt8(ascii: "-"), let month = twoDigits(text, 5), text[7] == UInt8(ascii: "-"),
            let day = twoDigits(text, 8), let date = CivilDate(year: century * 100 + year, month: month, day: day),
            text[10] == UInt8(ascii: "T") || text[10] == UInt8(ascii: "t") || text[10] == UInt8(ascii: " "),
            let hour = twoDigits(text, 11), hour < 24, text[13] == UInt8(ascii: ":"),
            let minute = twoDigits(text, 14), minute < 60, text[16] == UInt8(ascii: ":"),
            let second = twoDigits(text, 17), second <= 60
        else { return nil }
        self.length = 19
        var fraction = 0
        if text.count > 19, text[19] == UInt8(ascii: ".") {
            var scale = 100_000
            self.length = 20
            while self.length < text.count, let digit = digit(text[self.length]) {
                fraction += digit * scale
                scale /= 10
                self.length += 1
            }
            guard self.length > 20 else { return nil }
        }
        let seconds = date.daysSince1970 * 86400 + hour * 3600 + minute * 60 + second
        self.microseconds = Int64(seconds) * 1_000_000 + Int64(fraction)
    }
}

@inline(__always)
private func digit(_ byte: UInt8) -> Int? {
    byte >= 0x30 && byte <= 0x39 ? Int(byte) - 0x30 : nil
}

@inline(__always)
private func twoDigits(_ text: Span<UInt8>, _ index: Int) -> Int? {
    guard let tens = digit(text[index]), let ones = digit(text[index + 1]) else { return nil }
    return tens * 10 + ones
}
