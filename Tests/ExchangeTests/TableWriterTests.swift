import Chronology
import Deliveries
import Exchange
import Foundation
import Geodesy
import RepeatableRandom
import Suspicions
import Telemetry
import Testing

@Suite struct TableWriterTests {
    private func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }

    private static let hostile = "\"><script>&'\u{0}\u{1}\r\n,;=1+1站𠀀\u{2028}\\\u{FFFE}"

    private func judged(hostile: Bool = false) throws -> JudgedDelivery {
        let terminal = try #require(TerminalID("T-1"))
        let time = try #require(Instant(rfc3339: "2026-03-02T08:15:30.5Z"))
        let delivery = Delivery(
            deliveryID: hostile ? Self.hostile : "D-T-1-1", loadID: "L-T-1-0", terminal: terminal,
            plate: hostile ? "=cmd" : "浙F12345",
            origin: DeliveryEnd(
                kind: .plant, id: "P1", coordinate: Coordinate(latitudeE7: 307_461_230, longitudeE7: 1_207_555_120)),
            loadStart: hostile ? nil : time.advanced(bySeconds: -3600),
            loadEnd: hostile ? nil : time.advanced(bySeconds: -1800),
            destination: DeliveryEnd(
                kind: .unknown,
                coordinate: hostile ? nil : Coordinate(latitudeE7: 305_000_000, longitudeE7: 1_206_810_000)),
            unloadStart: time, unloadEnd: time.advanced(bySeconds: 600), distanceKilometres: hostile ? nil : 0.1 + 0.2,
            coverage: 1, confidence: [:], isFinal: true, settledAt: time)
        let hits = ["unlicensed-origin", "diversion"].map {
            Judgement(rule: $0, outcome: .hit, severity: 4, facts: [], registerRevision: 1)
        }
        return JudgedDelivery(
            delivery: delivery, judgements: hits, verdict: .suspicious, score: hostile ? .infinity : 130)
    }

    @Test func deliveriesHaveTheColumnsOfTheContract() throws {
        let csv = self.text(DeliveriesTable.write([try self.judged()], as: .csv))
        #expect(
            csv == """
                delivery_id,load_id,plate,terminal,origin_kind,origin_id,origin_lat,origin_lon,load_start,load_end,\
                destination_kind,destination_id,destination_lat,destination_lon,unload_start,unload_end,\
                distance_km,ticket_id,verdict,suspicions,score,coverage
                D-T-1-1,L-T-1-0,浙F12345,T-1,plant,P1,30.746123,120.755512,\
                2026-03-02T07:15:30.5Z,2026-03-02T07:45:30.5Z,\
                unknown,,30.5,120.681,2026-03-02T08:15:30.5Z,2026-03-02T08:25:30.5Z,0.30000000000000004,,suspicious,\
                unlicensed-origin;diversion,130,1

                """)
        let lines = self.text(DeliveriesTable.write([try self.judged()], as: .ndjson))
        #expect(
            lines == """
                {"delivery_id":"D-T-1-1","load_id":"L-T-1-0","plate":"浙F12345","terminal":"T-1","origin_kind":"plant",\
                "origin_id":"P1","origin_lat":30.746123,"origin_lon":120.755512,"load_start":"2026-03-02T07:15:30.5Z",\
                "load_end":"2026-03-02T07:45:30.5Z","destination_kind":"unknown","destination_id":null,\
                "destination_lat":30.5,"destination_lon":120.681,"unload_start":"2026-03-02T08:15:30.5Z",\
                "unload_end":"2026-03-02T08:25:30.5Z","distance_km":0.30000000000000004,"ticket_id":null,\
                "verdict":"suspicious","suspicions":"unlicensed-origin;diversion","score":130,"coverage":1}

                """)
        let map = self.text(DeliveriesTable.write([try self.judged()], as: .geojson))
        #expect(
            map.hasPrefix(
                """
                {"type":"FeatureCollection","features":[
                {"type":"Feature","geometry":{"type":"LineString",\
                "coordinates":[[120.755512,30.746123],[120.681,30.5]]},\
                "properties":{"delivery_id":"D-T-1-1",
                """.trimmingCharacters(in: .newlines)))
    }

    @Test(arguments: TableFormat.allCases)
    func hostileTextStaysText(format: TableFormat) throws {
        let judged = try self.judged(hostile: true)
        let bytes = DeliveriesTable.write([judged, judged], as: format)
        switch format {
        case .csv:
            let table = try CSVTable(csv: bytes)
            #expect(table.rows.map { $0.cells[0] } == [Self.hostile, Self.hostile])
            // Machine formats keep a cell exactly, also one that a spreadsheet would take for a formula.
            #expect(table.rows[0].cells[2] == "=cmd")
            #expect(table.rows[0].cells[8] == "" && table.rows[0].cells[20] == "inf")
        case .json:
            let rows = try #require(try JSONSerialization.jsonObject(with: Data(bytes)) as? [[String: Any]])
            #expect(rows.map { $0["delivery_id"] as? String } == [Self.hostile, Self.hostile])
            #expect(rows[0]["score"] as? String == "inf" && rows[0]["load_start"] is NSNull)
        case .ndjson:
            let lines = bytes.split(separator: UInt8(ascii: "\n"))
            #expect(lines.count == 2)
            for line in lines {
                let row = try #require(try JSONSerialization.jsonObject(with: Data(line)) as? [String: Any])
                #expect(row["delivery_id"] as? String == Self.hostile && row.count == DeliveriesTable.columns.count)
            }
        case .xlsx:
            let table = try XLSXReader.table(bytes)
            #expect(table.rows.count == 2)
            #expect(table.rows[0].cells[2] == "=cmd" && table.rows[0].cells[20] == "inf")
        case .geojson:
            let map = try #require(try JSONSerialization.jsonObject(with: Data(bytes)) as? [String: Any])
            let features = try #require(map["features"] as? [[String: Any]])
            #expect(features.count == 2)
            let geometry = try #require(features[0]["geometry"] as? [String: Any])
            #expect(geometry["type"] as? String == "Point")
            #expect(geometry["coordinates"] as? [Double] == [120.755512, 30.746123])
        }
    }

    @Test(arguments: [
        (TableFormat.csv, SuspectedPlantsTable.columns.joined(separator: ",") + "\n"), (.json, "[]\n"), (.ndjson, ""),
        (.geojson, "{\"type\":\"FeatureCollection\",\"features\":[]}\n"),
    ])
    func emptyTablesAreWhole(format: TableFormat, text: String) {
        #expect(self.text(SuspectedPlantsTable.write([], as: format)) == text)
    }

    @Test func suspectedPlantsAreWritten() {
        let row = SuspectedPlantRow(
            suspectedPlantID: "X1", coordinate: Coordinate(latitudeE7: -5, longitudeE7: 0), loads: 12, trucks: 3,
            sites: 2,
            firstSeen: Instant(seconds: 0), lastSeen: Instant(seconds: 1), score: 0.5, status: "open")
        #expect(
            self.text(SuspectedPlantsTable.write([row], as: .csv))
                == SuspectedPlantsTable.columns.joined(separator: ",")
                + "\nX1,-5e-07,0,12,3,2,1970-01-01T00:00:00Z,1970-01-01T00:00:01Z,0.5,open\n")
        #expect(
            self.text(SuspectedPlantsTable.write([row, row], as: .json)).hasPrefix(
                "[\n{\"suspected_plant_id\":\"X1\",\"lat\":-5e-07"))
    }

    @Test(
        arguments: [
            (1, "1"), (-0.5, "-0.5"), (0.1 + 0.2, "0.30000000000000004"), (1e21, "1e+21"), (1e-300, "1e-300"),
            (.infinity, "inf"),
            (-.infinity, "-inf"), (.nan, ""), (100_000_000, "100000000"), (1.0 / 3, "0.3333333333333333"),
        ] as [(Double, String)])
    func numbersAreShortest(number: Double, text: String) {
        #expect(NumberText.shortest(number) == text)
        if !number.isNaN { #expect(Double(text) == number) }
    }

    @Test(arguments: 0..<20)
    func anyNumberIsReadBack(seed: UInt64) {
        var random = SplitMix64(seed: seed)
        for _ in 0..<500 {
            let number = Double(bitPattern: random.next())
            guard number.isFinite else { continue }
            #expect(Double(NumberText.shortest(number))?.bitPattern == number.bitPattern, "seed \(seed)")
        }
    }

    @Test func aTableCanBeTakenPieceByPiece() {
        var writer = TableWriter(columns: ["a"], format: .json)
        var bytes = writer.takeBytes()
        for index in 0..<3 {
            writer.append([.integer(index)])
            bytes += writer.takeBytes()
        }
        bytes += writer.finish()
        #expect(self.text(bytes) == "[\n{\"a\":0},\n{\"a\":1},\n{\"a\":2}\n]\n")
    }
}
