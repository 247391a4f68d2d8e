import Chronology
import Exchange
import Foundation
import HTTPTypes
import Hummingbird
import Registers
import Safety
import Testing

@testable import Console

/// What the safety page shows has an address each: exposure, control charts, companies before and after, what the
/// indicators mean, and the sentences.
@Suite struct SafetyAddressTests: SafetyVisitor {
    private func answer(_ path: String, _ safety: FakeSafety = FakeSafety()) async throws -> JSONValue {
        try await self.json("/api/v1/safety/" + path, safety)
    }

    @Test(arguments: [
        ("city", ["city"]), ("company", [FakeSafety.oddName, "甲公司"]), ("kind", ["mixer"]), ("month", ["2026-03"]),
        ("truck", ["浙F00001", "浙F00002"]), ("day", ["2026-03-02"]), ("district", []),
    ])
    func exposureIsRolledUp(by breakdown: String, into scopes: [String]) async throws {
        let answer = try await self.answer("exposure?by=\(breakdown)")
        let rows = answer["items"].list
        #expect(rows.compactMap { $0["scope"].text } == scopes && rows.allSatisfy { $0["group"].text == breakdown })
        #expect(answer["period_from"].text == "2026-01-01" && answer["period_to"].text == "2026-03-02")
        guard !scopes.isEmpty else { return }
        // Two trucks of four days and 900,000 km each, and half of the moving time could show a turn.
        #expect(rows.reduce(0) { $0 + ($1["vehicle_days"].number ?? 0) } == 8)
        #expect(rows.reduce(0) { $0 + ($1["vehicle_km"].number ?? 0) } == 1_800_000)
        #expect(rows.reduce(0) { $0 + ($1["moving_hours"].number ?? 0) } == 20)
        #expect(rows.allSatisfy { $0["turn_coverage"].number == 0.5 && $0["shown_by_fixes"].number == 1 })
        #expect(rows.allSatisfy { $0["odometer_over_fixes"].isNull && $0["deliveries"].number == 0 })
    }

    @Test func wayThatNobodyKnowsIsNull() throws {
        var row = ExposureRow(group: .truck("浙F00001"))
        for (days, isNull) in [(Int64(0), true), (1, false)] {
            row.amounts.days = days
            var writer = JSONWriter(reserving: 256)
            row.write(to: &writer)
            let json = try JSONValue(bytes: writer.bytes)
            #expect(json["vehicle_km"].isNull == isNull && json["moving_hours"].isNull == isNull)
        }
    }

