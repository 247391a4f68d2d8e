import Chronology
import Geodesy
package import Registers

/// The registers as the text of the contract's CSV files.
extension SimulatedCity {
    /// The registers that the city keeps, companies before the plants that they own.
    package static let registerKinds: [RegisterKind] = [
        .districts, .companies, .plants, .sites, .places, .vehicles, .terminals, .zones, .tickets,
    ]

    /// What `tongxing import <kind>` takes.
    /// - Parameters:
    ///   - kind: the register.
    ///   - tickets: what a file of tickets holds; the other registers follow from the plan.
    /// - Returns: the file's text; `nil` for a register that the city does not keep.
    package func csv(_ kind: RegisterKind, tickets: [Ticket] = []) -> String? {
        switch kind {
        case .plants: self.plantsCSV
        case .sites: self.sitesCSV
        case .places: self.placesCSV
        case .vehicles: self.vehiclesCSV
        case .terminals: self.terminalsCSV
        case .tickets: Self.csv(tickets)
        case .zones: self.zonesCSV
        case .companies: self.companiesCSV
        case .districts: self.districtsCSV
        default: nil
        }
    }

    private static let fenceColumns = ["lat", "lon", "radius_m", "fence_wkt", "coordinates"]

    private var plantsCSV: String {
        var writer = CommaSeparatedWriter(
            header: [
                "plant_id", "name", "credit_code", "licence_no", "licence_kind", "status", "valid_from", "valid_to",
                "district", "capacity_m3_per_year",
            ] + Self.fenceColumns)
        for plant in self.registers.plants {
            let head = [
                plant.plantID, plant.name, plant.creditCode ?? "", plant.licenceNumber ?? "",
                plant.licenceKind.rawValue, plant.status.rawValue,
            ]
            let tail = [plant.district ?? "", text(plant.capacityPerYear)]
            writer.append(head + dates(plant.period) + tail + fields(plant.fence))
        }
        return writer.text
    }

    private var sitesCSV: String {
        var writer = CommaSeparatedWriter(
            header: [
                "site_id", "name", "permit_no", "status", "valid_from", "valid_to", "district", "approved_plants",
            ] + Self.fenceColumns)
        for site in self.registers.sites {
            let head = [site.siteID, site.name, site.permitNumber ?? "", site.status.rawValue]
            let tail = [site.district ?? "", site.approvedPlants.joined(separator: ";")]
            writer.append(head + dates(site.period) + tail + fields(site.fence))
        }
        return writer.text
    }

    private var placesCSV: String {
        var writer = CommaSeparatedWriter(header: ["place_id", "name", "kind"] + Self.fenceColumns)
        for place in self.registers.places {
            writer.append([place.placeID, place.name, place.kind.rawValue] + fields(place.fence))
        }
        return writer.text
    }

    private var vehiclesCSV: String {
        var writer = CommaSeparatedWriter(header: [
            "plate", "terminal", "kind", "company", "capacity_m3", "tare_t", "gross_limit_t", "home_plant",
            "registered_from", "registered_to", "blind_spot_camera",
        ])
        for vehicle in self.registers.vehicles {
            let head = [
                vehicle.plate, vehicle.terminal, vehicle.kind.rawValue, vehicle.company ?? "",
                text(vehicle.capacityCubicMetres), text(vehicle.tareTonnes), text(vehicle.grossLimitTonnes),
                vehicle.homePlant ?? "",
            ]
            writer.append(head + dates(vehicle.period) + [vehicle.blindSpotCamera.map(\.description) ?? ""])
        }
        return writer.text
    }

    private var terminalsCSV: String {
        var writer = CommaSeparatedWriter(header: [
            "terminal", "dialect", "drum_forward", "right_camera_channel", "coordinates",
        ])
        for terminal in self.terminals {
            writer.append([
                terminal.terminal, terminal.dialect ?? "", terminal.drumForward?.rawValue ?? "", "",
                terminal.coordinates?.rawValue ?? "",
            ])
        }
        return writer.text
    }

    private var zonesCSV: String {
        func clock(_ minute: Int?) -> String {
            guard let (hour, rest) = minute?.quotientAndRemainder(dividingBy: 60) else { return "" }
            return (hour < 10 ? "0" : "") + "\(hour):" + (rest < 10 ? "0" : "") + "\(rest)"
        }
        var writer = CommaSeparatedWriter(
            header: ["zone_id", "name", "rule", "days", "from", "to", "permit_plates"] + Self.fenceColumns)
        for zone in self.zones {
            let days = zone.days.sorted().map(\.description).joined(separator: ";")
            let head = [zone.zoneID, zone.name, zone.rule ?? "", days, clock(zone.fromMinute), clock(zone.toMinute)]
            writer.append(head + [zone.permitPlates.sorted().joined(separator: ";")] + fields(zone.fence))
        }
        return writer.text
    }

    private var companiesCSV: String {
        var writer = CommaSeparatedWriter(header: ["company", "credit_code", "kind", "district", "contact"])
        for company in self.companies {
            writer.append([
                company.company, company.creditCode ?? "", company.kind ?? "", company.district ?? "",
                company.contact ?? "",
            ])
        }
        return writer.text
    }

    private var districtsCSV: String {
        var writer = CommaSeparatedWriter(header: ["district", "name", "parent", "fence_wkt"])
        for district in self.districts {
            writer.append([district.district, district.name, district.parent ?? "", district.fence?.wkt ?? ""])
        }
        return writer.text
    }

    private static func csv(_ tickets: [Ticket]) -> String {
        var writer = CommaSeparatedWriter(header: [
            "ticket_id", "plant_id", "site_id", "plate", "product", "volume_m3", "issued_at",
        ])
        for ticket in tickets {
            writer.append([
                ticket.ticketID, ticket.plantID, ticket.siteID, ticket.plate, ticket.product ?? "",
                text(ticket.volumeCubicMetres), ticket.issuedAt.formatted(at: .shanghai),
            ])
        }
        return writer.text
    }
}

/// Whole numbers without a decimal point.
private func text(_ number: Double?) -> String {
    guard let number else { return "" }
    return Int(exactly: number).map(\.description) ?? number.description
}

/// The first and the last day, as the register writes them.
private func dates(_ period: ValidPeriod) -> [String] {
    let last = period.to.map { $0.advanced(bySeconds: -1).date(at: .shanghai).description }
    return [period.from.date(at: .shanghai).description, last ?? ""]
}

private func fields(_ fence: Fence) -> [String] {
    switch fence {
    case .circle(let center, let radius):
        [center.latitude.description, center.longitude.description, text(radius), "", "wgs84"]
    case .polygon: ["", "", "", fence.wkt, "wgs84"]
    }
}
