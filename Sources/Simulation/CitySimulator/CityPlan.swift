package import Chronology

/// What a simulated city is made from. The same plan gives the same city, the same trips and the same bytes.
package struct CityPlan: Hashable, Sendable, Codable {
    package var seed: UInt64
    /// Trucks of all kinds: mixers mostly, one bulk tanker in twelve, one mortar truck in twenty; 1 to `mostTrucks`.
    package var trucks: Int
    /// `nil` is endless. A day runs from 04:00 to 04:00 in Asia/Shanghai, so that night pours stay whole.
    package var days: Int?
    package var startDate: CivilDate
    /// The shortest and the longest time in seconds between two reports of a moving truck; a third of the terminals has
    /// each, a third one between.
    package var shortestSampling: Int
    package var longestSampling: Int
    /// Whether anyone breaks the rules: hidden plants, diverted loads, invalid licences, suppliers off the list.
    package var hasCheats: Bool
    /// What those do with their loads who break the rules.
    package var cheats: Cheats
    /// Whether honest mixers also do what has nothing to do with a trip, every day: see `Everyday`.
    package var hasEverydayLife: Bool
    /// Whether what chance alone leaves out of a small city happens in it all the same: every cheat, queues that creep,
    /// a refused and an overnight load, and a drum sensor on exactly a third of the mixers (`Roster`, `CreepingQueue`).
    package var hasEveryCase: Bool
    /// Whether positions are a few metres wrong.
    package var hasNoise: Bool
    /// Whether terminals sleep, fall silent, lose the fix, jump, deliver late and deliver twice.
    package var hasFaults: Bool
    /// Whether terminals report their cameras.
    package var hasCameras: Bool

    /// Ways to cheat with a load.
    package enum Cheats: String, Sendable, Codable, CaseIterable {
        case all
        /// Only what happens on the way, and is rare among all: a halt on a lot, a terminal switched off.
        case onTheWay = "on-the-way"
        /// Only loads of licensed plants without a note, poured where no register knows a site.
        case unnoted
    }

    /// More are cut to it: whoever takes a number from a person refuses more than these.
    package static let mostTrucks = 10_000

    package init(
        seed: UInt64 = 1, trucks: Int = 30, days: Int? = 2, startDate: CivilDate = Self.usualStart,
        shortestSampling: Int = 5, longestSampling: Int = 60, hasCheats: Bool = true, cheats: Cheats = .all,
        hasEverydayLife: Bool = false, hasEveryCase: Bool = true, hasNoise: Bool = true, hasFaults: Bool = true,
        hasCameras: Bool = true
    ) {
        self.seed = seed
        self.trucks = min(max(trucks, 1), Self.mostTrucks)
        self.days = days.map { max($0, 0) }
        self.startDate = startDate
        self.shortestSampling = min(max(shortestSampling, 1), 600)
        self.longestSampling = min(max(longestSampling, self.shortestSampling), 600)
        self.hasCheats = hasCheats
        self.cheats = cheats
        self.hasEverydayLife = hasEverydayLife
        self.hasEveryCase = hasEveryCase
        self.hasNoise = hasNoise
        self.hasFaults = hasFaults
        self.hasCameras = hasCameras
    }

    /// Monday, 2 March 2026.
    package static let usualStart = CivilDate(daysSince1970: 20_514)

    /// Seconds between two reports: the shortest, the longest, and their geometric mean.
    var samplings: [Int] {
        let middle = (Double(self.shortestSampling) * Double(self.longestSampling)).squareRoot().rounded()
        return [self.shortestSampling, Int(middle), self.longestSampling]
    }

    /// 04:00 in Asia/Shanghai of day `day`, counted from 0.
    package func start(ofDay day: Int) -> Instant {
        let date = CivilDate(daysSince1970: self.startDate.daysSince1970 + day)
        return Instant(startOf: date, at: .shanghai).advanced(bySeconds: 4 * 3600)
    }
}
