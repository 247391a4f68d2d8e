import Geodesy
import RepeatableRandom
import Testing

@Suite("Fence index")
struct FenceIndexTests {
    /// Random fences, a few huge ones, one at a pole, one at the date line, and two cities far apart.
    private static func fences(count: Int, using generator: inout SplitMix64) -> [Fence] {
        var fences = (0..<count).map { _ in Fence.random(using: &generator) }
        fences += [
            .circle(center: point(30.7, 120.7), radiusMetres: 50_000),
            .circle(center: point(30.7, 120.7), radiusMetres: 3_000_000),
            .circle(center: point(89.99, 0), radiusMetres: 5_000),
            .circle(center: point(10, 179.999), radiusMetres: 5_000),
            .circle(center: point(38.108, 23.769), radiusMetres: 300),
            polygon([(-80, -170), (-80, 170), (80, 170), (80, -170)]),
            polygon([(30.6, 120.6), (30.6, 120.8), (30.8, 120.8), (30.8, 120.6)]),
        ]
        return fences
    }

    private static func places(_ fences: [Fence], count: Int, using generator: inout SplitMix64) -> [Coordinate] {
        var places = (0..<count).map { _ in
            point(.random(in: 30.45...30.95, using: &generator), .random(in: 120.45...121.05, using: &generator))
        }
        places += (0..<200).map { _ in Coordinate.random(using: &generator) }
        for fence in fences {
            let box = fence.boundingBox
            places += [fence.center, point(box.center.latitude, box.center.longitude)]
            places.append(Coordinate(latitudeE7: box.south, longitudeE7: box.west))
            if case .polygon(let polygon) = fence { places += polygon.rings.joined().prefix(3) }
        }
        return places
    }

    @Test("What contains a point is what contains it one by one", arguments: [0.0, 80, 5_000], [1, 40, 600])
    func agreesWithBruteForce(margin: Double, count: Int) {
        var generator = SplitMix64(seed: UInt64(count) + UInt64(margin))
        let fences = Self.fences(count: count, using: &generator)
        let index = FenceIndex(fences, marginMetres: margin)
        let boxes = fences.map { $0.boundingBox.expanded(byMetres: margin) }
        for place in Self.places(fences, count: 600, using: &generator) {
            #expect(index.containing(place) == fences.indices.filter { fences[$0].contains(place) }, "\(place)")
            var candidates: [Int] = []
            index.forEachCandidate(at: place) { candidates.append($0) }
            #expect(candidates.sorted() == fences.indices.filter { boxes[$0].contains(place) }, "\(place)")
            var containing: [Int] = []
            index.forEachContaining(place) { containing.append($0) }
            #expect(containing.sorted() == index.containing(place))
        }
    }

    @Test("No fence within the margin is missed")
    func marginIsKept() {
        var generator = SplitMix64(seed: 80)
        let fences = Self.fences(count: 200, using: &generator)
        let index = FenceIndex(fences, marginMetres: 80)
        for place in Self.places(fences, count: 1_500, using: &generator) {
            var candidates: Set<Int> = []
            index.forEachCandidate(at: place) { candidates.insert($0) }
            for (number, fence) in fences.enumerated() where fence.distanceMetres(to: place) <= 80 {
                #expect(candidates.contains(number))
            }
        }
    }

    @Test("An index of nothing finds nothing")
    func empty() {
        #expect(FenceIndex([]).containing(point(30, 120)) == [])
    }

    @Test("Many fences over one place are all found, in order")
    func stacked() {
        let fences = (0..<500).map { Fence.circle(center: point(30, 120), radiusMetres: Double(10 + $0 * 60)) }
        #expect(FenceIndex(fences).containing(point(30, 120)) == Array(0..<500))
    }
}
