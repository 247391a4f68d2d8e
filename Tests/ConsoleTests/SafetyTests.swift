import Chronology
import Exchange
import Foundation
import HTTPTypes
import Hummingbird
import Registers
import Safety
import Testing

@testable import Console

/// The safety addresses and the page over figures in memory.
@Suite struct SafetyTests: SafetyVisitor {
    static let addresses = [
        "rates", "definitions", "funnel", "summary", "camera-rates", "cameras-to-mend", "quality", "right-turns",
        "capacity", "accidents", "exposure", "control", "rolling", "before-after", "indicators",
    ].map { "/api/v1/safety/" + $0 }

    @Test func ratesAreThoseOfTheTable() async throws {
        let row = try await self.json("/api/v1/safety/rates?year=2020&baseline=2015")["items"][0]
        #expect(row["count"].number == 8 && row["exposure"].number == 20e6 && row["scope"].text == "city")
        #expect(abs((row["probability_target_met"].number ?? 0) - 0.33813537056799464) < 1e-9)
        #expect(row["sentence"]["zh"].text?.contains("2020 年 8 起") == true && row["allowed_count"].number == 6)
    }

    @Test func withoutExposureNothingIsZero() async throws {
        let row = try await self.json("/api/v1/safety/rates?year=2026&baseline=2015", FakeSafety(hasTelemetry: false))[
            "items"][0]
        #expect(row["rate"].isNull && row["low"].isNull && row["ratio"].isNull && row["count"].number == 1)
    }

    @Test(arguments: [
        "rates?year=0", "rates?per=miles", "rates?by=street", "camera-rates?from=2026-3-2", "right-turns?limit=0",
        "camera-rates?from=2026-03-02&to=2026-03-01", "camera-rates?from=2020-01-01&to=2026-01-01",
        "camera-rates?from=2020-01-01", "right-turns?from=2020-01-01", "quality?from=2020-01-01&to=2026-01-01",
        "capacity?year=x",
        "rates?year=2020&baseline=2020", "summary?baseline=2026", "report?month=2025-12&baseline=2025",
        "rates?yeer=2020", "report?month=2026-04", "report?month=2030-01", "summary?by=company",
    ])
    func whatCannotBeUsedIsRefused(path: String) async throws {
        #expect(try await self.get("/api/v1/safety/" + path).status == .badRequest)
    }

    @Test func theOtherAddressesAnswer() async throws {
        let cameras = try await self.json("/api/v1/safety/camera-rates?by=company")["items"].list
        #expect(cameras.count == 2 && cameras[0]["effective_rate"].number == 0.6)
        let mend = try await self.json("/api/v1/safety/cameras-to-mend")["items"].list
        #expect(Set(mend.compactMap { $0["condition"].text }) == ["unknown", "occluded"])
        let quality = try await self.json("/api/v1/safety/quality?from=2026-03-01&to=2026-03-31")["items"][0]
        #expect(quality["platform_up_rate"]["value"].isNull && quality["connected_rate"]["value"].number == 0.5)
        let turns = try await self.json("/api/v1/safety/right-turns")
        #expect(turns["features"].list.count == 1)
        // Whatever is said of turns says how much of the driving could show one.
        #expect(turns["turn_coverage"].number == 0.5 && quality["turn_coverage"].number == 0.5)
        #expect(cameras[0]["turn_coverage"].number == 0.5)
        #expect(try await self.json("/api/v1/safety/capacity?year=2026")["districts"].list.count == 1)
        let funnel = try await self.json("/api/v1/safety/funnel?year=2026")["items"].list
        #expect(funnel.count == 2 && funnel.allSatisfy { $0["place"].text == "undefined" })
        #expect(funnel.allSatisfy { ($0["coverage"].number ?? 1) < 0.1 }, "four days of ninety were seen")
    }

