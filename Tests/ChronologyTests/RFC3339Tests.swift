import Chronology
import RepeatableRandom
import Testing

@Suite("RFC 3339")
struct RFC3339Tests {
    @Test(
        "A valid timestamp is read",
        arguments: [
            ("1970-01-01T00:00:00Z", 0),
            ("2000-01-01T00:00:00Z", 946_684_800_000_000),
            ("2026-03-02T08:15:30Z", 1_772_439_330_000_000),
            ("2026-03-02t08:15:30z", 1_772_439_330_000_000),
            ("2026-03-02 08:15:30Z", 1_772_439_330_000_000),
            ("2026-03-02T16:15:30+08:00", 1_772_439_330_000_000),
            ("2026-03-02T02:45:30-05:30", 1_772_439_330_000_000),
            ("2026-03-02T08:15:30-00:00", 1_772_439_330_000_000),
            ("2026-03-03T08:14:30+23:59", 1_772_439_330_000_000),
            ("2026-03-02T08:15:30.25Z", 1_772_439_330_250_000),
            ("2026-03-02T08:15:30.000001Z", 1_772_439_330_000_001),
            // The seventh digit is cut off, not rounded.
            ("2026-03-02T08:15:30.9999999999999999999999Z", 1_772_439_330_999_999),
            // A leap second is the next second.
            ("2016-12-31T23:59:60Z", 1_483_228_800_000_000),
            ("2017-01-01T07:59:60+08:00", 1_483_228_800_000_000),
            ("1969-12-31T23:59:59.5Z", -500_000),
            ("2024-02-29T00:00:00Z", 1_709_164_800_000_000),
            ("0001-01-01T00:00:00Z", -62_135_596_800_000_000),
            ("9999-12-31T23:59:59Z", 253_402_300_799_000_000),
        ] as [(String, Int64)])
    func reads(text: String, microseconds: Int64) {
        #expect(Instant(rfc3339: text)?.microseconds == microseconds)
    }

    @Test(
        "Anything else is refused",
        arguments: [
            "", "Z", "2026-03-02", "2026-03-02T08:15Z", "2026-03-02T08:15:30", "2026-03-02T08:15:30.Z",
            "2026-03-02T08:15:30,5Z", "2026-03-02T08:15:30+8:00", "2026-03-02T08:15:30+0800", "2026-03-02T08:15:30+08",
            "2026-03-02T08:15:30+24:00", "2026-03-02T08:15:30+08:60", "2026-03-02T08:15:30Zx", "2026-03-02T08:15:30 Z",
            " 2026-03-02T08:15:30Z", "2026-03-02T24:00:00Z", "2026-03-02T08:60:00Z", "2026-03-02T08:15:61Z",
            "2026-13-02T08:15:30Z", "2026-00-02T08:15:30Z", "2026-02-29T08:15:30Z", "2026-04-31T00:00:00Z",
            "2026-03-00T08:15:30Z", "1900-02-29T00:00:00Z", "0000-01-01T00:00:00Z", "26-03-02T08:15:30Z",
            "2026/03/02T08:15:30Z", "2026-03-02_08:15:30Z", "+026-03-02T08:15:30Z", "2026-03-02T08:15:3\u{0}Z",
            "２０２６-03-02T08:15:30Z", "2026-03-02T08:15:30−08:00", "1772439330000",
        ])
    func refuses(text: String) {
        #expect(Instant(rfc3339: text) == nil)
    }

    @Test(
        "A time without an offset is taken at the given one",
        arguments: [
            ("2026-03-02T16:15:30", 1_772_439_330_000_000),
            ("2026-03-02 16:15:30.5", 1_772_439_330_500_000),
            ("2026-03-02 16:15", 1_772_439_300_000_000),
            ("2026-03-02T08:15:30Z", 1_772_439_330_000_000),
            ("2026-03-02 16", nil), ("2026-03-02", nil), ("16:15:30", nil), ("", nil), ("2026-03-02 16:15:30 ", nil),
        ] as [(String, Int64?)])
    func assumes(text: String, microseconds: Int64?) {
        #expect(Instant(text, assuming: .shanghai)?.microseconds == microseconds)
    }

    @Test(
        "Text is the shortest, in UTC or at an offset",
        arguments: [
            (1_772_439_330_000_000, "2026-03-02T08:15:30Z", "2026-03-02T16:15:30+08:00"),
            (1_772_439_330_250_000, "2026-03-02T08:15:30.25Z", "2026-03-02T16:15:30.25+08:00"),
            (1_772_439_330_000_001, "2026-03-02T08:15:30.000001Z", "2026-03-02T16:15:30.000001+08:00"),
            (1_772_470_800_000_000, "2026-03-02T17:00:00Z", "2026-03-03T01:00:00+08:00"),
            (-1, "1969-12-31T23:59:59.999999Z", "1970-01-01T07:59:59.999999+08:00"),
        ] as [(Int64, String, String)])
    func writes(microseconds: Int64, utc: String, shanghai: String) {
        let instant = Instant(microseconds: microseconds)
        #expect(instant.description == utc)
        #expect(instant.formatted(at: .shanghai) == shanghai)
        #expect(Instant(rfc3339: utc) == instant)
        #expect(Instant(rfc3339: shanghai) == instant)
    }

    @Test("Whatever is written is read again")
    func roundTrip() {
        var generator = SplitMix64(seed: 3339)
        for _ in 0..<10_000 {
            let instant = Instant(
                microseconds: .random(in: -2_000_000_000_000_000...4_000_000_000_000_000, using: &generator))
            let offset = TimeZoneOffset(hours: .random(in: -12...14, using: &generator))
            #expect(Instant(rfc3339: instant.formatted(at: offset)) == instant)
        }
    }

    @Test("Random bytes and every cut of a timestamp are refused without a trap")
    func survivesGarbage() {
        let good = Array("2026-03-02T16:15:30.25+08:00".utf8)
        for length in 0..<good.count { #expect(Instant(rfc3339: good.span.extracting(0..<length)) == nil) }
        var generator = SplitMix64(seed: 77)
        for _ in 0..<20_000 {
            var bytes = good
            bytes[.random(in: 0..<bytes.count, using: &generator)] = .random(in: .min ... .max, using: &generator)
            if let instant = Instant(rfc3339: bytes.span) {
                #expect(Instant(rfc3339: instant.description) == instant)
            }
        }
    }

    @Test("The ends of the time line are written without a trap")
    func extremes() {
        #expect(Instant.distantPast.description.hasSuffix("Z"))
        #expect(Instant.distantFuture.formatted(at: .shanghai).hasSuffix("+08:00"))
        #expect(Instant.distantFuture.date(at: .shanghai) > Instant.distantPast.date(at: .shanghai))
    }

    @Test func whatCanBeAskedForHasAYearOfFourDigits() {
        #expect(Instant.askable.lowerBound.description == "1900-01-01T00:00:00Z")
        #expect(Instant.askable.upperBound.description == "9999-12-31T23:59:59Z")
        #expect(!Instant.askable.contains(.distantPast) && !Instant.askable.contains(.distantFuture))
    }
}
