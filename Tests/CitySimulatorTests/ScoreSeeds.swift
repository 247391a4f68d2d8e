import CitySimulator
import Foundation
import Tracks

/// The simulated cities that a test run looks at; what their seeds have been used for is in `SeedGroups`.
enum ScoreSeeds {
    private static let environment = ProcessInfo.processInfo.environment

    /// What a test run looks at: two small cities, or by `SCORE_SEEDS=101-106`, `SCORE_TRUCKS` and `SCORE_DAYS` more;
    /// with `SCORE_BY_CHANCE` the cities as they were before each had every cheat and every edge case.
    static let plans: [CityPlan] = {
        let bounds = (Self.environment["SCORE_SEEDS"] ?? "101-102").split(separator: "-").compactMap { UInt64($0) }
        let (first, last) = (bounds.first ?? 101, bounds.last ?? 102)
        let trucks = Self.environment["SCORE_TRUCKS"].flatMap(Int.init) ?? 20
        let days = Self.environment["SCORE_DAYS"].flatMap(Int.init) ?? 1
        let cheats = Self.environment["SCORE_CHEATS"].flatMap(CityPlan.Cheats.init) ?? .all
        let isByChance = Self.environment["SCORE_BY_CHANCE"] != nil
        let isEveryday = Self.environment["SCORE_EVERYDAY"] != nil
        return (first...max(first, last)).map {
            CityPlan(
                seed: $0, trucks: trucks, days: days, cheats: cheats, hasEverydayLife: isEveryday,
                hasEveryCase: !isByChance)
        }
    }()

    /// Whether whole cities were asked for: then their terminals are followed too.
    static var isChosen: Bool { Self.environment["SCORE_SEEDS"] != nil }

    // The small ones for one thing each are as chance has them.

    /// For the alerts of terminals: two days, because a replay needs the one before, and as many trucks as have every
    /// way to cheat.
    static let tampered = CityPlan(
        seed: 102, trucks: 24, days: 2, shortestSampling: 20, longestSampling: 60, hasEveryCase: false)

    /// For right turns, which show in reports close together.
    static let turning = CityPlan(
        seed: 102, trucks: 2, days: 1, shortestSampling: 5, longestSampling: 5, hasEveryCase: false)

    /// For cameras that say nothing for a day of driving, which takes a week.
    static let long = CityPlan(
        seed: 2, trucks: 1, days: 6, shortestSampling: 60, longestSampling: 60, hasEveryCase: false)

    /// For what happens on the way: every cheat is one.
    static let onTheWay = CityPlan(
        seed: 103, trucks: 12, days: 2, shortestSampling: 20, longestSampling: 60, cheats: .onTheWay,
        hasEveryCase: false)

    /// For loads of licensed plants that no note tells of, and no register: three of the five crooked mixers have a
    /// sensor.
    static let unnoted = CityPlan(
        seed: 102, trucks: 24, days: 2, shortestSampling: 20, longestSampling: 60, cheats: .unnoted,
        hasEveryCase: false)

    /// For what honest trucks do beside their trips.
    static let everyday = CityPlan(seed: 103, trucks: 40, days: 1, hasEverydayLife: true, hasEveryCase: false)

    /// With `SCORE_BEFORE` without what the edge cases taught, to compare.
    static let parameters: AnalysisParameters = {
        var parameters = AnalysisParameters.standard
        if Self.environment["SCORE_BEFORE"] != nil {
            (parameters.tickets.clockFits, parameters.tickets.clockNotes) = (1000, 1000)
            parameters.cycles.unseenDropMaximum = 1e9
            parameters.visits.entrySeconds = -1
            parameters.quality.retardedMinutes = 90
        }
        return parameters
    }()

    static var hasDetails: Bool { Self.environment["SCORE_DETAILS"] != nil }

    /// `SCORE_TERMINAL=SIM-0010`: the details go on with all halts of one truck.
    static var shownTerminal: String? { Self.environment["SCORE_TERMINAL"] }
}
