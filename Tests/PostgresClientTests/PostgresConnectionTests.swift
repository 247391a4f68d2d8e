import TestSupport
import Testing

@testable import PostgresClient

@Suite struct PostgresConnectionTests {
    private static let echo = NamedQuery("test.echo", "SELECT $1::text, $2::bytea, $3::integer, $4::text[]")

    private func connect() async throws -> PostgresConnection {
        try PostgresConnection(url: try await TestServers.shared.freshDatabase(), application: "test")
    }

    @Test func valuesGoThereAndBack() async throws {
        let connection = try await self.connect()
        let text = "砼 \"quoted\" \\ back, {brace} and 'single'"
        let row = try connection.query(
            Self.echo, [.text(text), .bytes([0, 255, 1]), .null, .array([text, nil, ""])])
        #expect(row.text(0, 0) == text)
        #expect(row.text(0, 1) == "\\x00ff01")
        #expect(row.integer(0, 2) == nil && row.isNull(0, 2))
        let array = try connection.query(
            NamedQuery("test.array", "SELECT e, e IS NULL FROM unnest($1::text[]) AS e"), [.array([text, nil, ""])])
        #expect(array.rowCount == 3)
        #expect(array.text(0, 0) == text)
        #expect(array.boolean(1, 1) == true)
        #expect(array.text(2, 0) == "")
    }

    @Test func binaryArraysArriveAsTheyWere() async throws {
        let connection = try await self.connect()
        let query = NamedQuery(
            "test.arrays",
            """
            SELECT a, b, c, extract(epoch FROM d)::numeric
            FROM unnest($1::smallint[], $2::integer[], $3::smallint[], $4::timestamptz[]) AS r (a, b, c, d)
            """)
        let rows = try connection.query(
            query,
            [
                .binaryArray([Int16.min, 0, Int16.max]), .binaryArray([Int32.min, -1, Int32.max]),
                .binaryArray([nil, -7, nil]),
                .timestamps(microsecondsSince1970: [0, 1_772_439_330_000_001, postgresEpoch]),
            ])
        #expect((0..<3).map { rows.integer($0, 0) } == [-32768, 0, 32767])
        #expect((0..<3).map { rows.integer($0, 1) } == [-2_147_483_648, -1, 2_147_483_647])
        #expect((0..<3).map { rows.integer($0, 2) } == [nil, -7, nil])
        #expect((0..<3).map { rows.text($0, 3) } == ["0.000000", "1772439330.000001", "946684800.000000"])
        let none = try connection.query(
            query,
            [
                .binaryArray([] as [Int16]), .binaryArray([] as [Int32]), .binaryArray([] as [Int16?]),
                .timestamps(microsecondsSince1970: []),
            ])
        #expect(none.rowCount == 0)
    }

    @Test func binaryCopyAndBinaryResultsAgree() async throws {
        let connection = try await self.connect()
        try connection.execute(
            "CREATE TABLE t (a bigint, b integer, c smallint, d text, e bytea, f timestamptz, g boolean)")
        var buffer = CopyBuffer()
        buffer.beginRow(columns: 7)
        buffer.int64(.min)
        buffer.int32(.max)
        buffer.int16(-1)
        buffer.text("砼\0行")
        buffer.bytea([0, 1, 2])
        buffer.timestamp(microsecondsSince1970: 1_772_439_330_000_001)
        buffer.boolean(true)
        buffer.beginRow(columns: 7)
        for _ in 0..<7 { buffer.null() }
        try connection.copy(NamedQuery("t.copy", "COPY t FROM STDIN (FORMAT binary)"), buffer)
        let rows = try connection.query(
            NamedQuery("t.all", "SELECT * FROM t ORDER BY a NULLS LAST"), binaryResult: true)
        #expect(rows.rowCount == 2)
        #expect(rows.binaryInteger(0, 0) == .min)
        #expect(rows.binaryInteger(0, 1) == Int64(Int32.max))
        #expect(rows.binaryInteger(0, 2) == -1)
        #expect(rows.text(0, 3) == "砼\u{FFFD}行")
        #expect(rows.bytes(0, 4) == [0, 1, 2])
        #expect(rows.binaryInteger(0, 5) == 1_772_439_330_000_001 - postgresEpoch)
        #expect((0..<7).allSatisfy { rows.isNull(1, $0) })
    }

    @Test func aFailedCopyLeavesTheConnectionUsable() async throws {
        let connection = try await self.connect()
        try connection.execute("CREATE TABLE u (a integer PRIMARY KEY)")
        var buffer = CopyBuffer()
        for _ in 0..<2 {
            buffer.beginRow(columns: 1)
            buffer.int32(1)
        }
        let error = #expect(throws: PostgresError.self) {
            try connection.copy(NamedQuery("u.copy", "COPY u FROM STDIN (FORMAT binary)"), buffer)
        }
        #expect(error?.sqlState == .uniqueViolation)
        #expect(error?.query == "u.copy")
        #expect(!connection.isBroken)
        #expect(try connection.query(NamedQuery("u.count", "SELECT count(*) FROM u")).integer(0, 0) == 0)
    }

    @Test func aKilledBackendIsALostConnection() async throws {
        let url = try await TestServers.shared.freshDatabase()
        let connection = try PostgresConnection(url: url, application: "victim")
        let pid = try connection.query(NamedQuery("pid", "SELECT pg_backend_pid()")).integer(0, 0) ?? 0
        let killer = try PostgresConnection(url: url, application: "killer")
        try killer.query(NamedQuery("kill", "SELECT pg_terminate_backend($1::integer)"), [.integer(pid)])
        let error = #expect(throws: PostgresError.self) { try connection.execute("SELECT 1") }
        #expect(error?.remedy == .reconnect)
        #expect(connection.isBroken)
    }

    @Test func notificationsArrive() async throws {
        let url = try await TestServers.shared.freshDatabase()
        let listener = try PostgresConnection(url: url, application: "listener")
        try listener.execute("LISTEN tidings")
        let sender = try PostgresConnection(url: url, application: "sender")
        try sender.execute("SELECT pg_notify('tidings', 'hello')")
        let found = try listener.notifications(waitingUpTo: 10_000)
        #expect(found.map(\.channel) == ["tidings"])
        #expect(found.map(\.payload) == ["hello"])
    }

    @Test func aWorkerConnectsAgainAfterALoss() async throws {
        let url = try await TestServers.shared.freshDatabase()
        let worker = PostgresWorker(url: url, application: "worker")
        let pid = try await worker.run { try $0.query(NamedQuery("pid", "SELECT pg_backend_pid()")).integer(0, 0) ?? 0 }
        let killer = try PostgresConnection(url: url, application: "killer")
        try killer.query(NamedQuery("kill", "SELECT pg_terminate_backend($1::integer)"), [.integer(pid)])
        _ = try? await worker.run { try $0.execute("SELECT 1") }
        let next = try await worker.run {
            try $0.query(NamedQuery("pid", "SELECT pg_backend_pid()")).integer(0, 0) ?? 0
        }
        #expect(next != pid)
    }

    @Test func aRefusedConnectionSaysWhere() {
        let error = #expect(throws: PostgresError.self) {
            try PostgresConnection(url: "postgresql://127.0.0.1:1/x", application: "test", connectTimeoutSeconds: 1)
        }
        #expect(error?.code == .connectionFailed)
        #expect(error?.message.contains("127.0.0.1") == true)
    }
}
