import Geodesy
import Suspicions
import Testing
import Tracks

/// Which coordinate system an import of fences is in, by halts of trucks.
@Suite struct CoordinateCheckTests {
    private static func point(_ east: Double) -> Coordinate {
        Coordinate(latitudeE7: 307_500_000, longitudeE7: 1_207_500_000).moved(metres: east, bearingDegrees: 90)
    }

    private static let fences = (0..<4).map { Fence.circle(center: Self.point(Double($0) * 7000), radiusMetres: 120) }

    /// `count` halts at each of the first `fences` fences.
    private static func halts(_ count: Int, at fences: Int) -> [Coordinate] {
        (0..<fences).flatMap { fence in (0..<count).map { Self.point(Double(fence) * 7000 + Double($0)) } }
    }

    /// Declared, really in, halts at each fence, fences with halts; the system that is asked about.
    @Test(
        arguments: [
            (CoordinateSystem.wgs84, CoordinateSystem.wgs84, 10, 4, nil), (.wgs84, .gcj02, 10, 4, .gcj02),
            (.wgs84, .bd09, 10, 4, .bd09), (.gcj02, .wgs84, 10, 4, .wgs84), (.gcj02, .bd09, 10, 4, .bd09),
            // Too few halts, and one busy yard alone: nothing is asked.
            (.wgs84, .gcj02, 4, 4, nil), (.wgs84, .gcj02, 60, 1, nil), (.wgs84, .gcj02, 10, 0, nil),
        ] as [(CoordinateSystem, CoordinateSystem, Int, Int, CoordinateSystem?)])
    func asks(
        declared: CoordinateSystem, really: CoordinateSystem, halts: Int, fences: Int, likely: CoordinateSystem?
    ) {
        let read = Self.fences.map { $0.reread(declared: really, as: declared) }
        let fits = CoordinateCheck().run(read, declared: declared, halts: Self.halts(halts, at: fences))
        #expect(fits.likely == likely)
        #expect((fits.question == nil) == (likely == nil))
        #expect(fits.fits.count == 3 && fits.fences == 4 && fits.halts == halts * fences)
    }

    @Test func theQuestionNamesTheFigures() throws {
        let read = Self.fences.map { $0.reread(declared: .gcj02, as: .wgs84) }
        let question = try #require(
            CoordinateCheck().run(read, declared: .wgs84, halts: Self.halts(10, at: 4)).question)
        for text in [question.zh, question.en] {
            for part in ["GCJ-02", "WGS-84", "40", "gcj02"] { #expect(text.contains(part)) }
        }
    }

    @Test(arguments: CoordinateSystem.allCases, CoordinateSystem.allCases)
    func readingThereAndBackIsTheSame(one: CoordinateSystem, other: CoordinateSystem) {
        let corners = [Self.point(0), Self.point(500), Self.point(400).moved(metres: 300, bearingDegrees: 0)]
        let fence = Fence.polygon(Polygon(rings: [corners]))
        let there = fence.reread(declared: one, as: other)
        guard case .polygon(let back) = there.reread(declared: other, as: one) else {
            Issue.record("a polygon became something else")
            return
        }
        for (corner, again) in zip(corners, back.rings[0]) { #expect(corner.distanceMetres(to: again) < 0.05) }
        #expect((there == fence) == (one == other))
    }
}
