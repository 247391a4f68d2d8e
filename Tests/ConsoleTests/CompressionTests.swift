import Console
import Foundation
import Hummingbird
import NIOCore
import Testing

/// Long texts in gzip: for whom, which, and which never.
struct CompressionTests {
    /// A fleet whose positions and deliveries are longer than one packet.
    private static func fleet() throws -> FakeFleet {
        var content = FakeFleet.Content()
        content.positions = try (1...40).map {
            (Int64($0), LatestPosition(terminal: try terminal("T\($0)"), report: report(0), receivedAt: testNow))
        }
        content.deliveries = try (1...9).map { try judged($0) }
        return FakeFleet(content)
    }

    private static func get(
        _ path: String, accepts: String?, method: HTTPRequest.Method = .get, access: ConsoleAccess = .open
    ) async throws -> TestResponse {
        try await console(try self.fleet(), access: access).application().test { client in
            var headers: HTTPFields = [:]
            headers[.acceptEncoding] = accepts
            return try await client.execute(uri: path, method: method, headers: headers)
        }
    }

    /// Whether it is gzip, of a text of so many bytes (RFC 1952: the last four bytes are the length of the original).
    private static func isGzip(_ answer: TestResponse, ofLength length: Int) -> Bool {
        let bytes = Array(answer.body.readableBytesView)
        let said = bytes.suffix(4).enumerated().reduce(0) { $0 + Int($1.element) << ($1.offset * 8) }
        return answer.headers[.contentEncoding] == "gzip" && bytes.prefix(3) == [0x1f, 0x8b, 8] && said == length
            && answer.headers[.contentLength] == String(bytes.count)
    }

    @Test(arguments: [
        ("gzip", true), ("gzip, deflate, br, zstd", true), ("br;q=1.0, GZIP ; q=0.5", true), ("*", true),
        ("gzip;q=0", false), ("gzip; q=0.000, *", false), ("*;q=0", false), ("identity", false), ("br", false),
        ("", false), (nil, false), ("gzip;q=x", false),
    ])
    func onlyWhoTakesItGetsIt(accepts: String?, isPacked: Bool) async throws {
        let plain = try await Self.get("/api/v1/positions", accepts: nil)
        let answer = try await Self.get("/api/v1/positions", accepts: accepts)
        #expect(answer.status == .ok && answer.headers[.contentType] == "application/geo+json")
        // A cache between must keep both.
        #expect(answer.headers[.vary] == "Accept-Encoding" && answer.headers[.cacheControl] == "no-store")
        #expect(Self.isGzip(answer, ofLength: plain.body.readableBytes) == isPacked)
        #expect((answer.body == plain.body) == !isPacked)
        #expect(!isPacked || answer.body.readableBytes * 4 < plain.body.readableBytes)
    }

    @Test(arguments: [
        "/", "/queue", "/app/main.js", "/app/desk.css", "/openapi.yaml", "/safety", "/api/v1/deliveries",
        "/api/v1/safety/report?format=html",
    ])
    func textsOfEveryKindArePacked(path: String) async throws {
        let plain = try await Self.get(path, accepts: nil)
        let answer = try await Self.get(path, accepts: "gzip")
        #expect(plain.status == .ok && plain.headers[.contentEncoding] == nil)
        #expect(plain.headers[.vary] == "Accept-Encoding")
        #expect(answer.headers[.contentEncoding] == "gzip", "\(path)")
        #expect(answer.body.readableBytes < plain.body.readableBytes)
    }

    /// Short ones, errors, what is packed already, what has no end, and what holds a token.
    @Test(arguments: [
        "/healthz", "/app/settings.json", "/api/v1/status", "/api/v1/nothing", "/api/v1/deliveries?limit=0",
        "/api/v1/safety/report?format=xlsx", "/api/v1/deliveries/D-JX1001-1/evidence?purpose=case", "/api/v1/session",
    ])
    func theRestGoesAsItIs(path: String) async throws {
        let answer = try await Self.get(path, accepts: "gzip")
        #expect(answer.headers[.contentEncoding] == nil, "\(path)")
        #expect(answer.headers[.contentLength] == String(answer.body.readableBytes))
    }

    @Test func aStreamOfEventsIsNeverPacked() async throws {
        let answer = try await Self.get("/api/v1/events", accepts: "gzip", method: .head)
        #expect(answer.status == .ok && answer.headers[.contentEncoding] == nil)
    }

    /// However long it grows: its length would tell of the token to who can put words beside it.
    @Test func whatHoldsATokenIsNeverPacked() async throws {
        let accounts = AccessTests.accounts(.administrator)
        accounts.change { content in
            content.sessions[Secret.hash(AccessTests.secret)]?.name = String(repeating: "甲", count: 400)
        }
        let answer = try await console(FakeFleet(), access: .accounts(accounts, nil)).application().test { client in
            var headers = AccessTests.cookie
            headers[.acceptEncoding] = "gzip"
            return try await client.execute(uri: "/api/v1/session", method: .get, headers: headers)
        }
        #expect(try JSONValue(bytes: answer.body.readableBytesView)["csrf_token"].text != nil)
        #expect(answer.body.readableBytes > 1024 && answer.headers[.contentEncoding] == nil)
    }

    @Test func aFileHasATagForEachOfItsForms() async throws {
        let plain = try await Self.get("/app/main.js", accepts: nil)
        let packed = try await Self.get("/app/main.js", accepts: "gzip")
        let (one, other) = (try #require(plain.headers[.eTag]), try #require(packed.headers[.eTag]))
        #expect(one != other)
        for (accepts, tag, status) in [
            (nil, one, 304), (nil, other, 200), ("gzip", other, 304), ("gzip", one, 200),
        ] {
            let answer = try await console(FakeFleet()).application().test { client in
                var headers: HTTPFields = [.ifNoneMatch: tag]
                headers[.acceptEncoding] = accepts
                return try await client.execute(uri: "/app/main.js", method: .get, headers: headers)
            }
            #expect(answer.status.code == status && answer.headers[.vary] == "Accept-Encoding")
            #expect(status != 304 || answer.body.readableBytes == 0)
        }
    }
}
