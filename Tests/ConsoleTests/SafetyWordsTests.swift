import Chronology
import Exchange
import Foundation
import Geodesy
import HTTPTypes
import Hummingbird
import Registers
import Safety
import Testing

@testable import Console

/// What the safety page, its interface and its workbooks say beside the figures: years to come, kinds of trucks, limits
/// of every ratio, tickets that nobody keeps.
@Suite struct SafetyWordsTests: SafetyVisitor {
    private func overview(_ change: (inout RateQuestion) -> Void = { _ in }) async throws -> SafetyOverview {
        var question = RateQuestion(year: 2026, baselineYear: 2015, today: FakeSafety.day(3, 31))
        change(&question)
        return try await FakeSafety().overview(question, month: nil, at: testNow)
    }

    /// A year that has not begun is called so; neither the register nor the telemetry is blamed for it.
    @Test func theFutureIsCalledSo() async throws {
        let row = try await self.json("/api/v1/safety/rates?year=2030&baseline=2015")["items"][0]
        #expect(row["count"].isNull && row["rate"].isNull && row["ratio"].isNull)
        #expect(row["sentence"]["en"].text == "2030 has not begun: there is nothing to count yet, and no rate.")
        let page = String(buffer: try await self.get("/safety?year=2030").body).withoutHeads
        #expect(page.contains("2030 年尚未开始：还没有可数的事故") && page.contains("<p>2030 年尚未开始。</p>"))
        #expect(!page.contains("事故登记也尚未开始") && !page.contains("本年没有登记的事故"))
        // No month to come is offered, and none is reported on.
        #expect(!page.contains("month=2026-04"))
        let refused = try await self.get("/safety?month=2026-04")
        #expect(refused.status == .badRequest && String(buffer: refused.body).contains("该月尚未开始"))
        #expect(try await self.get("/api/v1/safety/report?month=2026-03").status == .ok)
    }

    /// How long ago the last death was and how long a halving would take to be seen, as numbers and in words.
    @Test func theSummaryHasWhatThePageSays() async throws {
        let early = Accident(
            accidentID: "0", occurredAt: Instant(startOf: FakeSafety.day(2, 10), at: .shanghai), plate: "浙F00001",
            deathsWithin7Days: 1, deathsWithin30Days: 1)
        let safety = FakeSafety(besides: [early])
        let summary = try await self.json("/api/v1/safety/summary?year=2026&baseline=2015", safety)
        // Up to today; what came after it is not known yet.
        #expect(summary["as_of"].text == "2026-03-02" && summary["register_kept_since"].text == "2026-01-05")
        #expect(summary["days_since_last_fatal_accident"].number == 20)
        #expect(summary["fatal_accidents_registered"].number == 1 && summary["fatal_accidents_per_year"].isNull)
        #expect(summary["quiet"]["zh"].text?.contains("距登记中唯一一起死亡事故 20 天") == true)
        #expect(summary["rate"]["scope"].text == "city" && summary["rate"]["count"].number == 2)
        // Twelve in one year are too few for any number of years.
        #expect(summary["years_until_a_halving_shows"].isNull)
        #expect(summary["power"]["zh"].text?.contains("难以在 50 年内被证实") == true)
        // Without a baseline the years before it count; without a death nobody knows how long ago the last was.
        let alone = try await self.json("/api/v1/safety/summary?year=2026")
        let years = TestPower.yearsNeeded(perYear: 10, baselineYears: 2).map { Double($0) }
        #expect(alone["years_until_a_halving_shows"].number == years)
        #expect(alone["power"]["zh"].text?.contains("按每年约 10.00 起、基准 2 年计") == true)
        #expect(alone["days_since_last_fatal_accident"].isNull)
        #expect(alone["progress"].isNull && alone["finish"].isNull)
    }

