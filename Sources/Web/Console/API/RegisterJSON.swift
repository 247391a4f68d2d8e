package import Chronology
import Geodesy
package import Registers

extension Vehicle {
    package func write(to writer: inout JSONWriter) {
        writer.object { row in
            row.member("plate", self.plate)
            row.member("terminal", self.terminal)
            row.member("kind", self.kind.rawValue)
            row.member("company", self.company)
            row.member("capacity_m3", self.capacityCubicMetres)
            row.member("tare_t", self.tareTonnes)
            row.member("gross_limit_t", self.grossLimitTonnes)
            row.member("home_plant", self.homePlant)
            row.period("registered", self.period)
            row.member("blind_spot_camera", self.blindSpotCamera)
        }
    }
}

extension Plant {
    package func write(to writer: inout JSONWriter, at time: Instant) {
        writer.feature(id: self.plantID, fence: self.fence) { properties in
            properties.member("plant_id", self.plantID)
            properties.member("name", self.name)
            properties.member("credit_code", self.creditCode)
            properties.member("licence_no", self.licenceNumber)
            properties.member("licence_kind", self.licenceKind.rawValue)
            properties.member("status", self.status.rawValue)
            properties.period("valid", self.period)
            properties.member("validity", self.period.standing(at: time).rawValue)
            properties.member("district", self.district)
            properties.member("capacity_m3_per_year", self.capacityPerYear)
        }
    }
}

extension Site {
    package func write(to writer: inout JSONWriter, at time: Instant) {
        writer.feature(id: self.siteID, fence: self.fence) { properties in
            properties.member("site_id", self.siteID)
            properties.member("name", self.name)
            properties.member("permit_no", self.permitNumber)
            properties.member("status", self.status.rawValue)
            properties.period("valid", self.period)
            properties.member("validity", self.period.standing(at: time).rawValue)
            properties.member("district", self.district)
            properties.arrayMember("approved_plants") { list in self.approvedPlants.forEach { list.value($0) } }
        }
    }
}

extension Place {
    package func write(to writer: inout JSONWriter) {
        writer.feature(id: self.placeID, fence: self.fence) { properties in
            properties.member("place_id", self.placeID)
            properties.member("name", self.name)
            properties.member("kind", self.kind.rawValue)
        }
    }
}

extension JSONWriter {
    /// A GeoJSON feature. GeoJSON has no circle: it becomes a point with the member `radius_m`.
    fileprivate mutating func feature(id: String, fence: Fence, properties: (inout JSONWriter) -> Void) {
        self.object { feature in
            feature.member("type", "Feature")
            feature.member("id", id)
            feature.fence("geometry", fence)
            feature.objectMember("properties") {
                properties(&$0)
                if case .circle(_, let radius) = fence { $0.member("radius_m", radius) }
            }
        }
    }

    private mutating func fence(_ name: String, _ fence: Fence) {
        switch fence {
        case .circle(let center, _): self.point(name, center)
        case .polygon(let polygon):
            let parts = PolygonParts(polygon).parts
            self.objectMember(name) { geometry in
                geometry.member("type", parts.count == 1 ? "Polygon" : "MultiPolygon")
                geometry.name("coordinates")
                if parts.count == 1 {
                    geometry.rings(parts[0])
                } else {
                    geometry.array { list in parts.forEach { list.rings($0) } }
                }
            }
        }
    }

    private mutating func rings(_ rings: [[Coordinate]]) {
        self.array { list in rings.forEach { list.ring($0) } }
    }

    private mutating func ring(_ corners: [Coordinate]) {
        self.array { ring in
            for corner in corners { ring.position(corner) }
            if let first = corners.first { ring.position(first) }
        }
    }

    /// `<name>_from`, the first moment, and `<name>_to`, the first moment after; null is open.
    fileprivate mutating func period(_ name: String, _ period: ValidPeriod) {
        self.member(name + "_from", period.from == .distantPast ? nil : period.from)
        self.member(name + "_to", period.to)
    }
}
