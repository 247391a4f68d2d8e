import Chronology
import Console
import Geodesy
import Testing

/// The writer is compared with the text it should give, and read back by another reader.
struct JSONWriterTests {
    private func text(_ write: (inout JSONWriter) -> Void) -> String {
        String(decoding: JSONWriter.document(write), as: UTF8.self)
    }

    @Test func commasStandOnlyBetweenNeighbours() {
        let text = self.text { writer in
            writer.member("a", 1)
            writer.arrayMember("b") { list in
                list.value(1)
                list.object { _ in }
                list.array { $0.value("x") }
            }
            writer.objectMember("c") { $0.member("d", true) }
        }
        #expect(text == #"{"a":1,"b":[1,{},["x"]],"c":{"d":true}}"#)
    }

    @Test(arguments: [
        ("plain 砼", #""plain 砼""#), ("\"\\", #""\"\\""#), ("a\nb", #""a\nb""#),
        ("\u{0}\u{1f}\u{7f}", #""\u0000\u001f\u007f""#),
        ("</script>", #""</script>""#),
    ])
    func textIsEscaped(given: String, written: String) throws {
        #expect(self.text { $0.member("t", given) } == #"{"t":"# + written + "}")
        let read = try JSONValue(bytes: JSONWriter.document { $0.member("t", given) })
        #expect(read["t"].text == given)
    }

    @Test(arguments: [
        (0.1, "0.1"), (-0.0, "-0"), (42, "42"), (120.7555125, "120.7555125"), (1e300, "1e+300"), (.infinity, "null"),
        (.nan, "null"),
    ])
    func numbersAreShortestOrNull(given: Double, written: String) {
        #expect(self.text { $0.member("n", given) } == #"{"n":"# + written + "}")
    }

    /// Whole tenths and 1e-7 degrees are written without a `Double`, and read as the one they stand for.
    @Test(arguments: [0, 1, -1, 9, 10, -10, 425, 1_207_555_129, -1_207_555_100, 900_000_000, Int32.max, .min])
    func decimalsAreThoseOfTheNearestDouble(given: Int32) throws {
        let bytes = JSONWriter.document { writer in
            writer.member("angle", degrees: given)
            writer.member("tenths", tenths: given)
        }
        let read = try JSONValue(bytes: bytes)
        #expect(read["angle"].number == Double(given) / 1e7 && read["tenths"].number == Double(given) / 10)
        #expect(!String(decoding: bytes, as: UTF8.self).contains("e-"), "an exponent")
    }

    @Test func missingValuesAreNull() {
        let text = self.text { writer in
            writer.member("a", String?.none)
            writer.member("b", Instant?.none)
            writer.member("c", tenths: Int16?.none)
            writer.point("d", nil)
        }
        #expect(text == #"{"a":null,"b":null,"c":null,"d":null}"#)
    }

    @Test func coordinatesKeepSevenDecimals() {
        let text = self.text { $0.point("p", Coordinate(latitudeE7: 307_461_231, longitudeE7: -1_207_555_129)) }
        #expect(text == #"{"p":{"type":"Point","coordinates":[-120.7555129,30.7461231]}}"#)
    }
}
