import Chronology
import Exchange
import Geodesy
import Registers
import Testing

/// Zones, accidents, baselines and plans, by `contract.md` §2.
@Suite struct SafetyRegisterTests {
    private func read(_ kind: RegisterKind, _ text: String) -> RegisterImport.Result {
        RegisterImport.read(kind: kind, bytes: Array(text.utf8))
    }

    @Test func accidents() throws {
        let result = self.read(
            .accidents,
            """
            accident_id,occurred_at,plate,company,district,severity,deaths_within_7_days,deaths_within_30_days,\
            injuries,right_turn,lat,lon
            A1,2026-03-02 08:15,浙F12345,甲公司,330481,fatal,1,2,3,true,30.5,120.6
            A2,2026-03-02T08:15:00Z,,,,,,,,,,
            """)
        #expect(result.errors.isEmpty && result.warnings.isEmpty, "\(result.errors) \(result.warnings)")
        let first = Accident(
            accidentID: "A1", occurredAt: try #require(Instant(rfc3339: "2026-03-02T00:15:00Z")), plate: "浙F12345",
            company: "甲公司", district: "330481", severity: .fatal, deathsWithin7Days: 1, deathsWithin30Days: 2,
            injuries: 3,
            isRightTurn: true, coordinate: Coordinate(latitude: 30.5, longitude: 120.6))
        let second = Accident(
            accidentID: "A2", occurredAt: try #require(Instant(rfc3339: "2026-03-02T08:15:00Z")))
        #expect(result.records == [.accident(first), .accident(second)])
    }

    @Test func accidentsInChinese() {
        let result = self.read(
            .accidents, "事故编号,发生时间,事故等级,7日内死亡人数,右转\nA1,2026年3月2日 8时15分,死亡事故,１,是\nA2,2026/3/2 8:15,较大,,否")
        #expect(result.errors.isEmpty, "\(result.errors)")
        guard case .accident(let first) = result.records.first, case .accident(let second) = result.records.last else {
            Issue.record("no accidents")
            return
        }
        #expect(first.severity == .fatal && first.deathsWithin7Days == 1 && first.isRightTurn == true)
        #expect(second.severity == .larger && second.deathsWithin7Days == nil && second.isRightTurn == false)
    }

    @Test(arguments: [
        ("A1,2026-03-02,,", "occurred_at"), ("A1,2026-03-02 08:15,2,1", "deaths_within_7_days"),
        ("A1,2026-03-02 08:15,1.5,", "deaths_within_7_days"), ("A1,2026-03-02 08:15,-1,", "deaths_within_7_days"),
        (",2026-03-02 08:15,,", "accident_id"),
    ])
    func badAccidentsAreRefused(row: String, column: String) {
        let result = self.read(
            .accidents, "accident_id,occurred_at,deaths_within_7_days,deaths_within_30_days\n" + row)
        #expect(result.errors.map(\.column) == [column])
        #expect(result.records.isEmpty)
    }

    @Test func baselines() {
        let result = self.read(
            .baselines,
            """
            year,district,company,vehicle_kind,vehicles,vehicle_km,volume_m3,accidents,fatal_accidents,deaths,\
            death_window_days,source
            2015,,,,2100,18000000,15958000,40,12,13,7,年报
            2015,330481,,mixer,—,,,,0,,,
            """)
        #expect(result.errors.isEmpty && result.warnings.isEmpty, "\(result.errors) \(result.warnings)")
        let city = Baseline(
            year: 2015, vehicles: 2100, vehicleKilometres: 18e6, volumeCubicMetres: 15_958_000, accidents: 40,
            fatalAccidents: 12, deaths: 13, deathWindowDays: 7, source: "年报")
        let district = Baseline(year: 2015, district: "330481", vehicleKind: .mixer, fatalAccidents: 0)
        #expect(result.records == [.baseline(city), .baseline(district)])
        // The same figures twice, with other content.
        #expect(self.read(.baselines, "year,deaths\n2015,1\n2015,2").errors.map(\.line) == [3])
        #expect(self.read(.baselines, "year\n1999").errors.map(\.column) == ["year"])
    }

    /// What contradicts itself is taken, and told by line and column.
    @Test(arguments: [
        ("property,1,1,0", true), ("property,,,2", true), ("property,0,0,0", false), ("injury,0,1,1", false),
        ("injury,1,1,1", true),
        ("fatal,0,0,1", true), ("fatal,0,1,0", false), ("fatal,0,,0", false), ("fatal,,,0", false),
        ("ordinary,3,3,0", true), ("ordinary,2,3,0", false), ("larger,2,2,0", true), ("larger,2,3,0", false),
        ("larger,2,,0", false), ("larger,10,,0", true), ("major,9,10,0", false), ("extraordinary,29,29,0", true),
        (",5,5,0", false),
    ])
    func severityAndDeathsAreCompared(cells: String, warns: Bool) {
        let result = self.read(
            .accidents,
            "accident_id,occurred_at,severity,deaths_within_7_days,deaths_within_30_days,injuries\n"
                + "A1,2026-03-02 08:15,\(cells)")
        #expect(result.errors.isEmpty && result.records.count == 1)
        #expect(result.warnings.map(\.column) == (warns ? ["severity"] : []), "\(result.warnings)")
        #expect(result.warnings.allSatisfy { $0.line == 2 && $0.message.zh.contains("请核对") })
    }

    /// A date after now is kept, and is said.
    @Test func accidentsToComeAreSaid() throws {
        let result = self.read(
            .accidents, "accident_id,occurred_at\nA1,2026-03-02 08:15\nA2,2026-03-02 08:16\n")
        let now = try #require(Instant(rfc3339: "2026-03-02T08:15:00+08:00"))
        let said = result.warned(ofAccidentsAfter: now)
        #expect(said.rows == result.rows && said.errors.isEmpty && result.warnings.isEmpty)
        #expect(said.warnings.map(\.line) == [3] && said.warnings.map(\.column) == ["occurred_at"])
        #expect(result.warned(ofAccidentsAfter: now.advanced(bySeconds: 60)).warnings.isEmpty)
    }

    @Test(arguments: [
        ("12,13,7", ""), ("12,11,7", "contradict"), ("0,2,30", "contradict"), ("0,0,7", ""), (",13,", "7 days"),
        ("12,,", ""),
    ])
    func baselinesAreComparedWithThemselves(cells: String, warning: String) {
        let result = self.read(.baselines, "year,fatal_accidents,deaths,death_window_days\n2015,\(cells)")
        #expect(result.errors.isEmpty && result.records.count == 1)
        #expect(result.warnings.isEmpty == warning.isEmpty)
        #expect(result.warnings.allSatisfy { $0.message.en.contains(warning) }, "\(result.warnings)")
    }

    /// A row that the reader refused as a whole is not refused so again by the store.
    @Test func errorsAreSaidOnce() {
        let remark = Remark(zh: "一", en: "one")
        let read = [RowError(line: 3, remark), RowError(line: 2, column: "lat", remark)]
        let stored = [
            RowError(line: 2, remark), RowError(line: 3, remark), RowError(line: 3, column: "valid_from", remark),
        ]
        let all = read.joined(by: stored)
        #expect(all.map(\.line) == [2, 2, 3, 3])
        #expect(all.map(\.column) == ["lat", nil, nil, "valid_from"])
    }

    @Test func plans() {
        let result = self.read(
            .plans, "年份,区县,产品,产能,供应量,单位\n2020,市本级,concrete,900,600,wan_m3\n2020,嘉兴港区,mortar,—,0,wan_t")
        #expect(result.errors.isEmpty, "\(result.errors)")
        #expect(
            result.records == [
                .plan(
                    Plan(year: 2020, district: "市本级", product: "concrete", capacity: 900, supply: 600, unit: "wan_m3")),
                .plan(Plan(year: 2020, district: "嘉兴港区", product: "mortar", supply: 0, unit: "wan_t")),
            ])
        #expect(self.read(.plans, "year,district\n2020,").errors.map(\.column) == ["district"])
    }

