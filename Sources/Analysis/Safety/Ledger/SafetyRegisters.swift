package import Chronology
package import Registers

/// The registers that safety figures rest on, as they are known now.
package struct SafetyRegisters: Sendable {
    package var vehicles: [Vehicle] = []
    package var plants: [Plant] = []
    package var companies: [Company] = []
    package var districts: [District] = []
    package var accidents: [Accident] = []
    package var baselines: [Baseline] = []
    package var plans: [Plan] = []
    /// Whose rows these are; `nil`: everybody's.
    package var reach: SafetyReach?
    /// Of every year in which an accident is registered, the day of the first, whoever may see it: since when the
    /// register is kept is no secret of a district. `nil`: as the accidents above have it.
    package var firstAccidentDays: [CivilDate]?

    package init() {}
}

/// The part of the city that somebody's registers hold whole. Of others there are single rows at most, such as a
/// company that an accident names, or a district in which one happened: sums of those would pass for theirs.
package struct SafetyReach: Hashable, Sendable {
    package var districts: Set<String>
    package var companies: Set<String>

    package init(districts: Set<String>, companies: Set<String>) {
        self.districts = districts
        self.companies = companies
    }

    /// Whether the part's own row counts the accident: by where it was, as rows of districts do.
    func holds(_ accident: Accident) -> Bool {
        guard !self.districts.isEmpty else { return accident.company.map { self.companies.contains($0) } ?? false }
        return accident.district.map { self.districts.contains($0) } ?? false
    }

    func contains(_ scope: RateScope) -> Bool {
        switch scope {
        case .city, .kind: true
        case .district(let code): self.districts.contains(code)
        case .company(let name): self.companies.contains(name)
        }
    }
}

