import Chronology
import Geodesy
import Registers
import RepeatableRandom
import Testing

@testable import Exchange

/// Workbooks out and in.
@Suite struct XLSXTests {
    private let columns = ["名称", "number", "flag", "time", "empty"]

    private func workbook() -> [UInt8] {
        var writer = TableWriter(columns: self.columns, format: .xlsx)
        writer.append([
            .text("=SUM(A1)"), .number(30.7), .boolean(true), .time(Instant(rfc3339: "2026-03-02T08:15:30Z")),
            .text(nil),
        ])
        writer.append([.text("a,\"b\"\n<c> & 砼"), .integer(-5), .boolean(false), .time(nil), .number(.infinity)])
        return writer.finish()
    }

    @Test func whatIsWrittenIsReadBack() throws {
        let bytes = self.workbook()
        #expect(XLSXReader.isWorkbook(bytes))
        let table = try XLSXReader.table(bytes)
        #expect(table.header.cells == self.columns)
        #expect(table.rows.map(\.line) == [2, 3])
        #expect(table.rows[0].cells == ["=SUM(A1)", "30.7", "true", "2026-03-02 16:15:30", ""])
        #expect(table.rows[1].cells == ["a,\"b\"\n<c> & 砼", "-5", "false", "", "inf"])
    }

    @Test func theEmptyTableHasItsHeader() throws {
        let table = try XLSXReader.table(TableWriter(columns: ["a"], format: .xlsx).finish())
        #expect(table.header.cells == ["a"])
        #expect(table.rows.isEmpty)
    }

    /// As other programs write them: inline texts, gaps between cells and rows, runs and readings, dates from 1904.
    @Test func theFormsOfOtherProgramsAreRead() throws {
        let bytes = try Self.book(
            sheet: """
                <row r="2"><c r="B2" t="inlineStr"><is><r><t>plate</t></r></is></c><c r="D2" t="s"><v>0</v></c></row>
                <row r="5"><c r="B5" t="str"><f>A1</f><v>浙F12345</v></c><c r="D5" s="1"><v>0.29166666666666669</v></c></row>
                <row r="6"><c r="B6"><v>13800000001</v></c><c r="D6" s="1"><v>44621</v></c></row>
                <row r="7"><c r="A7" t="s"><v>1</v></c></row><row r="9"/>
                <row r="10"><c r="F10"><v>1</v></c></row>
                """,
            strings:
                "<si><r><t>ti</t></r><r><t>me</t></r><rPh><t>x</t></rPh></si><si><t xml:space=\"preserve\"> </t></si>")
        let table = try XLSXReader.table(bytes)
        #expect(table.header.line == 2)
        #expect(table.header.cells == ["", "plate", "", "time"])
        #expect(table.rows.map(\.line) == [5, 6])
        #expect(table.rows[0].cells == ["", "浙F12345", "", "07:00:00"])
        #expect(table.rows[1].cells == ["", "13800000001", "", "2026-03-02"])
        #expect(table.faults.map(\.line) == [10])
    }

    /// The same row errors as from CSV, at the sheet's own row numbers.
    @Test func rowErrorsAreThoseOfCSV() throws {
        let text = "plate,terminal,kind,tare_t\n浙F12345,T1,mixer,12\n浙F12346,T2,tank,x\n"
        let csv = RegisterImport.read(kind: .vehicles, bytes: Array(text.utf8))
        var writer = TableWriter(columns: ["plate", "terminal", "kind", "tare_t"], format: .xlsx)
        writer.append([.text("浙F12345"), .text("T1"), .text("mixer"), .number(12)])
        writer.append([.text("浙F12346"), .text("T2"), .text("tank"), .text("x")])
        let xlsx = RegisterImport.read(kind: .vehicles, bytes: writer.finish())
        #expect(xlsx.errors == csv.errors)
        #expect(csv.errors.count == 2)
        #expect(xlsx.rows == csv.rows)
    }

