import LocalServers
import TestSupport
import Testing

/// An installation with a broker of its own, whose registers know a plant or two, some sites and a few trucks.
struct SmallCity {
    let broker: MosquittoBroker
    let installation: Installation
    let folder: String

    /// A round fence.
    struct Ground {
        var id: String
        var latitude: Double
        var longitude: Double
        /// Metres.
        var radius = 80

        /// Where the recorded tracks of most tests begin.
        static let plant = Ground(id: "P1", latitude: 30.70, longitude: 120.70, radius: 100)
    }

    /// - Parameter trucks: as many as 浙F00001 with the terminal T1, and so on.
    /// - Parameter settings: further variables.
    init(
        plants: [Ground] = [.plant], sites: [Ground], trucks: Int = 1, settings: [String: String] = [:]
    ) async throws {
        self.broker = try await TestServers.shared.makePrivateBroker()
        self.installation = try await Installation(broker: self.broker.url, settings: settings)
        self.folder = try await TestServers.shared.makeFolder()
        try await self.importPlants(plants)
        if !sites.isEmpty {
            try await self.importing(
                "sites",
                "site_id,name,status,valid_from,lat,lon,radius_m\n"
                    + sites.map { "\($0.id),\($0.id) 工地,active,2020-01-01,\(Self.circle($0))\n" }.joined())
        }
        try await self.importing(
            "vehicles",
            "plate,terminal,kind\n" + (1...trucks).map { "浙F0000\($0),T\($0),mixer\n" }.joined())
    }

    func importPlants(_ plants: [Ground], status: String = "valid") async throws {
        try await self.importing(
            "plants",
            "plant_id,name,licence_kind,status,valid_from,lat,lon,radius_m\n"
                + plants.map { "\($0.id),\($0.id) 站,concrete,\(status),2020-01-01,\(Self.circle($0))\n" }.joined())
    }

    private static func circle(_ ground: Ground) -> String { "\(ground.latitude),\(ground.longitude),\(ground.radius)" }

    func importing(_ kind: String, _ text: String) async throws {
        try await RecordedTrack.importing(kind, text, self.installation, self.folder)
    }

    /// Sends what the track has recorded since.
    func replay(_ track: inout RecordedTrack) async throws {
        try await RecordedTrack.replay(track.take(), self.installation, self.folder)
    }

    /// Deriving all again gives what stands.
    func expectNothingChanges() async throws {
        let outcome = try await self.installation.run("analyse", "--diff")
        #expect(outcome.code == 0 && outcome.errors.contains("0 added, 0 changed, 0 withdrawn"), "\(outcome)")
    }
}

extension RecordedTrack {
    /// A load from where it is to a place 9.6 km away, and back: ten minutes at the plant, sixteen on the way, a while
    /// at the place, sixteen back, and half an hour and more at the plant.
    /// - Parameter reports: at the place, one every 20 seconds.
    mutating func carry(_ bearing: Double = 90, unloading reports: Int = 30) {
        let back = bearing < 180 ? bearing + 180 : bearing - 180
        self.drive(bearing, metres: 0, every: 20, times: 30)
        self.drive(bearing, metres: 200, every: 20, times: 48)
        self.drive(bearing, metres: 0, every: 20, times: reports)
        self.drive(back, metres: 200, every: 20, times: 48)
        self.drive(back, metres: 0, every: 20, times: 114)
    }
}
