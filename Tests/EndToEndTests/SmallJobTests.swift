import Foundation
import LocalServers
import Supervision
import TestSupport
import Testing

/// A village house in a city that exempts small jobs: what came there is counted, and judged again when it is too much.
@Suite struct SmallJobTests {
    private static let hits: StaticString = """
        SELECT count(*) FROM delivery, jsonb_array_elements(content -> 'judgements') AS said
        WHERE said ->> 'rule' = 'unregistered-destination' AND said ->> 'outcome' = 'hit'
        """
    private static let exempt: StaticString = """
        SELECT count(*) FROM delivery, jsonb_array_elements(content -> 'judgements') AS said
        WHERE said ->> 'rule' = 'unregistered-destination' AND said ->> 'outcome' = 'no'
            AND said ->> 'facts' LIKE '%20 m³%'
        """
    private static let alerts: StaticString = """
        SELECT count(*) FROM alert WHERE status = 'open' AND rule = 'unregistered-destination'
        """

    private static func notes(_ volumes: [Double]) -> String {
        volumes.enumerated().map { "N\($0),P1,V1,浙F00001,2026-03-02T1\(["0:09", "1:39", "3:09"][$0]):00+08:00,\($1)\n" }
            .joined()
    }

    private static func expect(_ installation: Installation, hits: Int, exempt: Int) async throws {
        _ = try await installation.caughtUp()
        #expect(try installation.count(Self.hits) == hits)
        #expect(try installation.count(Self.exempt) == exempt)
        #expect(try installation.count(Self.alerts) == hits)
        let outcome = try await installation.run("analyse", "--diff")
        #expect(outcome.code == 0 && outcome.errors.contains("0 added, 0 changed, 0 withdrawn"), "\(outcome)")
    }

    @Test func aVillageHouseIsExemptUntilTooMuchCame() async throws {
        let broker = try await TestServers.shared.makePrivateBroker()
        let folder = try await TestServers.shared.makeFolder()
        let file = URL(fileURLWithPath: "\(folder)/tongxing.yaml")
        try Data("analysis:\n  parameters:\n    exemption:\n      concreteVolume: 20\n".utf8).write(to: file)
        let installation = try await Installation(broker: broker.url, settings: ["TONGXING_CONFIG": file.path])
        try await RecordedTrack.importing(
            "plants",
            "plant_id,name,licence_kind,status,valid_from,lat,lon,radius_m\nP1,一号站,concrete,valid,2020-01-01,30.70,120.70,100\n",
            installation, folder)
        try await RecordedTrack.importing(
            "sites",
            "site_id,name,status,valid_from,lat,lon,radius_m\nS1,一号工地,active,2020-01-01,30.75,120.80,80\n",
            installation, folder)
        try await RecordedTrack.importing("vehicles", "plate,terminal,kind\n浙F00001,T1,mixer\n", installation, folder)
        let header = "ticket_id,plant_id,site_id,plate,issued_at,volume_m3\n"
        try await RecordedTrack.importing("tickets", header + Self.notes([7, 7, 7]), installation, folder)
        let service = try await installation.serve()
        var track = RecordedTrack("T1", latitude: 30.70, longitude: 120.70)
        for round in 0..<3 {
            track.drive(90, metres: 0, every: 20, times: 30)
            track.drive(90, metres: 200, every: 20, times: 48)
            track.drive(90, metres: 0, every: 20, times: 30)
            track.drive(270, metres: 200, every: 20, times: 48)
            track.drive(270, metres: 0, every: 20, times: 114)
            try await RecordedTrack.replay(track.take(), installation, folder)
            // 7 and 14 m³ are below 20; with 21 none of the three is exempt.
            try await Self.expect(installation, hits: round == 2 ? 3 : 0, exempt: round == 2 ? 0 : round + 1)
        }
        // One note is put right: 19 m³.
        try await RecordedTrack.importing("tickets", header + Self.notes([7, 5, 7]), installation, folder)
        try await Self.expect(installation, hits: 0, exempt: 3)
        #expect(await service.stop().isSuccess)

        // Without the exemption all three are asked about.
        try Data("analysis:\n  checkpointHours: 6\n".utf8).write(to: file)
        let without = try await installation.serve()
        try await Self.expect(installation, hits: 3, exempt: 0)
        #expect(await without.stop().isSuccess)
        try await broker.stop()
    }
}
