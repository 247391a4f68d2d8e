package import Chronology
import Geodesy
package import Registers

/// Rows of a register as a table, with the columns of `contract.md` §2: what is written can be imported again.
/// In CSV a text that a spreadsheet would run as a formula stands behind an apostrophe, which the import takes off.
package enum RegisterTable {
    package static func columns(of kind: RegisterKind) -> [String] {
        ColumnRule.columns(of: kind).map(\.column.rawValue)
    }

    /// The records of one kind; others are left out.
    package static func write(
        _ records: some Sequence<RegisterRecord>, kind: RegisterKind, as format: TableFormat
    ) -> [UInt8] {
        var writer = TableWriter(columns: Self.columns(of: kind), format: format, guardsFormulas: true)
        for record in records where record.kind == kind {
            writer.append(Self.cells(of: record), geometry: record.fence.map(Self.point))
        }
        return writer.finish()
    }

    /// In the order of `columns(of: record.kind)`.
    package static func cells(of record: RegisterRecord) -> [TableCell] {
        var values: [RegisterColumn: TableCell] = [:]
        switch record {
        case .plant(let row): values = Self.plant(row)
        case .site(let row): values = Self.site(row)
        case .place(let row):
            values = [.placeID: .text(row.placeID), .name: .text(row.name), .kind: .text(row.kind.rawValue)]
        case .vehicle(let row): values = Self.vehicle(row)
        case .terminal(let row): values = Self.terminal(row)
        case .ticket(let row): values = Self.ticket(row)
        case .company(let row):
            values = [
                .company: .text(row.company), .creditCode: .text(row.creditCode), .kind: .text(row.kind),
                .district: .text(row.district), .contact: .text(row.contact),
            ]
        case .district(let row):
            values = [.district: .text(row.district), .name: .text(row.name), .parent: .text(row.parent)]
        case .zone(let row): values = Self.zone(row)
        case .accident(let row): values = Self.accident(row)
        case .baseline(let row): values = Self.baseline(row)
        case .plan(let row):
            values = [
                .year: .integer(row.year), .district: .text(row.district), .product: .text(row.product),
                .plannedCapacity: .number(row.capacity), .supply: .number(row.supply), .unit: .text(row.unit),
            ]
        }
        if let fence = record.fence { values.merge(Self.fence(fence, of: record.kind)) { _, new in new } }
        return ColumnRule.columns(of: record.kind).map { values[$0.column] ?? .text(nil) }
    }

    /// A day as the register's dates are written, or the moment where a period begins within a day.
    package static func firstDay(_ instant: Instant) -> String? {
        guard instant != .distantPast else { return nil }
        let day = instant.date(at: .shanghai)
        return Instant(startOf: day, at: .shanghai) == instant ? day.description : instant.description
    }

    /// The last day of a period that ends before `instant`.
    package static func lastDay(_ instant: Instant?) -> String? {
        guard let instant else { return nil }
        let day = instant.date(at: .shanghai)
        guard Instant(startOf: day, at: .shanghai) == instant else { return instant.description }
        return CivilDate(daysSince1970: day.daysSince1970 - 1).description
    }

    private static func point(_ fence: Fence) -> TableGeometry {
        switch fence {
        case .circle(let center, _): .point(center)
        case .polygon: .point(fence.boundingBox.center)
        }
    }
}

extension RegisterTable {
    private typealias Values = [RegisterColumn: TableCell]

    private static func fence(_ fence: Fence, of kind: RegisterKind) -> Values {
        let hasCircle = ColumnRule.columns(of: kind).contains { $0.column == .radius }
        guard hasCircle, case .circle(let center, let radius) = fence else {
            return [.fence: .text(fence.wkt), .coordinates: .text(CoordinateSystem.wgs84.rawValue)]
        }
        return [
            .latitude: .number(center.latitude), .longitude: .number(center.longitude), .radius: .number(radius),
            .coordinates: .text(CoordinateSystem.wgs84.rawValue),
        ]
    }

    private static func plant(_ row: Plant) -> Values {
        [
            .plantID: .text(row.plantID), .name: .text(row.name), .creditCode: .text(row.creditCode),
            .licenceNumber: .text(row.licenceNumber), .licenceKind: .text(row.licenceKind.rawValue),
            .status: .text(row.status.rawValue), .validFrom: .text(Self.firstDay(row.period.from)),
            .validTo: .text(Self.lastDay(row.period.to)), .district: .text(row.district),
            .capacityPerYear: .number(row.capacityPerYear),
        ]
    }

