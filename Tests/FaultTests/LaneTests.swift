import Foundation
import LocalServers
import Supervision
import TestSupport
import Testing

/// Several lanes in one process: each has its session, its connection and its chain.
@Suite struct LaneTests {
    @Test func twoLanesShareTheTopics() async throws {
        let site = try await Site(settings: [
            "TONGXING_INGESTION_LANES": "east@lane-east=fleet/v1/+/position, west=fleet/v1/+/camera jt808/#"
        ])
        let ingestion = try site.startIngestion()
        try await site.waitUntilReady()
        let terminals = Terminals(2000, port: site.broker.port, id: "terminals")
        let cameras = Terminals(300, port: site.broker.port, id: "cameras", kind: .camera)
        try await site.waitForRows(2000)
        #expect(
            try await eventually(within: .seconds(60)) {
                try site.number("SELECT count(*) FROM camera_report") == 300
            })
        #expect(try site.number("SELECT stored FROM lane WHERE name = 'east'") == 2000)
        #expect(try site.number("SELECT stored FROM lane WHERE name = 'west'") == 300)
        #expect(try site.number("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND classid = 7302") == 2)
        #expect(try await eventually { cameras.isDone && cameras.acknowledgedCount == 300 })
        // Each has a database connection of its own: without one of them the other goes on, and ingestion is not ready.
        try site.execute("UPDATE part SET is_ready = true WHERE part = 'ingestion'")
        try site.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'tongxing ingestion west'")
        try await site.waitUntilReady()
        #expect(await ingestion.stop().shellCode == 0, "\(site.ending)")
        #expect(try await eventually { terminals.isDone && terminals.acknowledgedCount == 2000 })
        #expect(try site.number("SELECT sum(duplicate + quarantined + ignored) FROM lane") == 0)
    }

    @Test func whatCannotWorkIsRefusedAtTheStart() async throws {
        let site = try await Site(migrates: false)
        for (lanes, reason) in [
            ("a=fleet/v1/#,b=fleet/v1/+/position", "same topics"), ("a=x,a=y", "share a name"),
            ("a@i=x,b@i=y", "share a name"), ("a=x/#/y", "topic filter"), ("a", "form"), ("a=", "form"),
        ] {
            let (code, text) = try await site.run(
                "serve", "--only", "ingestion", settings: ["TONGXING_INGESTION_LANES": lanes])
            #expect(code == 2)
            #expect(text.contains(reason) && text.split(separator: "\n").count == 1, "\(text)")
        }
    }
}
