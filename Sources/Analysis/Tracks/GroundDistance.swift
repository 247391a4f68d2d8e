package import Geodesy
import Glibc

extension Coordinate {
    /// Metres to a point not far away: on a plane through both, within 0.1 % of the sphere up to 100 km, at a third
    /// of the cost. Points more than a degree apart are measured on the sphere.
    package func nearbyMetres(to other: Coordinate) -> Double {
        let north = Double(other.latitudeE7) - Double(self.latitudeE7)
        let east = Double(other.longitudeE7) - Double(self.longitudeE7)
        guard north.magnitude < 1e7, east.magnitude < 1e7 else { return self.distanceMetres(to: other) }
        let middle = (Double(self.latitudeE7) + north / 2) * (Double.pi / 180 / 1e7)
        let x = east * cos(middle)
        return (north * north + x * x).squareRoot() * (Sphere.metresPerDegree / 1e7)
    }
}
