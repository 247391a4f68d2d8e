import Chronology
import Geodesy
import Telemetry
import Testing

@Suite("Native positions")
struct NativePositionTests {
    @Test("The contract's example is stored to the last digit")
    func example() {
        let message = decode(examplePosition)
        var expected = PositionReport(
            recordedAt: Instant(seconds: 1_772_439_330),
            coordinate: Coordinate(latitudeE7: 307_461_230, longitudeE7: 1_207_555_120))
        expected.speed = 425
        expected.course = 1870
        expected.altitude = 120
        expected.ignition = true
        expected.odometer = 4_821_142
        expected.satellites = 11
        expected.hdop = 9
        expected.drum = -80
        expected.load = 21_400
        expected.sequence = 1234
        #expect(message.positions == [expected])
        #expect(message.refusals == [])
        #expect(message.terminal?.text == "truck-0042")
        #expect(message.unknownFieldCount == 0)
        #expect(message.cameras == [] && !message.carriesNoReport)
    }

    @Test("What is missing is unknown, never zero; a fix is assumed")
    func minimal() {
        let message = decode(position(""))
        #expect(
            message.positions == [
                PositionReport(
                    recordedAt: Instant(seconds: 1_772_439_330),
                    coordinate: Coordinate(latitudeE7: 305_000_000, longitudeE7: 1_205_000_000), hasFix: true)
            ])
    }

    @Test("Fields come in any order, with any white space, names escaped or not")
    func anyOrder() {
        let text = """
            \r\n\t {\t"fix" :false ,"s\\u0065q":9223372036854775807\r,"lon":\n120.5 , "extra":{"lat":[1,{"a":"}"}]},
            "l\\u0061t":3.05e1,"time":\t1772439330000 ,"terminal":"truck\\u002d0042"} \n
            """
        let message = decode(text)
        #expect(message.refusals == [])
        #expect(message.positions.first?.coordinate == Coordinate(latitudeE7: 305_000_000, longitudeE7: 1_205_000_000))
        #expect(message.positions.first?.hasFix == false)
        #expect(message.positions.first?.sequence == .max)
        #expect(message.positions.first?.recordedAt == Instant(seconds: 1_772_439_330))
        #expect(message.unknownFieldCount == 1)
    }

    @Test(
        "Times are RFC 3339 with an offset, or epoch milliseconds",
        arguments: [
            (#""2026-03-02T16:15:30+08:00""#, 1_772_439_330_000_000),
            (#""2026-03-02T08:15:30.25Z""#, 1_772_439_330_250_000),
            (#""2026-03-02T08:15:30\u005a""#, 1_772_439_330_000_000), ("1772439330000", 1_772_439_330_000_000),
            ("1772439330000.0", 1_772_439_330_000_000), ("1.77243933e12", 1_772_439_330_000_000),
            ("1772439330000.25", 1_772_439_330_000_250), (#""2000-01-01T00:00:00Z""#, 946_684_800_000_000),
            ("946684800000", 946_684_800_000_000), ("1772439940000", 1_772_439_940_000_000),
        ] as [(String, Int64)])
    func times(text: String, microseconds: Int64) {
        let message = decode(#"{"time":\#(text),"lat":1,"lon":2}"#)
        #expect(message.positions.first?.recordedAt.microseconds == microseconds, "\(message.refusals)")
    }

    @Test(
        "Implausible and unreadable times are refused",
        arguments: [
            (#""2026-03-02T08:15:30""#, .badTime), (#""2026-03-02""#, .badTime), (#""""#, .badTime),
            (#""yesterday""#, .badTime), (#""1772439330000""#, .badTime), (#""1999-12-31T23:59:59.999Z""#, .badTime),
            (#""1970-01-01T00:00:00Z""#, .badTime), (#""2099-01-01T00:00:00Z""#, .badTime), ("0", .badTime),
            ("1772439940001", .badTime), ("1772439330", .badTime), ("-1772439330000", .badTime),
            ("99999999999999999999", .badTime), ("1e300", .badTime), ("1.5e300", .badTime), ("1e-300", .badTime),
            ("1e999", .outOfRange), ("true", .wrongType), ("null", .wrongType), ("[1772439330000]", .wrongType),
            (#"{"$date":0}"#, .wrongType),
        ] as [(String, Refusal.Reason)])
    func refusedTimes(text: String, reason: Refusal.Reason) {
        let message = decode(#"{"time":\#(text),"lat":1,"lon":2}"#)
        #expect(message.positions == [])
        #expect(message.refusals == [Refusal(reason, detail: "time")])
    }

    @Test(
        "Values are rounded to the stored unit, halves away from zero",
        arguments: [
            ("speed_kmh", "42.449", 424), ("speed_kmh", "42.25", 423), ("speed_kmh", "0", 0), ("speed_kmh", "-0.0", 0),
            ("speed_kmh", "250", 2500), ("speed_kmh", "1e2", 1000), ("speed_kmh", "0.0400000000000000000001e3", 400),
            ("heading_deg", "0", 0), ("heading_deg", "360", 3600), ("heading_deg", "359.96", 3600), ("hdop", "0.85", 9),
            ("drum_rpm", "-8.25", -83), ("drum_rpm", "8.25", 83), ("drum_rpm", "-0.04", 0),
            ("drum_rpm", "-3276.8", -32768), ("satellites", "0", 0), ("satellites", "12.0", 12),
            ("satellites", "1.2e1", 12), ("satellites", "32767", 32767), ("altitude_m", "12.34", 123),
            ("altitude_m", "-154.25", -1543), ("altitude_m", "214748364.7", 2_147_483_647),
            ("altitude_m", "-214748364.8", -2_147_483_648), ("odometer_km", "0", 0),
            ("odometer_km", "48211.425", 4_821_143),
            ("odometer_km", "21474836.47", 2_147_483_647), ("load_kg", "21400.5", 21_401), ("load_kg", "-12", -12),
        ] as [(String, String, Int64)])
    func rounds(field: String, text: String, expected: Int64) {
        let message = decode(position("\"\(field)\":\(text)"))
        #expect(message.positions.first.flatMap { Self.stored($0)[field] } == expected, "\(message.refusals)")
    }

    /// The report's stored numbers by the dialect's names.
    private static func stored(_ report: PositionReport) -> [String: Int64] {
        let fields: [(String, Int64?)] = [
            ("speed_kmh", report.speed.map(Int64.init)), ("heading_deg", report.course.map(Int64.init)),
            ("altitude_m", report.altitude.map(Int64.init)), ("odometer_km", report.odometer.map(Int64.init)),
            ("satellites", report.satellites.map(Int64.init)), ("hdop", report.hdop.map(Int64.init)),
            ("drum_rpm", report.drum.map(Int64.init)), ("load_kg", report.load.map(Int64.init)),
        ]
        return Dictionary(uniqueKeysWithValues: fields.compactMap { name, value in value.map { (name, $0) } })
    }

    @Test(
        "Sequence numbers are exact within Int64",
        arguments: [
            ("0", 0), ("-1", -1), ("9223372036854775807", .max), ("-9223372036854775808", .min),
            ("9007199254740993", 9_007_199_254_740_993), ("1e3", 1000), ("1000.000", 1000), ("120e-1", 12),
            ("9223372036854775807.0", .max), ("0e999", 0), ("-0", 0), ("0.000000000000000000000000", 0),
            ("92233720368547758070000000000e-10", .max),
        ] as [(String, Int64)])
    func sequences(text: String, expected: Int64) {
        let message = decode(position(#""seq":\#(text)"#))
        #expect(message.positions.first?.sequence == expected, "\(message.refusals)")
    }

    @Test(
        "A known field of the wrong type or out of range refuses the report, naming the field",
        arguments: [
            ("lat", "90.0000001", .outOfRange), ("lat", "-91", .outOfRange), ("lat", "1e999", .outOfRange),
            ("lat", "\"30\"", .wrongType), ("lat", "null", .wrongType), ("lat", "[30]", .wrongType),
            ("lon", "180.1", .outOfRange), ("lon", "-1e300", .outOfRange), ("lon", "{}", .wrongType),
            ("speed_kmh", "250.01", .outOfRange), ("speed_kmh", "-0.1", .outOfRange), ("speed_kmh", "true", .wrongType),
            ("speed_kmh", "null", .wrongType), ("speed_kmh", "-1e999", .outOfRange),
            ("speed_kmh", "99999999999999999999999999999999", .outOfRange),
            ("heading_deg", "360.1", .outOfRange), ("heading_deg", "-1", .outOfRange),
            ("altitude_m", "214748364.75", .outOfRange), ("altitude_m", "1e18", .outOfRange),
            ("altitude_m", "1e308", .outOfRange), ("altitude_m", "\"12\"", .wrongType),
            ("ignition", "1", .wrongType), ("ignition", "\"true\"", .wrongType), ("ignition", "null", .wrongType),
            ("odometer_km", "-1", .outOfRange), ("odometer_km", "21474836.48", .outOfRange),
            ("satellites", "-1", .outOfRange), ("satellites", "32768", .outOfRange), ("satellites", "11.5", .wrongType),
            ("satellites", "1e999", .outOfRange), ("hdop", "-0.1", .outOfRange), ("hdop", "3276.75", .outOfRange),
            ("drum_rpm", "1e6", .outOfRange), ("drum_rpm", "-3276.85", .outOfRange), ("load_kg", "3e9", .outOfRange),
            ("seq", "9223372036854775808", .outOfRange), ("seq", "-9223372036854775809", .outOfRange),
            ("seq", "1.5", .wrongType), ("seq", "1e-1", .wrongType), ("seq", "1e19", .outOfRange),
            ("seq", "1e999999999999", .outOfRange), ("seq", "1e-999999999999", .wrongType),
            ("seq", "\"1\"", .wrongType),
            ("coordinates", "\"WGS84\"", .outOfRange), ("coordinates", "\"\"", .outOfRange),
            ("coordinates", "84", .wrongType), ("fix", "0", .wrongType), ("fix", "null", .wrongType),
            ("terminal", "\"another\"", .foreignTerminal), ("terminal", "\"\"", .foreignTerminal),
            ("terminal", "42", .wrongType), ("terminal", "null", .wrongType),
        ] as [(String, String, Refusal.Reason)])
    func refuses(field: String, value: String, reason: Refusal.Reason) {
        var fields = ["time": #""2026-03-02T08:15:30Z""#, "lat": "30.5", "lon": "120.5"]
        fields[field] = value
        let text =
            "{" + fields.sorted { $0.key < $1.key }.map { "\"\($0.key)\": \($0.value)" }.joined(separator: ", ") + "}"
        let message = decode(text)
        #expect(message.positions == [])
        #expect(message.refusals == [Refusal(reason, detail: field)])
    }

    @Test("Required fields have to be there", arguments: ["time", "lat", "lon"])
    func required(field: String) {
        let message = decode(position("").replacing("\"\(field)\"", with: "\"\(field)x\""))
        #expect(message.refusals == [Refusal(.missingField, detail: field)])
        #expect(message.unknownFieldCount == 1)
    }

    @Test(
        "A known field twice is refused, also where one name is escaped; an unknown one only counted",
        arguments: [
            (#""lat":30.5"#, Refusal(.repeatedField, detail: "lat")),
            (#""l\u0061t":30.5"#, Refusal(.repeatedField, detail: "lat")),
            (#""seq":1,"seq":1"#, Refusal(.repeatedField, detail: "seq")), (#""x":1,"x":2,"\u0000lat":1"#, nil),
        ])
    func repeated(more: String, refusal: Refusal?) {
        let message = decode(position(more))
        #expect(message.refusals == (refusal.map { [$0] } ?? []))
        if refusal == nil { #expect(message.unknownFieldCount == 3) }
    }

    @Test("Names that only resemble a field's are unknown")
    func nearNames() {
        let names = [
            "Lat", "lat ", " lat", "la", "latt", "speed_kmhh", "heading_degree", "heading_deg_heading_deg", "", "纬度",
        ]
        let message = decode(position(names.map { "\"\($0)\":null" }.joined(separator: ",")))
        #expect(message.refusals == [])
        #expect(message.unknownFieldCount == names.count)
    }

    @Test(
        "(0, 0) and a missing fix are stored; nowhere stays nowhere in every system",
        arguments: CoordinateSystem.allCases)
    func nowhere(system: CoordinateSystem) {
        let text = #"{"time":1772439330000,"lat":0,"lon":-0.0,"fix":false,"coordinates":"\#(system.rawValue)"}"#
        let message = decode(text)
        #expect(message.positions.first?.coordinate.isNullIsland == true)
        #expect(message.positions.first?.hasFix == false)
    }

    @Test(
        "Other systems are stored as WGS-84",
        arguments: [
            ("wgs84", 30.7461, 120.7555), ("gcj02", 30.743_799_984, 120.759_819_448),
            ("bd09", 30.749_626_495, 120.766_383_176),
        ])
    func converts(system: String, latitude: Double, longitude: Double) {
        let text = #"{"time":1772439330000,"coordinates":"\#(system)","lat":\#(latitude),"lon":\#(longitude)}"#
        #expect(
            decode(text).positions.first?.coordinate == Coordinate(latitudeE7: 307_461_000, longitudeE7: 1_207_555_000))
    }
}
