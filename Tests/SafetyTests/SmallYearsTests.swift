import Foundation
import Safety
import TestSupport
import Testing

/// What a year of no, one and two accidents prints, beside a baseline of 12 in 18 million vehicle-km: the table of the
/// README. A reader must not take a year without accidents for proof.
@Suite struct SmallYearsTests {
    private static func row(_ count: Int) throws -> AccidentRate {
        try #require(
            SmallYearsTable.row(count, exposure: 20e6, baseline: Observation(count: 12, exposure: 18e6), year: 2015))
    }

    /// The whole table, with baselines of 12, 2 and 0, without one, and without exposure.
    @Test func theDocumentIsWhatIsPrinted() throws {
        let url = try #require(SmallYearsTable.url)
        if SmallYearsTable.isWritten {
            try SmallYearsTable.text.write(to: url, atomically: true, encoding: .utf8)
        }
        #expect(try String(contentsOf: url, encoding: .utf8) == SmallYearsTable.text, "make small-years")
        #expect(!SmallYearsTable.text.contains("nan") && !SmallYearsTable.text.contains("概率100%"))
    }

    /// The README shows what is printed, and nothing rosier.
    @Test(arguments: [(0, "0 起 none"), (1, "1 起 one"), (2, "2 起 two"), (8, "8 起 eight")])
    func theReadmeHasThisTable(count: Int, name: String) throws {
        let root = try #require(RepositoryRoot.url)
        let readme = try String(contentsOf: root.appending(path: "README.md"), encoding: .utf8)
        let row = try Self.row(count)
        let cells = [
            name, try Self.text(row.rate, row.interval), try Self.text(row.ratio, row.ratioInterval),
            FigureText.percent(try #require(row.target).probability),
        ]
        let line = "| " + cells.joined(separator: " | ") + " |"
        #expect(readme.contains(line), "\(line)")
    }

    private static func text(_ value: Double?, _ interval: Interval?) throws -> String {
        let limits = try #require(interval)
        return FigureText.figure(try #require(value))
            + " (\(FigureText.figure(limits.low))–\(FigureText.figure(limits.high)))"
    }

    @Test(arguments: [
        (0, "0.00 (0.00–0.18)", "0.00 (0.00–0.32)", ">99%"),
        (1, "0.0500 (0.00127–0.28)", "0.0750 (0.00175–0.51)", "99%"),
        (2, "0.10 (0.0121–0.36)", "0.15 (0.0163–0.67)", "96%"),
    ])
    func isPrinted(count: Int, rate: String, ratio: String, chance: String) throws {
        let row = try Self.row(count)
        #expect(try Self.text(row.rate, row.interval) == rate)
        #expect(try Self.text(row.ratio, row.ratioInterval) == ratio)
        #expect(FigureText.percent(try #require(row.target).probability) == chance)
        // Never a change without its interval, and never without the word of caution.
        let sentence = RateSentences.finding(row)
        #expect(sentence.zh.contains("95% 区间") && sentence.en.contains("95 % interval"))
        #expect(RateSentences.cautions(row).contains { $0.zh.contains("数量很小") })
    }
}