    private static let fence = "\"POLYGON((120.6 30.5,120.61 30.5,120.61 30.51,120.6 30.5))\""

    private static let weeks: [(days: String, expected: Set<Int>)] = [
        ("", []), ("1;2;3", [1, 2, 3]), ("1-5", [1, 2, 3, 4, 5]), ("mon-fri", [1, 2, 3, 4, 5]),
        ("周一至周五；周日", [1, 2, 3, 4, 5, 7]), ("工作日", [1, 2, 3, 4, 5]), ("Saturday", [6]), ("每天", [1, 2, 3, 4, 5, 6, 7]),
    ]

    @Test(arguments: Self.weeks)
    func zones(days: String, expected: Set<Int>) throws {
        let result = self.read(
            .zones,
            "zone_id,name,rule,days,from,to,permit_plates,fence_wkt\nZ1,环城路,禁止货车,\(days),07:00,9:30,浙F·12345;浙F2,\(Self.fence)"
        )
        #expect(result.errors.isEmpty, "\(result.errors)")
        guard case .zone(let zone) = result.records.first else {
            Issue.record("no zone")
            return
        }
        #expect(zone.days == expected && zone.fromMinute == 420 && zone.toMinute == 570)
        #expect(zone.permitPlates == ["浙F12345", "浙F2"] && zone.rule == "禁止货车")
    }

    @Test(arguments: [
        (",07:00,", "to"), (",25:00,09:00", "from"), ("8,07:00,09:00", "days"), ("5-1,,", "days"), (",7,9", "from"),
    ])
    func badZonesAreRefused(cells: String, column: String) {
        let result = self.read(.zones, "zone_id,name,days,from,to,fence_wkt\nZ1,n,\(cells),\(Self.fence)")
        #expect(result.errors.first?.column == column, "\(result.errors)")
    }
}
