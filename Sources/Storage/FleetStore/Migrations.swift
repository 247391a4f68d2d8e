package import PostgresClient

/// The numbered changes of the schema, forward only, embedded in the binary.
package struct Migration: Sendable {
    package var number: Int
    package var name: String
    package var sql: String

    /// In the order in which they are applied; the list
    /// equals the folder `Migrations` (a test compares them).
    package static let all: [Migration] = [
        Migration(1, "log", PackageResources.M0001_log_sql),
        Migration(2, "registers", PackageResources.M0002_registers_sql),
        Migration(3, "analysis", PackageResources.M0003_analysis_sql),
        Migration(4, "alarms", PackageResources.M0004_alarms_sql),
        Migration(5, "ledger", PackageResources.M0005_ledger_sql),
        Migration(6, "derive_request", PackageResources.M0006_derive_request_sql),
        Migration(7, "judging", PackageResources.M0007_judging_sql),
        Migration(8, "alerts", PackageResources.M0008_alerts_sql),
        Migration(10, "safety_days", PackageResources.M0010_safety_days_sql),
        Migration(13, "accounts", PackageResources.M0013_accounts_sql),
        Migration(14, "audit", PackageResources.M0014_audit_sql),
        Migration(15, "row_security", PackageResources.M0015_row_security_sql),
        Migration(16, "evidence_export", PackageResources.M0016_evidence_export_sql),
        Migration(17, "alert_handling", PackageResources.M0017_alert_handling_sql),
        Migration(18, "enforcement", PackageResources.M0018_enforcement_sql),
        Migration(19, "cases", PackageResources.M0019_cases_sql),
        Migration(20, "suspects", PackageResources.M0020_suspects_sql),
        Migration(21, "ways", PackageResources.M0021_ways_sql),
        Migration(22, "suspect_alerts", PackageResources.M0022_suspect_alerts_sql),
        Migration(23, "track_prints", PackageResources.M0023_track_prints_sql),
        Migration(24, "register_keeping", PackageResources.M0024_register_keeping_sql),
        Migration(25, "notices", PackageResources.M0025_notices_sql),
        Migration(26, "quarantine_bytes", PackageResources.M0026_quarantine_bytes_sql),
        Migration(27, "batch_arrays", PackageResources.M0027_batch_arrays_sql),
        Migration(35, "truck_load", PackageResources.M0035_truck_load_sql),
        Migration(40, "safety_rules", PackageResources.M0040_safety_rules_sql),
        Migration(41, "accident_keeping", PackageResources.M0041_accident_keeping_sql),
        Migration(42, "platform_days", PackageResources.M0042_platform_days_sql),
        Migration(43, "plant_months", PackageResources.M0043_plant_months_sql),
        Migration(44, "retention_reads", PackageResources.M0044_retention_reads_sql),
        Migration(45, "partitions_beside_readers", PackageResources.M0045_partitions_beside_readers_sql),
        Migration(46, "latest_in_place", PackageResources.M0046_latest_in_place_sql),
        Migration(47, "safety_reach", PackageResources.M0047_safety_reach_sql),
        Migration(50, "retention_beside_writers", PackageResources.M0050_retention_beside_writers_sql),
        Migration(51, "safety_places", PackageResources.M0051_safety_places_sql),
        Migration(52, "open_deliveries", PackageResources.M0052_open_deliveries_sql),
        Migration(53, "coordinate_question", PackageResources.M0053_coordinate_question_sql),
        Migration(55, "superseded_reach", PackageResources.M0055_superseded_reach_sql),
        Migration(56, "candidate_places", PackageResources.M0056_candidate_places_sql),
        Migration(57, "duties_apart", PackageResources.M0057_duties_apart_sql),
        Migration(59, "searched_world", PackageResources.M0059_searched_world_sql),
        Migration(61, "alert_plates", PackageResources.M0061_alert_plates_sql),
        Migration(62, "zone_order", PackageResources.M0062_zone_order_sql),
        Migration(63, "looks_and_cards", PackageResources.M0063_looks_and_cards_sql),
        Migration(64, "inferred_loads", PackageResources.M0064_inferred_loads_sql),
        Migration(65, "drop_signs", PackageResources.M0065_drop_signs_sql),
        Migration(66, "earlier_plants", PackageResources.M0066_earlier_plants_sql),
        Migration(67, "matching_reach", PackageResources.M0067_matching_reach_sql),
        Migration(68, "dark_stretches", PackageResources.M0068_dark_stretches_sql),
        Migration(69, "alert_checkpoints", PackageResources.M0069_alert_checkpoints_sql),
        Migration(70, "plain_columns", PackageResources.M0070_plain_columns_sql),
        Migration(71, "alert_correction", PackageResources.M0071_alert_correction_sql),
        Migration(72, "orphaned_ways", PackageResources.M0072_orphaned_ways_sql),
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
            try self.connection.query(Self.addContent)
        } catch {
            throw StoreError.database(error)
        }
        try self.requireSameContent()
        do throws(PostgresError) {
            let current = try self.version()
            var applied: [String] = []
            for migration in Migration.all where migration.number > current {
                try self.apply(migration)
                applied.append("\(migration.number) \(migration.name)")
            }
            try self.connection.query(Self.grantWebRights)
            try self.connection.query(Self.unlock)
            return applied
        } catch {
            throw StoreError.database(error)
        }
    }

    /// A database that an unreleased version made has the numbers of this one's and not its tables: it would fail
    /// later, at some statement.
    private func requireSameContent() throws(StoreError) {
        let changed: String?
        do throws(PostgresError) {
            let rows = try self.connection.query(
                Self.selectChanged,
                [.array(Migration.all.map(\.number)), .array(Migration.all.map { Optional($0.sql) })])
            changed = rows.rowCount == 0 ? nil : rows.text(0, 0)
            if changed != nil { try self.connection.query(Self.unlock) }
        } catch {
            throw StoreError.database(error)
        }
        guard let changed else { return }
        throw StoreError.schema(
            "migration \(changed) of this database is not this program's: an unreleased version made it; begin with an "
                + "empty database (of the demo: move its folder away)")
    }

    private func apply(_ migration: Migration) throws(PostgresError) {
        try self.connection.execute("BEGIN", name: "begin")
        do throws(PostgresError) {
            try self.connection.execute(migration.sql, name: "migration \(migration.number) \(migration.name)")
            try self.connection.query(
                Self.record, [.integer(migration.number), .text(migration.name), .text(migration.sql)])
            try self.connection.execute("COMMIT", name: "commit")
        } catch {
            try? self.connection.execute("ROLLBACK", name: "rollback")
            throw error
        }
    }

    /// Throws unless the schema is exactly this program's.
    package func requireCurrent() throws(StoreError) {
        let expected = Migration.all.last?.number ?? 0
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

    /// Whether the web takes a role of its own, which may read the fleet and nothing else. Without it row-level
    /// security alone confines the web: the user of this connection could not make the role.
    package func webHasRoles() throws(PostgresError) -> Bool {
        try self.connection.query(Self.grantWebRights).boolean(0, 0) ?? false
    }

    private static let grantWebRights = NamedQuery("migrations.web_rights", "SELECT grant_web_rights()")
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
        "migrations.record",
        "INSERT INTO schema_migration (number, name, content_md5) VALUES ($1, $2, md5($3))")
    private static let addContent = NamedQuery(
        "migrations.content", "ALTER TABLE schema_migration ADD COLUMN IF NOT EXISTS content_md5 text")
    private static let selectChanged = NamedQuery(
        "migrations.changed",
        """
        SELECT m.number || ' ' || m.name FROM schema_migration m
        JOIN unnest($1::integer[], $2::text[]) AS own (number, content) USING (number)
        WHERE m.content_md5 <> md5(own.content) ORDER BY m.number LIMIT 1
        """)
}
