import Geodesy
import RepeatableRandom
import Testing

/// A point of a test, in degrees.
func point(_ latitude: Double, _ longitude: Double) -> Coordinate {
    guard let coordinate = Coordinate(latitude: latitude, longitude: longitude) else {
        preconditionFailure("A test's point is out of range")
    }
    return coordinate
}

@Suite("Distances and directions")
struct SphereTests {
    @Test(
        "Known distances",
        arguments: [
            (point(0, 0), point(0, 1), 111_195.08),
            (point(0, 0), point(1, 0), 111_195.08),
            (point(60, 0), point(60, 0.001), 55.5975),
            (point(90, 0), point(-90, 0), 20_015_114.4),
            (point(0, -180), point(0, 180), 0),
            (point(0, -90), point(0, 90), 20_015_114.4),
            (point(0, 179.9995), point(0, -179.9995), 111.195),
            // Haining to Jiaxing, haversine in Python with the same radius.
            (point(30.5090, 120.6810), point(30.7461, 120.7555), 27_311.0397),
            (point(30.7461, 120.7555), point(30.7461001, 120.7555), 0.01112),
        ] as [(Coordinate, Coordinate, Double)])
    func distances(from: Coordinate, to: Coordinate, metres: Double) {
        let tolerance = max(1e-5, metres * 1e-6)
        #expect(abs(from.distanceMetres(to: to) - metres) <= tolerance, "\(from.distanceMetres(to: to))")
        #expect(from.distanceMetres(to: to) == to.distanceMetres(to: from))
    }

    @Test(
        "Bearings",
        arguments: [
            (point(30, 120), point(31, 120), 0.0), (point(30, 120), point(29, 120), 180),
            (point(0, 120), point(0, 121), 90), (point(0, 120), point(0, 119), 270),
            (point(30, 120), point(30, 120), 0), (point(0, 179), point(0, -179), 90),
            (point(0, 0), point(0.0001, 0.0001), 45), (point(0, 0), point(0.0001, -0.0001), 315),
        ] as [(Coordinate, Coordinate, Double)])
    func bearings(from: Coordinate, to: Coordinate, degrees: Double) {
        #expect(abs(from.bearingDegrees(to: to) - degrees) < 1e-4)
    }

    @Test("A bearing is below 360 however small the angle")
    func bearingRange() {
        var generator = SplitMix64(seed: 11)
        for _ in 0..<10_000 {
            let start = Coordinate.random(using: &generator)
            let bearing = start.bearingDegrees(to: .random(using: &generator))
            #expect((0..<360).contains(bearing))
        }
        let degrees = point(30, 120).bearingDegrees(to: point(31, 119.9999999))
        #expect((359.99..<360).contains(degrees))
    }

    @Test("A move goes as far as it says, in the direction it says")
    func moves() {
        var generator = SplitMix64(seed: 12)
        for _ in 0..<5_000 {
            let start = Coordinate(
                latitude: .random(in: -80...80, using: &generator),
                longitude: .random(in: -180...180, using: &generator))
            guard let start else { continue }
            let metres = Double.random(in: 100...1_000_000, using: &generator)
            let bearing = Double.random(in: 0..<360, using: &generator)
            let end = start.moved(metres: metres, bearingDegrees: bearing)
            #expect(abs(start.distanceMetres(to: end) - metres) < 0.02)
            let turn = abs(start.bearingDegrees(to: end) - bearing)
            #expect(min(turn, 360 - turn) < 0.02)
        }
    }

    @Test("Moves stay on the sphere whatever they are given")
    func extremeMoves() {
        let start = point(30, 179.9)
        #expect(start.moved(metres: .nan, bearingDegrees: 0) == start)
        #expect(start.moved(metres: 1, bearingDegrees: .infinity) == start)
        let east = start.moved(metres: 50_000, bearingDegrees: 90)
        #expect(east.longitude < -179)
        #expect(abs(start.distanceMetres(to: east) - 50_000) < 0.05)
        #expect(start.moved(metres: 1e300, bearingDegrees: 33).latitude.magnitude <= 90)
        #expect(point(90, 0).moved(metres: 1000, bearingDegrees: 180).latitude < 90)
    }

    @Test(
        "Coordinates out of range do not exist",
        arguments: [
            (90.1, 0.0), (-90.1, 0), (0, 180.1), (0, -180.1), (.nan, 0), (0, .nan), (.infinity, 0), (0, -.infinity),
            (1e300, 0),
        ])
    func refuses(latitude: Double, longitude: Double) {
        #expect(Coordinate(latitude: latitude, longitude: longitude) == nil)
    }
}

extension Coordinate {
    static func random(using generator: inout SplitMix64) -> Coordinate {
        Coordinate(
            latitudeE7: .random(in: -900_000_000...900_000_000, using: &generator),
            longitudeE7: .random(in: -1_800_000_000...1_800_000_000, using: &generator))
    }
}
