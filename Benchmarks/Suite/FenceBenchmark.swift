import Foundation
import Geodesy

/// Which of 10,000 fences contain a point: the grid, beside asking every fence's bounding box in turn.
enum FenceBenchmark {
    static func run() throws -> [Measurement] {
        var random = SeededGenerator(state: 1)
        func coordinate() -> Coordinate {
            Coordinate(
                latitudeE7: Int32.random(in: 305_000_000...310_000_000, using: &random),
                longitudeE7: Int32.random(in: 1_205_000_000...1_211_000_000, using: &random))
        }
        let fences = (0..<10_000).map { _ -> Fence in
            let center = coordinate()
            let radius = Double.random(in: 30...200, using: &random)
            let corners = (0..<Int.random(in: 12...40, using: &random))
            return .polygon(
                Polygon(rings: [
                    corners.map {
                        center.moved(metres: radius, bearingDegrees: 360 * Double($0) / Double(corners.count))
                    }
                ]))
        }
        let points = (0..<1_000_000).map { _ in coordinate() }
        let index = FenceIndex(fences)
        var hits = 0
        let grid = seconds { for point in points { index.forEachContaining(point) { _ in hits += 1 } } }
        let few = points.prefix(1000)
        var linearHits = 0
        let boxes = fences.map(\.boundingBox)
        let linear = seconds {
            for point in few {
                for (fence, box) in zip(fences, boxes) where box.contains(point) && fence.contains(point) {
                    linearHits += 1
                }
            }
        }
        precondition(hits > 0 && linearHits > 0)
        let peer = Measurement(
            "fences", "every fence in turn", unit: "M points/s", values: linear.map { Double(few.count) / $0 / 1e6 })
        return [
            peer,
            Measurement(
                "fences", "FenceIndex", unit: "M points/s", values: grid.map { Double(points.count) / $0 / 1e6 },
                peer: peer, goal: .atLeast(10)),
        ]
    }
}

/// Knuth's 64-bit linear congruential generator (MMIX), for repeatable input.
struct SeededGenerator: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        self.state = self.state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return self.state ^ (self.state >> 33)
    }
}
