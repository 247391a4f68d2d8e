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

    private static func expect(_ city: SmallCity, hits: Int, open: Int) async throws {
        _ = try await city.installation.caughtUp()
        #expect(try city.installation.count(Self.hits) == hits)
        #expect(try city.installation.count(Self.open) == open)
        try await city.expectNothingChanges()
    }

    @Test func shuttlingIsSeenFromTheFourthTripOn() async throws {
        let city = try await SmallCity(sites: [.init(id: "S1", latitude: 30.75, longitude: 120.80)])
        let service = try await city.installation.serve()
        var track = RecordedTrack("T1", latitude: 30.70, longitude: 120.70)
        for round in 0..<4 {
            track.carry(unloading: 45)
            try await city.replay(&track)
            guard round >= 2 else { continue }
            // A driver eats twice a day: three trips are one more, four are two.
            try await Self.expect(city, hits: round == 3 ? 4 : 0, open: round == 3 ? 0 : 3)
        }
        #expect(await service.stop().isSuccess)
        try await city.broker.stop()
    }
}
