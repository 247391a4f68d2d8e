import CPostgres
import Glibc
import TestSupport
import Testing

@testable import PostgresClient

/// A server that refuses is told from one that is not there.
@Suite struct ConnectionOpeningTests {
    private func failure(_ url: String) -> PostgresError? {
        #expect(throws: PostgresError.self) {
            try PostgresConnection(url: url, application: "test", connectTimeoutSeconds: 5)
        }
    }

    private func address(password: String? = nil, user: String? = nil, database: String? = nil) async throws -> String {
        let url = try await TestServers.shared.postgresURL
        let parts = try #require(url.wholeMatch(of: #/postgresql://(.+):(.+)@(.+)/(.+)/#)).output
        return
            "postgresql://\(user ?? String(parts.1)):\(password ?? String(parts.2))@\(parts.3)/\(database ?? String(parts.4))"
    }

    @Test func aWrongPasswordIsForAPersonToMend() async throws {
        let error = self.failure(try await self.address(password: "wrong"))
        #expect(error?.code == .refused(SQLState("28P01")))
        #expect(error?.remedy == .stop)
        #expect(error?.message.contains("LOCATION") == false)
        #expect(error?.description.contains("wrong") == false)
    }

    @Test func soIsAMissingPassword() async throws {
        let error = self.failure(try await self.address().replacing(#/:[^:/@]+@/#, with: "@"))
        #expect(error?.code == .unusableAddress)
    }

    @Test func soIsAMissingDatabase() async throws {
        #expect(self.failure(try await self.address(database: "nowhere"))?.code == .refused(SQLState("3D000")))
    }

    @Test func soIsAServerWithoutTLS() async throws {
        let error = self.failure(try await self.address() + "?sslmode=require")
        #expect(error?.code == .unusableAddress && error?.remedy == .stop)
        #expect(error?.message.contains("SSL") == true)
    }

    @Test(arguments: ["postgresql://u:secret@h/x?nonsense=1", "postgresql://u:secret@[::1/x", "host=h nonsense=secret"])
    func soIsWhatIsNoAddress(url: String) {
        let error = self.failure(url)
        #expect(error?.code == .unusableAddress)
        #expect(error?.description.contains("secret") == false)
    }

    /// The server sees within a minute that this machine is gone, and lets the lane's lock go.
    @Test func theServerLooksWhetherWeAreThere() async throws {
        let settings = try self.serverSettings(try await self.address())
        #expect(settings["tcp_keepalives_idle"] == "30")
        #expect(settings["tcp_user_timeout"] == "60000")
        #expect(settings["client_connection_check_interval"] == "10000")
    }

    /// And we that the server's machine is, whoever waits for whom.
    @Test func weLookWhetherTheServerIsThere() async throws {
        let socket = try self.socketOptions(try await self.address())
        #expect(socket == [TCP_USER_TIMEOUT: 60000, TCP_KEEPIDLE: 30, TCP_KEEPINTVL: 10, TCP_KEEPCNT: 3])
    }

    /// Except what the queries rely on.
    @Test func whatTheAddressSaysHolds() async throws {
        let address =
            try await self.address() + "?tcp_user_timeout=7000&keepalives_idle=8&connect_timeout=9"
            + "&options=-c%20tcp_keepalives_idle%3D77%20-c%20TimeZone%3DAsia/Shanghai%20-c%20search_path%3Dmine%20-c%20jit%3Don"
        #expect(
            try self.socketOptions(address)
                == [TCP_USER_TIMEOUT: 7000, TCP_KEEPIDLE: 8, TCP_KEEPINTVL: 10, TCP_KEEPCNT: 3])
        let settings = try self.serverSettings(address)
        #expect(settings["tcp_keepalives_idle"] == "77")
        #expect(settings["tcp_user_timeout"] == "60000")
        #expect(settings["search_path"] == "mine")
        #expect(settings["jit"] == "on", "whoever wants plans compiled says so in the address")
        #expect(settings["TimeZone"] == "UTC")
        let opening = try ConnectionOpening(url: address, application: "test", timeoutSeconds: 5)
        #expect(opening.timeoutSeconds == 9)
    }

    /// Nor does what an administrator has set for the role or the database, where it would change what is read.
    @Test func whatTheQueriesRelyOnHoldsWhateverTheDatabaseSays() async throws {
        let address = try await TestServers.shared.freshDatabase()
        let others = [
            ("bytea_output", "escape", "hex"), ("standard_conforming_strings", "off", "on"),
            ("array_nulls", "off", "on"), ("DateStyle", "German", "ISO"),
            ("IntervalStyle", "iso_8601", "postgres"), ("TimeZone", "Asia/Shanghai", "UTC"),
            ("extra_float_digits", "-3", "1"), ("client_min_messages", "error", "warning"), ("jit", "on", "off"),
        ]
        for (index, (name, other, _)) in others.enumerated() {
            let place = index.isMultiple(of: 2) ? "ROLE CURRENT_USER IN DATABASE" : "DATABASE"
            try PostgresConnection(url: address, application: "test").execute(
                """
                DO $$ BEGIN
                    EXECUTE format('ALTER \(place) %I SET \(name) = ''\(other)''', current_database());
                END $$
                """)
        }
        try PostgresConnection(url: address, application: "test").execute(
            "DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET search_path = mine', current_database()); END $$")
        let settings = try self.serverSettings(address)
        #expect(settings["search_path"] == "mine", "nothing was set")
        for (name, _, ours) in others { #expect(settings[name]?.hasPrefix(ours) == true, "\(name)") }
        let connection = try PostgresConnection(url: address, application: "test")
        let row = try connection.query(
            NamedQuery("test.settings", "SELECT $1::bytea, ($2::text[])[2] IS NULL, '\\d'"),
            [.bytes([0, 92, 255]), .array(["a", nil])])
        #expect(row.text(0, 0) == "\\x005cff" && row.boolean(0, 1) == true && row.text(0, 2) == "\\d")
    }

    private func serverSettings(_ address: String) throws -> [String: String] {
        let connection = try PostgresConnection(url: address, application: "test")
        let rows = try connection.query(NamedQuery("settings", "SELECT name, setting FROM pg_settings"))
        return Dictionary(
            uniqueKeysWithValues: (0..<rows.rowCount).map { (rows.text($0, 0) ?? "", rows.text($0, 1) ?? "") })
    }

    private func socketOptions(_ address: String) throws -> [Int32: Int32] {
        let pointer = try ConnectionOpening(url: address, application: "test", timeoutSeconds: 5).open()
        defer { PQfinish(pointer) }
        var values: [Int32: Int32] = [:]
        for name in [TCP_USER_TIMEOUT, TCP_KEEPIDLE, TCP_KEEPINTVL, TCP_KEEPCNT] {
            var value: Int32 = -1
            var length = socklen_t(MemoryLayout<Int32>.size)
            getsockopt(PQsocket(pointer), Int32(IPPROTO_TCP), name, &value, &length)
            values[name] = value
        }
        return values
    }

    @Test func aSilentServerIsNotWaitedForForEver() throws {
        // TEST-NET-1 (RFC 5737): nobody answers, or the network says at once that nobody is there.
        let error = #expect(throws: PostgresError.self) {
            try PostgresConnection(url: "postgresql://192.0.2.1/x", application: "test", connectTimeoutSeconds: 1)
        }
        #expect(error?.code == .connectionFailed)
    }
}