/// Who belongs where: terminals to trucks, trucks to companies, companies to districts.
package struct SafetyRoster: Sendable {
    package let registers: SafetyRegisters
    private let index: RegisterIndex
    private let districtOfCompany: [String: String]
    /// Districts are written by code or by name; the code is meant.
    private let codes: [String: String]

    package init(_ registers: SafetyRegisters) {
        self.registers = registers
        var snapshot = RegisterSnapshot(revision: 0)
        snapshot.vehicles = registers.vehicles
        self.index = RegisterIndex(snapshot)
        // A code is meant before a name, and of several districts of one name the first: the database, which decides
        // who sees what, does alike (`web_belongings`).
        let codes = Dictionary(
            registers.districts.map { ($0.district, $0.district) }
                + registers.districts.map { ($0.name, $0.district) },
            uniquingKeysWith: { first, _ in first })
        self.codes = codes
        self.districtOfCompany = Dictionary(
            registers.companies.compactMap { company in
                company.district.map { (company.company, codes[$0] ?? $0) }
            }, uniquingKeysWith: { first, _ in first })
    }

    /// The truck that carried the terminal at noon of the day.
    package func vehicle(terminal: String, on date: CivilDate) -> Vehicle? {
        self.index.vehicle(terminal: terminal, at: Self.noon(date))
    }

    /// The truck that bore the plate at noon of the day.
    package func vehicle(plate: String, on date: CivilDate) -> Vehicle? {
        self.index.vehicle(plate: plate, at: Self.noon(date))
    }

    func vehicle(plate: String, at instant: Instant) -> Vehicle? { self.index.vehicle(plate: plate, at: instant) }

    package func district(ofCompany company: String?) -> String? { company.flatMap { self.districtOfCompany[$0] } }

    /// What kind of truck it was, by its plate at that time.
    func kind(of accident: Accident) -> Vehicle.Kind? {
        accident.plate.flatMap { self.vehicle(plate: $0, at: accident.occurredAt)?.kind }
    }

    /// The district's code, whether it was written by code or by name.
    package func code(ofDistrict text: String?) -> String? { text.map { self.codes[$0] ?? $0 } }

    package func name(ofDistrict code: String) -> String {
        self.registers.districts.first { $0.district == code }?.name ?? code
    }

    static func noon(_ date: CivilDate) -> Instant { Instant(startOf: date, at: .shanghai).advanced(bySeconds: 43200) }

    /// The terminals whose truck, or its company, changes between the first and the last day: what they drove has to be
    /// told apart by days.
    package func changingTerminals(from: CivilDate, to: CivilDate) -> Set<String> {
        let (start, end) = (Self.noon(from), Self.noon(to))
        func isInside(_ instant: Instant?) -> Bool { instant.map { $0 > start && $0 <= end } ?? false }
        return Set(
            self.registers.vehicles.filter { isInside($0.period.from) || isInside($0.period.to) }
                .map { TerminalNames.stripped($0.terminal) })
    }

    /// Accidents with the company of their truck and the district of their company, where the report names none.
    package var placedAccidents: [Accident] {
        self.registers.accidents.map { accident in
            var placed = accident
            if placed.company == nil, let plate = placed.plate {
                placed.company = self.index.vehicle(plate: plate, at: placed.occurredAt)?.company
            }
            placed.district = self.code(ofDistrict: placed.district) ?? self.district(ofCompany: placed.company)
            return placed
        }
    }

    /// The accidents of the scope `city`: all of them, and for whoever sees a part of the city those of that part
    /// alone. Of others he sees single rows, such as one elsewhere of a truck of his, which his part's row does not
    /// count.
    package var cityAccidents: [Accident] {
        guard let reach = self.registers.reach else { return self.placedAccidents }
        return self.placedAccidents.filter { reach.holds($0) }
    }

    /// Days by which the register of accidents is known to be kept: the first of each year's, at least.
    var keptAccidentDays: [CivilDate] {
        self.registers.firstAccidentDays ?? self.registers.accidents.map { $0.occurredAt.date(at: .shanghai) }
    }

    /// Baselines with their districts by code.
    package var placedBaselines: [Baseline] {
        self.registers.baselines.map { row in
            var placed = row
            placed.district = self.code(ofDistrict: row.district)
            return placed
        }
    }

    /// The baselines that speak of a scope. To whoever sees one district its own rows are what the city's are to
    /// others: as there, a district's row is of all of it, and no sum of those of the districts within.
    func baselines(of scope: RateScope) -> [Baseline] {
        guard let reach = self.registers.reach, scope.isWholeReach else { return self.placedBaselines }
        let tops = Set(self.topDistricts(of: reach))
        return self.placedBaselines.compactMap { row in
            guard row.company == nil, tops.count == 1, let district = row.district, tops.contains(district) else {
                return nil
            }
            var own = row
            own.district = nil
            return own
        }
    }

    /// Those of the reach that lie in no other of it.
    private func topDistricts(of reach: SafetyReach) -> [String] {
        let codes = Set(reach.districts.map { self.codes[$0] ?? $0 })
        let inside = self.registers.districts.filter { district in
            self.code(ofDistrict: district.parent).map { $0 != district.district && codes.contains($0) } ?? false
        }
        return codes.subtracting(inside.map(\.district)).sorted()
    }

    /// Vehicles of a scope.
    package func vehicles(in scope: RateScope) -> [Vehicle] {
        self.registers.vehicles.filter {
            scope.contains(
                district: self.district(ofCompany: $0.company), company: $0.company, kind: $0.kind)
        }
    }

    /// Every district, company or kind that any register names, in the order of their names: never in that of their
    /// rates. For whoever sees a part of the city, those of his part.
    package func scopes(by breakdown: RateBreakdown) -> [RateScope] {
        self.named(by: breakdown).filter { self.isInReach($0) }
    }

    /// Whether whose registers these are sees all of the scope.
    func isInReach(_ scope: RateScope) -> Bool { self.registers.reach?.contains(scope) ?? true }

    private func named(by breakdown: RateBreakdown) -> [RateScope] {
        switch breakdown {
        case .city: return [.city]
        case .district:
            let accidents = self.placedAccidents.compactMap(\.district)
            let reported = self.placedBaselines.filter { $0.company == nil }.compactMap(\.district)
            let known = self.registers.districts.map(\.district) + Array(self.districtOfCompany.values)
            return Set(accidents + reported + known).sorted().map { .district($0) }
        case .company:
            let accidents = self.placedAccidents.compactMap(\.company)
            let reported = self.registers.baselines.compactMap(\.company)
            return Set(accidents + reported + self.registers.vehicles.compactMap(\.company)).sorted()
                .map { .company($0) }
        case .kind:
            let reported = self.registers.baselines.compactMap(\.vehicleKind)
            return Set(reported + self.registers.vehicles.map(\.kind)).sorted { $0.rawValue < $1.rawValue }
                .map { .kind($0) }
        }
    }
}

/// Whose rates stand in a row each.
package enum RateBreakdown: String, Sendable, CaseIterable {
    case city, district, company, kind
}
