import Foundation
import Glibc
import LocalServers
import Supervision
import TestSupport
import Testing

@Suite struct TestServersTests {
    @Test func freshDatabasesAreApartAndKnowPlaces() async throws {
        let urls = [
            try await TestServers.shared.freshDatabase(), try await TestServers.shared.freshDatabase(),
            try await TestServers.shared.bareDatabase(), try await TestServers.shared.postgresURL,
        ]
        #expect(Set(urls).count == urls.count)
        let answers = try urls.map { try self.ask($0, "SELECT count(*) FROM pg_extension WHERE extname <> 'plpgsql'") }
        #expect(answers == ["2", "2", "0", "0"])
    }

    @Test func theSharedBrokerTakesConnections() async throws {
        #expect(LoopbackPort.accepts(try await TestServers.shared.mqttPort))
    }

    @Test func theRepositoryIsFound() throws {
        let root = try #require(RepositoryRoot.url)
        #expect(FileManager.default.fileExists(atPath: root.appendingPathComponent("Package.swift").path))
        #expect(SharedData.url("no/such/file") == nil)
    }

    /// Through psql with the URL alone, as a libpq client would use it.
    private func ask(_ url: String, _ sql: String) throws -> String {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/psql")
        process.arguments = ["-X", "-A", "-t", "-c", sql, url]
        let pipe = Pipe()
        process.standardOutput = pipe
        try process.run()
        let output = try pipe.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        return String(decoding: output, as: UTF8.self).trimmingCharacters(in: .newlines)
    }
}
