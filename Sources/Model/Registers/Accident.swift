package import Chronology
package import Geodesy

/// One row of the register of accidents, as the police or the company reported it. A missing figure is unknown, never
/// 0.
package struct Accident: Hashable, Sendable, Codable {
    /// The classes of the law: by what was damaged (道路交通事故处理程序规定 art. 3), or by how many died (一般 below 3,
    /// 较大 3–9, 重大 10–29, 特别重大 30 and more).
    package enum Severity: String, Sendable, Codable, CaseIterable {
        case property, injury, fatal
        case ordinary, larger, major, extraordinary

        /// Whether somebody must have died. 一般 does not say it.
        package var isFatal: Bool {
            switch self {
            case .fatal, .larger, .major, .extraordinary: true
            case .property, .injury, .ordinary: false
            }
        }

        /// Whether nobody can have died. 一般 does not say it.
        package var saysNobodyDied: Bool { self == .property || self == .injury }

        /// How many died in an accident of this class.
        package var deaths: ClosedRange<Int> {
            switch self {
            case .property, .injury: 0...0
            case .fatal: 1...Int.max
            case .ordinary: 0...2
            case .larger: 3...9
            case .major: 10...29
            case .extraordinary: 30...Int.max
            }
        }
    }

    package var accidentID: String
    package var occurredAt: Instant
    package var plate: String?
    package var company: String?
    package var district: String?
    package var severity: Severity?
    /// Police statistics of China count those who die within 7 days, the Vienna convention 30.
    package var deathsWithin7Days: Int?
    package var deathsWithin30Days: Int?
    package var injuries: Int?
    package var isRightTurn: Bool?
    package var coordinate: Coordinate?
    /// Who reported it, and where: police report, company, press.
    package var source: String?

    package init(
        accidentID: String, occurredAt: Instant, plate: String? = nil, company: String? = nil, district: String? = nil,
        severity: Severity? = nil, deathsWithin7Days: Int? = nil, deathsWithin30Days: Int? = nil, injuries: Int? = nil,
        isRightTurn: Bool? = nil, coordinate: Coordinate? = nil, source: String? = nil
    ) {
        self.accidentID = accidentID
        self.occurredAt = occurredAt
        self.plate = plate
        self.company = company
        self.district = district
        self.severity = severity
        self.deathsWithin7Days = deathsWithin7Days
        self.deathsWithin30Days = deathsWithin30Days
        self.injuries = injuries
        self.isRightTurn = isRightTurn
        self.coordinate = coordinate
        self.source = source
    }

    /// Those who died within `days` (7 or 30), as far as the row says it: who died within 7 days died within 30.
    package func deaths(withinDays days: Int) -> Int? {
        guard days >= 30 else { return self.deathsWithin7Days ?? (self.deathsWithin30Days == 0 ? 0 : nil) }
        return self.deathsWithin30Days ?? self.deathsWithin7Days
    }

    /// Whether somebody died within `days`; the severity decides where the row counts no deaths within them: nobody
    /// dead after 7 days says nothing of 30.
    package func isFatal(withinDays days: Int) -> Bool {
        let isSaid = self.severity?.isFatal ?? false
        guard days >= 30 else { return self.deaths(withinDays: days).map { $0 > 0 } ?? isSaid }
        return self.deathsWithin30Days.map { $0 > 0 } ?? ((self.deathsWithin7Days ?? 0) > 0 || isSaid)
    }
}