    /// No year is offered as its own baseline, neither by the choice of the baseline nor by that of the year.
    @Test func thePageOffersNoYearAsItsOwnBaseline() async throws {
        for year in [2015, 2020, 2026] {
            let baseline = year == 2015 ? 2020 : 2015
            let page = String(buffer: try await self.get("/safety?year=\(year)&baseline=\(baseline)").body)
            for own in [2015, 2020, 2026] { #expect(!page.contains("year=\(own)&amp;baseline=\(own)"), "\(year)") }
            #expect(page.contains("year=\(year)&amp;baseline=\(baseline)"))
        }
        // Nor by the link of a month's report.
        let page = String(buffer: try await self.get("/safety?year=2015&baseline=2026").body)
        #expect(page.contains("/api/v1/safety/report?") && !page.contains("format=xlsx&amp;baseline=2026"))
    }

    /// Where nothing was heard there is no row, and no 0.
    @Test func withoutAWordThereIsNoRow() async throws {
        #expect(try await self.answer("exposure?from=2026-01-01&to=2026-02-28")["items"].list.isEmpty)
        #expect(try await self.answer("exposure?by=truck", FakeSafety(hasTelemetry: false))["items"].list.isEmpty)
    }

    @Test(arguments: [
        "exposure?by=street", "exposure?from=2026-03-02&to=2026-03-01", "exposure?from=2020-01-01&to=2026-01-01",
        "exposure?year=2026", "control?by=company", "control?year=x", "rolling?by=company", "before-after?by=company",
        "indicators?x=1",
    ])
    func whatCannotBeUsedIsRefused(path: String) async throws {
        #expect(try await self.get("/api/v1/safety/" + path).status == .badRequest)
    }

    @Test func theControlChartsAreThoseOfThePage() async throws {
        let chart = try await self.answer("control?year=2026&baseline=2015&numerator=deaths_7d")
        // The baseline has accidents alone, and no fatal ones: nothing is usual.
        #expect(chart["usual_per_month"].isNull && chart["months"].list.isEmpty && chart["numerator"].isNull)
        #expect(chart["sentence"]["en"].text == ControlSeries.missing.en)
        let known = try await self.answer("control?year=2026&baseline=2015")
        #expect(known["numerator"].text == "accidents" && known["usual_per_month"].number == 1)
        #expect(known["usual_from"].number == 2015 && known["usual_to"].number == 2015)
        // The register began in January 2026; March goes on.
        #expect(known["months"].list.compactMap { $0["month"].text } == ["2026-01", "2026-02"])
        #expect(known["months"][0]["count"].number == 1 && known["months"][0]["sum_is_alarm"].flag == false)
        #expect((known["months_to_false_alarm"].number ?? 0) >= 120 && known["sum_alarms"].list.isEmpty)
        let said = try #require(known["sentence"]["zh"].text)
        let page = String(buffer: try await self.get("/safety?year=2026&baseline=2015").body)
        #expect(page.contains(Markup.escaped(said)))
    }

    /// A month at which the sum stands at an alarm is told with the month since which it rises.
    @Test func anAlarmHasItsMonths() async throws {
        let busy = (1...28).map { day in
            Accident(accidentID: "b\(day)", occurredAt: Instant(startOf: FakeSafety.day(2, day), at: .shanghai))
        }
        let chart = try await self.answer("control?year=2026&baseline=2015", FakeSafety(besides: busy))
        #expect(chart["months"][1]["count"].number == 28 && chart["months"][1]["sum_is_alarm"].flag == true)
        #expect(chart["sum_alarms"][0]["from"].text == "2026-02" && chart["sum_alarms"][0]["to"].text == "2026-02")
        #expect(chart["sum_alarms"][0]["rising_since"].text == "2026-02")
        #expect(chart["average_alarms"][0]["rising_since"].isNull)
    }

    /// Six reported years make four windows of three whole ones, the first and the last without a year in common.
    @Test func ratesOverThirtySixMonths() async throws {
        let none = try await self.answer("rolling?year=2026&baseline=2015")
        #expect(none["items"].list.isEmpty && none["months"].number == 36 && none["last_month"].text == "2026-02")
        #expect(none["sentence"]["zh"].text == RollingRates.missing.zh && none["cautions"].list.isEmpty)
        #expect(none["ratio_to_before"].isNull && none["ratio_to_before_low"].isNull && none["before_count"].isNull)
        let reported = (2021...2025).map { Baseline(year: $0, vehicleKilometres: 10e6, accidents: 4) }
        let safety = FakeSafety(reported: reported)
        let answer = try await self.answer("rolling?year=2025&baseline=2015", safety)
        let rows = answer["items"].list
        #expect(rows.compactMap { $0["period_to"].text } == (2022...2025).map { "\($0)-12-31" })
        let last = try #require(rows.last)
        #expect(last["period_from"].text == "2023-01-01" && last["count"].number == 12)
        #expect(last["exposure"].number == 30e6 && last["rate"].number == 0.4 && last["coverage"].number == 1)
        let card = "accidents/vehicle_km;exposure=reported;period=36m;baseline=2015;v6"
        #expect(last["definition"].text == card)
        // 12 in 30 million km after 16 in 40 million.
        #expect(answer["before_from"].text == "2020-01-01" && answer["before_to"].text == "2022-12-31")
        #expect(answer["before_count"].number == 16 && answer["ratio_to_before"].number == 1)
        #expect((answer["ratio_to_before_low"].number ?? 1) < 1 && (answer["ratio_to_before_high"].number ?? 1) > 1)
        // The page, the summary and the workbook say the same.
        let said = try #require(answer["sentence"]["zh"].text)
        let page = String(buffer: try await self.get("/safety?year=2025&baseline=2015", safety).body)
        #expect(page.contains(Markup.escaped(said)) && page.contains("36 个月滚动事故率与 95% 区间"))
        #expect(page.contains(card) && page.contains("口径全文 v6"))
        let summary = try await self.answer("summary?year=2025&baseline=2015", safety)
        #expect(summary["rolling"]["zh"].text == said)
        var question = RateQuestion(year: 2025, baselineYear: 2015, today: FakeSafety.day(3, 2))
        question.breakdown = .city
        let overview = try await safety.overview(question, month: nil, at: testNow)
        let sheets = SafetyWorkbook(overview, .safety).sheets
        let sheet = try #require(sheets.first { $0.name == "36个月 rolling" })
        #expect(sheet.rows.count == 4 && sheet.columns == AccidentRate.columns && sheet.lead.contains(said))
        #expect(try #require(sheets.first).lead.contains(said))
        let items = try #require(sheets.last).rows.map { $0[0] }
        #expect(items.contains(.text("36 个月滚动率 rolling")) && items.contains(.text("period")))
    }

    @Test func companiesBeforeAndAfter() async throws {
        let none = try await self.answer("before-after?year=2026&baseline=2015")
        #expect(none["items"].list.isEmpty && none["overdispersion"].isNull)
        #expect(none["sentence"]["zh"].text == BeforeAfterTable.missing.zh)
        var reported: [Baseline] = []
        for (name, after) in [("丙", 6), ("乙", 6), ("丁", 0)] {
            reported += [
                Baseline(year: 2015, company: name, vehicleKilometres: 1e7, accidents: 6),
                Baseline(year: 2020, company: name, vehicleKilometres: 1e7, accidents: after),
            ]
        }
        let answer = try await self.answer("before-after?year=2020&baseline=2015", FakeSafety(reported: reported))
        let rows = answer["items"].list
        #expect(rows.compactMap { $0["company"].text } == ["丁", "丙", "乙"])
        let row = try #require(rows.first)
        #expect(row["before"].number == 6 && row["after"].number == 0 && row["exposure_ratio"].number == 1)
        #expect(row["naive_ratio"].number == 0 && row["naive_low"].number == 0 && row["effect"].number == 0)
        // All alike before: nothing was to be expected but what all had.
        #expect(abs((row["expected_after"].number ?? 0) - 6) < 1e-9 && answer["overdispersion"].number == 0)
        for name in ["naive_high", "effect_low", "effect_high", "comparison_low", "comparison_high"] {
            #expect(row[name].number != nil, "\(name)")
        }
        #expect(answer["sentence"]["en"].text?.hasPrefix("2015 against 2020") == true)
    }

    @Test func indicatorsHaveTheirFormulas() async throws {
        let rows = try await self.answer("indicators")["items"].list
        #expect(rows.compactMap { $0["indicator"].text } == QualityIndicator.allCases.map(\.rawValue))
        for (row, indicator) in zip(rows, QualityIndicator.allCases) {
            #expect(row["formula"]["en"].text == indicator.formula.en)
            #expect(row["source"]["zh"].text == indicator.source.zh)
            #expect(row["reference"].number == indicator.reference && row["title"]["zh"].text == indicator.title.zh)
        }
    }

    /// Whatever sentence the summary has stands on the page, and the years are those drawn.
    @Test func theSummaryHasTheSeriesAndTheSentences() async throws {
        let summary = try await self.answer("summary?year=2026&baseline=2015")
        let page = String(buffer: try await self.get("/safety?year=2026&baseline=2015").body)
        for name in ["exposure", "deaths", "funnel", "power", "quiet"] {
            let said = try #require(summary[name]["zh"].text, "\(name)")
            #expect(page.contains(Markup.escaped(said)), "\(name)")
        }
        #expect(summary["right_turns"].isNull, "no accident says whether it was a right turn")
        let years = summary["years"].list.compactMap { $0["period_from"].text }
        #expect(years == ["2015-01-01", "2020-01-01", "2026-01-01"])
        #expect(summary["years"][1]["count"].number == 8)
        #expect(summary["years_cautions"].list.contains { $0["en"].text?.hasPrefix("Reported and measured") == true })
        #expect(summary["parameters"].text == SafetyRules().versionName && summary["district"].isNull)
        #expect(summary["read_at"].text.flatMap { Instant(rfc3339: $0) } == testNow)
        let capacity = try await self.answer("capacity?year=2026")
        let said = try #require(capacity["sentence"]["zh"].text)
        #expect(page.contains(Markup.escaped(said)))
    }

    /// A day for each accident that the row counts.
    @Test func theEventsAreTheDaysThatAreCounted() async throws {
        let early = Accident(
            accidentID: "0", occurredAt: Instant(startOf: FakeSafety.day(2, 10), at: .shanghai), plate: "浙F00001")
        var question = RateQuestion(year: 2026, baselineYear: 2015, today: FakeSafety.day(3, 31))
        question.countsUntil = FakeSafety.day(3, 31)
        let overview = try await FakeSafety(besides: [early]).overview(question, month: nil, at: testNow)
        var writer = JSONWriter(reserving: 4096)
        overview.writeSummary(to: &writer)
        let summary = try JSONValue(bytes: writer.bytes)
        #expect(summary["events"].list.compactMap(\.text) == ["2026-01-05", "2026-02-10", "2026-03-03"])
    }

    /// The exposure may be a little wrong, and what that makes of the figures stands beside them.
    @Test func anErrorOfTheExposureIsTried() async throws {
        let row = try await self.answer("rates?year=2020&baseline=2015")["items"][0]["exposure_sensitivity"]
        #expect(row["error"].number == 0.05 && abs((row["rate_low"].number ?? 0) - 0.4 / 1.05) < 1e-12)
        let said = try #require(row["sentence"]["zh"].text)
        #expect(said.hasPrefix("若车公里有 ±5% 的误差，率在 0.38–0.42 之间（95% 区间最宽 0.16–0.83）"))
        let page = String(buffer: try await self.get("/safety?year=2020&baseline=2015").body)
        #expect(page.contains(Markup.escaped(said)))
        // The register counts vehicles; and of the kilometres of a few days nothing is said in words.
        #expect(try await self.answer("rates?year=2026&per=vehicles")["items"][0]["exposure_sensitivity"].isNull)
        let little = try await self.answer("rates?year=2026&baseline=2015")["items"][0]["exposure_sensitivity"]
        #expect(little["rate_low"].number != nil && little["sentence"].isNull)
    }
}
