import Chronology
import Geodesy
import PostgresClient
import Registers
import Testing

@testable import FleetStore

@Suite struct RegisterStoreTests {
    private func plant(
        _ id: String, from: String, to: String? = nil, status: Plant.Status = .valid, fence: Fence? = nil
    ) -> RegisterRecord {
        let center = Coordinate(latitudeE7: 307_000_000, longitudeE7: 1_207_000_000)
        return .plant(
            Plant(
                plantID: id, name: "站 '\(id)'", licenceKind: .concrete, status: status,
                period: ValidPeriod(from: StoreFixture.time(from), to: to.map(StoreFixture.time)),
                fence: fence ?? .circle(center: center, radiusMetres: 200)))
    }

    /// An outline that crosses itself.
    private var bowTie: Fence {
        func corner(_ latitude: Int32, _ longitude: Int32) -> Coordinate {
            Coordinate(latitudeE7: 300_000_000 + latitude, longitudeE7: 1_200_000_000 + longitude)
        }
        return .polygon(
            Polygon(rings: [[corner(0, 0), corner(10_000, 10_000), corner(0, 10_000), corner(10_000, 0)]]))
    }

    private func store(_ fixture: StoreFixture) -> RegisterStore { RegisterStore(connection: fixture.connection) }

    @Test func importingTwiceChangesNothing() async throws {
        let fixture = try await StoreFixture()
        let store = self.store(fixture)
        let rows = [self.plant("P1", from: "2026-01-01T00:00:00Z"), self.plant("P2", from: "2026-01-01T00:00:00Z")]
        let first = try store.importRecords(rows, kind: .plants, source: "a.csv", by: "test")
        #expect((first.added, first.changed, first.unchanged) == (2, 0, 0))
        let revision = try store.revision()
        let second = try store.importRecords(rows, kind: .plants, source: "a.csv", by: "test")
        #expect((second.added, second.changed, second.unchanged) == (0, 0, 2))
        #expect(try store.revision() == revision)
        #expect(
            Set(try store.snapshot().plants)
                == Set(rows.compactMap { if case .plant(let row) = $0 { row } else { nil } }))
    }

    private func note(
        _ number: String, plate: String, plant: String = "P1", at time: String = "2026-03-02T04:00:00Z"
    ) -> RegisterRecord {
        .ticket(
            Ticket(ticketID: number, plantID: plant, siteID: "S1", plate: plate, issuedAt: StoreFixture.time(time)))
    }

    @Test func aCorrectedNoteTakesThePlaceOfItsNumber() async throws {
        let fixture = try await StoreFixture()
        let store = self.store(fixture)
        let others = [
            self.note("K2", plate: "浙F00001"), self.note("K1", plate: "浙F00001", plant: "P2"),
            self.note("K1", plate: "浙F00001", at: "2025-03-02T04:00:00Z"),
        ]
        let wrong = self.note("K1", plate: "浙F00001")
        _ = try store.importRecords([wrong] + others, kind: .tickets, source: "a", by: "test")
        let corrected = self.note("K1", plate: "浙F00002", at: "2026-03-02T05:00:00Z")
        // Without being told so nobody knows which of the two holds.
        let added = try store.importRecords([corrected], kind: .tickets, source: "b", by: "test")
        #expect((added.added, added.changed, added.withdrawn) == (1, 0, 0))
        _ = try fixture.count("DELETE FROM note_change RETURNING 1")
        let replaced = try store.importRecords([corrected], kind: .tickets, source: "b", by: "test", replaces: true)
        #expect((replaced.added, replaced.unchanged, replaced.withdrawn) == (0, 1, 1))
        // Neither that of another plant, nor that of the year before.
        #expect(
            Set(try RegisterReader(connection: fixture.connection).records(of: .tickets).map(\.key))
                == Set(([corrected] + others).map(\.key)))
        // What the withdrawn one was held against is looked at again.
        #expect(try fixture.count("SELECT count(*) FROM note_change WHERE plate = '浙F00001'") >= 1)
        #expect(try fixture.count("SELECT count(*) FROM note_change WHERE plate = '浙F00002'") == 1)
        // A number that the file itself has twice was used twice.
        let twice = [corrected, wrong]
        _ = try store.importRecords(twice, kind: .tickets, source: "c", by: "test", replaces: true)
        let again = try store.importRecords(twice, kind: .tickets, source: "c", by: "test", replaces: true)
        #expect((again.added, again.unchanged, again.withdrawn) == (0, 2, 0))
    }

    @Test func aCorrectionKeepsWhatWasKnownBefore() async throws {
        let fixture = try await StoreFixture()
        let store = self.store(fixture)
        _ = try store.importRecords(
            [self.plant("P1", from: "2026-01-01T00:00:00Z")], kind: .plants, source: "a", by: "test")
        let outcome = try store.importRecords(
            [
                self.plant("P1", from: "2026-01-01T00:00:00Z", to: "2026-07-01T00:00:00Z"),
                self.plant("P1", from: "2026-07-01T00:00:00Z", status: .suspended),
            ], kind: .plants, source: "b", by: "test")
        #expect((outcome.added, outcome.changed, outcome.unchanged) == (1, 1, 0))
        #expect(try store.snapshot().plants.map(\.status) == [.valid, .suspended])
        #expect(try fixture.count("SELECT count(*) FROM register_entry WHERE known_to IS NOT NULL") == 1)
    }

    @Test func rowsThatCoverAKnownOneTakeItsPlace() async throws {
        let fixture = try await StoreFixture()
        let store = self.store(fixture)
        func take(_ rows: [RegisterRecord], replaces: Bool = false) throws -> RegisterStore.ImportOutcome {
            try store.importRecords(rows, kind: .plants, source: "a", by: "test", replaces: replaces)
        }
        _ = try take([
            self.plant("P1", from: "2026-01-01T00:00:00Z", to: "2026-07-01T00:00:00Z"),
            self.plant("P1", from: "2026-07-01T00:00:00Z", status: .suspended),
        ])
        let merged = try take([self.plant("P1", from: "2025-06-01T00:00:00Z")])
        #expect((merged.added, merged.changed, merged.withdrawn, merged.refused.count) == (0, 1, 1, 0))
        let later = [self.plant("P1", from: "2026-02-01T00:00:00Z")]
        let refused = try take(later)
        #expect(refused.refused.first?.column == "valid_from")
        #expect(refused.refused.first?.en.contains("2025-06-01") == true)
        #expect(try take(later, replaces: true).changed == 1)
        #expect(try store.snapshot().plants.map(\.period.from) == [StoreFixture.time("2026-02-01T00:00:00Z")])
        #expect(try fixture.count("SELECT count(*) FROM register_entry WHERE known_to IS NOT NULL") == 3)
    }

    @Test func aRehearsalSaysWhatIsWrongAndChangesNothing() async throws {
        let fixture = try await StoreFixture()
        let store = self.store(fixture)
        let outcome = try store.importRecords(
            [
                self.plant("P1", from: "2026-01-01T00:00:00Z"),
                self.plant("P2", from: "2026-01-01T00:00:00Z", fence: self.bowTie),
            ], kind: .plants, source: "a", by: "test", isRehearsal: true)
        #expect(outcome.refused.map(\.index) == [1])
        #expect(outcome.refused.map(\.column) == ["fence_wkt"])
        let good = [self.plant("P1", from: "2026-01-01T00:00:00Z")]
        _ = try store.importRecords(good, kind: .plants, source: "a", by: "test", isRehearsal: true)
        #expect(try store.snapshot().plants.isEmpty)
    }

    @Test func aRowThatContradictsWhatIsKnownIsRefusedWhole() async throws {
        let fixture = try await StoreFixture()
        let store = self.store(fixture)
        _ = try store.importRecords(
            [self.plant("P1", from: "2026-01-01T00:00:00Z")], kind: .plants, source: "a", by: "test")
        let outcome = try store.importRecords(
            [self.plant("P9", from: "2026-01-01T00:00:00Z"), self.plant("P1", from: "2026-07-01T00:00:00Z")],
            kind: .plants, source: "b", by: "test")
        #expect(outcome.refused.map(\.index) == [1])
        #expect(try store.snapshot().plants.map(\.plantID) == ["P1"])
    }

    @Test func anOutlineThatCrossesItselfIsRefused() async throws {
        let fixture = try await StoreFixture()
        let outcome = try self.store(fixture).importRecords(
            [self.plant("P1", from: "2026-01-01T00:00:00Z", fence: self.bowTie)], kind: .plants, source: "a", by: "test"
        )
        #expect(outcome.refused.count == 1)
        #expect(outcome.refused.first?.en.contains("polygon") == true)
        #expect(try fixture.count("SELECT count(*) FROM register_import") == 0)
    }

    /// Two rows of one id in one import, of a kind without dates and of one with them: said by row, never by the
    /// database's own words; also in a rehearsal, which a file with such rows gets.
    @Test(arguments: [true, false])
    func anIDThatStandsTwiceIsRefusedByItsRow(isRehearsal: Bool) async throws {
        let fixture = try await StoreFixture()
        func accident(_ id: String, _ injuries: Int) -> RegisterRecord {
            .accident(
                Accident(
                    accidentID: id, occurredAt: StoreFixture.time("2026-03-02T00:00:00Z"), injuries: injuries))
        }
        let cases: [(RegisterKind, [RegisterRecord])] = [
            (.accidents, [accident("A1", 0), accident("A2", 0), accident("A1", 2)]),
            (
                .plants,
                [
                    self.plant("P1", from: "2026-01-01T00:00:00Z"),
                    self.plant("P1", from: "2025-01-01T00:00:00Z", to: "2026-01-01T00:00:00Z"),
                    self.plant("P1", from: "2026-06-01T00:00:00Z", status: .suspended),
                ]
            ),
        ]
        for (kind, rows) in cases {
            let outcome = try self.store(fixture).importRecords(
                rows, kind: kind, source: "a", by: "test", isRehearsal: isRehearsal)
            #expect(outcome.refused.map(\.index) == [2] && outcome.refused.map(\.earlier) == [0], "\(kind)")
            #expect(outcome.refused.first?.zh.contains("1」") == true)
        }
        #expect(try fixture.count("SELECT count(*) FROM register_entry") == 0)
    }
}
