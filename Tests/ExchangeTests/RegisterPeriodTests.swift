import Chronology
import Exchange
import Registers
import RepeatableRandom
import Testing

/// Rows of one id in one file, and how their dates are read.
@Suite struct RegisterPeriodTests {
    private func sites(_ rows: [String]) -> RegisterImport.Result {
        let text = "site_id,name,status,valid_from,valid_to,lat,lon,radius_m\n" + rows.joined(separator: "\n")
        return RegisterImport.read(kind: .sites, bytes: Array(text.utf8))
    }

    /// `later<earlier` for each error.
    @Test(
        arguments: [
            // Adjoining dates are a change of status.
            (["S,n,active,2026-01-01,2026-01-31", "S,n,suspended,2026-02-01,"], []),
            (["S,n,suspended,2026-02-01,", "S,n,active,2026-01-01,2026-01-31"], []),
            // One day too many.
            (["S,n,active,2026-01-01,2026-02-01", "S,n,suspended,2026-02-01,"], ["3<2"]),
            (["S,n,suspended,2026-02-01,", "S,n,active,2026-01-01,2026-02-01"], ["3<2"]),
            (["S,n,active,2026-01-01,", "S,n,suspended,2026-02-01,", "S,n,completed,2026-03-01,"], ["3<2", "4<2"]),
            // A long row over two short ones, which do not touch each other.
            (
                ["S,n,active,2026-01-05,2026-01-06", "S,n,active,2026-01-08,2026-01-09", "S,m,active,2026-01-01,"],
                ["4<2", "4<3"]
            ),
            (["S,n,active,2026-01-01,", "T,n,active,2026-01-01,"], []),
            (["S,n,active,2026-01-01,", "S,m,active,2026-01-01,"], ["3<2"]),
        ] as [([String], [String])])
    func overlapsNameBothLines(rows: [String], errors: [String]) {
        let result = self.sites(rows.map { $0 + ",30,120,100" })
        #expect(result.errors.count == errors.count)
        for error in errors {
            let lines = error.split(separator: "<")
            #expect(
                result.errors.contains { $0.line == Int(lines[0]) && $0.message.en.hasSuffix("line \(lines[1])") },
                "\(result.errors)")
        }
    }

    @Test func sameRowsAreTakenOnceWithAWarning() {
        let row = "S,n,active,2026-01-01,,30,120,100"
        // Written differently, the same in meaning.
        let result = self.sites([row, "S, n ,在建,2026/1/1,长期,30.0,120,1e2", "S,n,ACTIVE,20260101,,30,120,１００"])
        #expect(result.errors.isEmpty)
        #expect(result.rows.map(\.line) == [2])
        #expect(result.warnings.map(\.line) == [3, 4])
    }

    @Test func kindsWithoutDatesHaveOneRowPerID() {
        let text = "company,contact\nC,one\nC,other"
        let result = RegisterImport.read(kind: .companies, bytes: Array(text.utf8))
        #expect(result.errors.map(\.line) == [3])
        #expect(result.errors.first?.message.en.contains("line 2") == true)
    }

    @Test func aTicketNumberUsedTwiceIsTwoTickets() {
        let text = """
            ticket_id,plant_id,site_id,plate,volume_m3,issued_at
            K,P,S,浙F12345,8,2026-03-02 08:00
            K,P,S,浙F12345,8,2026-03-02 09:00
            K,P,S,浙F12345,9,2026-03-02 09:00
            """
        let result = RegisterImport.read(kind: .tickets, bytes: Array(text.utf8))
        #expect(result.rows.map(\.line) == [2, 3, 4])
        // The same ticket with two volumes cannot be both.
        #expect(result.errors.map(\.line) == [4])
    }

    @Test func oneTerminalInTwoTrucksIsAWarning() {
        let text = """
            plate,terminal,kind,registered_from,registered_to
            浙F00001,0138,mixer,2026-01-01,2026-01-31
            浙F00002,138,mixer,2026-01-31,
            浙F00003,T,mixer,,2026-01-31
            浙F00004,T,mixer,2026-02-01,
            """
        let result = RegisterImport.read(kind: .vehicles, bytes: Array(text.utf8))
        #expect(result.errors.isEmpty)
        #expect(result.warnings.map(\.line) == [3])
    }

    /// The period of a row, as RFC 3339; `-` is open, `!` an error.
    @Test(
        arguments: [
            ("2026-03-02", "2026-03-02", "2026-03-01T16:00:00Z", "2026-03-02T16:00:00Z"),
            ("2026/3/2", "2026.3.2", "2026-03-01T16:00:00Z", "2026-03-02T16:00:00Z"),
            ("2026年3月2日", "２０２６年０３月０２日", "2026-03-01T16:00:00Z", "2026-03-02T16:00:00Z"),
            ("20260302", "", "2026-03-01T16:00:00Z", "-"), ("2024-02-29", "9999-12-31", "2024-02-28T16:00:00Z", "-"),
            // Exports of databases give days a time.
            ("2026-03-02 00:00:00", "2026-03-02 00:00:00", "2026-03-01T16:00:00Z", "2026-03-02T16:00:00Z"),
            ("2026/3/2 0:00", "2026/3/2 23:59:59", "2026-03-01T16:00:00Z", "2026-03-02T16:00:00Z"),
            ("2026-03-02T08:00:00+08:00", "2026-03-02 12:30", "2026-03-02T00:00:00Z", "2026-03-02T04:30:00Z"),
            ("2026年3月2日8时", "2026年3月2日 8时15分30秒", "2026-03-02T00:00:00Z", "2026-03-02T00:15:30Z"),
            ("2026-02-29", "", "!", ""), ("2026-13-01", "", "!", ""), ("0026-03-02", "", "!", ""),
            ("03/02/2026", "", "!", ""),
            ("2026-3", "", "!", ""), ("2026-03-02-01", "", "!", ""), ("2026-03-02 24:00", "", "!", ""),
            ("46083", "", "!", ""),
            ("2026-+3-02", "", "!", ""), ("2026-03-02 08", "", "!", ""), ("2026年3月", "", "!", ""), ("长期", "", "!", ""),
            ("2026-03-02", "2026-03-01", "!", ""), ("2026-03-02 08:00", "2026-03-02T08:00:00+08:00", "!", ""),
        ] as [(String, String, String, String)])
    func datesAreReadAsPeopleTypeThem(from: String, to: String, start: String, end: String) {
        let result = self.sites(["S,n,active,\(from),\(to),30,120,100"])
        let period = result.records.first?.period
        #expect((period?.from.description ?? "!") == start, "\(result.errors)")
        guard let period else { return }
        #expect((period.to?.description ?? "-") == end)
    }

    @Test(arguments: ["2026-03-02", "", "8:15", "2026-03-02T25:00:00Z"])
    func aTicketNeedsItsTimeOfDay(time: String) {
        let text = "ticket_id,plant_id,site_id,plate,issued_at\nK,P,S,浙F12345,\(time)"
        let result = RegisterImport.read(kind: .tickets, bytes: Array(text.utf8))
        #expect(result.errors.map(\.column) == ["issued_at"])
    }

    @Test(
        arguments: [
            ("1200", 1200), ("1,200", 1200), ("１２００．５", 1200.5), ("+12", 12), ("1e2", 100), (".5", 0.5),
            ("12,345,678.5", 12_345_678.5),
            ("1,20", nil), ("1200,000", nil), (",200", nil), ("1.2.3", nil), ("0x10", nil), ("inf", nil), ("nan", nil),
            ("1e", nil),
            ("12 t", nil), ("--1", nil), ("1e999", nil), ("1.5,000", nil), ("-1", nil), ("一", nil),
        ] as [(String, Double?)])
    func numbersAreDecimal(text: String, number: Double?) {
        let csv = """
            plant_id,name,licence_kind,status,valid_from,lat,lon,radius_m,capacity_m3_per_year
            P,n,cement,valid,2026-01-01,30,120,100,"\(text)"
            """
        let result = RegisterImport.read(kind: .plants, bytes: Array(csv.utf8))
        guard case .plant(let plant) = result.records.first else {
            #expect(number == nil && result.errors.map(\.column) == ["capacity_m3_per_year"])
            return
        }
        #expect(plant.capacityPerYear == number)
    }

    /// Any cells end in records or in errors, and errors lie on lines that the file has.
    @Test(arguments: 0..<40)
    func anyCellsAreReadOrReported(seed: UInt64) {
        var random = SplitMix64(seed: seed)
        let values = [
            "", "P", "valid", "有效", "2026-03-02", "2026年13月2日", "日", "年月日", "T", ":", "8时", "30", "1e309", "-",
            "9999-12-31",
            "POLYGON((0 0,1 0,1 1,0 0))", "\u{0}", "true", "；", "٣", "\"\"", "gcj02", "1,000", "浙F12345", "é\u{301}",
            "999999999999999999999",
        ]
        for kind in RegisterKind.allCases {
            let header = [
                "编号", "名称", "状态", "类别", "车牌", "终端", "有效期起", "有效期止", "纬度", "经度", "半径", "围栏", "坐标系", "企业", "发货时间",
            ]
            let rows = (0..<20).map { _ in
                header.map { _ in "\"" + (values.randomElement(using: &random) ?? "") + "\"" }.joined(separator: ",")
            }
            let text = ([header.joined(separator: ",")] + rows).joined(separator: "\n")
            let result = RegisterImport.read(kind: kind, bytes: Array(text.utf8))
            #expect(result.errors.allSatisfy { (1...21).contains($0.line) }, "seed \(seed)")
        }
    }
}
