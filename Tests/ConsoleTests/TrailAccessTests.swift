import Chronology
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
        var looks = [
            TrailAccess(reader: "unknown", subject: "JX1001", purpose: "live page"),
            TrailAccess(reader: "unknown", subject: "浙F12345", purpose: ""),
        ]
        looks[0].period = testNow.advanced(bySeconds: -86400)..<testNow
        looks[1].period = Self.time("2026-03-01T00:00:00Z")..<Self.time("2026-03-02T00:00:00Z")
        let period = "from=2026-03-01T00:00:00Z&to=2026-03-02T00:00:00Z"
        #expect(try await self.looks(["/JX1001?purpose=live+page", "?plate=%E6%B5%99F12345&\(period)"]) == looks)
        #expect(looks.allSatisfy { $0.outcome == .done && $0.kind == .trail })
    }

    private static func time(_ text: String) -> Instant { Instant(rfc3339: text) ?? .distantPast }

    /// What is not there, or not within the reader's reach, was not looked at; that it was tried stands in the log.
    @Test func anAttemptIsNoLook() async throws {
        let fleet = FakeFleet()
        try await console(fleet).application().test { client in
            for path in [
                "/SIM-0001?purpose=AJ-13&viewing=1", "?terminal=NOSUCH&purpose=AJ-14", "/JX1001?purpose=AJ-15",
            ] {
                let answer = try await client.execute(uri: "/api/v1/trails" + path, method: .get)
                #expect(answer.status == (path.hasPrefix("/JX1001") ? .ok : .notFound))
            }
        }
        #expect(fleet.accesses.map(\.outcome) == [.notFound, .notFound, .done])
        #expect(fleet.accesses.map(\.subject) == ["SIM-0001", "NOSUCH", "JX1001"])
        #expect(fleet.accesses.map(\.purpose) == ["AJ-13", "AJ-14", "AJ-15"])
        #expect(fleet.accesses.allSatisfy { $0.period != nil })
    }

    /// A look of an hour is none of the month around it: the log would name the hour alone.
    @Test func moreTimeIsAnotherLook() async throws {
        func path(_ from: String, _ to: String) -> String {
            "/JX1001?purpose=a&viewing=1&from=2026-03-\(from):00:00Z&to=2026-03-\(to):00:00Z"
        }
        let day = path("01T08", "01T09")
        let looks = try await self.looks([
            day, path("01T00", "02T00"), day, path("01T10", "01T11"), path("01T00", "02T01"), path("01T00", "02T00"),
        ])
        #expect(
            looks.map { $0.period?.lowerBound.description.dropFirst(8).prefix(5) } == ["01T08", "01T00", "01T00"])
        #expect(looks.map { $0.period?.upperBound.description.dropFirst(8).prefix(5) } == ["01T09", "02T00", "02T01"])
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
            // Nor is anybody told, unnoted, that there is no such truck.
            let attempt = try await client.execute(uri: "/api/v1/trails/NOSUCH", method: .get)
            #expect(attempt.status == .serviceUnavailable)
            fleet.change { $0.refusesAccesses = false }
            #expect(try await client.execute(uri: path, method: .get).status == .ok)
        }
        #expect(fleet.accesses.count == 1)
    }
}
