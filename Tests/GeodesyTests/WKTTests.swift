import Geodesy
import RepeatableRandom
import Testing

@Suite("Well-known text")
struct WKTTests {
    @Test(
        "Polygons are read",
        arguments: [
            "POLYGON((120 30,120.01 30,120.01 30.01,120 30))",
            "polygon ((120 30, 120.01 30, 120.01 30.01, 120 30))",
            "  SRID=4326;Polygon\n(\t( 120.0   30 ,120.01 30.0 ,1.2001e2 +30.01, 120 30.00 ) ) ",
            "srid = 4326 ; POLYGON((120 30,120.01 30,120.01 30.01,120 30))",
            "MULTIPOLYGON(((120 30,120.01 30,120.01 30.01,120 30)))",
        ])
    func reads(text: String) throws {
        let fence = try Fence.parse(wkt: text, in: .wgs84)
        #expect(fence == polygon([(30, 120), (30, 120.01), (30.01, 120.01)]))
    }

    @Test("Holes and parts are rings")
    func rings() throws {
        let text = """
            MULTIPOLYGON(((0 0,4 0,4 4,0 4,0 0),(1 1,2 1,2 2,1 2,1 1)),((10 0,14 0,14 4,0 4,10 0)))
            """
        guard case .polygon(let parsed) = try Fence.parse(wkt: text, in: .wgs84) else { return }
        #expect(parsed.rings.map(\.count) == [4, 4, 4])
    }

    @Test("Corners of another system are converted")
    func converts() throws {
        let text =
            "POLYGON((120.759819448 30.743799984,121.531541859 31.175303984,120.589477431 31.296815342,"
            + "120.759819448 30.743799984))"
        let fence = try Fence.parse(wkt: text, in: .gcj02)
        #expect(fence == polygon([(30.7461, 120.7555), (31.177_427_6, 121.527_210_6), (31.2990, 120.5853)]))
    }

    @Test(
        "Anything else is refused with its reason",
        arguments: [
            ("", .syntax), ("POINT(120 30)", .syntax), ("POLYGON", .syntax), ("POLYGON(120 30,121 30,121 31)", .syntax),
            ("POLYGON((120 30,120.01 30,120.01 30.01,120 30)", .syntax),
            ("POLYGON((120 30,120.01 30,120.01 30.01,120 30)))", .syntax),
            ("POLYGON((120 30,120.01 30,120.01 30.01,120 30)) x", .syntax),
            ("POLYGON((120,30,120.01,30))", .syntax), ("POLYGON((120 30 5,120.01 30 5,120.01 31 5,120 30 5))", .syntax),
            ("POLYGON Z((120 30 5,120.01 30 5,120.01 31 5,120 30 5))", .syntax),
            ("POLYGON((120 30,a b,120.01 30.01,120 30))", .syntax),
            ("POLYGON((120 0x1e,120.01 30,120.01 30.01,120 30))", .syntax),
            ("POLYGON((nan 30,120.01 30,120.01 30.01,nan 30))", .syntax),
            ("POLYGON((120 30,1--2 30,120.01 30.01,120 30))", .syntax),
            ("POLYGON((120 30,,120.01 30.01,120 30))", .syntax), ("POLYGON(())", .syntax),
            ("POLYGON ((120 30,120.01 30,120.01 30.01,120 30))\u{0}", .syntax), ("多边形((120 30))", .syntax),
            ("POLYGON EMPTY", .empty), ("MULTIPOLYGON EMPTY", .empty),
            ("POLYGON((30 120,30 120.01,30.01 120.01,30 120))", .outOfRange),
            ("POLYGON((181 30,120.01 30,120.01 30.01,181 30))", .outOfRange),
            ("POLYGON((1e999 30,120.01 30,120.01 30.01,1e999 30))", .outOfRange),
            ("POLYGON((120 30,120.01 30,120.01 30.01))", .unclosed), ("POLYGON((120 30))", .unclosed),
            ("POLYGON((120 30,120 30))", .tooFewCorners), ("POLYGON((120 30,120.01 30,120 30))", .tooFewCorners),
            ("POLYGON((120 30,120.01 30,120.01 30,120.000000001 30,120 30))", .tooFewCorners),
            ("SRID=3857;POLYGON((120 30,120.01 30,120.01 30.01,120 30))", .reference),
            ("SRID=;POLYGON((120 30,120.01 30,120.01 30.01,120 30))", .reference),
        ] as [(String, FenceError.Code)])
    func refuses(text: String, code: FenceError.Code) {
        let error = #expect(throws: FenceError.self) { try Fence.parse(wkt: text, in: .wgs84) }
        #expect(error?.code == code)
        // Chinese first, then English.
        #expect(error?.message.contains(" / ") == true)
    }

