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
        #expect(Migration.all.map(\.number) == Set(Migration.all.map(\.number)).sorted())
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

    @Test func aDatabaseOfAnotherHistoryIsSaidAtOnce() async throws {
        let fixture = try await StoreFixture()
        let migrator = SchemaMigrator(connection: fixture.connection)
        try fixture.connection.execute("UPDATE schema_migration SET content_md5 = md5('other') WHERE number = 3")
        let error = #expect(throws: StoreError.self) { try migrator.migrate() }
        #expect(error?.description.contains("migration 3 analysis") == true)
        // The lock is free again.
        try fixture.connection.execute("UPDATE schema_migration SET content_md5 = NULL WHERE number = 3")
        #expect(try migrator.migrate().isEmpty)
    }

    /// As administrators hand a database out: a role of its own that is no superuser, the extensions made beforehand.
    @Test func anOwnerWithoutOtherRightsCanMigrate() async throws {
        let url = try await TestServers.shared.bareDatabase()
        let connection = try PostgresConnection(url: url, application: "test")
        // Roles belong to the whole cluster.
        let owner = "owner_" + UUID().uuidString.lowercased().prefix(8)
        try connection.execute(
            """
            CREATE EXTENSION IF NOT EXISTS postgis; CREATE EXTENSION IF NOT EXISTS btree_gist;
            CREATE ROLE \(owner) CREATEROLE; GRANT ALL ON SCHEMA public TO \(owner);
            DO $$ BEGIN EXECUTE format('ALTER DATABASE %I OWNER TO \(owner)', current_database()); END $$;
            SET ROLE \(owner)
            """)
        let migrator = SchemaMigrator(connection: connection)
        #expect(try migrator.migrate().count == Migration.all.count)
        try migrator.requireCurrent()
        try connection.execute(
            """
            RESET ROLE; REASSIGN OWNED BY \(owner) TO CURRENT_USER; DROP OWNED BY \(owner) CASCADE; DROP ROLE \(owner)
            """)
    }
}
