import Foundation
import LocalServers
import Supervision
import TestSupport
import Testing

/// `accident-rates`, `camera-rates` and the monthly reports as `contract.md` §5 has them, over a simulated city whose
/// kilometres and cameras are known.
@Suite struct SafetyFiguresTests {
    private static let rateColumns =
        "scope,period_from,period_to,definition,count,exposure,exposure_unit,rate,low,high,baseline_rate,ratio,"
        + "ratio_low,ratio_high,reduction,target,probability_target_met,coverage"

    /// What a simulated city says of itself.
    private struct Truth {
        var kilometres = 0.0
        var movingHours = 0.0
        var okHours = 0.0
        var kilometresByPlate: [String: Double] = [:]

        init(_ csv: String) throws {
            for line in csv.split(separator: "\n").dropFirst() {
                let cells = line.split(separator: ",", omittingEmptySubsequences: false)
                let kilometres = try #require(Double(cells[3]))
                self.kilometres += kilometres
                self.kilometresByPlate[String(cells[0]), default: 0] += kilometres
                self.movingHours += try #require(Double(cells[4])) / 3600
                self.okHours += (Double(cells[5]) ?? 0) / 3600
            }
        }
    }

    private static func rows(_ outcome: Product.Outcome) throws -> [[String: Any]] {
        #expect(outcome.code == 0, "\(outcome.errors)")
        return try outcome.output.split(separator: "\n").map {
            try #require(try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any])
        }
    }

    private static func close(_ value: Any?, _ expected: Double, _ share: Double) -> Bool {
        (value as? Double).map { abs($0 - expected) <= share * abs(expected) } ?? false
    }

    private static func isNone(_ value: Any?) -> Bool { value is NSNull }

    /// A city of four trucks and a day, its registers, three accidents of its first truck, reported years.
    private func city() async throws -> (installation: Installation, service: Service, folder: String, truth: Truth) {
        let broker = try await TestServers.shared.makePrivateBroker()
        let installation = try await Installation(broker: broker.url)
        let folder = try await TestServers.shared.makeFolder()
        let simulated = try await installation.run(
            "simulate", folder, "--seed", "21", "--trucks", "4", "--days", "1", "--start", "2026-03-02",
            "--shortest-sampling", "20", "--longest-sampling", "20")
        #expect(simulated.code == 0, "\(simulated.errors)")
        let truth = try Truth(String(contentsOfFile: "\(folder)/truth-exposure.csv", encoding: .utf8))
        let plate = try #require(truth.kilometresByPlate.keys.min())
        try """
        accident_id,occurred_at,plate,deaths_within_7_days,deaths_within_30_days,severity,right_turn,source
        A1,2026-03-02T14:00:00+08:00,\(plate),0,0,injury,true,police
        A2,2026-03-03T09:30:00+08:00,\(plate),0,1,fatal,true,police
        A3,2026-03-03T16:45:00+08:00,\(plate),2,2,fatal,false,press

        """.write(toFile: "\(folder)/accidents.csv", atomically: true, encoding: .utf8)
        try """
        year,vehicle_km,accidents,fatal_accidents,deaths,death_window_days,source,vehicle_kind
        2012,18000000,0,0,0,7,yearbook,
        2015,18000000,12,12,13,7,yearbook,
        2016,10000000,4,4,4,7,yearbook,
        2017,10000000,4,4,4,7,yearbook,
        2018,10000000,4,4,4,7,yearbook,
        2020,20000000,8,8,9,7,yearbook,
        2020,12000000,3,3,3,7,yearbook,mixer

        """.write(toFile: "\(folder)/baselines.csv", atomically: true, encoding: .utf8)
        let service = try await installation.serve()
        for kind in [
            "districts", "companies", "plants", "sites", "places", "vehicles", "terminals", "accidents", "baselines",
        ] {
            let outcome = try await installation.run("import", kind, "\(folder)/\(kind).csv")
            #expect(outcome.code == 0, "\(kind): \(outcome.errors)")
        }
        #expect(try await installation.run("replay", "\(folder)/traffic.ndjson").code == 0)
        _ = try await installation.caughtUp()
        return (installation, service, folder, truth)
    }

    @Test func figuresOfASimulatedCityAreThoseOfItsTruth() async throws {
        let (installation, service, folder, truth) = try await self.city()
        try await self.reportedYears(installation)
        try await self.measuredYear(installation, truth)
        try await self.cameras(installation, truth)
        try await self.accidents(installation, service)
        try await self.reports(installation, folder)
        try await self.unfitRows(installation, folder)
        #expect(await service.stop().isSuccess)
    }

