import Foundation
import Geodesy
import RepeatableRandom
import Testing

/// A published point in three systems; latitude first.
struct SystemVector: Sendable, CustomTestStringConvertible {
    var name: String
    var wgs84: [Double]
    var gcj02: [Double]
    var bd09: [Double]

    var testDescription: String { self.name }

    init(_ name: String, wgs84: [Double], gcj02: [Double], bd09: [Double]) {
        self.name = name
        self.wgs84 = wgs84
        self.gcj02 = gcj02
        self.bd09 = bd09
    }
}

@Suite("Coordinate systems of China")
struct CoordinateSystemTests {
    /// The first three also stand in the tests of eviltransform.
    static let published = [
        SystemVector(
            "Shanghai", wgs84: [31.177_427_6, 121.527_210_6], gcj02: [31.175_303_984, 121.531_541_859],
            bd09: [31.181_328_607, 121.538_015_686]),
        SystemVector(
            "Shenzhen", wgs84: [22.543_847, 113.912_316], gcj02: [22.540_796_132, 113.917_176_481],
            bd09: [22.546_667_438, 113.923_684_729]),
        SystemVector(
            "Beijing", wgs84: [39.911_954, 116.377_817], gcj02: [39.913_345_455, 116.384_047_225],
            bd09: [39.919_575_551, 116.390_454_713]),
        SystemVector(
            "Jiaxing", wgs84: [30.7461, 120.7555], gcj02: [30.743_799_984, 120.759_819_448],
            bd09: [30.749_626_495, 120.766_383_176]),
        SystemVector(
            "Qingdao", wgs84: [36.0671, 120.3826], gcj02: [36.067_376_228, 120.387_733_080],
            bd09: [36.073_416_833, 120.394_213_050]),
        SystemVector(
            "Suzhou", wgs84: [31.2990, 120.5853], gcj02: [31.296_815_342, 120.589_477_431],
            bd09: [31.303_118_869, 120.595_879_295]),
    ]

    static func stored() throws -> [SystemVector] {
        struct Row: Decodable {
            var name: String
            var wgs: [Double]
            var gcj: [Double]
            var bd: [Double]
        }
        guard let file = SharedData.file("coordinates/vectors.json") else { return [] }
        return try JSONDecoder().decode([Row].self, from: Data(contentsOf: file)).map {
            SystemVector($0.name, wgs84: $0.wgs, gcj02: $0.gcj, bd09: $0.bd)
        }
    }

    private func expectAgreement(_ vector: SystemVector) {
        let (latitude, longitude) = (vector.wgs84[0], vector.wgs84[1])
        for (system, expected) in [(CoordinateSystem.gcj02, vector.gcj02), (.bd09, vector.bd09)] {
            let image = system.fromWGS84(latitude: latitude, longitude: longitude)
            #expect(abs(image.latitude - expected[0]) < 2e-9 && abs(image.longitude - expected[1]) < 2e-9)
            let original = system.wgs84(latitude: expected[0], longitude: expected[1])
            #expect(abs(original.latitude - latitude) < 2e-9 && abs(original.longitude - longitude) < 2e-9)
        }
    }

    @Test("Published points", arguments: Self.published)
    func agreesWithPublished(vector: SystemVector) { self.expectAgreement(vector) }

    @Test("Stored vectors", .enabled(if: SharedData.folder != nil, "../shared/data is absent"))
    func agreesWithStored() throws {
        let vectors = try Self.stored()
        #expect(!vectors.isEmpty)
        for vector in vectors { self.expectAgreement(vector) }
    }

    @Test(
        "Outside the box nothing is shifted to GCJ-02",
        arguments: [
            (35.6812, 139.7671), (35.0, 72.003), (35.0, 137.8348), (0.8292, 110.0), (55.8272, 110.0), (0.0, 0.0),
            (-33.9, 151.2), (38.108, 23.769), (90, 180), (-90, -180),
        ])
    func isIdentityOutside(latitude: Double, longitude: Double) {
        #expect(CoordinateSystem.gcj02.fromWGS84(latitude: latitude, longitude: longitude) == (latitude, longitude))
        #expect(CoordinateSystem.gcj02.wgs84(latitude: latitude, longitude: longitude) == (latitude, longitude))
    }

    @Test("WGS-84 is left alone, whatever it holds")
    func leavesWGS84() {
        #expect(CoordinateSystem.wgs84.wgs84(latitude: 30.1234567, longitude: 120.1) == (30.1234567, 120.1))
        let odd = CoordinateSystem.gcj02.wgs84(latitude: .nan, longitude: .infinity)
        #expect(odd.latitude.isNaN && odd.longitude.isInfinite)
    }

    @Test("There and back is within 1e-9 degree all over China", arguments: [CoordinateSystem.gcj02, .bd09])
    func roundTrip(system: CoordinateSystem) {
        var generator = SplitMix64(seed: 2)
        for _ in 0..<20_000 {
            // A hundredth of a degree off the edges of the box, where points without an original lie.
            let latitude = Double.random(in: 0.85...55.80, using: &generator)
            let longitude = Double.random(in: 72.03...137.81, using: &generator)
            let image = system.fromWGS84(latitude: latitude, longitude: longitude)
            let back = system.wgs84(latitude: image.latitude, longitude: image.longitude)
            #expect(abs(back.latitude - latitude) < 1e-9 && abs(back.longitude - longitude) < 1e-9)
        }
    }

    @Test("On the edge of the box an inverse is at most the shift away")
    func edgeOfTheBox() {
        var generator = SplitMix64(seed: 3)
        for _ in 0..<5_000 {
            let latitude = Double.random(in: 0.8...0.86, using: &generator)
            let longitude = Double.random(in: 71.99...72.02, using: &generator)
            let back = CoordinateSystem.gcj02.wgs84(latitude: latitude, longitude: longitude)
            #expect(abs(back.latitude - latitude) < 0.02 && abs(back.longitude - longitude) < 0.02)
        }
    }

    @Test("A coordinate is made only of degrees in range, before and after")
    func makesCoordinates() {
        #expect(CoordinateSystem.wgs84.coordinate(latitude: 30, longitude: 120) == point(30, 120))
        #expect(CoordinateSystem.gcj02.coordinate(latitude: 90.5, longitude: 120) == nil)
        #expect(CoordinateSystem.gcj02.coordinate(latitude: .nan, longitude: 120) == nil)
        #expect(CoordinateSystem.bd09.coordinate(latitude: -89.9999, longitude: 10) == nil)
        let jiaxing = CoordinateSystem.gcj02.coordinate(latitude: 30.743_799_984, longitude: 120.759_819_448)
        #expect(jiaxing == point(30.7461, 120.7555))
    }
}
