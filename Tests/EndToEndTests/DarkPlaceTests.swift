import Chronology
import FleetStore
import Foundation
import Geodesy
import LocalServers
import PostgresClient
import Supervision
import Suspicions
import TestSupport
import Testing

/// A truck that was loaded where nobody saw it, beside a place of which analysis hears only later, in a running
/// installation: the delivery is the same as if the place had been known when the reports came.
@Suite struct DarkPlaceTests {
    /// 150 m on from where the truck went dark, and 250 m beside its way.
    private static let hidden = SmallCity.Ground(id: "P9", latitude: 30.746315, longitude: 120.80303, radius: 100)

    private static func city(_ plants: [SmallCity.Ground]) async throws -> SmallCity {
        try await SmallCity(
            plants: plants,
            sites: [
                .init(id: "S1", latitude: 30.70, longitude: 120.80),
                .init(id: "S2", latitude: 30.79, longitude: 120.80),
            ])
    }

    /// Loaded at P1, poured at S1, five kilometres on dark for fourteen minutes, to a kilometre farther on, poured at
    /// S2, and back to P1.
    private static func track() -> RecordedTrack {
        var track = RecordedTrack("T1", latitude: 30.70, longitude: 120.70)
        track.drive(90, metres: 0, every: 20, times: 30)
        track.drive(90, metres: 200, every: 20, times: 48)
        track.drive(90, metres: 0, every: 20, times: 30)
        track.drive(0, metres: 200, every: 20, times: 25)
        track.drive(0, metres: 1000, every: 840, times: 1)
        track.drive(0, metres: 200, every: 20, times: 20)
        track.drive(0, metres: 0, every: 20, times: 30)
        track.drive(180, metres: 200, every: 20, times: 50)
        track.drive(270, metres: 200, every: 20, times: 48)
        track.drive(270, metres: 0, every: 20, times: 60)
        return track
    }

    /// Where from and where to the deliveries were, sorted.
    private static func ways(_ installation: Installation) async throws -> [String] {
        try await installation.run("deliveries", "--format", "ndjson").lines.map {
            let row = try #require(try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any])
            return "\(row["origin_id"] as? String ?? "?")>\(row["destination_id"] as? String ?? "?")"
        }.sorted()
    }

    @Test func aPlantThatIsRegisteredLater() async throws {
        var seen: [[String]] = []
        for isKnown in [true, false] {
            let city = try await Self.city(isKnown ? [.plant, Self.hidden] : [.plant])
            let service = try await city.installation.serve()
            var track = Self.track()
            try await city.replay(&track)
            _ = try await city.installation.caughtUp()
            if !isKnown {
                #expect(try await Self.ways(city.installation) == ["P1>S1", "P1>S2"])
                #expect(try city.installation.count("SELECT count(*) FROM dark_stretch") == 1)
                try await city.importPlants([Self.hidden])
                _ = try await city.installation.caughtUp()
            }
            seen.append(try await Self.ways(city.installation))
            try await city.expectNothingChanges()
            #expect(await service.stop().isSuccess)
            try await city.broker.stop()
        }
        #expect(seen == [["P1>S1", "P9>S2"], ["P1>S1", "P9>S2"]])
    }

    @Test func aPlaceThatIsSuspectedLaterAndNoMore() async throws {
        let city = try await Self.city([.plant])
        let service = try await city.installation.serve()
        var track = Self.track()
        try await city.replay(&track)
        _ = try await city.installation.caughtUp()
        #expect(try await Self.ways(city.installation) == ["P1>S1", "P1>S2"])

        let place = try #require(Coordinate(latitude: Self.hidden.latitude, longitude: Self.hidden.longitude))
        var card = PlantEvidence()
        card.loads = 12
        (card.firstSeen, card.lastSeen) = (Instant(seconds: 1_772_300_000), Instant(seconds: 1_772_410_000))
        let suspect = SuspectedPlant(
            suspectedPlantID: "X-1", coordinate: place, radiusMetres: 100, evidence: card, score: 90,
            reasons: [], isLikely: true, parametersVersion: 1, registerRevision: 0)
        // As the search notes what it has found.
        let connection = try PostgresConnection(url: city.installation.databaseURL, application: "test")
        let store = SuspectStore(connection: connection)
        func find(_ now: [SuspectedPlant]) async throws {
            let known = try store.suspects()
            try store.replace(with: now)
            try store.note(PlaceChange.between(known, now), by: "analysis", reason: "search", isOfSearch: true)
            #expect(
                try await eventually { try city.installation.count("SELECT count(*) FROM place_change") == 0 })
            _ = try await city.installation.caughtUp()
        }
        try await find([suspect])
        #expect(try await Self.ways(city.installation) == ["P1>S1", "X-1>S2"])
        try await city.expectNothingChanges()
        try await find([])
        #expect(try await Self.ways(city.installation) == ["P1>S1", "P1>S2"])
        try await city.expectNothingChanges()
        #expect(await service.stop().isSuccess)
        try await city.broker.stop()
    }
}
