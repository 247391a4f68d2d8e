import Telemetry
import Testing

@Suite("JSON scanner")
struct JSONScannerTests {
    /// Whether the bytes are one JSON document.
    static func failure(_ bytes: [UInt8]) -> JSONFailure? {
        do throws(JSONFailure) {
            var scanner = try JSONScanner(bytes.span)
            try scanner.skip(bytes.span)
            try scanner.end(bytes.span)
            return nil
        } catch {
            return error
        }
    }

    @Test(
        "JSON is accepted",
        arguments: [
            "{}", "[]", "0", "-0", "1.5e-3", "1E+2", "1e999", "\"\"", "true", "false", "null", " [ 1 , {\"a\":[]} ] ",
            #""\"\\\/\b\f\n\r\t\u0000\uD83D\ude00""#, "\"\u{7F}\u{2028}砼😀\"", "[[],[[]],{}]", #"{"a":1,"a":2}"#,
            "\"12345678\"", "\"1234567\"", "[\"\",\"\"]", "123456789012345678901234567890.123456789",
            String(repeating: "[", count: 64) + String(repeating: "]", count: 64),
        ])
    func accepts(text: String) {
        #expect(Self.failure(Array(text.utf8)) == nil)
    }

    @Test(
        "Anything else is refused where it goes wrong",
        arguments: [
            ("", .unexpectedEnd, 0), ("{", .unexpectedEnd, 1), ("[1", .unexpectedEnd, 2), ("[1,", .unexpectedEnd, 3),
            ("{\"a", .unexpectedEnd, 3), ("{\"a\"", .unexpectedEnd, 4), ("{\"a\":", .unexpectedEnd, 5),
            ("\"\\u12", .unexpectedEnd, 5), ("\"\\", .unexpectedEnd, 2), ("[1]]", .trailingBytes, 3),
            ("{}x", .trailingBytes, 2),
            ("[,1]", .unexpectedByte, 1), ("[1,]", .unexpectedByte, 3), ("[1 2]", .unexpectedByte, 3),
            ("{1:2}", .unexpectedByte, 1), ("{\"a\" 1}", .unexpectedByte, 5), ("{\"a\":1,}", .unexpectedByte, 7),
            ("{\"a\":1 \"b\":2}", .unexpectedByte, 7), ("[1}", .unexpectedByte, 2), ("{\"a\":1]", .unexpectedByte, 6),
            ("tru", .unexpectedByte, 0), ("nul", .unexpectedByte, 0), ("fals", .unexpectedByte, 0),
            ("TRUE", .unexpectedByte, 0), ("truex", .trailingBytes, 4), ("+1", .unexpectedByte, 0),
            (".5", .unexpectedByte, 0),
            ("-", .badNumber, 1), ("01", .badNumber, 0), ("-01", .badNumber, 1), ("1.", .badNumber, 2),
            ("-.5", .badNumber, 1),
            ("1e", .badNumber, 2), ("1e+", .badNumber, 3), ("1.e5", .badNumber, 2), ("0x10", .trailingBytes, 1),
            ("\"\\x\"", .badEscape, 1), ("\"\\u12g4\"", .badEscape, 5), ("\"\\ud800\"", .badEscape, 1),
            ("\"\\ud800\\n\"", .badEscape, 1), ("\"\\ud800\\ud800\"", .badEscape, 1), ("\"\\udc00\"", .badEscape, 1),
            ("\"\\U0041\"", .badEscape, 1), ("\"a\nb\"", .controlCharacter, 2), ("\"\u{1F}\"", .controlCharacter, 1),
            ("\u{FEFF}1", .unexpectedByte, 0), ("\u{A0}1", .unexpectedByte, 0), ("1\u{0B}", .trailingBytes, 1),
            (String(repeating: "[", count: 65), .tooDeep, 64),
        ] as [(String, JSONFailure.Reason, Int)])
    func refuses(text: String, reason: JSONFailure.Reason, offset: Int) {
        let failure = Self.failure(Array(text.utf8))
        #expect(failure?.reason == reason && failure?.offset == offset, "\(String(describing: failure))")
    }

