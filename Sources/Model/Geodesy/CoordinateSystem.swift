import Glibc

/// The coordinate systems in which Chinese maps and devices give positions. Inside the product everything is WGS-84;
/// the others are converted at the edges.
///
/// GCJ-02 after the formulas that gcoord, coordtransform and eviltransform publish, with Krasovsky's ellipsoid;
/// BD-09 is Baidu's further shift of GCJ-02. Outside the box that all those libraries use, GCJ-02 is WGS-84.
package enum CoordinateSystem: String, CaseIterable, Sendable, Codable {
    case wgs84, gcj02, bd09

    /// This system's point as WGS-84, in degrees; agrees with `fromWGS84` to 1e-9° wherever the point has an original
    /// (on the very edge of the box some have none: then the closest is returned).
    package func wgs84(latitude: Double, longitude: Double) -> (latitude: Double, longitude: Double) {
        guard self != .wgs84, latitude.isFinite, longitude.isFinite else { return (latitude, longitude) }
        // Fixed point: the shift changes so slowly that each step gains about three digits.
        var guess = (latitude: latitude, longitude: longitude)
        var best = guess
        var smallestError = Double.infinity
        for _ in 0..<Self.maximumSteps {
            let image = self.fromWGS84(latitude: guess.latitude, longitude: guess.longitude)
            let north = latitude - image.latitude
            let east = longitude - image.longitude
            let error = max(north.magnitude, east.magnitude)
            if error < smallestError {
                smallestError = error
                best = guess
            }
            if error < Self.precisionDegrees { break }
            guess = (guess.latitude + north, guess.longitude + east)
        }
        return best
    }

    /// A WGS-84 point in this system, in degrees.
    package func fromWGS84(latitude: Double, longitude: Double) -> (latitude: Double, longitude: Double) {
        switch self {
        case .wgs84: (latitude, longitude)
        case .gcj02: Self.gcj02(latitude: latitude, longitude: longitude)
        case .bd09: Self.bd09(gcj02: Self.gcj02(latitude: latitude, longitude: longitude))
        }
    }

    private static let maximumSteps = 16
    private static let precisionDegrees = 1e-11
    /// Krasovsky 1940: half axis in metres and squared eccentricity as the published code has them.
    private static let halfAxis = 6_378_245.0
    private static let squaredEccentricity = 0.006_693_421_622_965_943_23

    private static func isShifted(latitude: Double, longitude: Double) -> Bool {
        (0.8293...55.8271).contains(latitude) && (72.004...137.8347).contains(longitude)
    }

    private static func gcj02(latitude: Double, longitude: Double) -> (latitude: Double, longitude: Double) {
        guard self.isShifted(latitude: latitude, longitude: longitude) else { return (latitude, longitude) }
        let x = longitude - 105
        let y = latitude - 35
        let shared = (20 * sin(6 * x * .pi) + 20 * sin(2 * x * .pi)) * 2 / 3
        let root = x.magnitude.squareRoot()
        var north = -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * root + shared
        north += (20 * sin(y * .pi) + 40 * sin(y / 3 * .pi)) * 2 / 3
        north += (160 * sin(y / 12 * .pi) + 320 * sin(y * .pi / 30)) * 2 / 3
        var east = 300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * root + shared
        east += (20 * sin(x * .pi) + 40 * sin(x / 3 * .pi)) * 2 / 3
        east += (150 * sin(x / 12 * .pi) + 300 * sin(x / 30 * .pi)) * 2 / 3

        let radians = latitude / 180 * .pi
        let magic = 1 - self.squaredEccentricity * sin(radians) * sin(radians)
        let meridian = self.halfAxis * (1 - self.squaredEccentricity) / (magic * magic.squareRoot())
        let parallel = self.halfAxis / magic.squareRoot() * cos(radians)
        return (latitude + north * 180 / (meridian * .pi), longitude + east * 180 / (parallel * .pi))
    }

    private static func bd09(gcj02 point: (latitude: Double, longitude: Double)) -> (
        latitude: Double, longitude: Double
    ) {
        let turn = Double.pi * 3000 / 180
        let (y, x) = point
        let radius = (x * x + y * y).squareRoot() + 0.00002 * sin(y * turn)
        let angle = atan2(y, x) + 0.000003 * cos(x * turn)
        return (radius * sin(angle) + 0.006, radius * cos(angle) + 0.0065)
    }
}
