import Foundation
import Geodesy
import RepeatableRandom
import Testing

/// A polygon of latitudes and longitudes.
func polygon(_ rings: [(Double, Double)]...) -> Fence {
    .polygon(Polygon(rings: rings.map { ring in ring.map { point($0.0, $0.1) } }))
}

@Suite("Fences")
struct FenceTests {
    /// About 1.1 km by 0.96 km, with a hole in its middle.
    static let holed = polygon(
        [(30.00, 120.00), (30.00, 120.01), (30.01, 120.01), (30.01, 120.00)],
        [(30.004, 120.004), (30.006, 120.004), (30.006, 120.006), (30.004, 120.006)])
    /// Like the letter U: a notch opens to the north.
    static let bent = polygon([
        (30.00, 120.00), (30.00, 120.03), (30.03, 120.03), (30.03, 120.02), (30.01, 120.02), (30.01, 120.01),
        (30.03, 120.01), (30.03, 120.00),
    ])

    @Test(
        "Inside by the even-odd rule, the outline included",
        arguments: [
            (Self.holed, point(30.002, 120.002), true), (Self.holed, point(30.005, 120.005), false),
            (Self.holed, point(30.02, 120.005), false), (Self.holed, point(29.999_999_9, 120.005), false),
            // Edges, corners, and the hole's.
            (Self.holed, point(30.00, 120.005), true), (Self.holed, point(30.01, 120.005), true),
            (Self.holed, point(30.005, 120.00), true), (Self.holed, point(30.005, 120.01), true),
            (Self.holed, point(30.00, 120.00), true), (Self.holed, point(30.01, 120.01), true),
            (Self.holed, point(30.004, 120.005), true), (Self.holed, point(30.004, 120.004), true),
            // Level with a corner, to the west of it.
            (Self.holed, point(30.00, 119.99), false), (Self.holed, point(30.01, 119.99), false),
            (Self.bent, point(30.02, 120.015), false), (Self.bent, point(30.02, 120.005), true),
            (Self.bent, point(30.02, 120.025), true), (Self.bent, point(30.005, 120.015), true),
            (Self.bent, point(30.01, 120.005), true), (Self.bent, point(30.01, 120.015), true),
            (Self.bent, point(30.01, 120.035), false), (Self.bent, point(30.03, 120.015), false),
        ])
    func contains(fence: Fence, place: Coordinate, isInside: Bool) {
        #expect(fence.contains(place) == isInside)
        #expect((fence.distanceMetres(to: place) == 0) == isInside)
    }

    @Test(
        "At least 500 m long, and eight times as long as wide, it is drawn along a road",
        arguments: [
            // Straight, aslant and round a corner.
            (polygon([(30, 120), (30, 120.02), (30.0005, 120.02), (30.0005, 120)]), true),
            (polygon([(30, 120), (30.01, 120.01), (30.0105, 120.01), (30.0005, 120)]), true),
            (
                polygon([
                    (30, 120), (30, 120.01), (30.0005, 120.01), (30.0005, 120.0005), (30.01, 120.0005), (30.01, 120),
                ]), true
            ),
            // Too short, too wide, and the road to a yard.
            (polygon([(30, 120), (30, 120.004), (30.0003, 120.004), (30.0003, 120)]), false),
            (Self.holed, false), (Self.bent, false),
            (.circle(center: point(30, 120), radiusMetres: 400), false),
            (
                polygon(
                    [(30, 120), (30, 120.003), (30.003, 120.003), (30.003, 120)],
                    [(30, 120.003), (30, 120.013), (30.0003, 120.013), (30.0003, 120.003)]), false
            ),
        ] as [(Fence, Bool)])
    func strips(fence: Fence, isStrip: Bool) {
        #expect(fence.isStrip(ofMetres: 500, timesWidth: 8) == isStrip)
    }

    @Test("Away from the outline it is what a winding sum of angles finds")
    func containsAgainstAngles() {
        var generator = SplitMix64(seed: 4)
        for _ in 0..<300 {
            let fence = Fence.random(using: &generator)
            guard case .polygon(let polygon) = fence, let ring = polygon.rings.first else { continue }
            for _ in 0..<20 {
                let place = fence.center.moved(
                    metres: .random(in: 0...700, using: &generator),
                    bearingDegrees: .random(in: 0..<360, using: &generator))
                // The ring is star-shaped and does not cross itself: the angles add up to 360° inside and to 0 outside.
                var sum = 0.0
                for (index, corner) in ring.enumerated() {
                    let next = ring[(index + 1) % ring.count]
                    let start = atan2(corner.latitude - place.latitude, corner.longitude - place.longitude)
                    let end = atan2(next.latitude - place.latitude, next.longitude - place.longitude)
                    sum += remainder(end - start, 2 * .pi)
                }
                #expect(fence.contains(place) == (abs(sum) > .pi), "\(place) \(sum)")
            }
        }
    }

    @Test(
        "A point on a slanted edge is on it, the one beside it is not", arguments: [1, 7, 1_000, 3_999_999] as [Int32])
    func slantedEdges(step: Int32) {
        // The lower edge climbs one for every three; its points are exact.
        let corners = [(0, 0), (300_000_000, 900_000_000), (300_000_000, 0)].map {
            Coordinate(latitudeE7: $0.0, longitudeE7: $0.1)
        }
        let fence = Fence.polygon(Polygon(rings: [corners]))
        #expect(fence.contains(Coordinate(latitudeE7: step * 75, longitudeE7: step * 225)))
        #expect(!fence.contains(Coordinate(latitudeE7: step * 75, longitudeE7: step * 225 + 1)))
        #expect(fence.contains(Coordinate(latitudeE7: step * 75, longitudeE7: step * 225 - 1)))
    }

