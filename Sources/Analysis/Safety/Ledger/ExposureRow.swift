package import Chronology
import Registers

/// Whose exposure stands in a row each.
package enum ExposureBreakdown: String, Sendable, CaseIterable {
    case city, district, company, kind, month, truck, day
}

/// How much was driven and carried, of one group of trucks or one month, with what of it was seen.
package struct ExposureRow: Hashable, Sendable {
    /// What a row adds up.
    package enum Group: Hashable, Sendable {
        case city
        case month(CivilDate)
        /// By the register's word for the kind.
        case kind(String)
        /// By code.
        case district(String)
        case company(String)
        /// By plate.
        case truck(String)
        case day(CivilDate)
        /// Terminals that no register knows.
        case unregistered
        /// One of them.
        case terminal(String)
    }

    package var group: Group
    /// Kilometres, turns, truck-days with any position; deliveries and litres of the same trucks and days.
    package var amounts = ExposureAmounts()

    package init(group: Group) {
        self.group = group
    }

    private mutating func add(_ entry: SafetyLedger.Entry) {
        self.amounts += entry.sums.exposure
        self.amounts.deliveries &+= entry.deliveries.deliveries
        self.amounts.litres &+= entry.deliveries.ticketLitres &+ entry.deliveries.assumedLitres
    }

    /// The city, its months, the kinds, the districts and the companies, each in the order of the names, and what is
    /// nobody's.
    package static func rows(_ ledger: SafetyLedger) -> [ExposureRow] {
        let breakdowns: [ExposureBreakdown] = [.city, .month, .kind, .district, .company]
        return Self.rows(ledger) { entry in breakdowns.compactMap { Self.group(of: entry, by: $0) } }
    }

    /// One breakdown alone. What belongs to no group of it is in no row: a truck without a company, or a terminal
    /// that no register knows in a district.
    /// - Parameter ledger: of single days for the rows by day, else of months or days.
    package static func rows(by breakdown: ExposureBreakdown, _ ledger: SafetyLedger) -> [ExposureRow] {
        Self.rows(ledger) { entry in [Self.group(of: entry, by: breakdown)].compactMap { $0 } }
    }

    private static func rows(
        _ ledger: SafetyLedger, groups: (SafetyLedger.Entry) -> [Group]
    ) -> [ExposureRow] {
        var rows: [Group: ExposureRow] = [:]
        for entry in ledger.entries(in: .city) {
            for group in groups(entry) { rows[group, default: ExposureRow(group: group)].add(entry) }
        }
        return rows.values.sorted { Self.place($0.group) < Self.place($1.group) }
    }

    private static func group(of entry: SafetyLedger.Entry, by breakdown: ExposureBreakdown) -> Group? {
        let vehicle = entry.vehicle
        return switch breakdown {
        case .city: .city
        case .month: .month(Self.month(of: entry.from))
        case .day: .day(entry.from)
        case .kind: vehicle.map { .kind($0.kind.rawValue) } ?? .unregistered
        case .district: entry.district.map { .district($0) }
        case .company: vehicle?.company.map { .company($0) }
        case .truck: vehicle.map { .truck($0.plate) } ?? .terminal(entry.terminal)
        }
    }

    private static func month(of date: CivilDate) -> CivilDate {
        CivilDate(daysSince1970: date.daysSince1970 - date.day + 1)
    }

    private static func place(_ group: Group) -> (Int, String) {
        switch group {
        case .city: (0, "")
        case .month(let month): (1, month.description)
        case .kind(let kind): (2, kind)
        case .district(let district): (3, district)
        case .company(let company): (4, company)
        case .truck(let plate): (5, plate)
        case .day(let day): (6, day.description)
        case .unregistered: (7, "")
        case .terminal(let terminal): (8, terminal)
        }
    }
}

extension ExposureRow {
    /// How much was driven, how much of it was seen, and how well odometers and fixes agree.
    package var sentence: SafetyStatement {
        let amounts = self.amounts
        guard amounts.drivenMillimetres > 0 else {
            return SafetyStatement(
                zh: "本年没有行驶记录：暴露量未知，不是 0。",
                en: "Nothing was driven this year as far as is known: the exposure is unknown, not 0.")
        }
        let kilometres = FigureText.decimal(amounts.kilometres, digits: 0)
        let seen = amounts.coverage.map(FigureText.percent) ?? "—"
        var sentence = SafetyStatement(
            zh: "本年观测 \(amounts.days) 车日、\(kilometres) 车公里，其中 \(seen) 有定位为证，其余按里程表或断点间直线补足",
            en:
                "\(amounts.days) vehicle-days and \(kilometres) vehicle-km this year, \(seen) of them seen by fixes; the rest is "
                + "the odometer's, or straight lines over gaps")
        if let agreement = amounts.agreement {
            let ratio = FigureText.figure(agreement)
            sentence.zh += "；里程表与轨迹之比 \(ratio)"
            sentence.en += "; odometers over fixes \(ratio)"
        }
        return SafetyStatement(zh: sentence.zh + "。", en: sentence.en + ".")
    }
}