    /// The vectors S13 and S14 through the command; a baseline of nothing.
    private func reportedYears(_ installation: Installation) async throws {
        let plain = try await installation.run("accident-rates", "--year", "2020", "--baseline", "2015")
        #expect(plain.lines.first == Self.rateColumns)
        let compared = try await installation.run(
            "accident-rates", "--year", "2020", "--baseline", "2015", "--format", "ndjson")
        let row = try #require(try Self.rows(compared).first)
        let expected: [String: Double] = [
            "count": 8, "exposure": 20e6, "rate": 0.4, "baseline_rate": 12.0 / 18, "ratio": 0.6,
            "ratio_low": 0.2127459694759472, "ratio_high": 1.596237703071767, "reduction": 0.4, "target": 0.5,
            "probability_target_met": 0.33813537056799464, "coverage": 1,
        ]
        for (name, value) in expected { #expect(Self.close(row[name], value, 1e-6), "\(name): \(row)") }
        #expect(row["scope"] as? String == "city" && row["exposure_unit"] as? String == "vehicle_km")
        // Three reported years make 36 months; those that hold the baseline year are not compared with it.
        let rolling = try await installation.run(
            "accident-rates", "--year", "2018", "--baseline", "2015", "--rolling", "--format", "ndjson")
        let windows = try Self.rows(rolling)
        #expect(
            windows.compactMap { $0["period_from"] as? String } == ["2015-01-01", "2016-01-01"], "\(rolling.output)")
        let (overlapping, last) = (try #require(windows.first), try #require(windows.last))
        #expect(overlapping["count"] as? Double == 20 && Self.isNone(overlapping["ratio"]))
        #expect(last["count"] as? Double == 12 && Self.close(last["rate"], 0.4, 1e-9))
        #expect(Self.close(last["ratio"], 0.6, 1e-9) && last["period_to"] as? String == "2018-12-31")
        let named = "accidents/vehicle_km;exposure=reported;period=36m;baseline=2015;v6"
        #expect(last["definition"] as? String == named && rolling.errors.contains("相邻两点有 35 个月相同"))
        // Deaths come in clusters, and the row says so; a window that nobody reported gives no figure of the baseline.
        let deadly = try await installation.run(
            "accident-rates", "--year", "2020", "--baseline", "2015", "--numerator", "deaths_7d", "--format", "ndjson")
        let deaths = try Self.rows(deadly)
        #expect(deaths[0]["count"] as? Double == 9)
        #expect((deaths[0]["definition"] as? String)?.contains("deaths=clustered") == true)
        let unlike = try await installation.run(
            "accident-rates", "--year", "2020", "--baseline", "2012", "--format", "ndjson")
        let none = try #require(try Self.rows(unlike).first)
        #expect(Self.isNone(none["ratio"]) && none["ratio_high"] as? String == "inf")
        #expect(none["ratio_low"] is Double && none["probability_target_met"] is Double)
        #expect((none["definition"] as? String)?.contains("probability=prior") == true)
        // A year that nobody counted has no number, and without exposure a rate is undefined: empty, not 0.
        let unknown = try await installation.run("accident-rates", "--year", "2009", "--per", "volume_m3")
        #expect(unknown.lines.last?.contains(",,,volume_m3,,,,") == true, "\(unknown.output)")
        let future = try await installation.run("accident-rates", "--year", "2999")
        #expect(future.code == 0 && future.errors.contains("2999 has not begun"), "\(future.errors)")
        #expect(future.lines.last?.contains(",,,vehicle_km,,,,") == true, "\(future.output)")
        let kinds = try await installation.run("accident-rates", "--year", "2020", "--by", "kind", "--format", "ndjson")
        let mixers = try #require(try Self.rows(kinds).first { $0["scope"] as? String == "mixer" }, "\(kinds.output)")
        #expect(mixers["count"] as? Double == 3 && Self.close(mixers["rate"], 0.25, 1e-9))
        #expect((mixers["definition"] as? String)?.contains("kinds=mixer") == true)
    }

    private func measuredYear(_ installation: Installation, _ truth: Truth) async throws {
        func row(_ arguments: String...) async throws -> [[String: Any]] {
            let command = ["accident-rates", "--year", "2026", "--baseline", "2015", "--format", "ndjson"] + arguments
            return try Self.rows(try await Product.run(command, installation.environment))
        }
        let whole = try await row()
        let city = try #require(whole.first)
        let exposure = try #require(city["exposure"] as? Double)
        #expect(Self.close(exposure, truth.kilometres, 0.02), "\(exposure) km for \(truth.kilometres)")
        #expect(city["count"] as? Double == 3 && Self.close(city["rate"], 3e6 / exposure, 1e-9))
        #expect(Self.close(city["low"], 0.6186721228956015e6 / exposure, 1e-6))
        #expect(Self.close(city["high"], 8.767273069742323e6 / exposure, 1e-6))
        let true0 = 3e6 / truth.kilometres
        #expect(Self.close(city["rate"], true0, 0.02), "\(city) for \(true0)")
        #expect(try await row("--numerator", "fatal_accidents")[0]["count"] as? Double == 2)
        #expect(try await row("--numerator", "deaths_7d")[0]["count"] as? Double == 2)
        #expect(try await row("--numerator", "deaths_30d")[0]["count"] as? Double == 3)
        // Companies make up the city, of the kilometres and of the accidents.
        let companies = try await row("--by", "company")
        let sum = companies.reduce(0) { $0 + ($1["exposure"] as? Double ?? 0) }
        #expect(abs(sum - exposure) <= 1e-6 * exposure && companies.count > 1)
        #expect(companies.reduce(0) { $0 + ($1["count"] as? Double ?? 0) } == 3)
        #expect(try await row("--by", "district").reduce(0) { $0 + ($1["count"] as? Double ?? 0) } == 3)
        let registered = try await row("--per", "vehicles")
        let vehicles = try #require(registered.first)
        #expect(vehicles["coverage"] as? Double == 1 && vehicles["exposure_unit"] as? String == "vehicles")
    }

    /// What stands twice is refused by its line, never by the database's code; what contradicts itself is warned of; a
    /// count by another window says so in its definition and beside the table.
    private func unfitRows(_ installation: Installation, _ folder: String) async throws {
        let file = "\(folder)/twice.csv"
        try "accident_id,occurred_at,severity,deaths_within_30_days\nA8,2026-03-02T08:00:00Z,,\n"
            .appending("A9,2026-03-02T08:00:00Z,property,1\nA8,2026-03-03T08:00:00Z,,\n")
            .write(toFile: file, atomically: true, encoding: .utf8)
        let twice = try await installation.run("import", "accidents", file)
        #expect(twice.code == 1 && !twice.errors.contains("23P01") && !twice.errors.contains("SQLSTATE"))
        #expect(twice.errors.contains("编号「A8」在第 2 行已有") && twice.errors.contains("line 4"), "\(twice.errors)")
        #expect(twice.errors.contains("等级 property 与死亡人数 1 矛盾"))
        let fatal = try await installation.run(
            "accident-rates", "--year", "2026", "--baseline", "2015", "--numerator", "fatal_accidents", "--format",
            "ndjson")
        let row = try #require(try Self.rows(fatal).first)
        let definition = try #require(row["definition"] as? String)
        #expect(definition.contains("baseline_window=7d") && definition.contains("baseline_exposure=reported"))
        #expect(fatal.errors.contains("死亡期限不同") && fatal.errors.contains("方法不同"), "\(fatal.errors)")
        let deaths = try await installation.run(
            "accident-rates", "--year", "2026", "--baseline", "2015", "--numerator", "deaths_30d", "--format", "ndjson")
        #expect(Self.isNone(try #require(try Self.rows(deaths).first)["ratio"]))
        #expect(deaths.errors.contains("2015 年上报的死亡人数按 7 日内统计"), "\(deaths.errors)")
    }

    private func cameras(_ installation: Installation, _ truth: Truth) async throws {
        let all = try await installation.run("camera-rates", "--format", "ndjson")
        let city = try #require(try Self.rows(all).first)
        let (moving, ok, unknown) = (
            try #require(city["moving_hours"] as? Double), try #require(city["ok_hours"] as? Double),
            try #require(city["unknown_hours"] as? Double)
        )
        #expect(abs(moving - truth.movingHours) <= 0.04 * truth.movingHours, "\(moving) h for \(truth.movingHours)")
        #expect(ok <= 1.01 * truth.okHours + 0.02 && ok + unknown >= 0.99 * truth.okHours - 0.02, "\(city)")
        #expect(Self.close(city["effective_rate"], ok / moving, 1e-9))
        for breakdown in ["district", "company", "truck", "day"] {
            let outcome = try await installation.run("camera-rates", "--by", breakdown, "--format", "ndjson")
            let rows = try Self.rows(outcome)
            let sum = rows.reduce(0) { $0 + ($1["ok_hours"] as? Double ?? 0) }
            #expect(abs(sum - ok) < 1e-6, "\(breakdown): \(sum) of \(ok)")
        }
        let dark = try await installation.run(
            "camera-rates", "--from", "2025-01-01T00:00:00Z", "--to", "2025-02-01T00:00:00Z", "--format", "ndjson")
        #expect(Self.isNone(try Self.rows(dark).first?["effective_rate"]))
    }

    /// Each accident has a hold on the log of its days, its truck's terminal, and what the camera was.
    private func accidents(_ installation: Installation, _ service: Service) async throws {
        let holds = try await installation.run("hold", "list")
        #expect(holds.lines.count { $0.contains("accident A") } == 3, "\(holds.output)")
        // The same file again places no second hold.
        let answer = try await service.get("/api/v1/safety/accidents?year=2026")
        let body = try JSONSerialization.jsonObject(with: Data(answer.body.utf8)) as? [String: Any]
        let items = try #require(body?["items"] as? [[String: Any]])
        #expect(items.compactMap { $0["accident_id"] as? String } == ["A1", "A2", "A3"])
        for item in items {
            #expect((item["legal_holds"] as? [Any])?.count == 1)
            #expect(item["terminal"] is String && item["camera"] is String)
        }
        let subject = try #require(items[0]["plate"] as? String)
            .addingPercentEncoding(withAllowedCharacters: .alphanumerics)
        let (from, to) = (try #require(items[0]["trail_from"]), try #require(items[0]["trail_to"]))
        let trail = try await service.get(
            "/api/v1/trails/\(subject ?? "")?from=\(from)&to=\(to)&purpose=accident%20A1")
        #expect(trail.status == 200 && trail.body.contains("\"points\""), "\(trail.body.prefix(200))")
    }

    private func reports(_ installation: Installation, _ folder: String) async throws {
        let target = "\(folder)/reports"
        let made = try await installation.run(
            "safety-report", "--month", "2026-03", "--baseline", "2015", "--folder", target)
        #expect(made.code == 0, "\(made.errors)")
        let names = ["safety", "cameras"].flatMap { kind in
            ["xlsx", "html"].map { "tongxing-\(kind)-2026-03.\($0)" }
        }
        #expect(Set(try FileManager.default.contentsOfDirectory(atPath: target)) == Set(names))
        for name in names {
            let bytes = try #require(FileManager.default.contents(atPath: "\(target)/\(name)"))
            #expect(name.hasSuffix("xlsx") ? bytes.starts(with: Array("PK".utf8)) : bytes.count > 10_000)
        }
        let html = try String(contentsOfFile: "\(target)/tongxing-safety-2026-03.html", encoding: .utf8)
        // The year runs up to the month's end, whenever the report is made.
        #expect(html.contains("2026 年至今（2026-03-31） 3 起事故") && html.contains("@page { size: A4"))
        let cameras = try await installation.run("safety-report", "--month", "2026-03", "--kind", "cameras")
        #expect(cameras.output.contains("各车摄像头") && !cameras.output.contains("企业漏斗图"))
        #expect(try await installation.run("safety-report", "--month", "2026-13").code == 2)
        let future = try await installation.run("safety-report", "--month", "2999-01")
        #expect(future.code == 2 && future.output.isEmpty && future.errors.contains("尚未开始"), "\(future.errors)")
    }

    @Test func serveMakesTheReportsOfTheMonthThatIsOver() async throws {
        let folder = try await TestServers.shared.makeFolder() + "/monthly"
        let installation = try await Installation(settings: [
            "TONGXING_REPORTS_FOLDER": folder, "TONGXING_REPORTS_DAY": "1",
        ])
        let register = try await TestServers.shared.makeFolder() + "/accidents.csv"
        try "accident_id,occurred_at\nA1,2020-01-02T08:00:00Z\n".write(
            toFile: register, atomically: true, encoding: .utf8)
        #expect(try await installation.run("import", "accidents", register).code == 0)
        let service = try await installation.serve()
        func files() -> [String] { (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? [] }
        #expect(try await eventually { files().filter { !$0.contains(".part-") }.count == 4 }, "\(service.log)")
        #expect(await service.stop().isSuccess)
        // What is there stays as it is: somebody may have signed and sent it.
        let report = folder + "/" + (try #require(files().min()))
        try "signed".write(toFile: report, atomically: true, encoding: .utf8)
        let other = "\(folder)/" + (try #require(files().max()))
        try FileManager.default.removeItem(atPath: other)
        let again = try await installation.serve()
        #expect(try await eventually { FileManager.default.fileExists(atPath: other) }, "\(again.log)")
        #expect(await again.stop().isSuccess)
        #expect(try String(contentsOfFile: report, encoding: .utf8) == "signed")
    }
}