    @Test(arguments: [true, false])
    func thePageSaysEverythingAndTakesNoNameForMarkup(hasTelemetry: Bool) async throws {
        for query in ["", "?year=2026&baseline=2015", "?year=2020&baseline=2015&numerator=deaths_30d&month=2026-03"] {
            let response = try await self.get("/safety" + query, FakeSafety(hasTelemetry: hasTelemetry))
            #expect(response.status == .ok)
            // One script, of our own: the bar's.
            let page = String(buffer: response.body).replacing(
                "<script type=\"module\" src=\"/app/safety.js\"></script>", with: "", maxReplacements: 1)
            #expect(!page.contains("<script") && !page.contains(" style=\"") && !page.contains("innerHTML"))
            #expect(!page.lowercased().contains("nan") && !page.contains(">inf<"))
            for title in ["事故率", "漏斗图", "盲区摄像头", "待修摄像头", "数据质量", "产能与供应", "口径", "事故登记", "控制图", "前后对比", "暴露量"] {
                #expect(page.contains(title), "\(title) in \(query)")
            }
            #expect(page.contains("aria-current"))
            // A few days prove no plant honest, and no company as usual without its kilometres.
            #expect(page.contains("不能判断是否超出核定产能") && !page.contains("没有搅拌站持续超出"))
            if !hasTelemetry { #expect(page.contains("没有数据不等于都正常") && !page.contains("k-seen")) }
        }
    }

    @Test func figuresOfTurnsSayWhatCouldShowOne() async throws {
        let page = String(buffer: try await self.get("/safety?year=2026&baseline=2015").body)
        let english = try await self.get("/safety?year=2026&baseline=2015", cookie: "tongxing_language=en")
        #expect(String(buffer: english.body).contains("50% of the year&#39;s moving time"))
        #expect(page.contains("看得出右转的占 50%"))
        #expect(page.contains("上报密度足以看出右转的行驶时间占 50%") && page.contains("右转可见"))
        #expect(page.contains("href=\"/safety/map?from=2026-01-01&amp;to="))
        let dark = String(buffer: try await self.get("/safety?year=2026", FakeSafety(hasTelemetry: false)).body)
        #expect(dark.contains("看得出右转的占 —"))
    }

    @Test func theRegisterOfDefinitionsCanBeRead() async throws {
        let cards = try await self.json("/api/v1/safety/definitions")["items"].list
        #expect(cards.count == DefinitionRegister.entries.count)
        let fingerprint = try #require(DefinitionRegister.texts.last?.fingerprint)
        #expect(cards.last?["fingerprint"].text == fingerprint)
        #expect(cards.allSatisfy { $0["text_zh"].text?.contains("Garwood") == true })
        // The row's card is one of them, and the page has its words.
        let row = try await self.json("/api/v1/safety/rates?year=2026&baseline=2015&numerator=deaths_7d")["items"][0]
        let named = try #require(row["definition"].text)
        let entry = try #require(DefinitionRegister.entry(of: named))
        let page = String(buffer: try await self.get("/safety?year=2026&baseline=2015&numerator=deaths_7d").body)
        for clause in entry.clauses { #expect(page.contains(clause.words.zh), "\(clause.part)") }
        #expect(page.contains(fingerprint) && page.contains("口径登记"))
        #expect(page.contains("推导参数版本 \(SafetyRules().versionName)"))
        #expect(page.contains(entry.text.fingerprint))
        // A report carries its own card and not the register.
        var question = RateQuestion(year: 2026, baselineYear: 2015, today: FakeSafety.day(3, 31))
        question.numerator = .fatalAccidents
        let report = SafetyPage(
            try await FakeSafety().overview(question, month: nil, at: testNow), report: .safety
        ).html
        #expect(report.contains("口径全文 Full text v5") && !report.contains("口径登记"))
    }

    /// What bears on a count stands beside it on the page, in the interface and in the workbook alike.
    @Test func whatIsNotKnownOfDeathsIsSaidEverywhere() async throws {
        let words = "1 起事故既无死亡人数"
        let row = try await self.json("/api/v1/safety/rates?year=2026&numerator=deaths_7d", Self.unclear)["items"][0]
        #expect(row["deaths_unclear"].number == 1 && row["deaths_left_out"].number == 0)
        #expect(row["cautions"].list.contains { $0["zh"].text?.hasPrefix(words) == true })
        let page = String(buffer: try await self.get("/safety?year=2026&numerator=deaths_7d", Self.unclear).body)
        #expect(page.contains(words))
        var question = RateQuestion(year: 2026, baselineYear: 2015, today: FakeSafety.day(3, 31))
        question.numerator = .deaths7Days
        let overview = try await Self.unclear.overview(question, month: nil, at: testNow)
        let sheets = SafetyWorkbook(overview, .safety).sheets
        for name in ["摘要 summary", "事故率 rates"] {
            let sheet = try #require(sheets.first { $0.name == name })
            #expect(sheet.lead.contains { $0.hasPrefix(words) }, "\(name)")
        }
        // The time since the last death and the power stand on the page and on the first sheet, whatever they can say.
        let summary = try #require(sheets.first).lead
        for statement in [overview.quiet.sentence, overview.power] {
            #expect(summary.contains(statement.zh) && summary.contains(statement.en))
            #expect(SafetyPage(overview, report: .safety).html.contains(Markup.escaped(statement.zh)))
        }
    }

    private static var unclear: FakeSafety {
        FakeSafety(besides: [
            Accident(accidentID: "2", occurredAt: Instant(startOf: FakeSafety.day(2, 4), at: .shanghai))
        ])
    }

    /// A company of a year that nobody counted has no number, and the reason for it.
    @Test func aCompanyThatNobodyCountedHasNoZero() async throws {
        let points = try await self.json("/api/v1/safety/funnel?year=2019")["items"].list
        #expect(points.count == 2 && points.allSatisfy { $0["count"].isNull && $0["place"].text == "undefined" })
        #expect(points.allSatisfy { $0["reason"]["en"].text == "nobody counted, which is not 0" })
        let page = String(buffer: try await self.get("/safety?year=2019").body).withoutHeads
        #expect(page.contains("<th scope=\"row\">甲公司</th><td>—</td><td>—</td><td>无法判断：无人统计，不是 0"))
        let overview = try await FakeSafety().overview(
            RateQuestion(year: 2019, today: FakeSafety.day(3, 31)), month: nil, at: testNow)
        let sheet = try #require(SafetyWorkbook(overview, .safety).sheets.first { $0.name == "企业 companies" })
        #expect(sheet.rows.count == 2 && sheet.rows.allSatisfy { $0[1] == .integer(nil) })
        #expect(sheet.rows.allSatisfy { $0.count == sheet.columns.count && $0.last != .text(nil) })
    }

    /// A label lies where no dot is: above its line at the right, unless a dot is there.
    @Test func labelsHideNothing() {
        func place(_ dots: [(Double, Double)]) -> ChartBox? {
            var frame = ChartFrame(x: 0...10, y: 0...10)
            for dot in dots { frame.dot(dot.0, dot.1, "measured", "") }
            frame.label("目标 target 0.33", ofLineAt: frame.py(5))
            return frame.drawn.last
        }
        let free = place([(1, 9)])
        let hidden = place([(9.8, 5.3), (9.5, 5.2)])
        #expect(free != hidden)
        let dots = [(9.8, 5.3), (9.5, 5.2), (9, 4.6), (0.3, 5.2)]
        var frame = ChartFrame(x: 0...10, y: 0...10)
        for dot in dots { frame.dot(dot.0, dot.1, "measured", "") }
        frame.label("目标 target 0.33", ofLineAt: frame.py(5))
        let label = frame.drawn.last
        #expect(frame.drawn.dropLast().allSatisfy { box in label.map { box.overlap(with: $0) == 0 } ?? false })
    }

    @Test func indicatorsNameTheirSources() async throws {
        let page = String(buffer: try await self.get("/safety?year=2026").body)
        #expect(page.contains("42,293 ÷ 42,489 = 99.54%") && page.contains("本产品自定，无国家标准"))
    }

    @Test func accidentsHaveTheirMoment() async throws {
        let items = try await self.json("/api/v1/safety/accidents?year=2026")["items"].list
        let item = try #require(items.first { $0["accident_id"].text == "1" })
        #expect(item["terminal"].text == "T2" && item["camera"].text == "lost")
        #expect(item["legal_holds"][0].number == 7 && item["deaths_within_30_days"].number == 1)
        #expect(item["trail_from"].text == "2026-03-02T15:30:00Z" && item["trail_to"].text == "2026-03-02T16:30:00Z")
        #expect(try await self.json("/api/v1/safety/accidents?year=2020")["items"].list.isEmpty)
        let page = String(buffer: try await self.get("/safety?year=2026").body)
        #expect(page.contains("href=\"/registers/accidents/1\"") && page.contains("信号丢失") && page.contains("#7"))
    }

    @Test(arguments: SafetyReport.allCases, SafetyReport.Format.allCases)
    func reportsAreFiles(report: SafetyReport, format: SafetyReport.Format) async throws {
        for hasTelemetry in [true, false] {
            let response = try await self.get(
                "/api/v1/safety/report?kind=\(report.rawValue)&format=\(format.rawValue)&baseline=2015",
                FakeSafety(hasTelemetry: hasTelemetry))
            #expect(response.status == .ok)
            let name = "tongxing-\(report.rawValue)-2026-03.\(format.rawValue)"
            #expect(response.headers[.contentDisposition] == "attachment; filename=\"\(name)\"")
            let bytes = Array(response.body.readableBytesView)
            guard format == .html else {
                #expect(bytes.starts(with: [0x50, 0x4B, 0x03, 0x04]))
                continue
            }
            let page = String(decoding: bytes, as: UTF8.self)
            #expect(!page.contains("<script") && !page.contains("<details>") && !page.contains("href="))
            #expect(page.contains("漏斗图") == (report == .safety) && page.contains("待修摄像头") == (report == .cameras))
        }
        #expect(try await self.get("/api/v1/safety/report?kind=weather").status == .badRequest)
    }

    @Test func theWholeListOfCamerasCanBeRead() async throws {
        var overview = try await FakeSafety().overview(
            RateQuestion(year: 2026, today: FakeSafety.day(3, 31)), month: nil, at: testNow)
        let camera = try #require(overview.toMend.first)
        overview.toMend = Array(repeating: camera, count: 25)
        let page = SafetyPage(overview).html.withoutHeads
        #expect(page.contains("前 20 台") && page.contains("其余 5 台"))
        let rows = page.matches(of: #/<th scope="row">浙F0000\d<\/th><td>/#).count
        #expect(rows >= 25, "\(rows)")
        #expect(!SafetyPage(overview, report: .cameras).html.contains("<summary>其余"))
    }

    @Test func figuresOfADistrictSaySo() async throws {
        let question = RateQuestion(year: 2026, today: FakeSafety.day(3, 31))
        var overview = try await FakeSafety().overview(question, month: nil, at: testNow)
        #expect(!SafetyPage(overview).html.contains("本账号限于辖区"))
        overview.district = "330400"
        overview.districtNames = ["330400": "<嘉兴>"]
        for page in [SafetyPage(overview), SafetyPage(overview, report: .safety)] {
            #expect(page.html.contains("本账号限于辖区 &lt;嘉兴&gt; 330400"))
        }
        for page in [SafetyPage(overview, isEnglish: true), SafetyPage(overview, report: .safety)] {
            #expect(page.html.contains("that district alone") && page.html.contains("&lt;嘉兴&gt; 330400"))
        }
    }

    /// The page is in the language that was chosen on it; a file that is sent on is in both.
    @Test func onePageHasOneLanguage() async throws {
        let path = "/safety?year=2026&baseline=2015&numerator=deaths_7d"
        let zh = String(buffer: try await self.get(path).body)
        #expect(zh.contains("lang=\"zh-CN\"") && zh.contains("事故率") && zh.contains("逐年事故率"))
        for english in ["Accident rate", "Figures", "rates by year", "Choices", " per ", "lang=\"en\""] {
            #expect(!zh.contains(english), "\(english)")
        }
        let en = try await self.get(path, cookie: "a=b; tongxing_language=en")
        let page = String(buffer: en.body)
        #expect(page.contains("<html lang=\"en\">") && page.contains("Accident rate") && page.contains("Choices"))
        // What is left are names, plates, and what a register says.
        let overview = try await FakeSafety().overview(
            RateQuestion(year: 2026, baselineYear: 2015, today: FakeSafety.day(3, 31)), month: nil, at: testNow)
        let data = Set(
            overview.companies.map(\.scope) + overview.funnel.points.map(\.name) + overview.districtNames.values
                + overview.capacity.plants.map(\.name) + overview.capacity.districts.map(\.name)
                + overview.toMend.compactMap(\.plate) + overview.accidents.compactMap(\.accident.plate))
        var words = page.replacing(/<style>.*<\/style>/, with: "")
        for name in data.sorted(by: { $0.count > $1.count }) where !name.isEmpty {
            words = words.replacing(name, with: "")
        }
        let left = words.matches(of: /.{0,20}[\u{4E00}-\u{9FFF}]+.{0,20}/).map { String($0.0) }
        #expect(left == [])
        let report = SafetyPage(overview, report: .safety).html
        #expect(report.contains("事故率<span class=\"en\" lang=\"en\">Accident rate</span>"))
        for page in [zh, page, report] {
            #expect(!page.unicodeScalars.contains { (0xE000...0xF8FF).contains($0.value) })
        }
    }

    /// Names that hold the page's own marks say what they say, and nothing around them is lost.
    @Test(arguments: ["a\u{E000}b", "\u{E002}ab", "a\u{E001}\u{E002}b", "\u{E000}a\u{E001}b", "\u{E003}ab"])
    func foreignMarksDoNoHarm(name: String) {
        let markup = "<b>\(name)</b>" + Bilingual.inline("甲\(name)", "x\(name)") + "<i>\(name)</i>"
        #expect(Bilingual.words(of: .zh, in: markup) == "<b>ab</b>甲ab<i>ab</i>")
        #expect(Bilingual.words(of: .en, in: markup) == "<b>ab</b>xab<i>ab</i>")
        #expect(Bilingual.words(of: .everybody, in: markup) == "<b>ab</b>甲ab xab<i>ab</i>")
    }

    @Test func theReportStandsAlone() async throws {
        var question = RateQuestion(year: 2026, baselineYear: 2015, today: FakeSafety.day(3, 31))
        question.numerator = .accidents
        let overview = try await FakeSafety().overview(question, month: nil, at: testNow)
        let report = SafetyPage(overview, report: .safety).html
        #expect(report.contains("<style>") && !report.contains("href=") && !report.contains("<script"))
        #expect(report.contains("@media print") && report.contains("class=\"band\""))
        // A change is never said without its interval.
        for sentence in report.matches(of: /较 2015 年[^。]*。/) { #expect(sentence.0.contains("95% 区间")) }
    }
}
