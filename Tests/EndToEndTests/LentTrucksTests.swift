import Foundation
import LocalServers
import Supervision
import TestSupport
import Testing

/// Trucks that carry for one plant with the notes of another: which note a load took is decided by loads at plants that
/// have neither a note nor a truck in common with it, whatever came first and whatever is judged at once.
@Suite struct LentTrucksTests {
    /// Around one site, each 9.6 km from it; and the way there.
    private static let plants: [(ground: SmallCity.Ground, bearing: Double)] = [
        (.init(id: "P1", latitude: 30.75, longitude: 120.90, radius: 100), 270),
        (.init(id: "P2", latitude: 30.75, longitude: 120.70, radius: 100), 90),
        (.init(id: "P3", latitude: 30.836335, longitude: 120.80, radius: 100), 180),
    ]

    /// By plate the note that its load took.
    private static func notes(_ installation: Installation) async throws -> [String: String] {
        var found: [String: String] = [:]
        for line in try await installation.run("deliveries", "--format", "ndjson").lines {
            let row = try #require(try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
            let plate = try #require(row["plate"] as? String)
            #expect(found[plate] == nil, "one delivery a truck")
            found[plate] = row["ticket_id"] as? String ?? ""
        }
        return found
    }

    /// Truck 1 has no note, truck 2 one of plant 1, truck 3 one of plant 2; each stands at its own plant. What is known
    /// of them after each has come.
    private static let orders: [(trucks: [Int], taken: [[String: String]])] = [
        (
            [1, 2, 3],
            [
                ["浙F00001": "N2"], ["浙F00001": "N2", "浙F00002": "N3"],
                ["浙F00001": "", "浙F00002": "N2", "浙F00003": "N3"],
            ]
        ),
        (
            [3, 2, 1],
            [
                ["浙F00003": "N3"], ["浙F00002": "N2", "浙F00003": "N3"],
                ["浙F00001": "", "浙F00002": "N2", "浙F00003": "N3"],
            ]
        ),
    ]

    @Test(arguments: 0..<2)
    func aNoteIsOnOneLoadInWhateverOrderTheyCome(order: Int) async throws {
        let city = try await SmallCity(
            plants: Self.plants.map(\.ground), sites: [.init(id: "S1", latitude: 30.75, longitude: 120.80)], trucks: 3)
        try await city.importing(
            "tickets",
            "ticket_id,plant_id,site_id,plate,issued_at\nN2,P1,S1,浙F00002,2026-03-02T10:09:00+08:00\n"
                + "N3,P2,S1,浙F00003,2026-03-02T10:09:00+08:00\n")
        let service = try await city.installation.serve()
        for (truck, taken) in zip(Self.orders[order].trucks, Self.orders[order].taken) {
            let (plant, bearing) = Self.plants[truck - 1]
            var track = RecordedTrack("T\(truck)", latitude: plant.latitude, longitude: plant.longitude)
            track.carry(bearing)
            try await city.replay(&track)
            _ = try await city.installation.caughtUp()
            #expect(try await Self.notes(city.installation) == taken)
            try await city.expectNothingChanges()
        }
        #expect(await service.stop().isSuccess)
        try await city.broker.stop()
    }
}