    /// Reported and measured figures by kinds of trucks stand on the page, in the workbook and in the interface.
    @Test func kindsOfTrucksAreShown() async throws {
        let rows = try await self.json("/api/v1/safety/rates?year=2026&by=kind")["items"].list
        #expect(rows.compactMap { $0["scope"].text } == ["mixer"])
        #expect(rows[0]["definition"].text?.contains("kinds=mixer") == true)
        let page = String(buffer: try await self.get("/safety?year=2026&baseline=2015").body).withoutHeads
        #expect(page.contains("各车型") && page.contains("<th scope=\"row\">搅拌车</th><td>1</td>"))
        let sheet = try #require(
            SafetyWorkbook(try await self.overview(), .safety).sheets.first { $0.name == "车型 kinds" })
        #expect(sheet.columns == AccidentRate.columns && sheet.rows.count == 1 && sheet.rows[0][0] == .text("mixer"))
        let quality = try await self.json("/api/v1/safety/quality?by=kind&from=2026-03-01&to=2026-03-31")["items"]
        #expect(quality[0]["scope"].text == "mixer" && quality[0]["connected_rate"]["value"].number == 0.5)
    }

    /// What the sentence does not compare has no ratio in the table of kinds either.
    @Test func kindsThatAreNotComparedHaveNoRatio() async throws {
        var overview = try await self.overview()
        let row = try #require(overview.kinds.first)
        func page(coverage: Double) -> String {
            overview.kinds = [
                AccidentRate(
                    scope: row.scope, from: row.periodFrom, to: row.periodTo, card: row.card,
                    observed: Observation(count: 8, exposure: 20e6, coverage: coverage),
                    baseline: Observation(count: 12, exposure: 18e6))
            ]
            return SafetyPage(overview).html.withoutHeads
        }
        let seen = page(coverage: 0.9)
        #expect(seen.contains("<td>0.67</td><td>0.60</td><td>0.21–1.60</td>") && !seen.contains("比值记“—”"))
        let unseen = page(coverage: 0.009)
        #expect(unseen.contains("<td>0.67</td><td>—</td><td>—</td>") && unseen.contains("比值记“—”"))
    }

    /// Where no ticket was ever imported the share is not 0.00 %, and the reason stands there.
    @Test func withoutTicketsTheShareIsNotZero() async throws {
        let row = try await self.json("/api/v1/safety/quality?from=2026-03-01&to=2026-03-31")["items"][0]
        for name in ["ticketed_rate", "tracked_rate"] {
            #expect(row[name]["value"].isNull && row[name]["reason"]["en"].text == "no tickets imported", "\(name)")
        }
        #expect(row["platform_up_rate"]["reason"]["en"].text == "nothing to divide by")
        #expect(row["connected_rate"]["reason"].isNull)
        let page = String(buffer: try await self.get("/safety?year=2026").body).withoutHeads
        #expect(page.contains("<td>未导入发货单</td>"))
        var overview = try await self.overview()
        let sheet = try #require(SafetyWorkbook(overview, .safety).sheets.first { $0.name == "数据质量 quality" })
        #expect(sheet.lead.contains { $0.hasPrefix("No tickets imported") })
        // Each formula in both languages.
        for indicator in QualityIndicator.allCases {
            #expect(sheet.lead.contains { $0.contains(indicator.formula.zh) }, "\(indicator)")
            #expect(sheet.lead.contains { $0.contains(indicator.formula.en) && $0.contains(indicator.source.en) })
        }
        let zeros = { (page: String) in page.components(separatedBy: "<td>0.00%</td>").count }
        let before = zeros(SafetyPage(overview).html.withoutHeads)
        for index in overview.quality.indices {
            overview.quality[index].counts.deliveries = 4
            overview.quality[index].counts.keepsTickets = true
        }
        #expect(zeros(SafetyPage(overview).html.withoutHeads) == before + overview.quality.count)
        let kept = try #require(SafetyWorkbook(overview, .safety).sheets.first { $0.name == "数据质量 quality" })
        #expect(!kept.lead.contains { $0.hasPrefix("No tickets imported") })
    }

    private static func change(_ names: [String], _ counts: (Int, Int) = (6, 0)) throws -> BeforeAfterTable {
        let card = DefinitionCard(numerator: .accidents, denominator: .vehicleKilometres, baselineYear: 2015)
        return try #require(
            BeforeAfterTable(
                names.map { name in
                    AccidentRate(
                        scope: .company(name), from: FakeSafety.day(1, 1), to: FakeSafety.day(12, 31), card: card,
                        observed: Observation(count: name == names.first ? counts.1 : 6, exposure: 1e7),
                        baseline: Observation(count: counts.0, exposure: 1e7))
                }))
    }

    /// A ratio of small counts never stands without its limits, neither the plain one nor that beside the others, and
    /// not where nothing happened after.
    @Test func everyRatioBeforeAndAfterHasItsLimits() async throws {
        var overview = try await self.overview()
        overview.beforeAfter = try Self.change(["甲", "乙", "丙"])
        let row = try #require(overview.beforeAfter?.rows.first)
        let (naive, comparison) = (try #require(row.naiveInterval), try #require(row.comparisonInterval))
        let page = SafetyPage(overview).html.withoutHeads
        let cells = ["0.00", SafetyPage.limits(naive), "0.00", SafetyPage.limits(row.effectInterval), "0.00"]
        #expect(
            page.contains(
                "<th scope=\"row\">甲</th><td>6</td><td>0</td><td>"
                    + (cells + [SafetyPage.limits(comparison)]).joined(separator: "</td><td>") + "</td>"))
        let sheet = try #require(
            SafetyWorkbook(overview, .safety).sheets.first { $0.name == "前后对比 before-after" })
        for name in ["naive_low", "naive_high", "effect_low", "effect_high", "comparison_low", "comparison_high"] {
            let column = try #require(sheet.columns.firstIndex { $0.hasSuffix(name) }, "\(name)")
            #expect(sheet.rows.allSatisfy { $0[column] != .number(nil) }, "\(name)")
        }
        #expect(sheet.rows.allSatisfy { $0.count == sheet.columns.count && $0.count == sheet.styles.count })
    }

    /// The lines of the funnel say which they are, and that the place is not judged by them: one accident where a
    /// fifth of one is expected lies outside the drawn line and within chance.
    @Test func theFunnelSaysWhatItsLinesAre() async throws {
        var overview = try await self.overview()
        overview.funnel = CompanyFunnel([:])
        #expect(!SafetyPage(overview).html.withoutHeads.contains("class=\"k-inner\""))
        overview.funnel = CompanyFunnel([
            "小": Observation(count: 1, exposure: 1e6), "大": Observation(count: 19, exposure: 99e6),
        ])
        let small = try #require(overview.funnel.points.first { $0.name == "小" })
        #expect(small.place == .usual && abs((small.expected ?? 0) - 0.2) < 1e-12)
        #expect(try #require(small.warning).high < 1, "the line lies below the dot")
        for page in [SafetyPage(overview).html.withoutHeads, SafetyPage(overview, report: .safety).html] {
            #expect(page.contains("实线之内：95% 概率限") && page.contains("虚线之内：99.8% 概率限"))
            #expect(page.contains("位置按精确尾概率判断"))
        }
        #expect(SafetyPage(overview, isEnglish: true).html.contains("the place is judged by exact tails"))
    }

    /// Whoever sees no colours sees shapes: dots within chance, triangles upwards above it, downwards below it; right
    /// turns without a working camera are triangles, those with one circles. The legends say it in words.
    @Test func noColourAloneIsASign() async throws {
        let funnel = CompanyFunnel([
            "多": Observation(count: 60, exposure: 1e6), "少": Observation(count: 1, exposure: 1e6),
            "平": Observation(count: 21, exposure: 1e6), "常": Observation(count: 19, exposure: 1e6),
        ])
        let places = Dictionary(uniqueKeysWithValues: funnel.points.map { ($0.name, $0.place) })
        #expect(places["多"] == .farMore && places["少"] == .farFewer && places["平"] == .usual)
        let chart = try #require(SafetyCharts.funnel(funnel)).text
        func corners(_ style: String) throws -> [Double] {
            let found = try #require(chart.firstMatch(of: try Regex("<polygon class=\"\(style)\" points=\"([^\"]*)\"")))
            let text = try #require(found.output[1].substring)
            return text.split(separator: " ").compactMap { Double($0.split(separator: ",").last ?? "") }
        }
        let (above, below) = (try corners("outside"), try corners("below"))
        // Down the paper is larger: the tip comes first.
        #expect(above.count == 3 && above[0] < above[1] && below.count == 3 && below[0] > below[1])
        #expect(chart.components(separatedBy: "<circle class=\"measured\"").count == 3)
        func cell(_ blind: Int64) -> TurnCell {
            TurnCell(
                coordinate: Coordinate(latitudeE7: 307_005_000 + Int32(blind) * 10_000, longitudeE7: 1_207_005_000),
                turns: 9, blind: blind, unknown: 0, fast: 0)
        }
        let map = try #require(SafetyCharts.turns([cell(1), cell(8)])).text
        #expect(map.contains("<polygon class=\"blind\"") && map.contains("<circle class=\"seen\""))
        #expect(!map.contains("<circle class=\"blind\""))
        var overview = try await self.overview()
        overview.funnel = funnel
        let page = SafetyPage(overview).html.withoutHeads
        for words in ["上三角：偏多", "下三角：偏少", "三角：多数无有效画面", "圆：右转"] { #expect(page.contains(words), "\(words)") }
    }

    /// Labels of companies do not run into each other; where there is no room for names that tell them apart, numbers
    /// stand there, and the table has the same.
    @Test func labelsOfCompaniesDoNotRunTogether() async throws {
        let short = ["甲公司", "乙公司", "丙公司"]
        #expect(SafetyCharts.labels(short) == short)
        #expect(SafetyCharts.numbered(try Self.change(short)) == short)
        // Names that begin alike are not told apart by what they begin with.
        let alike = (1...8).map { "嘉兴市某某混凝土有限公司第\($0)分公司" }
        #expect(SafetyCharts.labels(alike) == nil)
        let table = try Self.change(alike)
        let numbered = SafetyCharts.numbered(table)
        #expect(numbered[0] == "1 \(alike[0])" && numbered[7] == "8 \(alike[7])")
        let chart = try #require(SafetyCharts.effects(table)).text
        #expect(chart.contains(">8</text>") && !chart.contains("嘉兴市某…</text>"))
        for count in [3, 5, 8, 12, 24] {
            let names = (0..<count).map { "\(["海", "南", "秀", "平", "桐"][$0 % 5])\($0)建材" }
            guard let labels = SafetyCharts.labels(names) else { continue }
            let room = (ChartFrame.width - ChartFrame.left - ChartFrame.right) / (Double(count) + 0.2)
            #expect(labels.allSatisfy { ChartBox.width(of: $0) < room } && Set(labels).count == count)
        }
        // More than the chart can hold: which they are is said, and the table has all.
        var overview = try await self.overview()
        overview.beforeAfter = try Self.change((10..<36).map { "第\($0)建材有限公司" })
        let page = SafetyPage(overview).html.withoutHeads
        #expect(page.contains("图中只画按名称的前 24 家") && page.contains("24 第33建材有限公司"))
        #expect(page.contains("<th scope=\"row\">第35建材有限公司</th>"))
        #expect(SafetyCharts.labels((0..<24).map { "第\($0)建材有限公司" }) == nil)
    }

    /// What a part of the kilometres was shown by fixes is not called as what stands beside a rate.
    @Test func coverageMeansOneThing() async throws {
        let report = SafetyPage(try await self.overview(), report: .safety).html
        #expect(report.contains("定位证实<span class=\"en\" lang=\"en\">shown by fixes</span>"))
        let rest = report.components(separatedBy: "观测份额<span class=\"en\" lang=\"en\">")
        #expect(rest.count > 2 && rest.dropFirst().allSatisfy { $0.hasPrefix("coverage") })
        let sheets = SafetyWorkbook(try await self.overview(), .safety).sheets
        let exposure = try #require(sheets.first { $0.name == "暴露量 exposure" })
        #expect(exposure.columns.contains("定位证实 shown_by_fixes"))
        #expect(!exposure.columns.contains { $0.hasSuffix(" coverage") })
    }
}