    @Test("Ten thousand corners are taken, one more is not")
    func cornerLimit() throws {
        func text(_ count: Int) -> String {
            let corners = (0..<count - 1).map { "\(120 + Double($0) / 100_000) \($0 % 2 == 0 ? 30 : 30.1)" }
            return "POLYGON((" + (corners + [corners[0]]).joined(separator: ",") + "))"
        }
        _ = try Fence.parse(wkt: text(Fence.maximumCorners), in: .wgs84)
        let error = #expect(throws: FenceError.self) {
            try Fence.parse(wkt: text(Fence.maximumCorners + 1), in: .wgs84)
        }
        #expect(error?.code == .tooManyCorners)
    }

    @Test("What is written is read again as the same fence")
    func roundTrip() throws {
        var generator = SplitMix64(seed: 13)
        for _ in 0..<300 {
            let fence = Fence.random(using: &generator)
            let again = try Fence.parse(wkt: fence.wkt, in: .wgs84)
            if case .polygon = fence {
                #expect(again == fence)
            } else if case .circle(let center, let radius) = fence {
                // A polygon of 64 corners on the circle.
                #expect(abs(again.center.distanceMetres(to: center)) < 0.05)
                #expect(again.contains(center.moved(metres: radius * 0.99, bearingDegrees: 100)))
                #expect(!again.contains(center.moved(metres: radius * 1.01, bearingDegrees: 200)))
            }
        }
    }

    @Test("Holes are written as holes of their own ring")
    func writesHoles() throws {
        let text =
            "POLYGON((120 30,120.01 30,120.01 30.01,120 30.01,120 30),"
            + "(120.004 30.004,120.006 30.004,120.006 30.006,120.004 30.006,120.004 30.004))"
        #expect(try Fence.parse(wkt: text, in: .wgs84).wkt == text)
        let parts =
            "MULTIPOLYGON(((0 0,9 0,9 9,0 9,0 0),(1 1,8 1,8 8,1 8,1 1)),((2 2,3 2,3 3,2 3,2 2)),"
            + "((-10.5 0,-9 0,-9 -0.0000001,-10.5 0)))"
        #expect(try Fence.parse(wkt: parts, in: .wgs84).wkt == parts)
    }

    @Test(
        "Circles have a radius of 1 to 50,000 m and a centre in range",
        arguments: [
            (30.0, 120.0, 0.99, .radius), (30, 120, 50_000.1, .radius), (30, 120, .nan, .radius),
            (30, 120, .infinity, .radius), (30, 120, -5, .radius), (91, 120, 100, .outOfRange),
            (30, 181, 100, .outOfRange), (.nan, 120, 100, .outOfRange),
        ] as [(Double, Double, Double, FenceError.Code)])
    func refusesCircles(latitude: Double, longitude: Double, radius: Double, code: FenceError.Code) {
        let error = #expect(throws: FenceError.self) {
            try Fence.circle(latitude: latitude, longitude: longitude, radiusMetres: radius, in: .wgs84)
        }
        #expect(error?.code == code)
    }

    @Test("Mutilated text is refused or read, never a trap")
    func survivesMutations() {
        let good = Array("SRID=4326;MULTIPOLYGON(((120 30,120.01 30,120.01 30.01,120 30)),((1 1,2 1,2 2,1 1)))".utf8)
        var generator = SplitMix64(seed: 99)
        for _ in 0..<5_000 {
            var bytes = good
            for _ in 0..<Int.random(in: 1...3, using: &generator) {
                let place = Int.random(in: 0..<bytes.count, using: &generator)
                switch Int.random(in: 0..<3, using: &generator) {
                case 0: bytes[place] = .random(in: 0...255, using: &generator)
                case 1: bytes.remove(at: place)
                default: bytes.insert(bytes[.random(in: 0..<bytes.count, using: &generator)], at: place)
                }
            }
            if let fence = try? Fence.parse(wkt: String(decoding: bytes, as: UTF8.self), in: .bd09) {
                #expect((try? Fence.parse(wkt: fence.wkt, in: .wgs84)) != nil)
            }
        }
    }
}
