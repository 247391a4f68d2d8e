import Foundation
import LocalServers
import Supervision
import TestSupport
import Testing

/// A place in no register to which a truck without a sensor shuttles, with no note: each halt may be a meal, all of
/// them together are none, and the earlier ones are judged again.
@Suite struct PlaceSupplyTests {
    private static let hits: StaticString = """
        SELECT count(*) FROM delivery, jsonb_array_elements(content -> 'judgements') AS said
        WHERE said ->> 'rule' = 'unregistered-destination' AND said ->> 'outcome' = 'hit'
            AND said ->> 'facts' LIKE '%往返直送%'
        """
    private static let open: StaticString = """
        SELECT count(*) FROM delivery, jsonb_array_elements(content -> 'judgements') AS said
        WHERE said ->> 'rule' = 'unregistered-destination' AND said ->> 'outcome' = 'insufficient'
        """

    private static func expect(_ installation: Installation, hits: Int, open: Int) async throws {
        _ = try await installation.caughtUp()
        #expect(try installation.count(Self.hits) == hits)
        #expect(try installation.count(Self.open) == open)
        let outcome = try await installation.run("analyse", "--diff")
        #expect(outcome.code == 0 && outcome.errors.contains("0 added, 0 changed, 0 withdrawn"), "\(outcome)")
    }

    @Test func shuttlingIsSeenFromTheFourthTripOn() async throws {
        let broker = try await TestServers.shared.makePrivateBroker()
        let folder = try await TestServers.shared.makeFolder()
        let installation = try await Installation(broker: broker.url)
        try await RecordedTrack.importing(
            "plants",
            "plant_id,name,licence_kind,status,valid_from,lat,lon,radius_m\nP1,一号站,concrete,valid,2020-01-01,30.70,120.70,100\n",
            installation, folder)
        try await RecordedTrack.importing(
            "sites",
            "site_id,name,status,valid_from,lat,lon,radius_m\nS1,一号工地,active,2020-01-01,30.75,120.80,80\n",
            installation, folder)
        try await RecordedTrack.importing("vehicles", "plate,terminal,kind\n浙F00001,T1,mixer\n", installation, folder)
        let service = try await installation.serve()
        var track = RecordedTrack("T1", latitude: 30.70, longitude: 120.70)
        for round in 0..<4 {
            track.drive(90, metres: 0, every: 20, times: 30)
            track.drive(90, metres: 200, every: 20, times: 48)
            track.drive(90, metres: 0, every: 20, times: 45)
            track.drive(270, metres: 200, every: 20, times: 48)
            track.drive(270, metres: 0, every: 20, times: 114)
            try await RecordedTrack.replay(track.take(), installation, folder)
            guard round >= 2 else { continue }
            // A driver eats twice a day: three trips are one more, four are two.
            try await Self.expect(installation, hits: round == 3 ? 4 : 0, open: round == 3 ? 0 : 3)
        }
        #expect(await service.stop().isSuccess)
        try await broker.stop()
    }
}
