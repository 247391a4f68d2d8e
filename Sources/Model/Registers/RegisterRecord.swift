package import Geodesy

/// The registers there are, by the names that the command line and the contract use.
package enum RegisterKind: String, Sendable, Codable, CaseIterable {
    case plants, sites, places, vehicles, terminals, tickets, companies, districts, zones, accidents, baselines, plans

    /// What those keep who answer for safety: it changes figures, and never what a delivery is judged by.
    package var isAboutSafety: Bool { self == .accidents || self == .baselines || self == .plans }

    /// The register's name to a person.
    package var title: Remark {
        switch self {
        case .plants: Remark(zh: "搅拌站", en: "plants")
        case .sites: Remark(zh: "工地", en: "sites")
        case .places: Remark(zh: "已知地点", en: "places")
        case .vehicles: Remark(zh: "车辆", en: "vehicles")
        case .terminals: Remark(zh: "终端", en: "terminals")
        case .tickets: Remark(zh: "发货单", en: "tickets")
        case .companies: Remark(zh: "企业", en: "companies")
        case .districts: Remark(zh: "区县", en: "districts")
        case .zones: Remark(zh: "限行区", en: "zones")
        case .accidents: Remark(zh: "事故", en: "accidents")
        case .baselines: Remark(zh: "基准年数据", en: "baselines")
        case .plans: Remark(zh: "规划", en: "plans")
        }
    }
}

/// One row of any register, typed.
package enum RegisterRecord: Hashable, Sendable {
    case plant(Plant)
    case site(Site)
    case place(Place)
    case vehicle(Vehicle)
    case terminal(TerminalSettings)
    case ticket(Ticket)
    case company(Company)
    case district(District)
    case zone(Zone)
    case accident(Accident)
    case baseline(Baseline)
    case plan(Plan)

    package var kind: RegisterKind {
        switch self {
        case .plant: .plants
        case .site: .sites
        case .place: .places
        case .vehicle: .vehicles
        case .terminal: .terminals
        case .ticket: .tickets
        case .company: .companies
        case .district: .districts
        case .zone: .zones
        case .accident: .accidents
        case .baseline: .baselines
        case .plan: .plans
        }
    }

    /// The register's identity: rows of one key are one thing at different times. A vehicle is its plate, so that a
    /// new terminal in the same truck is a second row with adjoining dates.
    package var key: String {
        switch self {
        case .plant(let row): row.plantID
        case .site(let row): row.siteID
        case .place(let row): row.placeID
        case .vehicle(let row): row.plate
        case .terminal(let row): row.terminal
        case .ticket(let row): row.identity
        case .company(let row): row.company
        case .district(let row): row.district
        case .zone(let row): row.zoneID
        case .accident(let row): row.accidentID
        case .baseline(let row): row.identity
        case .plan(let row): row.identity
        }
    }

    /// When the row holds; `.always` for the kinds that have no dates.
    package var period: ValidPeriod {
        switch self {
        case .plant(let row): row.period
        case .site(let row): row.period
        case .vehicle(let row): row.period
        case .zone(let row): row.period
        case .place, .terminal, .ticket, .company, .district, .accident, .baseline, .plan: .always
        }
    }

    /// The outline, where the kind has one.
    package var fence: Fence? {
        switch self {
        case .plant(let row): row.fence
        case .site(let row): row.fence
        case .place(let row): row.fence
        case .district(let row): row.fence
        case .zone(let row): row.fence
        case .vehicle, .terminal, .ticket, .company, .accident, .baseline, .plan: nil
        }
    }
}

/// Written as `{"kind": "plants", "row": {…}}`.
extension RegisterRecord: Codable {
    /// The keys of the written form.
    private enum CodingKeys: String, CodingKey { case kind, row }

    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        let kind = try container.decode(RegisterKind.self, forKey: .kind)
        switch kind {
        case .plants: self = .plant(try container.decode(Plant.self, forKey: .row))
        case .sites: self = .site(try container.decode(Site.self, forKey: .row))
        case .places: self = .place(try container.decode(Place.self, forKey: .row))
        case .vehicles: self = .vehicle(try container.decode(Vehicle.self, forKey: .row))
        case .terminals: self = .terminal(try container.decode(TerminalSettings.self, forKey: .row))
        case .tickets: self = .ticket(try container.decode(Ticket.self, forKey: .row))
        case .companies: self = .company(try container.decode(Company.self, forKey: .row))
        case .districts: self = .district(try container.decode(District.self, forKey: .row))
        case .zones: self = .zone(try container.decode(Zone.self, forKey: .row))
        case .accidents: self = .accident(try container.decode(Accident.self, forKey: .row))
        case .baselines: self = .baseline(try container.decode(Baseline.self, forKey: .row))
        case .plans: self = .plan(try container.decode(Plan.self, forKey: .row))
        }
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(self.kind, forKey: .kind)
        switch self {
        case .plant(let row): try container.encode(row, forKey: .row)
        case .site(let row): try container.encode(row, forKey: .row)
        case .place(let row): try container.encode(row, forKey: .row)
        case .vehicle(let row): try container.encode(row, forKey: .row)
        case .terminal(let row): try container.encode(row, forKey: .row)
        case .ticket(let row): try container.encode(row, forKey: .row)
        case .company(let row): try container.encode(row, forKey: .row)
        case .district(let row): try container.encode(row, forKey: .row)
        case .zone(let row): try container.encode(row, forKey: .row)
        case .accident(let row): try container.encode(row, forKey: .row)
        case .baseline(let row): try container.encode(row, forKey: .row)
        case .plan(let row): try container.encode(row, forKey: .row)
        }
    }
}
