package import Geodesy

/// Points of one halt for their median, few however long it lasts: when full, every second one goes and from then on
/// only every second one comes in.
package struct PointSample: Codable, Hashable, Sendable {
    private var points: [Coordinate] = []
    private var stride = 1
    private var skipped = 0

    package init() {}

    package mutating func add(_ point: Coordinate, limit: Int) {
        self.skipped += 1
        guard self.skipped >= self.stride else { return }
        self.skipped = 0
        if self.points.count >= max(2, limit) {
            self.points = self.points.indices.filter { $0.isMultiple(of: 2) }.map { self.points[$0] }
            self.stride = min(self.stride * 2, 1 << 30)
        }
        self.points.append(point)
    }

    package var isEmpty: Bool { self.points.isEmpty }

    /// The median of latitude and of longitude, each by itself; `nil` of no points.
    package var median: Coordinate? {
        guard !self.points.isEmpty else { return nil }
        let latitudes = self.points.map(\.latitudeE7).sorted()
        let longitudes = self.points.map(\.longitudeE7).sorted()
        return Coordinate(latitudeE7: Self.middle(latitudes), longitudeE7: Self.middle(longitudes))
    }

    private static func middle(_ sorted: [Int32]) -> Int32 {
        let (low, high) = (Int64(sorted[(sorted.count - 1) / 2]), Int64(sorted[sorted.count / 2]))
        return Int32(truncatingIfNeeded: (low + high) / 2)
    }
}
