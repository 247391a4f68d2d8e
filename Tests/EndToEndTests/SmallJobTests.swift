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

    private static func expect(_ city: SmallCity, hits: Int, exempt: Int) async throws {
        _ = try await city.installation.caughtUp()
        #expect(try city.installation.count(Self.hits) == hits)
        #expect(try city.installation.count(Self.exempt) == exempt)
        #expect(try city.installation.count(Self.alerts) == hits)
        try await city.expectNothingChanges()
    }

    @Test func aVillageHouseIsExemptUntilTooMuchCame() async throws {
        let folder = try await TestServers.shared.makeFolder()
        let file = URL(fileURLWithPath: "\(folder)/tongxing.yaml")
        try Data("analysis:\n  parameters:\n    exemption:\n      concreteVolume: 20\n".utf8).write(to: file)
        let city = try await SmallCity(
            sites: [.init(id: "S1", latitude: 30.75, longitude: 120.80)], settings: ["TONGXING_CONFIG": file.path])
        let header = "ticket_id,plant_id,site_id,plate,issued_at,volume_m3\n"
        try await city.importing("tickets", header + Self.notes([7, 7, 7]))
        let service = try await city.installation.serve()
        var track = RecordedTrack("T1", latitude: 30.70, longitude: 120.70)
        for round in 0..<3 {
            track.carry()
            try await city.replay(&track)
            // 7 and 14 m³ are below 20; with 21 none of the three is exempt.
            try await Self.expect(city, hits: round == 2 ? 3 : 0, exempt: round == 2 ? 0 : round + 1)
        }
        // One note is put right: 19 m³.
        try await city.importing("tickets", header + Self.notes([7, 5, 7]))
        try await Self.expect(city, hits: 0, exempt: 3)
        #expect(await service.stop().isSuccess)

        // Without the exemption all three are asked about.
        try Data("analysis:\n  checkpointHours: 6\n".utf8).write(to: file)
        let without = try await city.installation.serve()
        try await Self.expect(city, hits: 3, exempt: 0)
        #expect(await without.stop().isSuccess)
        try await city.broker.stop()
    }
}
