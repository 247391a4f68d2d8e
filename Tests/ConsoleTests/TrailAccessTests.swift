import Console
import Hummingbird
import Testing

/// Who looked at whose trail is noted in the store: every look once.
struct TrailAccessTests {
    /// The looks that are noted when `paths` are read one after the other.
    private func looks(
        _ paths: [String], _ change: (inout ConsoleConfiguration) -> Void = { _ in }
    ) async throws -> [TrailAccess] {
        let fleet = FakeFleet()
        try await console(fleet, change).application().test { client in
            for path in paths { _ = try await client.execute(uri: "/api/v1/trails" + path, method: .get) }
        }
        return fleet.accesses
    }

    @Test func aLookIsNotedWithSubjectAndPurpose() async throws {
        #expect(
            try await self.looks(["/JX1001?purpose=live+page", "?plate=%E6%B5%99F12345"]) == [
                TrailAccess(reader: "unknown", subject: "JX1001", purpose: "live page"),
                TrailAccess(reader: "unknown", subject: "浙F12345", purpose: ""),
            ])
    }

    @Test func theSameViewingIsNotedOnce() async throws {
        let looks = try await self.looks([
            "/JX1001?purpose=a&viewing=1", "/JX1001?purpose=a&viewing=1&limit=3",
            "?terminal=JX1001&purpose=a&viewing=1",
            "/JX1001?purpose=a&viewing=2", "/JX1001?purpose=b&viewing=1", "/%E6%B5%99F12345?purpose=a&viewing=1",
        ])
        #expect(looks.map(\.subject) == ["JX1001", "JX1001", "JX1001", "浙F12345"])
        #expect(looks.map(\.purpose) == ["a", "a", "b", "a"])
    }

    @Test func withoutAMarkEveryRequestIsALook() async throws {
        #expect(try await self.looks(["/JX1001", "/JX1001"]).count == 2)
    }

    @Test func aViewingThatLastsIsNotedAgain() async throws {
        let path = "/JX1001?viewing=1"
        #expect(try await self.looks([path, path]) { $0.viewingLimitSeconds = 0 }.count == 2)
    }

    @Test func aForgottenViewingIsNotedAgain() async throws {
        let (one, other) = ("/JX1001?viewing=1", "/JX1001?viewing=2")
        #expect(try await self.looks([one, other, one]) { $0.viewingsRemembered = 0 }.count == 3)
    }

    @Test func whatCannotBeAskedIsNoLook() async throws {
        #expect(try await self.looks(["", "/JX1001?limit=0", "/JX1001?why=x"]).isEmpty)
    }

    @Test func aLookThatCannotBeNotedIsNotHad() async throws {
        let fleet = FakeFleet()
        fleet.change { $0.refusesAccesses = true }
        try await console(fleet).application().test { client in
            let path = "/api/v1/trails/JX1001?viewing=1"
            let answer = try await client.execute(uri: path, method: .get)
            #expect(answer.status == .serviceUnavailable)
            fleet.change { $0.refusesAccesses = false }
            #expect(try await client.execute(uri: path, method: .get).status == .ok)
        }
        #expect(fleet.accesses.count == 1)
    }
}
