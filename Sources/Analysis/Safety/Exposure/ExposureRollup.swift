package import Chronology
package import Registers

/// What exposure is added up by.
package struct ExposureKey: Hashable, Sendable, Codable {
    package var company: String?
    package var district: String?
    package var kind: Vehicle.Kind?
    package var year: Int?
    package var month: Int?

    package init(
        company: String? = nil, district: String? = nil, kind: Vehicle.Kind? = nil, year: Int? = nil, month: Int? = nil
    ) {
        self.company = company
        self.district = district
        self.kind = kind
        self.year = year
        self.month = month
    }
}

/// Days of trucks, one for each truck and date: a day that is derived again takes the place of the earlier one, so that
/// re-runs count nothing twice.
package struct ExposureTable: Hashable, Sendable {
    private var days: [Key: ExposureAmounts] = [:]

    /// A truck's day.
    private struct Key: Hashable, Sendable {
        var truck: String
        var date: CivilDate
    }

    package init(_ days: some Sequence<DayExposure> = []) {
        for day in days { self.put(day) }
    }

    package mutating func put(_ day: DayExposure) {
        self.days[Key(truck: day.truck, date: day.date)] = day.amounts
    }

    package var total: ExposureAmounts {
        self.days.values.reduce(into: ExposureAmounts()) { $0 += $1 }
    }

    /// Sums by whatever `key` makes of a truck and a date; where it gives `nil` the day belongs nowhere.
    package func sums<Group: Hashable>(by key: (String, CivilDate) -> Group?) -> [Group: ExposureAmounts] {
        var sums: [Group: ExposureAmounts] = [:]
        for (day, amounts) in self.days {
            guard let group = key(day.truck, day.date) else { continue }
            sums[group, default: ExposureAmounts()] += amounts
        }
        return sums
    }

    /// Sums by the company, district, kind and month of a day, as the register had the truck at noon of it. A company's
    /// district is the truck's; a truck that no register knows is in a group of its own.
    package func sums(in registers: RegisterIndex, districts: [String: String]) -> [ExposureKey: ExposureAmounts] {
        self.sums { truck, date in
            let noon = Instant(startOf: date, at: .shanghai).advanced(bySeconds: 43200)
            let vehicle = registers.vehicle(plate: truck, at: noon)
            return ExposureKey(
                company: vehicle?.company, district: vehicle?.company.flatMap { districts[$0] }, kind: vehicle?.kind,
                year: date.year, month: date.month)
        }
    }
}
