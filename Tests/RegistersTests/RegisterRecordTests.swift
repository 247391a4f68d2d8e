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
        .zone(Zone(zoneID: "Z", name: "n", days: [1], fromMinute: 420, toMinute: 540, fence: fence)),
        .accident(Accident(accidentID: "A", occurredAt: Instant(seconds: 4), severity: .fatal, deathsWithin7Days: 1)),
        .baseline(Baseline(year: 2015, district: "D", vehicles: 2100, fatalAccidents: 12, deathWindowDays: 7)),
        .plan(Plan(year: 2020, district: "D", product: "concrete", capacity: 900, unit: "wan_m3")),
    ]

    @Test(arguments: records)
    func recordsSurviveJSON(record: RegisterRecord) throws {
        let json = try JSONEncoder().encode(record)
        #expect(try JSONDecoder().decode(RegisterRecord.self, from: json) == record)
    }

    @Test func recordsSayWhoTheyAre() {
        #expect(
            Self.records.map(\.key) == [
                "P", "S", "L", "V", "T", "P\tK\tV\tS\t1970-01-01T00:00:03Z", "C", "D", "Z", "A", "2015\tD\t\t",
                "2020\tD\tconcrete",
            ])
        #expect(
            Self.records.map(\.kind) == [
                .plants, .sites, .places, .vehicles, .terminals, .tickets, .companies, .districts, .zones, .accidents,
                .baselines, .plans,
            ])
        #expect(
            Self.records.map { $0.period == Self.period } == [true, true, false, true]
                + [Bool](repeating: false, count: 8))
        #expect(
            Self.records.map { $0.fence != nil } == [
                true, true, true, false, false, false, false, true, true, false, false, false,
            ])
        #expect(Self.records[2].period == .always)
    }

    @Test func unknownKindsAreRefused() {
        let json = Data(#"{"kind": "zoo", "row": {}}"#.utf8)
        #expect(throws: DecodingError.self) { try JSONDecoder().decode(RegisterRecord.self, from: json) }
    }

    /// Who died within 7 days died within 30; a fatal severity makes an accident fatal when nobody counted.
    @Test func deathsWithinTheirWindow() {
        func accident(_ within7: Int?, _ within30: Int?, _ severity: Accident.Severity? = nil) -> Accident {
            Accident(
                accidentID: "A", occurredAt: .distantPast, severity: severity, deathsWithin7Days: within7,
                deathsWithin30Days: within30)
        }
        #expect(accident(1, nil).deaths(withinDays: 30) == 1)
        #expect(accident(nil, 2).deaths(withinDays: 7) == nil)
        #expect(accident(nil, 0).deaths(withinDays: 7) == 0)
        #expect(!accident(0, 1).isFatal(withinDays: 7) && accident(0, 1).isFatal(withinDays: 30))
        #expect(accident(nil, nil, .larger).isFatal(withinDays: 7))
        #expect(!accident(nil, nil, .ordinary).isFatal(withinDays: 30))
    }
}
