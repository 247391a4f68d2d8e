import PostgresClient
import TestSupport
import Testing

@testable import FleetStore

/// A commit that the server may lose is no ground for an acknowledgement.
@Suite struct DurabilityTests {
    /// A database that was set to answer before it has written loses what was acknowledged when it crashes.
    @Test(arguments: [("off", "on"), ("local", "local"), ("remote_apply", "remote_apply")])
    func ingestionWaitsForTheDisk(set: String, holds: String) async throws {
        let fixture = try await StoreFixture()
        let name = try #require(
            try fixture.connection.query(NamedQuery("test.name", "SELECT current_database()")).text(0, 0))
        try fixture.connection.execute("ALTER DATABASE \"\(name)\" SET synchronous_commit = \(set)")
        let writer = try LogWriter(url: fixture.url, lane: "main")
        let show = NamedQuery("test.show", "SELECT current_setting('synchronous_commit')")
        #expect(try writer.connection.query(show).text(0, 0) == holds)
        let plain = try PostgresConnection(url: fixture.url, application: "test")
        #expect(try Durability.weaknesses(plain).contains("synchronous_commit=off") == (set == "off"))
    }
}
