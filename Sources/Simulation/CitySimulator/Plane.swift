import Geodesy

/// A point, or a vector, on the plane of the city: metres east and north of its centre.
struct Point: Hashable, Sendable {
    var x: Double
    var y: Double

    static func + (a: Point, b: Point) -> Point { Point(x: a.x + b.x, y: a.y + b.y) }
    static func - (a: Point, b: Point) -> Point { Point(x: a.x - b.x, y: a.y - b.y) }
    static func * (a: Point, factor: Double) -> Point { Point(x: a.x * factor, y: a.y * factor) }

    var length: Double { (self.x * self.x + self.y * self.y).squareRoot() }
    func distance(to other: Point) -> Double { (self - other).length }
    func dot(_ other: Point) -> Double { self.x * other.x + self.y * other.y }
    /// Positive where `other` points to the left of this vector.
    func cross(_ other: Point) -> Double { self.x * other.y - self.y * other.x }

    /// Length 1 in the same direction; east for the zero vector.
    var normalized: Point {
        let length = self.length
        return length > 0 ? self * (1 / length) : Point(x: 1, y: 0)
    }

    var turnedLeft: Point { Point(x: -self.y, y: self.x) }

    /// Degrees clockwise from north, 0 up to 360.
    var heading: Double {
        let degrees = arctangent(self.x, self.y)
        return degrees < 0 ? degrees + 360 : degrees
    }

    func distance(toSegment a: Point, _ b: Point) -> Double {
        let along = b - a
        let squared = along.dot(along)
        guard squared > 0 else { return self.distance(to: a) }
        let share = min(max((self - a).dot(along) / squared, 0), 1)
        return self.distance(to: a + along * share)
    }
}

/// The plane's place on the earth. A city of 30 km is flat enough: the scale is that of its centre throughout, and
/// 15 km north or south of it a metre east is 0.15 % longer or shorter.
enum Plane {
    static let centreLatitude = 30.75
    static let centreLongitude = 120.75
    /// Of WGS-84 at 30.75° N (the usual series in cosines of multiples of the latitude).
    static let metresPerDegreeNorth = 110_865.2
    static let metresPerDegreeEast = 95_752.2

    static func latitude(_ point: Point) -> Double { self.centreLatitude + point.y / self.metresPerDegreeNorth }
    static func longitude(_ point: Point) -> Double { self.centreLongitude + point.x / self.metresPerDegreeEast }

    /// Points of the city are within 50 km of its centre, so the conversion cannot overflow.
    static func coordinate(_ point: Point) -> Coordinate {
        Coordinate(
            latitudeE7: Int32((self.latitude(point) * 1e7).rounded()),
            longitudeE7: Int32((self.longitude(point) * 1e7).rounded()))
    }

    static func point(_ coordinate: Coordinate) -> Point {
        Point(
            x: (coordinate.longitude - self.centreLongitude) * self.metresPerDegreeEast,
            y: (coordinate.latitude - self.centreLatitude) * self.metresPerDegreeNorth)
    }
}

/// The angle of (`y`, `x`) in degrees, − 180 up to 180, by the polynomial of Abramowitz and Stegun 4.4.49 (error below
/// 0.001°): only basic arithmetic, so that every machine writes the same digits.
private func arctangent(_ y: Double, _ x: Double) -> Double {
    let (small, large) = (min(x.magnitude, y.magnitude), max(x.magnitude, y.magnitude))
    guard large > 0 else { return 0 }
    let ratio = small / large
    let square = ratio * ratio
    var angle = 0.0
    for coefficient in [
        0.002_866_225_7, -0.016_165_736_7, 0.042_909_613_8, -0.075_289_640_0, 0.106_562_639_3, -0.142_088_994_4,
        0.199_935_508_5, -0.333_331_452_8, 1,
    ] {
        angle = angle * square + coefficient
    }
    var degrees = angle * ratio * (180 / Double.pi)
    if y.magnitude > x.magnitude { degrees = 90 - degrees }
    if x < 0 { degrees = 180 - degrees }
    return y < 0 ? -degrees : degrees
}
