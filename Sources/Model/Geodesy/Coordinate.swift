/// A point on WGS-84 in integers of 1e-7 degree (11 mm): what is stored is what is compared, to the last digit.
package struct Coordinate: Hashable, Sendable, Codable {
    package var latitudeE7: Int32
    package var longitudeE7: Int32

    /// Values outside ± 90° and ± 180° are the caller's error and are refused where reports and registers are
    /// validated.
    package init(latitudeE7: Int32, longitudeE7: Int32) {
        self.latitudeE7 = latitudeE7
        self.longitudeE7 = longitudeE7
    }

    /// Degrees, rounded to 1e-7; `nil` unless finite, within ± 90 and ± 180.
    package init?(latitude: Double, longitude: Double) {
        guard latitude.magnitude <= 90, longitude.magnitude <= 180 else { return nil }
        self.latitudeE7 = Int32((latitude * 1e7).rounded())
        self.longitudeE7 = Int32((longitude * 1e7).rounded())
    }

    package var latitude: Double { Double(self.latitudeE7) / 1e7 }
    package var longitude: Double { Double(self.longitudeE7) / 1e7 }

    /// (0, 0): what a receiver without a fix often says. Stored, and never moves anything.
    package var isNullIsland: Bool { self.latitudeE7 == 0 && self.longitudeE7 == 0 }
}