    /// What is exported can be imported, in every format that is read.
    @Test(arguments: [TableFormat.csv, .xlsx])
    func registersComeBack(format: TableFormat) throws {
        let center = try #require(Coordinate(latitude: 30.75, longitude: 120.75))
        let day = try #require(CivilDate(year: 2026, month: 1, day: 1))
        let last = try #require(CivilDate(year: 2026, month: 12, day: 31))
        let polygon = try Fence.parse(wkt: "POLYGON((120.7 30.7,120.8 30.7,120.8 30.8,120.7 30.7))", in: .wgs84)
        let records: [RegisterRecord] = [
            .plant(
                Plant(
                    plantID: "P1", name: "=一站", licenceNumber: "D333001", licenceKind: .concrete, status: .valid,
                    period: ValidPeriod(from: day, through: last), district: "330402", capacityPerYear: 600_000,
                    fence: .circle(center: center, radiusMetres: 150))),
            .plant(
                Plant(
                    plantID: "P2", name: "二站", licenceKind: .mortar, status: .suspended,
                    period: ValidPeriod(from: day, through: nil), fence: polygon)),
            .vehicle(
                Vehicle(
                    plate: "浙F12345", terminal: "013800000001", kind: .bulkCement, tareTonnes: 12.5,
                    period: .always, blindSpotCamera: true)),
            .terminal(
                TerminalSettings(terminal: "T1", drumForward: .discharges, rightCameraChannel: 3, coordinates: .gcj02)),
            .ticket(
                Ticket(
                    ticketID: "0001", plantID: "P1", siteID: "S1", plate: "浙F12345", volumeCubicMetres: 12,
                    issuedAt: Instant(seconds: 1_772_439_330))),
            .zone(
                Zone(
                    zoneID: "Z1", name: "禁区", days: [1, 5], fromMinute: 420, toMinute: 570, permitPlates: ["浙F12345"],
                    fence: polygon)),
            .zone(
                Zone(
                    zoneID: "Z2", name: "临时管制", fence: polygon, period: ValidPeriod(from: day, through: last))),
        ]
        for kind in Set(records.map(\.kind)) {
            let own = records.filter { $0.kind == kind }
            let result = RegisterImport.read(kind: kind, bytes: RegisterTable.write(own, kind: kind, as: format))
            #expect(result.errors.isEmpty, "\(kind): \(result.errors)")
            #expect(result.records == own, "\(kind)")
        }
    }

    /// A spreadsheet runs nothing of a register's CSV, and what is read in again is what was there.
    @Test(arguments: [
        ("=HYPERLINK(\"http://x\")", true), ("@SUM(1)", true), ("+cmd|' /C calc'!A0", true), ("-1+A1", true),
        ("＝1", true), ("'=1", true), ("''=1", true), ("'x", false), ("-1.5", false),
        ("+86 (573) 8200-0000", false), ("站=一", false),
    ])
    func aRegisterHoldsNoFormula(name: String, isGuarded: Bool) throws {
        let center = try #require(Coordinate(latitude: 30.75, longitude: 120.75))
        let day = try #require(CivilDate(year: 2026, month: 1, day: 1))
        let plant = RegisterRecord.plant(
            Plant(
                plantID: "P1", name: name, licenceKind: .concrete, status: .valid,
                period: ValidPeriod(from: day, through: nil),
                fence: .circle(center: center, radiusMetres: 150)))
        let bytes = RegisterTable.write([plant], kind: .plants, as: .csv)
        let cells = try CSVTable(csv: bytes).rows[0].cells
        #expect(cells.contains("'" + name) == isGuarded && cells.contains(name) != isGuarded)
        let read = RegisterImport.read(kind: .plants, bytes: bytes)
        #expect(read.errors.isEmpty && read.records == [plant], "\(read.errors)")
    }

