import Foundation
import PostgresClient
import TestSupport
import Testing

@testable import FleetStore

@Suite struct MigrationTests {
    @Test func theListEqualsTheFolder() throws {
        let root = try #require(RepositoryRoot.url)
        let folder = root.appendingPathComponent("Sources/Storage/FleetStore/Migrations").path
        let files = try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
        let listed = Migration.all.map { migration in
            let number = String(migration.number)
            return "M" + String(repeating: "0", count: 4 - number.count) + number + "_\(migration.name).sql"
        }
        #expect(files == listed)
        #expect(Migration.all.map(\.number) == Array(1...Migration.all.count))
    }

    @Test func migratingTwiceChangesNothing() async throws {
        let connection = try PostgresConnection(url: try await TestServers.shared.bareDatabase(), application: "test")
        let migrator = SchemaMigrator(connection: connection)
        let before = #expect(throws: StoreError.self) { try migrator.requireCurrent() }
        #expect(before?.description.contains("tongxing migrate") == true)
        #expect(try migrator.migrate().count == Migration.all.count)
        #expect(try migrator.migrate().isEmpty)
        try migrator.requireCurrent()
    }

    @Test func aNewerSchemaIsNotTouched() async throws {
        let fixture = try await StoreFixture()
        try fixture.connection.execute("INSERT INTO schema_migration (number, name) VALUES (9999, 'future')")
        let error = #expect(throws: StoreError.self) {
            try SchemaMigrator(connection: fixture.connection).requireCurrent()
        }
        #expect(error?.description.contains("newer") == true)
    }
}
