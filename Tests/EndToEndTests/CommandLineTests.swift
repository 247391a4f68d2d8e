import Foundation
import TestSupport
import Testing

/// The command line's promises: exit codes, one line with the cure, no unknown keys.
@Suite struct CommandLineTests {
    private static let environment = ["PATH": "/usr/bin:/bin", "HOME": "/nonexistent", "SWIFT_BACKTRACE": "enable=no"]

    @Test(
        arguments: [
            (["serve", "--only", "nonsense"], 2, "nonsense"),
            (["import", "nonsense", "x.csv"], 2, "nonsense"),
            (["replay", "x", "--speed", "fast"], 2, "--speed"),
            (["deliveries", "--from", "yesterday"], 2, "--from"),
            (["quarantine", "list", "--from", "0001-01-01"], 2, "1900-01-01T00:00:00Z"),
            (["deliveries", "--to", "9999-12-31T23:59:59-12:00"], 2, "9999-12-31T23:59:59Z"),
            (["raw", "T1", "1899-12-31T23:59:59Z"], 2, "TIME"),
            (["raw", "T1", "2026-03-02T08:20:00Z"], 2, "--purpose"),
            (["raw", "T1", "2026-03-02T08:20:00Z", "--purpose", "\u{200B}\u{202E}"], 2, "--purpose"),
            (["trail", "T1", "--purpose", "\u{200B}"], 2, "--purpose"),
            (["evidence", "D-1", "--out", "/nonexistent", "--purpose", "x."], 2, "--purpose"),
            (["evidence", "public-key"], 1, "no signing key"),
            (["status", "--database-url", "postgresql://127.0.0.1:1/x"], 1, "database.url"),
            (
                ["import", "plants", "/nonexistent.csv", "--database-url", "postgresql://127.0.0.1:1/x"], 1,
                "/nonexistent.csv"
            ),
            (["status", "--config", "/nonexistent.yaml"], 2, "/nonexistent.yaml"),
        ] as [([String], Int32, String)])
    func failuresSayWhatAndWhere(arguments: [String], code: Int32, word: String) async throws {
        let outcome = try await Product.run(arguments, Self.environment)
        #expect(outcome.code == code, "\(outcome.errors)")
        #expect(outcome.errors.contains(word))
        #expect(outcome.errors.split(separator: "\n").count == 1, "one line: \(outcome.errors)")
        #expect(outcome.output.isEmpty)
    }

    @Test func aParsingErrorIsUsage() async throws {
        #expect(try await Product.run(["deliveries", "--nonsense"], Self.environment).code == 2)
        #expect(try await Product.run(["nonsense"], Self.environment).code == 2)
        #expect(try await Product.run(["--help"], Self.environment).code == 0)
    }

    /// The register of definitions is in the program: it can be read without a database.
    @Test func definitionsAreRead() async throws {
        let all = try await Product.run(["definitions"], Self.environment)
        #expect(all.code == 0 && all.lines.count == 145, "\(all.errors)")
        #expect(all.lines.first?.hasPrefix("definition,version,since,fingerprint,") == true)
        let row = "accidents/vehicle_km;exposure=reported;baseline=2015;v5;probability=prior"
        let one = try await Product.run(["definitions", "--definition", row, "--format", "ndjson"], Self.environment)
        #expect(one.code == 0 && one.lines.count == 1 && one.output.contains("Garwood"), "\(one.errors)")
        let none = try await Product.run(["definitions", "--definition", "births/vehicles;v1"], Self.environment)
        #expect(none.code == 2 && none.output.isEmpty && none.errors.contains("--definition"))
    }

    @Test(arguments: [
        "mqtt:\n  urll: x\n", "nonsense: 1\n", "analysis:\n  parameters:\n    tickets:\n      windo: 5\n",
        "analysis:\n  parameters:\n    tickets:\n      window: long\n", "web:\n  port: many\n",
    ])
    func anUnknownKeyStopsTheStart(yaml: String) async throws {
        let folder = try await TestServers.shared.makeFolder()
        try Data(yaml.utf8).write(to: URL(fileURLWithPath: folder + "/t.yaml"))
        let outcome = try await Product.run(["check", "--config", folder + "/t.yaml"], Self.environment)
        #expect(outcome.code == 2)
        #expect(outcome.errors.contains(":"))
    }

    /// What would take every message twice, share it with others, or bring nothing.
    @Test(arguments: [
        ("TOPICS", "fleet/v1/#,fleet/v1/+/position", "fleet/v1/+/position"), ("TOPICS", "#,jt808/#", "same topics"),
        ("TOPICS", "a/b,a/+", "twice"), ("TOPICS", "$share/g/fleet/v1/#", "shared subscription"),
        ("TOPICS", "$queue/fleet/v1/#", "shared subscription"), ("TOPICS", "$SYS/#", "broker's own"),
        ("LANES", "a=fleet/v1/#,b=$share/g/fleet/v1/#", "shared subscription"),
        ("LANES", "a=x,b=fleet/v1/# fleet/v1/T1/position", "lane b"),
    ])
    func filtersThatCannotBeMeantAreRefused(setting: String, value: String, word: String) async throws {
        let name = setting == "TOPICS" ? "TONGXING_MQTT_TOPICS" : "TONGXING_INGESTION_LANES"
        let outcome = try await Product.run(["check"], Self.environment.merging([name: value]) { $1 })
        #expect(outcome.code == 2 && outcome.errors.contains(word), "\(outcome)")
        #expect(outcome.errors.split(separator: "\n").count == 1, "\(outcome)")
    }

    @Test(arguments: ["fleet/v1/#,jt808/#", "fleet/v1/+/position,fleet/v1/+/camera,fleet/v1", "a/+,a"])
    func filtersBesideEachOtherAreTaken(value: String) async throws {
        let outcome = try await Product.run(
            ["status", "--database-url", "postgresql://127.0.0.1:1/x"],
            Self.environment.merging(["TONGXING_MQTT_TOPICS": value]) { $1 })
        #expect(outcome.code == 1 && outcome.errors.contains("database.url"), "\(outcome)")
    }

    @Test func anUnknownVariableStopsTheStart() async throws {
        let outcome = try await Product.run(
            ["status"], Self.environment.merging(["TONGXING_DATABSE_URL": "x"]) { $1 })
        #expect(outcome.code == 2)
        #expect(outcome.errors.contains("TONGXING_DATABSE_URL"))
    }

    @Test func anImportReportsEveryBadRowAndChangesNothing() async throws {
        let installation = try await Installation()
        let folder = try await TestServers.shared.makeFolder()
        let rows = """
            plant_id,name,licence_kind,status,valid_from,lat,lon,radius_m
            P1,一站,concrete,valid,2026-01-01,30.7,120.7,200
            P2,二站,concrete,perhaps,2026-01-01,30.7,120.8,200
            P3,三站,concrete,valid,2026-01-01,99,120.9,200
            """
        try Data(rows.utf8).write(to: URL(fileURLWithPath: folder + "/plants.csv"))
        let outcome = try await installation.run("import", "plants", folder + "/plants.csv")
        #expect(outcome.code == 1)
        #expect(outcome.errors.contains("line 3 [status]"))
        #expect(outcome.errors.contains("line 4 [lat]"))
        #expect(try installation.count("SELECT count(*) FROM register_entry") == 0)
    }
}
