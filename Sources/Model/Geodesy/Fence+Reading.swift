extension Fence {
    /// The fence that the same numbers make when they are read in another coordinate system: what was declared as
    /// `declared` and converted from it, as it would be had `other` been declared. A radius stays as it is.
    package func reread(declared: CoordinateSystem, as other: CoordinateSystem) -> Fence {
        guard declared != other else { return self }
        switch self {
        case .circle(let center, let radius):
            return .circle(center: center.reread(declared: declared, as: other), radiusMetres: radius)
        case .polygon(let polygon):
            return .polygon(
                Polygon(rings: polygon.rings.map { $0.map { $0.reread(declared: declared, as: other) } }))
        }
    }
}

extension Coordinate {
    /// The point that the same numbers mean in another coordinate system; itself where they mean none.
    package func reread(declared: CoordinateSystem, as other: CoordinateSystem) -> Coordinate {
        let numbers = declared.fromWGS84(latitude: self.latitude, longitude: self.longitude)
        let point = other.wgs84(latitude: numbers.latitude, longitude: numbers.longitude)
        return Coordinate(latitude: point.latitude, longitude: point.longitude) ?? self
    }
}
