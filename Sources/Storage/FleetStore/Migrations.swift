package import PostgresClient

/// The numbered changes of the schema, forward only, embedded in the binary.
package struct Migration: Sendable {
    package var number: Int
    package var name: String
    package var sql: String

    /// In the order in which they are applied; the list equals the folder `Migrations` (a test compares them).
    package static let all: [Migration] = [
        Migration(1, "log", PackageResources.M0001_log_sql),
        Migration(2, "registers", PackageResources.M0002_registers_sql),
        Migration(3, "analysis", PackageResources.M0003_analysis_sql),
    ]

    private init(_ number: Int, _ name: String, _ sql: [UInt8]) {
        self.number = number
        self.name = name
        self.sql = String(decoding: sql, as: UTF8.self)
    }
}

/// Brings a database's schema up to date, and says whether it is.
package struct SchemaMigrator {
    private let connection: PostgresConnection

    package init(connection: PostgresConnection) {
        self.connection = connection
    }

    /// Applies what is missing, each migration in a transaction of its own; two migrators wait for one another.
    /// - Returns: the names of those applied.
    package func migrate() throws(StoreError) -> [String] {
        do throws(PostgresError) {
            try self.connection.query(Self.lock)
            try self.connection.query(Self.createTable)
            let current = try self.version()
            var applied: [String] = []
            for migration in Migration.all where migration.number > current {
                try self.apply(migration)
                applied.append("\(migration.number) \(migration.name)")
            }
            try self.connection.query(Self.unlock)
            return applied
        } catch {
            throw StoreError.database(error)
        }
    }

    private func apply(_ migration: Migration) throws(PostgresError) {
        try self.connection.execute("BEGIN", name: "begin")
        do throws(PostgresError) {
            try self.connection.execute(migration.sql, name: "migration \(migration.number) \(migration.name)")
            try self.connection.query(Self.record, [.integer(migration.number), .text(migration.name)])
            try self.connection.execute("COMMIT", name: "commit")
        } catch {
            try? self.connection.execute("ROLLBACK", name: "rollback")
            throw error
        }
    }

    /// Throws unless the schema is exactly this program's.
    package func requireCurrent() throws(StoreError) {
        let expected = Migration.all.count
        let found: Int
        do throws(PostgresError) {
            found = try self.version()
        } catch  where error.sqlState == .undefinedTable {
            throw StoreError.schema("the database has no schema yet: run `tongxing migrate`")
        } catch {
            throw StoreError.database(error)
        }
        guard found == expected else {
            throw StoreError.schema(
                found < expected
                    ? "the schema is at version \(found), this program needs \(expected): run `tongxing migrate`"
                    : "the schema is at version \(found), newer than this program's \(expected): install the newer program"
            )
        }
    }

    private func version() throws(PostgresError) -> Int {
        Int(try self.connection.query(Self.currentVersion).integer(0, 0) ?? 0)
    }

    private static let lock = NamedQuery("migrations.lock", "SELECT pg_advisory_lock(7301, 0)")
    private static let unlock = NamedQuery("migrations.unlock", "SELECT pg_advisory_unlock(7301, 0)")
    private static let createTable = NamedQuery(
        "migrations.create",
        """
        CREATE TABLE IF NOT EXISTS schema_migration (
            number integer PRIMARY KEY, name text NOT NULL, applied_at timestamptz NOT NULL DEFAULT clock_timestamp())
        """)
    private static let currentVersion = NamedQuery(
        "migrations.version", "SELECT coalesce(max(number), 0) FROM schema_migration")
    private static let record = NamedQuery(
        "migrations.record", "INSERT INTO schema_migration (number, name) VALUES ($1, $2)")
}
