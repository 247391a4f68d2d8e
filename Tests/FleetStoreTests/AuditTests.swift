import FleetStore
import PostgresClient
import Testing

/// The audit log takes new entries and nothing else, and each carries on the chain.
@Suite struct AuditTests {
    private func note(_ action: String) -> AuditStore.Note {
        AuditStore.Note(actor: "somebody", interface: "command line", action: action)
    }

    @Test func entriesAreNumberedWithoutHolesAndChained() async throws {
        let fixture = try await StoreFixture()
        let store = AuditStore(connection: fixture.connection)
        try store.add(self.note("first"))
        try fixture.connection.execute("BEGIN")
        try store.add(self.note("undone"))
        try fixture.connection.execute("ROLLBACK")
        try store.add(self.note("second"))
        let entries = try store.entries(after: 0, limit: 10)
        #expect(entries.map(\.number) == [1, 2] && entries.map(\.note.action) == ["first", "second"])
        #expect(entries[0].previousHash == [UInt8](repeating: 0, count: 32))
        #expect(entries[1].previousHash == entries[0].hash && entries[1].hash != entries[0].hash)
        #expect(try store.head().hash == entries[1].hash)
    }

    @Test func evenTheOwnerChangesNoEntry() async throws {
        let fixture = try await StoreFixture()
        try AuditStore(connection: fixture.connection).add(self.note("first"))
        for attempt in [
            "UPDATE audit_log SET actor = 'nobody'", "DELETE FROM audit_log", "TRUNCATE audit_log",
            "UPDATE audit_log SET hash = previous_hash WHERE false",
        ] {
            let error = #expect(throws: PostgresError.self) { try fixture.connection.execute(attempt) }
            #expect(error?.sqlState?.code == "42501", "\(attempt)")
        }
    }

    @Test func numberTimeAndHashesAreNotTheWritersToChoose() async throws {
        let fixture = try await StoreFixture()
        try fixture.connection.execute(
            """
            INSERT INTO audit_log (entry_id, occurred_at, actor, interface, action, previous_hash, hash)
            VALUES (77, '2000-01-01', 'a', 'command line', 'x', decode(repeat('11', 32), 'hex'),
                decode(repeat('22', 32), 'hex'))
            """)
        let entry = try #require(try AuditStore(connection: fixture.connection).entries(after: 0, limit: 1).first)
        #expect(entry.number == 1 && entry.hash != [UInt8](repeating: 0x22, count: 32))
        #expect(entry.occurredAt > StoreFixture.time("2020-01-01T00:00:00Z"))
    }

    @Test func onlyTheAuditorSearches() async throws {
        let fixture = try await StoreFixture()
        try AuditStore(connection: fixture.connection).add(self.note("first"))
        for (role, count) in [
            ("auditor", 1), ("administrator", 0), ("security_administrator", 0), ("operator", 0), ("", 0),
        ] {
            let visitor = WebDoor.Visitor(name: "x", role: role, reach: .none)
            let found = try WebDoor(connection: fixture.connection).enter(.accounts, as: visitor) {
                try AuditStore(connection: $0).search(.init(), limit: 10).count
            }
            #expect(found == count, "\(role)")
        }
    }

    @Test func aSearchTakesWhatIsAskedFor() async throws {
        let fixture = try await StoreFixture()
        let store = AuditStore(connection: fixture.connection)
        for action in ["a", "b", "a"] { try store.add(self.note(action)) }
        var filter = AuditStore.Filter()
        filter.action = "a"
        #expect(try store.search(filter, limit: 10).map(\.number) == [3, 1])
        filter.before = 3
        #expect(try store.search(filter, limit: 10).map(\.number) == [1])
        filter.actor = "nobody"
        #expect(try store.search(filter, limit: 10).isEmpty)
    }

    /// A period is hashed with the rest, and an entry without one as ever: the log from before is whole still.
    @Test func aPeriodIsPartOfTheChain() async throws {
        let fixture = try await StoreFixture()
        let store = AuditStore(connection: fixture.connection)
        try store.add(self.note("log-in"))
        var look = self.note("trail.read")
        look.period = AuditStore.Note.period(from: StoreFixture.time("2026-03-01T00:00:00Z"), to: nil)
        try store.add(look)
        let entries = try store.entries(after: 0, limit: 10)
        #expect(entries.map(\.note.period) == ["", "2026-03-01T00:00:00Z/.."])
        let known = try fixture.count(
            """
            SELECT count(*) FROM audit_log WHERE entry_id = 1 AND hash = audit_hash(previous_hash, entry_id::text,
                (extract(epoch FROM occurred_at) * 1000000)::bigint::text, actor, role, interface, address, action,
                subject, purpose, outcome)
            """)
        #expect(known == 1)
        let more = try fixture.count(
            """
            SELECT count(*) FROM audit_log WHERE entry_id = 2 AND hash = audit_hash(previous_hash, entry_id::text,
                (extract(epoch FROM occurred_at) * 1000000)::bigint::text, actor, role, interface, address, action,
                subject, purpose, outcome, period)
            """)
        #expect(more == 1)
    }

    @Test func anAttemptIsToldFromALook() async throws {
        let fixture = try await StoreFixture()
        let store = AuditStore(connection: fixture.connection)
        for outcome in ["done", "not_found", "refused"] {
            var note = self.note("trail.read")
            (note.subject, note.outcome) = ("T-\(outcome)", outcome)
            try store.add(note)
        }
        var filter = AuditStore.Filter()
        filter.outcome = "not_found"
        #expect(try store.search(filter, limit: 10).map(\.note.subject) == ["T-not_found"])
        #expect(try fixture.count("SELECT count(*) FROM trail_access WHERE subject = 'T-done'") == 1)
        #expect(try fixture.count("SELECT count(*) FROM trail_access") == 1)
    }

    @Test func theOldLooksAtTrailsAreStillThere() async throws {
        let fixture = try await StoreFixture()
        var note = self.note("trail.read")
        note.subject = "T1"
        note.purpose = "case 7"
        try AuditStore(connection: fixture.connection).add(note)
        #expect(
            try fixture.count("SELECT count(*) FROM trail_access WHERE subject = 'T1' AND purpose = 'case 7'") == 1)
    }
}
