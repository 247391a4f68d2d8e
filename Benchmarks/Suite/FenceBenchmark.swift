import Foundation
import Geodesy
import LocalServers
import PostgresClient
import Supervision

/// Which of 10,000 fences contain a point: ours beside GEOS (a tree and prepared geometries, as most programs would do
/// it), a join in PostGIS, and asking every fence in turn. All are given the same fences; they must agree.
@MainActor
enum FenceBenchmark {
    private static let runs = 5

    static func run(_ options: Options) async throws -> [Measurement] {
        let city = FenceCity(fences: 10_000, points: options.fencePoints)
        let index = FenceIndex(city.fences)
        var hits = 0
        let grid = seconds(runs: Self.runs) {
            hits = 0
            for point in city.points { index.forEachContaining(point) { _ in hits += 1 } }
        }
        let geos = try await Self.geos(city)
        try Self.requireAgreement("GEOS", geos.hits, hits)
        let few = Array(city.points.prefix(options.fencePoints / 10))
        var fewHits = 0
        for point in few { index.forEachContaining(point) { _ in fewHits += 1 } }
        let postgis = try await BenchmarkCluster.with { try await Self.postgis($0, city, few) }
        try Self.requireAgreement("PostGIS", postgis.hits, fewHits)
        let linear = Self.linear(city, Array(city.points.prefix(1000)))
        func speed(_ what: String, _ points: Int, _ times: [Double]) -> Measurement {
            Measurement("fences", what, unit: "M points/s", values: times.map { Double(points) / $0 / 1e6 })
        }
        let peers = [
            speed("GEOS, prepared", city.points.count, geos.seconds), speed("PostGIS join", few.count, postgis.seconds),
            speed("every fence in turn", 1000, linear),
        ]
        return peers
            + peers.enumerated().map { place, peer in
                Measurement(
                    "fences", "FenceIndex", unit: "M points/s",
                    values: grid.map { Double(city.points.count) / $0 / 1e6 }, peer: peer,
                    goal: place == 0 ? .atLeast(10) : nil)
            }
    }

    /// Coordinates are rounded differently on the way: one in ten thousand may lie on the other side of an edge.
    private static func requireAgreement(_ peer: String, _ theirs: Int, _ ours: Int) throws {
        guard ours > 0, abs(theirs - ours) <= ours / 10_000 + 1 else {
            throw BenchmarkError(description: "结果不一致 \(peer) disagrees: \(theirs), ours \(ours)")
        }
    }

    private static func linear(_ city: FenceCity, _ points: [Coordinate]) -> [Double] {
        let boxes = city.fences.map(\.boundingBox)
        var hits = 0
        return seconds(runs: Self.runs) {
            for point in points {
                for (fence, box) in zip(city.fences, boxes) where box.contains(point) && fence.contains(point) {
                    hits += 1
                }
            }
        }
    }

    private static func geos(_ city: FenceCity) async throws -> (seconds: [Double], hits: Int) {
        let file = "/tmp/tongxing-fences-\(getpid())"
        try Data(city.numbers.flatMap { number in withUnsafeBytes(of: number) { Array($0) } })
            .write(to: URL(fileURLWithPath: file))
        defer { unlink(file) }
        var peer = Spawn(program: try BenchmarkTools.peer("geos_fences"), arguments: [file, "\(Self.runs)"])
        let output = file + ".log"
        defer { unlink(output) }
        peer.output = .file(output)
        let end = await (try peer.start()).waitForEnd()
        let text = try String(contentsOfFile: output, encoding: .utf8)
        let rows = text.split(separator: "\n").map { $0.split(separator: " ") }.filter { $0.count == 4 }
        guard end.isSuccess, rows.count == Self.runs, let hits = Int(rows[0][3]) else {
            throw BenchmarkError(description: "GEOS 没有完成 geos_fences did not finish: \(text)")
        }
        return (rows.compactMap { Double($0[1]) }, hits)
    }

    private static func postgis(
        _ cluster: BenchmarkCluster, _ city: FenceCity, _ points: [Coordinate]
    ) async throws -> (seconds: [Double], hits: Int) {
        try await cluster.server.ensureDatabase("fences")
        let connection = try PostgresConnection(url: cluster.url(database: "fences"), application: "benchmark")
        try connection.execute("CREATE EXTENSION postgis", name: "postgis")
        try connection.execute("CREATE TABLE fence (shape geometry)", name: "fences")
        try connection.execute("CREATE TABLE point (place geometry)", name: "points")
        try connection.query(Self.addFences, [.array(city.fences.map { Optional(FenceCity.text($0)) })])
        try connection.query(Self.addPoints, [.array(points.map { Optional("POINT(\($0.longitude) \($0.latitude))") })])
        try connection.execute("CREATE INDEX ON fence USING gist (shape); ANALYZE fence, point", name: "index")
        var hits = 0
        let times = try seconds(runs: Self.runs) {
            hits = Int(try connection.query(Self.join).integer(0, 0) ?? 0)
        }
        return (times, hits)
    }

    private static let addFences = NamedQuery(
        "bench.fences.add", "INSERT INTO fence SELECT ST_GeomFromText(t) FROM unnest($1::text[]) AS t")
    private static let addPoints = NamedQuery(
        "bench.points.add", "INSERT INTO point SELECT ST_GeomFromText(t) FROM unnest($1::text[]) AS t")
    private static let join = NamedQuery(
        "bench.fences.join", "SELECT count(*) FROM point JOIN fence ON ST_Covers(fence.shape, point.place)")
}

/// Round fences of 12 to 40 corners and points in a rectangle of 55 by 57 km; always the same.
private struct FenceCity {
    let fences: [Fence]
    let points: [Coordinate]
    private let rings: [[Coordinate]]

    init(fences: Int, points: Int) {
        var random = SeededGenerator(state: 1)
        func coordinate() -> Coordinate {
            Coordinate(
                latitudeE7: Int32.random(in: 305_000_000...310_000_000, using: &random),
                longitudeE7: Int32.random(in: 1_205_000_000...1_211_000_000, using: &random))
        }
        self.rings = (0..<fences).map { _ in
            let center = coordinate()
            let radius = Double.random(in: 30...200, using: &random)
            let corners = Int.random(in: 12...40, using: &random)
            return (0..<corners).map {
                center.moved(metres: radius, bearingDegrees: 360 * Double($0) / Double(corners))
            }
        }
        self.fences = self.rings.map { .polygon(Polygon(rings: [$0])) }
        self.points = (0..<points).map { _ in coordinate() }
    }

    /// The peer's file, see `peers/geos_fences.c`.
    var numbers: [Int32] {
        var numbers = [Int32(self.fences.count)]
        for ring in self.rings {
            numbers.append(Int32(ring.count + 1))
            for corner in ring + ring.prefix(1) { numbers += [corner.latitudeE7, corner.longitudeE7] }
        }
        numbers.append(Int32(self.points.count))
        for point in self.points { numbers += [point.latitudeE7, point.longitudeE7] }
        return numbers
    }

    /// As well-known text.
    static func text(_ fence: Fence) -> String {
        guard case .polygon(let polygon) = fence, let ring = polygon.rings.first else { return "POLYGON EMPTY" }
        let corners = (ring + ring.prefix(1)).map { "\($0.longitude) \($0.latitude)" }
        return "POLYGON((\(corners.joined(separator: ","))))"
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
