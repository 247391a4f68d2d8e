import Exchange
import RepeatableRandom
import Testing

@Suite struct CSVTableTests {
    private func table(_ text: String, limits: CSVLimits = CSVLimits()) throws -> CSVTable {
        try CSVTable(csv: Array(text.utf8), limits: limits)
    }

    /// Rows are written as `line:cell|cell`.
    @Test(
        arguments: [
            ("a,b\n1,2\n", ["1:a|b", "2:1|2"]), ("a,b\r\n1,2", ["1:a|b", "2:1|2"]), ("a,b\r1,2\r", ["1:a|b", "2:1|2"]),
            ("a,b\n\n\n1,\n", ["1:a|b", "4:1|"]), ("\n\na,b\n,,,\n ,\t\n　,\n1,2", ["3:a|b", "7:1|2"]),
            ("a,b\n\"1\n2\r\n3\r4\",5\n6,7", ["1:a|b", "2:1\n2\r\n3\r4|5", "6:6|7"]),
            ("a,b\n\"say \"\"hi\"\"\",\"x,y\"", ["1:a|b", "2:say \"hi\"|x,y"]),
            ("a,b\n\"\",\"\"\"\"", ["1:a|b", "2:|\""]),
            ("a,b\n5' 3\",海宁\"一号\"站\n", ["1:a|b", "2:5' 3\"|海宁\"一号\"站"]), ("a\n1", ["1:a", "2:1"]),
            ("a,b\n =1+1 ,2", ["1:a|b", "2: =1+1 |2"]), ("\u{FEFF}a,b\n1,𠀀", ["1:a|b", "2:1|𠀀"]), ("a,", ["1:a|"]),
        ] as [(String, [String])])
    func cellsAreReadAsRFC4180Says(text: String, rows: [String]) throws {
        let table = try self.table(text)
        #expect(([table.header] + table.rows).map { "\($0.line):" + $0.cells.joined(separator: "|") } == rows)
        #expect(table.faults.isEmpty)
    }

    @Test(
        arguments: [
            ("a,b\n1\n2,3\n4,5,6\n", [2, 4], [3]), ("a,b\n\"1\"x,2\n3,4", [2], [3]), ("a,b\n\"1\"\"x\" ,2\n", [2], []),
            ("a,b\n\"1\n\n\",2,3\n4\n", [2, 5], []),
        ] as [(String, [Int], [Int])])
    func badRowsAreReportedByLineAndTheOthersRead(text: String, faults: [Int], rows: [Int]) throws {
        let table = try self.table(text)
        #expect(table.faults.map(\.line) == faults)
        #expect(table.rows.map(\.line) == rows)
    }

    @Test(
        arguments: [
            ("", ExchangeError.Code.malformedTable, 1), ("\n \n,,\n", .malformedTable, 1),
            ("a,b\n1,\"2\n3\n", .malformedTable, 2),
            ("\"a\"b,c\n", .malformedTable, 1), ("a,b\n\"", .malformedTable, 2),
        ] as [(String, ExchangeError.Code, Int)])
    func filesThatAreNoTableAreRefused(text: String, code: ExchangeError.Code, line: Int) {
        let error = #expect(throws: ExchangeError.self) { try self.table(text) }
        #expect(error?.code == code)
        #expect(error?.line == line)
    }

    @Test(
        arguments: [
            ("a,b\n1,2\n", CSVLimits(bytes: 7), Int?.none), ("a,b\n1,2\n3,4\n", CSVLimits(rows: 1), 3),
            ("a,b\n1\n3,4\n", CSVLimits(rows: 1), 3), ("a,b\n1,2,3\n", CSVLimits(columns: 2), 2),
            ("a,b\n1,2\n\n12345,\n", CSVLimits(cellBytes: 4), 4), ("a,b\n\n\"12345\",\n", CSVLimits(cellBytes: 4), 3),
        ] as [(String, CSVLimits, Int?)])
    func limitsRefuseTheFile(text: String, limits: CSVLimits, line: Int?) throws {
        let error = #expect(throws: ExchangeError.self) { try self.table(text, limits: limits) }
        #expect(error?.code == .tooLarge)
        #expect(error?.line == line)
        _ = try self.table(text)
    }

    /// Whatever the bytes, reading ends in a table or in an error.
    @Test(arguments: 0..<60)
    func anyBytesAreReadOrRefused(seed: UInt64) {
        var random = SplitMix64(seed: seed)
        let pieces: [[UInt8]] = [
            [0x22], [0x2C], [0x0A], [0x0D], [0x0D, 0x0A], [0x22, 0x22], Array("站".utf8), [0xD5, 0xBE], [0x81], [0x00],
            [0xFF], [0xEF, 0xBB, 0xBF], Array("a1".utf8), [0x20],
        ]
        for _ in 0..<200 {
            let count = Int.random(in: 0...40, using: &random)
            let bytes = (0..<count).flatMap { _ in pieces.randomElement(using: &random) ?? [] }
            guard let table = try? CSVTable(csv: bytes) else { continue }
            let width = table.header.cells.count
            #expect(table.rows.allSatisfy { $0.cells.count == width }, "seed \(seed)")
        }
    }

    /// What the writer writes, the reader reads.
    @Test(arguments: 0..<60)
    func writtenCellsAreReadBack(seed: UInt64) throws {
        var random = SplitMix64(seed: seed)
        let pieces = ["\"", ",", "\n", "\r", "\r\n", "站", "=1", "a", " ", "'", "\u{0}", "𠀀", "\u{FEFF}"]
        var writer = TableWriter(columns: ["id", "text"], format: .csv)
        let texts = (0..<50).map { _ in
            (0..<Int.random(in: 0...8, using: &random)).map { _ in pieces.randomElement(using: &random) ?? "" }.joined()
        }
        for (index, text) in texts.enumerated() { writer.append([.integer(index), .text(text)]) }
        let table = try CSVTable(csv: writer.finish())
        #expect(table.rows.map { $0.cells[1] } == texts, "seed \(seed)")
    }
}
