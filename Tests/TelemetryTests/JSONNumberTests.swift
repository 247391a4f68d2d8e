import RepeatableRandom
import Telemetry
import Testing

@Suite("Numbers of JSON")
struct JSONNumberTests {
    /// Reads the text as the one value of an object, so that it is followed by something, and once more by much.
    private static func double(_ text: String) throws -> Double? {
        let bytes = Array(text.utf8)
        let padded = Array((text + "                        ").utf8)
        let value = try JSONScanner.double(bytes.span, at: 0..<bytes.count)
        #expect(try JSONScanner.double(padded.span, at: 0..<bytes.count)?.bitPattern == value?.bitPattern)
        return value
    }

    /// The same through a whole message, which has a short way of its own for most numbers.
    private static func altitude(_ text: String) -> Int32? {
        decode(position("\"altitude_m\":\(text),\"x\":\"xxxxxxxxxxxxxxxxxxxxxxxxxxx\"")).positions.first?.altitude
    }

    @Test(
        "Doubles are correctly rounded",
        arguments: [
            "0", "-0", "0.0", "-0.0", "1", "-1", "0.1", "30.746123", "120.755512", "1e22", "1e23", "1e-22", "1e-23",
            "9007199254740991", "9007199254740992", "9007199254740993", "9007199254740995", "123456789012345678",
            "1.7976931348623157e308", "2.2250738585072014e-308", "4.9e-324", "2.4703282292062327e-324", "1e-400",
            "0.000000000000000000000000000000000000000000001", "179769313486231570000e288", "5e-324",
            "2.2250738585072011e-308", "0.500000000000000166533453693773481063544750213623046875",
            "3.518437208883201171875e13", "62.5364939768271845828", "8.10109172351e-10",
            "1.50000000000000011102230246251565",
            "6.9294956446009195e15", "7.2057594037927933e16", "1234567.1234567", "12345678.1234567", "1234567.12345678",
            "0.0000001", "1e0000000000000000000001", "1.0e+0", "100000000000000000000000000000000000000000e-41",
        ])
    func rounding(text: String) throws {
        let expected = Double(text)
        #expect(try Self.double(text)?.bitPattern == expected?.bitPattern)
    }

    @Test(
        "Beyond the range of a double there is no value",
        arguments: ["1e309", "-1e309", "1e999", "1e99999999999999999999"])
    func beyond(text: String) throws {
        #expect(try Self.double(text) == nil)
    }

    @Test("Random numbers are read as the standard library reads them")
    func random() throws {
        var generator = SplitMix64(seed: 754)
        for _ in 0..<20_000 {
            var text = Bool.random(using: &generator) ? "-" : ""
            let width = Int.random(in: 0...63, using: &generator)
            text += String(UInt64.random(in: 0...UInt64.max, using: &generator) >> width)
            if Bool.random(using: &generator) {
                text +=
                    "."
                    + (0..<Int.random(in: 1...18, using: &generator)).map { _ in
                        String(Int.random(in: 0...9, using: &generator))
                    }.joined()
            }
            if Int.random(in: 0..<4, using: &generator) == 0 {
                text += ["e", "E", "e+", "e-"].randomElement(using: &generator) ?? "e"
                text += String(Int.random(in: 0...320, using: &generator))
            }
            let expected = Double(text).flatMap { $0.isFinite ? $0 : nil }
            #expect(try Self.double(text)?.bitPattern == expected?.bitPattern, "\(text)")
            guard let expected, expected.magnitude < 2e8 else { continue }
            #expect(Self.altitude(text) == Int32((expected * 10).rounded()), "\(text)")
        }
    }
}