    private static func site(_ row: Site) -> Values {
        [
            .siteID: .text(row.siteID), .name: .text(row.name), .permitNumber: .text(row.permitNumber),
            .status: .text(row.status.rawValue), .validFrom: .text(Self.firstDay(row.period.from)),
            .validTo: .text(Self.lastDay(row.period.to)), .district: .text(row.district),
            .approvedPlants: .text(row.approvedPlants.joined(separator: ";")),
        ]
    }

    private static func vehicle(_ row: Vehicle) -> Values {
        [
            .plate: .text(row.plate), .terminal: .text(row.terminal), .kind: .text(row.kind.rawValue),
            .company: .text(row.company), .capacity: .number(row.capacityCubicMetres),
            .tare: .number(row.tareTonnes), .grossLimit: .number(row.grossLimitTonnes),
            .homePlant: .text(row.homePlant), .registeredFrom: .text(Self.firstDay(row.period.from)),
            .registeredTo: .text(Self.lastDay(row.period.to)), .blindSpotCamera: .boolean(row.blindSpotCamera),
        ]
    }

    private static func terminal(_ row: TerminalSettings) -> Values {
        let forward = row.drumForward.map { $0 == .mixes ? "mix" : "discharge" }
        return [
            .terminal: .text(row.terminal), .dialect: .text(row.dialect), .drumForward: .text(forward),
            .rightCameraChannel: .integer(row.rightCameraChannel), .coordinates: .text(row.coordinates?.rawValue),
        ]
    }

    private static func ticket(_ row: Ticket) -> Values {
        [
            .ticketID: .text(row.ticketID), .plantID: .text(row.plantID), .siteID: .text(row.siteID),
            .plate: .text(row.plate), .product: .text(row.product), .volume: .number(row.volumeCubicMetres),
            .issuedAt: .time(row.issuedAt),
        ]
    }

    private static func zone(_ row: Zone) -> Values {
        [
            .zoneID: .text(row.zoneID), .name: .text(row.name), .rule: .text(row.rule),
            .days: .text(row.days.sorted().map { String($0) }.joined(separator: ";")),
            .from: .text(row.fromMinute.map(Self.clock)), .to: .text(row.toMinute.map(Self.clock)),
            .permitPlates: .text(row.permitPlates.sorted().joined(separator: ";")),
            .validFrom: .text(Self.firstDay(row.period.from)), .validTo: .text(Self.lastDay(row.period.to)),
        ]
    }

    private static func clock(_ minute: Int) -> String {
        let (hour, rest) = minute.quotientAndRemainder(dividingBy: 60)
        return (hour < 10 ? "0" : "") + "\(hour):" + (rest < 10 ? "0" : "") + "\(rest)"
    }

    private static func accident(_ row: Accident) -> Values {
        [
            .accidentID: .text(row.accidentID), .occurredAt: .time(row.occurredAt), .plate: .text(row.plate),
            .company: .text(row.company), .district: .text(row.district), .severity: .text(row.severity?.rawValue),
            .deathsWithin7Days: .integer(row.deathsWithin7Days),
            .deathsWithin30Days: .integer(row.deathsWithin30Days), .injuries: .integer(row.injuries),
            .rightTurn: .boolean(row.isRightTurn), .latitude: .number(row.coordinate?.latitude),
            .longitude: .number(row.coordinate?.longitude),
            .coordinates: .text(row.coordinate.map { _ in CoordinateSystem.wgs84.rawValue }),
            .source: .text(row.source),
        ]
    }

    private static func baseline(_ row: Baseline) -> Values {
        [
            .year: .integer(row.year), .district: .text(row.district), .company: .text(row.company),
            .vehicleKind: .text(row.vehicleKind?.rawValue), .vehicles: .number(row.vehicles),
            .vehicleKilometres: .number(row.vehicleKilometres), .volume: .number(row.volumeCubicMetres),
            .accidents: .integer(row.accidents), .fatalAccidents: .integer(row.fatalAccidents),
            .deaths: .integer(row.deaths), .deathWindowDays: .integer(row.deathWindowDays),
            .source: .text(row.source),
        ]
    }
}