    @Test(
        "Bytes that are not UTF-8 are refused at the first of them",
        arguments: [
            [0x22, 0x80, 0x22], [0x22, 0xC3, 0x22], [0x22, 0xED, 0xA0, 0x80, 0x22],
            [0x22, 0xF5, 0x80, 0x80, 0x80, 0x22],
            [0x22, 0xE0, 0x80, 0x80, 0x22], [0x22, 0xFF, 0x22],
        ] as [[UInt8]])
    func encoding(bytes: [UInt8]) {
        #expect(Self.failure(bytes)?.reason == .invalidUTF8)
        #expect(Self.failure(bytes)?.offset == 1)
    }

    @Test("The fields of an object come with the bytes of their values")
    func fields() throws {
        let text = #" {"topic": "a\u002fb" , "payload":{"x": [1,2] }, "n":-1.50e1,"t":true,"z":null,"":""} "#
        let bytes = Array(text.utf8)
        let fields = try JSONScanner.fields(of: bytes.span)
        let values = fields.map { String(decoding: bytes[$0.value], as: UTF8.self) }
        #expect(fields.map(\.name) == ["topic", "payload", "n", "t", "z", ""])
        #expect(fields.map(\.kind) == [.string, .object, .number, .boolean, .null, .string])
        #expect(values == [#""a\u002fb""#, #"{"x": [1,2] }"#, "-1.50e1", "true", "null", #""""#])
        #expect(try JSONScanner.string(bytes.span, at: fields[0].value) == "a/b")
        #expect(try JSONScanner.double(bytes.span, at: fields[2].value) == -15)
        #expect(throws: JSONFailure.self) { try JSONScanner.string(bytes.span, at: fields[1].value) }
        #expect(throws: JSONFailure.self) { try JSONScanner.double(bytes.span, at: fields[0].value) }
    }

    @Test(
        "Only one object has fields, each name once",
        arguments: [
            ("[]", .unexpectedByte), ("1", .unexpectedByte), ("", .unexpectedEnd), ("{}{}", .trailingBytes),
            (#"{"a":1,"\u0061":2}"#, .repeatedName), (#"{"a":1,}"#, .unexpectedByte), (#"{"a":}"#, .unexpectedByte),
        ] as [(String, JSONFailure.Reason)])
    func notFields(text: String, reason: JSONFailure.Reason) {
        let bytes = Array(text.utf8)
        let failure = #expect(throws: JSONFailure.self) { try JSONScanner.fields(of: bytes.span) }
        #expect(failure?.reason == reason)
    }

    @Test("Strings are what they stand for, at every length and place of an escape")
    func strings() throws {
        for length in 0..<40 {
            for place in 0...length {
                let text =
                    String(repeating: "砼a", count: place) + "😀\"\n" + String(repeating: "b行", count: length - place)
                let escaped = text.replacing("😀", with: #"\ud83D\uDE00"#).replacing("\"", with: "\\\"")
                    .replacing("\n", with: "\\n")
                let bytes = Array("{\"k\":\"\(escaped)\"}".utf8)
                let fields = try JSONScanner.fields(of: bytes.span)
                #expect(try JSONScanner.string(bytes.span, at: fields[0].value) == text)
            }
        }
    }

    @Test("Every failure says something in both languages", arguments: JSONFailure.Reason.allCases)
    func descriptions(reason: JSONFailure.Reason) {
        let samples: [JSONFailure.Reason: [UInt8]] = [
            .invalidUTF8: [0xFF], .unexpectedEnd: [0x5B], .unexpectedByte: [0x78], .badNumber: [0x2D],
            .badEscape: Array(#""\x""#.utf8), .controlCharacter: [0x22, 1], .trailingBytes: [0x31, 0x31, 0x78],
            .tooDeep: Array(repeating: 0x5B, count: 65),
        ]
        guard let sample = samples[reason] else { return }
        let failure = Self.failure(sample)
        #expect(failure?.reason == reason)
        #expect(failure?.description.contains(" / byte ") == true)
    }
}
