import Chronology
import Foundation
import Geodesy
import Registers
import Testing

@Suite struct RegisterRecordTests {
    private static let fence = Fence.circle(
        center: Coordinate(latitudeE7: 307_461_230, longitudeE7: 1), radiusMetres: 9)
    private static let period = ValidPeriod(from: Instant(seconds: 1), to: Instant(seconds: 2))
    private static let records: [RegisterRecord] = [
        .plant(
            Plant(
                plantID: "P", name: "n", licenceKind: .mortar, status: .rectifying, period: period, fence: fence)),
        .site(Site(siteID: "S", name: "n", status: .active, period: period, approvedPlants: ["P"], fence: fence)),
        .place(Place(placeID: "L", name: "n", kind: .silo, fence: fence)),
        .vehicle(Vehicle(plate: "V", terminal: "T", kind: .bulkCement, period: period, blindSpotCamera: false)),
        .terminal(TerminalSettings(terminal: "T", dialect: "jt808", drumForward: .discharges, coordinates: .gcj02)),
        .ticket(Ticket(ticketID: "K", plantID: "P", siteID: "S", plate: "V", issuedAt: Instant(seconds: 3))),
        .company(Company(company: "C", contact: "x")),
        .district(District(district: "D", name: "n", fence: fence)),
    ]

    @Test(arguments: records)
    func recordsSurviveJSON(record: RegisterRecord) throws {
        let json = try JSONEncoder().encode(record)
        #expect(try JSONDecoder().decode(RegisterRecord.self, from: json) == record)
    }

    @Test func recordsSayWhoTheyAre() {
        #expect(Self.records.map(\.key) == ["P", "S", "L", "V", "T", "K", "C", "D"])
        #expect(
            Self.records.map(\.kind) == [
                .plants, .sites, .places, .vehicles, .terminals, .tickets, .companies, .districts,
            ])
        #expect(Self.records.map { $0.period == Self.period } == [true, true, false, true, false, false, false, false])
        #expect(Self.records.map { $0.fence != nil } == [true, true, true, false, false, false, false, true])
        #expect(Self.records[2].period == .always)
    }

    @Test func kindsWithoutATypedRowAreRefused() {
        let json = Data(#"{"kind": "zones", "row": {}}"#.utf8)
        #expect(throws: DecodingError.self) { try JSONDecoder().decode(RegisterRecord.self, from: json) }
    }
}
