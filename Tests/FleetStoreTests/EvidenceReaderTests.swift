import Chronology
import Deliveries
import FleetStore
import Geodesy
import PostgresClient
import Registers
import Seals
import Suspicions
import Telemetry
import Testing

/// What an evidence package is made from, out of a real database.
@Suite struct EvidenceReaderTests {
    private static let start = StoreFixture.time("2026-03-02T08:00:00Z")

    private func judged() throws -> JudgedDelivery {
        let place = try #require(Coordinate(latitude: 30.7, longitude: 120.7))
        let delivery = Delivery(
            deliveryID: "D-1", loadID: "L-1", terminal: StoreFixture.terminal("13800000001"), plate: "浙F12345",
            origin: DeliveryEnd(kind: .unknown, coordinate: place), loadStart: Self.start,
            loadEnd: Self.start.advanced(bySeconds: 300), destination: DeliveryEnd(kind: .site, id: "S1"),
            unloadStart: Self.start.advanced(bySeconds: 600), unloadEnd: Self.start.advanced(bySeconds: 900),
            distanceKilometres: 3, ticketID: "0001", coverage: 1, confidence: [:], isFinal: true, settledAt: Self.start)
        return JudgedDelivery(delivery: delivery, judgements: [], verdict: .suspicious, score: 1)
    }

