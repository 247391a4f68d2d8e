/// What a rate counts, and against what. Frozen: a figure carries its card, and a card that is changed is another card
/// with another version. What its words mean stands in `DefinitionRegister`.
package struct DefinitionCard: Hashable, Sendable, Codable {
    /// What is counted.
    package enum Numerator: String, Sendable, Codable, CaseIterable {
        case accidents
        case fatalAccidents = "fatal_accidents"
        case deaths7Days = "deaths_7d"
        case deaths30Days = "deaths_30d"

        /// Deaths of one accident are not independent: they come in clusters.
        package var isDeaths: Bool { self == .deaths7Days || self == .deaths30Days }
    }

    /// What it is counted against.
    package enum Denominator: String, Sendable, Codable, CaseIterable {
        case vehicleKilometres = "vehicle_km"
        case vehicles
        case volume = "volume_m3"

        /// A rate is told per so many of them.
        package var unitSize: Double {
            switch self {
            case .vehicleKilometres, .volume: 1_000_000
            case .vehicles: 10000
            }
        }
    }

    /// Where the exposure comes from.
    package enum ExposureSource: String, Sendable, Codable, CaseIterable {
        /// What the terminals measured, with its coverage.
        case telemetry
        /// What was reported for the year.
        case reported
    }

    /// Over how long a time a rate is told.
    package enum Period: String, Sendable, Codable, CaseIterable {
        case year
        /// 36 whole months, ending with any month.
        case months36 = "36m"
    }

    /// Counts the changes of how a card of this kind is worked out.
    package let version: Int
    package let numerator: Numerator
    /// Deaths count when they follow within so many days: 7 in China's police statistics, 30 by the Vienna convention.
    package let deathWindowDays: Int
    package let denominator: Denominator
    package let exposureSource: ExposureSource
    package let period: Period
    /// The vehicles that are meant, by their kinds in the register; empty: all.
    package let vehicleKinds: [String]
    package let baselineYear: Int?
    /// The ratio to the baseline that is aimed at.
    package let target: Double
    /// Who reported what, in words.
    package let source: String

    /// - Parameters:
    ///   - deathWindowDays: taken for fatal accidents; deaths have the window of their name, and all accidents have
    ///     none.
    ///   - version: that of the register's text; figures have the current one.
    package init(
        numerator: Numerator, denominator: Denominator, exposureSource: ExposureSource = .telemetry,
        deathWindowDays: Int = 30, period: Period = .year, vehicleKinds: [String] = [], baselineYear: Int? = nil,
        target: Double = 0.5, source: String = "", version: Int? = nil
    ) {
        self.version = version ?? Self.currentVersion(of: period)
        self.numerator = numerator
        self.deathWindowDays =
            switch numerator {
            case .accidents: 0
            case .fatalAccidents: deathWindowDays
            case .deaths7Days: 7
            case .deaths30Days: 30
            }
        self.denominator = denominator
        self.exposureSource = exposureSource
        self.period = period
        self.vehicleKinds = vehicleKinds.sorted()
        self.baselineYear = baselineYear
        self.target = target
        self.source = source
    }

    /// That of new figures.
    package static func currentVersion(of period: Period) -> Int {
        switch period {
        case .year: 5
        case .months36: 6
        }
    }

    static let kindsPrefix = "kinds="

    /// Short, for a column: `fatal_accidents/vehicle_km;window=30d;exposure=telemetry;baseline=2015;v5`.
    package var identifier: String {
        var parts = ["\(self.numerator.rawValue)/\(self.denominator.rawValue)"]
        if self.deathWindowDays > 0 { parts.append("window=\(self.deathWindowDays)d") }
        parts.append("exposure=\(self.exposureSource.rawValue)")
        if self.period != .year { parts.append("period=\(self.period.rawValue)") }
        if !self.vehicleKinds.isEmpty { parts.append(Self.kindsPrefix + self.vehicleKinds.joined(separator: "+")) }
        if let baselineYear { parts.append("baseline=\(baselineYear)") }
        return (parts + ["v\(self.version)"]).joined(separator: ";")
    }
}
