extension Fence {
    /// The most corners one fence may have, over all its rings.
    package static let maximumCorners = 10_000
    /// Radii that a circle may have, in metres.
    package static let radiusRange = 1.0...50_000.0

    /// A circle around a point given in `system`.
    package static func circle(
        latitude: Double, longitude: Double, radiusMetres: Double, in system: CoordinateSystem
    ) throws(FenceError) -> Fence {
        guard self.radiusRange.contains(radiusMetres) else {
            throw FenceError(
                code: .radius, message: "半径须为 1 至 50000 米 / The radius has to be 1 to 50,000 metres")
        }
        guard let center = system.coordinate(latitude: latitude, longitude: longitude) else {
            throw FenceError(
                code: .outOfRange, message: "圆心坐标超出范围 / The centre is beyond ± 90°, ± 180°")
        }
        return .circle(center: center, radiusMetres: radiusMetres)
    }

    /// Reads `POLYGON ((lon lat, …), …)` or `MULTIPOLYGON (((lon lat, …)), …)` in `system`: any case and white space,
    /// optionally after `SRID=4326;`. Whether rings cross themselves is left to PostGIS.
    package static func parse(wkt: String, in system: CoordinateSystem) throws(FenceError) -> Fence {
        var reader = WKTReader(text: Array(wkt.utf8), system: system)
        return .polygon(Polygon(rings: try reader.rings()))
    }

    /// Well-known text, longitude first. A ring inside an odd number of others is written as a hole. A circle becomes
    /// a polygon of 64 corners on it.
    package var wkt: String {
        switch self {
        case .circle(let center, let radius):
            let corners = (0..<64).map { center.moved(metres: radius, bearingDegrees: Double($0) * -360 / 64) }
            return "POLYGON((" + Self.text(corners) + "))"
        case .polygon(let polygon):
            let parts = polygon.parts.map { part in
                "(" + part.map { "(" + Self.text($0) + ")" }.joined(separator: ",") + ")"
            }
            guard let first = parts.first else { return "POLYGON EMPTY" }
            return parts.count == 1 ? "POLYGON" + first : "MULTIPOLYGON(" + parts.joined(separator: ",") + ")"
        }
    }

    private static func text(_ ring: [Coordinate]) -> String {
        var corners = ring.map { Self.degrees($0.longitudeE7) + " " + Self.degrees($0.latitudeE7) }
        if let first = corners.first { corners.append(first) }
        return corners.joined(separator: ",")
    }

    /// Exact decimal text: `1207555123` is `120.7555123`.
    private static func degrees(_ value: Int32) -> String {
        let (whole, fraction) = value.magnitude.quotientAndRemainder(dividingBy: 10_000_000)
        var text = (value < 0 ? "-" : "") + String(whole)
        guard fraction != 0 else { return text }
        var digits = String(fraction)
        digits = String(repeating: "0", count: 7 - digits.count) + digits
        while digits.hasSuffix("0") { digits.removeLast() }
        text += "." + digits
        return text
    }
}

extension Polygon {
    /// The rings as well-known text wants them: each outer ring followed by its holes.
    var parts: [[[Coordinate]]] {
        guard self.rings.count > 1 else { return self.rings.isEmpty ? [] : [self.rings] }
        let single = self.rings.map { Polygon(rings: [$0]) }
        // A corner of a ring that touches another counts as inside it, so most of its corners decide.
        let holders = self.rings.indices.map { index in
            single.indices.filter { other in
                guard other != index else { return false }
                let inside = self.rings[index].count { single[other].contains($0) }
                return inside * 2 > self.rings[index].count
            }
        }
        var parts: [Int: [[Coordinate]]] = [:]
        let outer = self.rings.indices.filter { holders[$0].count.isMultiple(of: 2) }
        for index in outer { parts[index] = [self.rings[index]] }
        for index in self.rings.indices where !holders[index].count.isMultiple(of: 2) {
            // The innermost of the outer rings that hold it.
            let owner = holders[index].filter { parts[$0] != nil }.max { holders[$0].count < holders[$1].count }
            if let owner { parts[owner]?.append(self.rings[index]) }
        }
        return outer.compactMap { parts[$0] }
    }
}

extension CoordinateSystem {
    /// This system's point on WGS-84; `nil` unless finite and in range before and after.
    package func coordinate(latitude: Double, longitude: Double) -> Coordinate? {
        guard latitude.magnitude <= 90, longitude.magnitude <= 180 else { return nil }
        let point = self.wgs84(latitude: latitude, longitude: longitude)
        return Coordinate(latitude: point.latitude, longitude: point.longitude)
    }
}