    @Test func aDeliveryComesWithItsMessagesAndTheirBatches() async throws {
        let fixture = try await StoreFixture()
        let lane = try SealedLane(fixture)
        let name = "13800000001"
        for minute in 0..<5 {
            let time = Self.start.advanced(bySeconds: Double(minute) * 60)
            try lane.take(
                [
                    SealedLane.position("other", at: time), SealedLane.position(name, at: time),
                    ("fleet/v1/\(name)/camera", #"{"time":"\#(time)","cameras":{"right_blind_spot":"ok"}}"#),
                    ("fleet/v1/\(name)/position", "nonsense"),
                ], at: time)
        }
        let terminal = try fixture.count("SELECT terminal_id FROM terminal WHERE name = '13800000001'")
        let store = DeliveryStore(connection: fixture.connection)
        let judged = try self.judged()
        for score in [1.0, 2.0] {
            var delivery = judged.delivery
            delivery.distanceKilometres = score
            try store.replace(
                terminal: Int32(terminal), settledAfter: nil,
                with: [DeliveryStore.Derived(delivery, drumCubicMetres: nil)], world: "w\(score)", reason: "test"
            ) { JudgedDelivery(delivery: $0, judgements: [], verdict: .suspicious, score: score) }
            // As judging with all that is stored leaves it behind when it judges otherwise.
            if score == 1 {
                try fixture.connection.execute(
                    """
                    INSERT INTO delivery_superseded (delivery_id, reason, content, world)
                    SELECT delivery_id, 'test', content, world FROM delivery
                    """)
            }
        }
        let reader = EvidenceReader(connection: fixture.connection)
        let (from, to) = (Self.start.advanced(bySeconds: 60), Self.start.advanced(bySeconds: 180))
        try reader.reading {
            #expect(try reader.subject("D-2") == nil)
            let subject = try #require(try reader.subject("D-1"))
            #expect(subject.terminal == name && subject.judged.score == 2 && subject.world == "w2.0")
            let earlier = try reader.superseded("D-1")
            #expect(earlier.map(\.judged.score) == [1] && earlier.first?.reason == "test")
            let positions = try reader.positions(of: terminal, from: from, to: to)
            #expect(positions.map(\.report.recordedAt) == [from, from.advanced(bySeconds: 60)])
            #expect(positions.map(\.place.number) == [2, 3])
            let others = try reader.otherPlaces(of: terminal, named: name, from: from, to: to)
            #expect(others.map(\.number) == [2, 2, 3, 3])
            let batches = try reader.batches(Array(Set(positions.map(\.place.batchID))))
            #expect(batches.map(\.batch.number) == [2, 3])
            #expect(batches.map(\.name) == ["main", "main"])
            for (lane, _, batch) in batches {
                try BatchSeal.check(batch, lane: lane, after: try #require(batch.previousHash))
            }
            // What it sees is one state, and it changes nothing.
            #expect(throws: PostgresError.self) { try fixture.connection.execute("DELETE FROM batch") }
        }
    }

    @Test func batchesFromBeforeThePreviousHashWasKeptGetIt() async throws {
        let fixture = try await StoreFixture()
        let lane = try SealedLane(fixture)
        for minute in 0..<2 {
            let time = Self.start.advanced(bySeconds: Double(minute) * 60)
            try lane.take([SealedLane.position("T1", at: time)], at: time)
        }
        try fixture.connection.execute("UPDATE batch SET previous_hash = NULL")
        let id = Int64(1) << 40
        let batches = try EvidenceReader(connection: fixture.connection).batches([id + 1, id + 2])
        #expect(batches[0].batch.previousHash == BatchSeal.genesis)
        #expect(batches[1].batch.previousHash == batches[0].batch.hash)
    }

    @Test func registersComeWithWhatWasKnownWhen() async throws {
        let fixture = try await StoreFixture()
        let store = RegisterStore(connection: fixture.connection)
        let near = try #require(Coordinate(latitude: 30.71, longitude: 120.7))
        let far = try #require(Coordinate(latitude: 31, longitude: 121))
        func site(_ id: String, _ name: String, _ center: Coordinate) -> RegisterRecord {
            .site(
                Site(
                    siteID: id, name: name, status: .active, period: .always,
                    fence: .circle(center: center, radiusMetres: 100)))
        }
        func add(_ records: [RegisterRecord], _ kind: RegisterKind) throws {
            _ = try store.importRecords(records, kind: kind, source: "\(kind.rawValue).csv", by: "clerk")
        }
        try add([site("S1", "before", far), site("S2", "near", near), site("S3", "far", far)], .sites)
        try add([site("S1", "after", far)], .sites)
        try add([.vehicle(Vehicle(plate: "浙F12345", terminal: "013800000001", kind: .mixer))], .vehicles)
        try add([.terminal(TerminalSettings(terminal: "013800000001", drumForward: .mixes))], .terminals)
        let tickets = [
            ("0001", "浙F12345", 0.0), ("0002", "浙F12345", 600), ("0003", "浙F99999", 0), ("0004", "浙F12345", 9e6),
        ]
        try add(
            tickets.map { id, plate, seconds in
                .ticket(
                    Ticket(
                        ticketID: id, plantID: "P1", siteID: "S1", plate: plate,
                        issuedAt: Self.start.advanced(bySeconds: seconds)))
            }, .tickets)
        // Far from everything: that there was no other plant, or none any more, is said by all that were known.
        func plant(_ id: String, _ period: ValidPeriod) -> RegisterRecord {
            .plant(
                Plant(
                    plantID: id, name: id, licenceKind: .concrete, status: .valid, period: period,
                    fence: .circle(center: far, radiusMetres: 100)))
        }
        let before = ValidPeriod(from: Self.start.advanced(bySeconds: -9e6), to: Self.start)
        try add([plant("P8", .always), plant("P9", before)], .plants)
        var concern = EvidenceReader.Concern(
            from: Self.start.advanced(bySeconds: 60), to: Self.start.advanced(bySeconds: 3600),
            knownBy: .distantPast)
        concern.sites = ["S1"]
        concern.plate = "浙F12345"
        concern.ticketIDs = ["0001"]
        concern.terminals = ["13800000001"]
        concern.points = [try #require(Coordinate(latitude: 30.7, longitude: 120.7))]
        let rows = try EvidenceReader(connection: fixture.connection).registers(concern)
        let keys = rows.map {
            $0.record.kind.rawValue + " "
                + ($0.record.key.split(separator: "\t").dropFirst().first ?? $0.record.key[...])
        }
        #expect(
            keys == [
                "sites S1", "sites S2", "sites S3", "sites S1", "vehicles 浙F12345", "terminals 013800000001",
                "tickets 0001", "tickets 0002", "plants P8",
            ])
        #expect(rows[0].knownTo == rows[3].knownFrom || rows[0].knownTo != nil)
        #expect(rows[3].knownTo == nil && rows[3].importedBy == "clerk" && rows[3].source == "sites.csv")
        // What was known when it was judged is there whole, as the judgement counted it: the expired licence too.
        concern.knownBy = try #require(rows.map(\.knownFrom).max()).advanced(bySeconds: 60)
        let all = try EvidenceReader(connection: fixture.connection).registers(concern)
        #expect(all.filter { $0.record.kind == .plants }.map(\.record.key) == ["P8", "P9"])
        #expect(all.filter { $0.record.kind == .sites }.map(\.record.key) == ["S1", "S2", "S3", "S1"])
        let snapshot = try store.snapshot()
        let known = all.filter { $0.knownTo == nil }
        #expect(known.filter { $0.record.kind == .plants }.count == snapshot.plants.count)
        #expect(known.filter { $0.record.kind == .sites }.count == snapshot.sites.count)
    }

    @Test func anExportIsNotedForGood() async throws {
        let fixture = try await StoreFixture()
        let log = EvidenceLog(connection: fixture.connection)
        var export = EvidenceLog.Export(
            by: "officer", interface: "test", purpose: "案", deliveryID: "D-1", terminal: "T1", plate: nil,
            from: Self.start, to: Self.start.advanced(bySeconds: 60), files: 20, bytes: 4096,
            manifestHash: [UInt8](repeating: 1, count: 32), publicKey: [UInt8](repeating: 2, count: 32))
        try log.note(export)
        for statement in [
            "UPDATE evidence_export SET purpose = 'x'", "DELETE FROM evidence_export", "TRUNCATE evidence_export",
        ] {
            #expect(throws: PostgresError.self) { try fixture.connection.execute(statement) }
        }
        #expect(try fixture.count("SELECT count(*) FROM evidence_export WHERE purpose = '案'") == 1)
        export.purpose = ""
        #expect(throws: PostgresError.self) { try log.note(export) }
    }
}
