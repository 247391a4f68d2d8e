package import Chronology

/// A count with the exposure in which it came about, in the denominator's own unit (vehicle-km, vehicles, m³).
package struct Observation: Hashable, Sendable, Codable {
    package var count: Int
    /// Whether anybody counted. Where nobody did, `count` is 0 and means nothing: nothing is worked out of it, and
    /// nobody may be shown it.
    package var isCounted = true
    /// Whether the year has not begun: nobody can have counted anything of it, whatever was reported.
    package var isYetToCome = false
    /// `nil`: not known. 0 or less gives no rate either: undefined, not 0.
    package var exposure: Double?
    /// The share of the exposure that was seen, 0–1; 1 for reported figures.
    package var coverage: Double?
    /// Whose exposure it is; `nil` where nobody said so.
    package var source: DefinitionCard.ExposureSource?
    /// The days within which a death had to follow to count here, where they are not the card's.
    package var otherWindow: Int?
    /// Whether the year was reported, by deaths or by fatal accidents, and not by what the card counts of the two: the
    /// register is no substitute for a report that says something else.
    package var isReportedOtherwise = false
    /// Whether a count was reported of all of a year that goes on, which is none of the part that is over.
    package var isReportedForAllYear = false
    package var openDeaths = OpenDeaths()
    /// The first accident of the register, where it began after the period did: it may have been kept from then on
    /// only.
    package var countedSince: CivilDate?
    /// The days for which the exposure was taken, which was reported of all of a year that goes on.
    package var scaledTo: DaysOfYear?
    /// Whole years whose exposure was reported, beside months that were measured.
    package var reportedYears = 0

    /// Nobody counted.
    package static let uncounted: Observation = {
        var unknown = Observation(count: 0, exposure: nil, coverage: nil)
        unknown.isCounted = false
        return unknown
    }()

    /// Of a year that has not begun.
    package static let yetToCome: Observation = {
        var unknown = Observation.uncounted
        unknown.isYetToCome = true
        return unknown
    }()

    package init(count: Int, exposure: Double?, coverage: Double? = 1) {
        self.count = count
        self.exposure = exposure
        self.coverage = coverage
    }

    /// Of the register's own accidents.
    package init(_ own: AccidentCount, exposure: Double?, coverage: Double?) {
        self.init(count: own.count, exposure: exposure, coverage: coverage)
        self.openDeaths = own.openDeaths
    }

    /// The same, of that source.
    package func from(_ source: DefinitionCard.ExposureSource) -> Observation {
        var copy = self
        copy.source = source
        return copy
    }

    /// Whether enough of the exposure was seen to say anything: a count of a whole year over the kilometres of a few
    /// days would be an accusation.
    package var isWellSeen: Bool { self.coverage.map { $0 >= Self.leastShare } ?? true }

    /// Of the exposure, and of the days on which the register was kept.
    static let leastShare = 0.5

    var measuredExposure: Double? { self.exposure.flatMap { $0.isMeasured ? $0 : nil } }
}

/// The days of a year that are over, and all of them.
package struct DaysOfYear: Hashable, Sendable, Codable {
    package let over: Int
    package let all: Int

    package init(over: Int, all: Int) {
        self.over = over
        self.all = all
    }

    package var share: Double { Double(self.over) / Double(self.all) }
}

/// Accidents of a count whose deaths are not known as the card asks for them: each may make the count too low.
package struct OpenDeaths: Hashable, Sendable, Codable {
    /// Fatal accidents whose deaths nobody counted within the card's window: they count nothing.
    package var leftOut = 0
    /// Those of which only the deaths within 7 days are known, where the card asks for 30.
    package var byShorterWindow = 0
    /// Those with neither deaths nor a severity that says whether somebody died: they count as without a death.
    package var unclear = 0

    package init() {}

    package var total: Int { self.leftOut + self.byShorterWindow + self.unclear }

    static func += (sum: inout Self, other: Self) {
        sum.leftOut += other.leftOut
        sum.byShorterWindow += other.byShorterWindow
        sum.unclear += other.unclear
    }
}