    @Test("A circle holds what is within its radius")
    func circles() throws {
        let fence = try Fence.circle(latitude: 30, longitude: 120, radiusMetres: 500, in: .wgs84)
        for bearing in stride(from: 0.0, to: 360, by: 7) {
            #expect(fence.contains(fence.center.moved(metres: 499.9, bearingDegrees: bearing)))
            let outside = fence.center.moved(metres: 600, bearingDegrees: bearing)
            #expect(!fence.contains(outside))
            #expect(abs(fence.distanceMetres(to: outside) - 100) < 0.02)
            #expect(fence.boundingBox.contains(fence.center.moved(metres: 500, bearingDegrees: bearing)))
        }
    }

    @Test(
        "The distance is to the nearest edge",
        arguments: [
            (Self.holed, point(30.02, 120.005), 1111.951), (Self.holed, point(29.99, 119.99), 1471.62),
            // In the hole: to the hole's edge.
            (Self.holed, point(30.005, 120.0052), 77.03), (Self.bent, point(30.02, 120.0149), 471.82),
        ])
    func distances(fence: Fence, place: Coordinate, metres: Double) {
        #expect(abs(fence.distanceMetres(to: place) - metres) < metres * 0.001, "\(fence.distanceMetres(to: place))")
    }

    @Test("The distance agrees with the nearest of many points on the outline")
    func distancesAgainstSampling() {
        var generator = SplitMix64(seed: 5)
        for _ in 0..<40 {
            let fence = Fence.random(using: &generator)
            guard case .polygon(let polygon) = fence, let ring = polygon.rings.first else { continue }
            let place = fence.center.moved(
                metres: .random(in: 0...3000, using: &generator),
                bearingDegrees: .random(in: 0..<360, using: &generator))
            var nearest = Double.infinity
            for (index, start) in ring.enumerated() {
                let end = ring[(index + 1) % ring.count]
                for step in 0...400 {
                    let share = Double(step) / 400
                    let sample = point(
                        start.latitude + (end.latitude - start.latitude) * share,
                        start.longitude + (end.longitude - start.longitude) * share)
                    nearest = min(nearest, sample.distanceMetres(to: place))
                }
            }
            let expected = fence.contains(place) ? 0 : nearest
            #expect(abs(fence.distanceMetres(to: place) - expected) < 0.5)
        }
    }

    @Test("The middle of a polygon is its centre of gravity; of nothing sensible, the middle of its box")
    func centers() {
        #expect(Self.holed.center == point(30.005, 120.005))
        #expect(polygon([(0, 0), (0, 3), (3, 0)]).center == point(1, 1))
        #expect(polygon([(30, 120), (30, 120.01), (30, 120.02)]).center == point(30, 120.01))
        let bowTie = polygon([(30, 120), (30.01, 120.01), (30, 120.01), (30.01, 120)])
        #expect(bowTie.center == point(30.005, 120.005))
    }

    @Test("A box holds everything within the margin")
    func expandedBoxes() {
        var generator = SplitMix64(seed: 6)
        for _ in 0..<3_000 {
            let center = Coordinate.random(using: &generator)
            let box = BoundingBox(
                south: center.latitudeE7, west: center.longitudeE7, north: center.latitudeE7, east: center.longitudeE7)
            let margin = Double.random(in: 0.1...100_000, using: &generator)
            let expanded = box.expanded(byMetres: margin)
            let place = center.moved(metres: margin * 0.9999, bearingDegrees: .random(in: 0..<360, using: &generator))
            #expect(expanded.contains(place), "\(center) \(margin) \(place)")
        }
    }

    @Test("Impossible coordinates from a file do not stop the process")
    func impossibleCoordinates() {
        let corners = [
            Coordinate(latitudeE7: .min, longitudeE7: .min), Coordinate(latitudeE7: .max, longitudeE7: .max),
            Coordinate(latitudeE7: .min, longitudeE7: .max),
        ]
        let fence = Fence.polygon(Polygon(rings: [corners, [], [corners[0]]]))
        _ = fence.contains(point(0, 0))
        _ = fence.contains(Coordinate(latitudeE7: .max, longitudeE7: .min))
        _ = fence.distanceMetres(to: Coordinate(latitudeE7: .max, longitudeE7: .min))
        _ = fence.center
        _ = fence.wkt
        let index = FenceIndex([fence, .circle(center: corners[0], radiusMetres: 100)], marginMetres: 80)
        #expect(index.containing(point(30, 120)).count <= 2)
        #expect(Fence.polygon(Polygon(rings: [])).contains(point(0, 0)) == false)
        #expect(FenceIndex([.polygon(Polygon(rings: []))]).containing(point(30, 120)) == [])
    }
}

extension Fence {
    /// A circle or a star-shaped polygon of 20–600 m near Jiaxing.
    static func random(using generator: inout SplitMix64) -> Fence {
        let center = point(
            .random(in: 30.5...30.9, using: &generator), .random(in: 120.5...121.0, using: &generator))
        let radius = Double.random(in: 20...600, using: &generator)
        guard Bool.random(using: &generator) else { return .circle(center: center, radiusMetres: radius) }
        let count = Int.random(in: 3...30, using: &generator)
        return .polygon(
            Polygon(rings: [
                (0..<count).map {
                    center.moved(
                        metres: radius * .random(in: 0.3...1, using: &generator),
                        bearingDegrees: Double($0) * 360 / Double(count))
                }
            ]))
    }
}