    @Test func damagedWorkbooksAreRefused() throws {
        let bytes = self.workbook()
        for length in stride(from: 0, to: bytes.count, by: 131) {
            // Never a trap; what can be read of it may be a table all the same.
            _ = try? XLSXReader.table(Array(bytes.prefix(length)))
        }
        var generator = SplitMix64(seed: 7)
        for _ in 0..<300 {
            var changed = bytes
            changed[Int.random(in: 0..<bytes.count, using: &generator)] ^= UInt8.random(in: 1...255, using: &generator)
            _ = try? XLSXReader.table(changed)
        }
        #expect(throws: ExchangeError.self) { try XLSXReader.table([0x50, 0x4B, 0x03, 0x04]) }
        let plain = try ZipArchive.write([(path: "a.txt", bytes: [1])], at: 0)
        #expect(throws: ExchangeError.self) { try XLSXReader.table(plain) }
        #expect(throws: ExchangeError.self) { try XLSXReader.table(bytes, limits: CSVLimits(bytes: 100)) }
        let zeros = [UInt8](repeating: 0, count: 1 << 20)
        let bomb = try ZipArchive.write([(path: "xl/workbook.xml", bytes: zeros)], at: 0)
        #expect(bomb.count < 4096)
        #expect(throws: ExchangeError.self) { try XLSXReader.table(bomb, limits: CSVLimits(bytes: 65_536)) }
    }

    @Test func anArchiveComesBack() throws {
        let files: [(path: String, bytes: [UInt8])] = [("a/b.txt", Array("砼".utf8)), ("empty", [])]
        let archive = try ZipArchive.write(files, at: 1_772_439_330)
        let found = try ZipArchive.read(archive, limit: 100) { _ in true }
        #expect(found == ["a/b.txt": Array("砼".utf8), "empty": []])
        #expect(try ZipArchive.write(files, at: 1_772_439_330) == archive)
    }

    private static func book(sheet: String, strings: String) throws -> [UInt8] {
        let parts = [
            (
                "xl/workbook.xml",
                "<workbook xmlns:r=\"r\"><workbookPr date1904=\"true\"/><sheets><sheet name=\"x\" r:id=\"rId7\"/></sheets></workbook>"
            ),
            (
                "xl/_rels/workbook.xml.rels",
                "<Relationships><Relationship Id=\"rId7\" Target=\"worksheets/s.xml\"/></Relationships>"
            ), ("xl/sharedStrings.xml", "<sst>\(strings)</sst>"),
            ("xl/styles.xml", "<styleSheet><cellXfs><xf numFmtId=\"0\"/><xf numFmtId=\"14\"/></cellXfs></styleSheet>"),
            ("xl/worksheets/s.xml", "<worksheet><sheetData>\(sheet)</sheetData></worksheet>"),
        ]
        return try ZipArchive.write(parts.map { (path: $0.0, bytes: Array($0.1.utf8)) }, at: 0)
    }
}

/// Workbooks for people: sentences above a table, several sheets.
@Suite struct WorkbookTests {
    @Test func aSheetHasItsSentencesAboveItsTable() throws {
        let bytes = WorkbookFile.bytes([
            WorkbookSheet(
                "率/rates: [a]*?", lead: ["标题 title", "=1+1"], columns: ["a", "b"], styles: [.percent],
                rows: [[.number(0.25), .number(.infinity)], [.number(nil), .text("=2")]]),
            WorkbookSheet("空 empty", lead: ["只有一句 a sentence only"], columns: [], rows: []),
            WorkbookSheet(String(repeating: "长", count: 60), columns: ["x"], rows: [[.integer(1)]]),
        ])
        #expect(XLSXReader.isWorkbook(bytes))
        let files = try ZipArchive.read(bytes, limit: 1 << 20) { $0.hasPrefix("xl/") }
        func text(_ path: String) throws -> String {
            String(decoding: try #require(files[path], "\(files.keys.sorted())"), as: UTF8.self)
        }
        // What begins with = is a text and no formula.
        let texts = try text("xl/sharedStrings.xml")
        for cell in ["标题 title", "=1+1", "=2", "inf"] { #expect(texts.contains(">\(cell)<"), "\(cell)") }
        let sheet = try text("xl/worksheets/sheet1.xml")
        #expect(sheet.contains("<v>0.25</v>") && !sheet.contains("<f>") && sheet.contains("paperSize=\"9\""))
        let names = try text("xl/workbook.xml")
        #expect(names.contains("率rates a") && names.contains("空 empty"))
        #expect(names.contains("\"\(String(repeating: "长", count: 31))\""))
    }
}
