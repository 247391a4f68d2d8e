import Chronology
import Foundation
import Safety
import TestSupport

/// What years of no, one and two accidents print, as a document: `SmallYears.md` beside this file. `make small-years`
/// writes it, every other run of the tests holds it against what is printed now.
enum SmallYearsTable {
    static let url = RepositoryRoot.url?.appendingPathComponent("Tests/SafetyTests/SmallYears.md")
    static var isWritten: Bool { ProcessInfo.processInfo.environment["SMALL_YEARS"] == "write" }

    /// What a year stands beside: exposure of its own, and the baseline.
    private static let cases: [(zh: String, en: String, exposure: Double?, baseline: Observation?, year: Int?)] = [
        (
            "基准年 12 起（1,800 万车公里），本年 2,000 万车公里",
            "12 in the baseline year (18 million vehicle-km), 20 million this year", 20e6,
            Observation(count: 12, exposure: 18e6), 2015
        ),
        (
            "基准年 2 起，同上", "2 in the baseline year, else the same", 20e6, Observation(count: 2, exposure: 18e6), 2015
        ),
        (
            "基准年 0 起，同上", "0 in the baseline year, else the same", 20e6, Observation(count: 0, exposure: 18e6), 2015
        ),
        ("没有基准年", "without a baseline", 20e6, nil, nil),
        ("本年没有暴露量", "without exposure this year", nil, Observation(count: 12, exposure: 18e6), 2015),
    ]

    static func row(_ count: Int, exposure: Double?, baseline: Observation?, year: Int?) -> AccidentRate? {
        guard let from = CivilDate(year: 2020, month: 1, day: 1), let to = CivilDate(year: 2020, month: 12, day: 31)
        else { return nil }
        return AccidentRate(
            scope: .city, from: from, to: to,
            card: DefinitionCard(numerator: .accidents, denominator: .vehicleKilometres, baselineYear: year),
            observed: Observation(count: count, exposure: exposure, coverage: exposure.map { _ in 1 }),
            baseline: baseline)
    }

    static var text: String {
        var text = """
            # 零起、一起、两起的年份印出什么 What a year of no, one and two accidents prints

            由 `make small-years` 写出，勿手改；`make test` 每次与现在所印核对。空格为无定义，不是 0；`inf` 为无上限。 Written by
            `make small-years`, not by hand; `make test` holds it against what is printed now. \
            Empty is undefined, not 0; `inf` is
            without bound. Columns are those of `tongxing accident-rates`.

            """
        let shown = [
            "count", "rate", "low", "high", "ratio", "ratio_low", "ratio_high", "reduction", "probability_target_met",
        ]
        for one in Self.cases {
            let rows = (0...2).compactMap {
                Self.row($0, exposure: one.exposure, baseline: one.baseline, year: one.year)
            }
            text += "\n## \(one.zh) \(one.en)\n\n| " + shown.joined(separator: " | ") + " |\n"
            text += "|" + String(repeating: "---:|", count: shown.count) + "\n"
            for row in rows {
                let cells = Dictionary(uniqueKeysWithValues: zip(AccidentRate.columns, row.cells))
                text += "| " + shown.map { Self.text(cells[$0]) }.joined(separator: " | ") + " |\n"
            }
            text += "\n"
            for row in rows {
                for said in RateSentences.all(row) { text += "- \(said.zh) \(said.en)\n" }
            }
        }
        return text
    }

    /// Six digits: those of the machine formats differ in the last ones from one library of mathematics to the next.
    private static func text(_ cell: RateCell?) -> String {
        switch cell {
        case .text(let text): text
        case .integer(let number): number.map { String($0) } ?? ""
        case .number(let number?): number.isInfinite ? "inf" : String(format: "%.6g", number)
        case .number(nil), nil: ""
        }
    }
}
