import Glibc

/// Distances on the mean sphere: within 0.3 % of the ellipsoid in Zhejiang, and far cheaper.
package enum Sphere {
    /// The mean radius of the Earth in metres (IUGG, R₁ = (2a + b) / 3).
    package static let radiusMetres = 6_371_008.8
    /// The length of one degree of latitude.
    package static let metresPerDegree = Sphere.radiusMetres * .pi / 180

    static let radiansPerE7 = Double.pi / 180 / 1e7
}

extension Coordinate {
    /// The great-circle distance in metres (haversine, exact also for points millimetres apart).
    package func distanceMetres(to other: Coordinate) -> Double {
        let latitude = Double(self.latitudeE7) * Sphere.radiansPerE7
        let otherLatitude = Double(other.latitudeE7) * Sphere.radiansPerE7
        let halfNorth = sin((Double(other.latitudeE7) - Double(self.latitudeE7)) * Sphere.radiansPerE7 / 2)
        let halfEast = sin((Double(other.longitudeE7) - Double(self.longitudeE7)) * Sphere.radiansPerE7 / 2)
        let square = halfNorth * halfNorth + cos(latitude) * cos(otherLatitude) * halfEast * halfEast
        return 2 * Sphere.radiusMetres * asin(min(1, square.squareRoot()))
    }

    /// The direction in which the great circle to `other` sets out: degrees from north, clockwise, in 0..<360.
    /// 0 where both are the same point.
    package func bearingDegrees(to other: Coordinate) -> Double {
        let latitude = Double(self.latitudeE7) * Sphere.radiansPerE7
        let otherLatitude = Double(other.latitudeE7) * Sphere.radiansPerE7
        let east = (Double(other.longitudeE7) - Double(self.longitudeE7)) * Sphere.radiansPerE7
        let along = cos(latitude) * sin(otherLatitude) - sin(latitude) * cos(otherLatitude) * cos(east)
        let degrees = atan2(sin(east) * cos(otherLatitude), along) * 180 / .pi
        // A tiny negative angle plus 360 is 360 again after rounding.
        let turned = degrees < 0 ? degrees + 360 : degrees
        return turned < 360 ? turned : 0
    }

    /// The point `metres` away along the great circle that sets out at `bearingDegrees`; this point itself when one
    /// of the two is not finite.
    package func moved(metres: Double, bearingDegrees: Double) -> Coordinate {
        guard metres.isFinite, bearingDegrees.isFinite else { return self }
        let latitude = Double(self.latitudeE7) * Sphere.radiansPerE7
        let angle = metres / Sphere.radiusMetres
        let bearing = bearingDegrees * .pi / 180
        let sine = sin(latitude) * cos(angle) + cos(latitude) * sin(angle) * cos(bearing)
        let newLatitude = asin(max(-1, min(1, sine)))
        let east = atan2(sin(bearing) * sin(angle) * cos(latitude), cos(angle) - sin(latitude) * sine)
        let longitude = self.longitude + east * 180 / .pi
        let wrapped = longitude.magnitude <= 180 ? longitude : longitude - (longitude / 360).rounded() * 360
        return Coordinate(latitude: newLatitude * 180 / .pi, longitude: max(-180, min(180, wrapped))) ?? self
    }
}
