import Chronology
import Console
import Deliveries
import Geodesy
import Hummingbird
import Registers
import Suspicions
import Telemetry
import Testing
import Tracks

/// The HTTP API over a fleet in memory.
struct APITests {
    /// Answers of a console over `fleet`, read as JSON.
    private func get(_ fleet: FakeFleet, _ path: String, headers: HTTPFields = [:]) async throws -> (
        response: TestResponse, json: JSONValue
    ) {
        try await console(fleet).application().test { client in
            let response = try await client.execute(uri: path, method: .get, headers: headers)
            return (response, try JSONValue(bytes: response.body.readableBytesView))
        }
    }

    @Test(arguments: [
        ("/api/v1/deliveries?limit=0", 400, "bad-parameter", "query parameter limit"),
        ("/api/v1/deliveries?limit=1001", 400, "bad-parameter", "query parameter limit"),
        ("/api/v1/deliveries?limit=ten", 400, "bad-parameter", "query parameter limit"),
        ("/api/v1/deliveries?limit=9223372036854775808", 400, "bad-parameter", "query parameter limit"),
        ("/api/v1/deliveries?limit=1&limit=2", 400, "bad-parameter", "query parameter limit"),
        ("/api/v1/deliveries?from=yesterday", 400, "bad-parameter", "query parameter from"),
        (
            "/api/v1/deliveries?from=2026-03-02T00:00:00Z&to=2026-03-01T00:00:00Z", 400, "bad-parameter",
            "query parameter from"
        ),
        // Midnight of the year 1 in the east is the year 0 in UTC, which PostgreSQL does not know.
        ("/api/v1/deliveries?from=0001-01-01T00:00:00%2B23:59", 400, "bad-parameter", "query parameter from"),
        ("/api/v1/deliveries?to=9999-12-31T23:59:59-12:00", 400, "bad-parameter", "query parameter to"),
        ("/api/v1/plants?at=1899-12-31T23:59:59Z", 400, "bad-parameter", "query parameter at"),
        ("/api/v1/alerts?to=1899-12-31T23:59:59Z", 400, "bad-parameter", "query parameter to"),
        ("/api/v1/trails/JX1001?to=0001-01-01T00:00:00Z", 400, "bad-parameter", "query parameter to"),
        ("/api/v1/deliveries?verdict=guilty", 400, "bad-parameter", "query parameter verdict"),
        ("/api/v1/deliveries?plate=%00", 400, "bad-parameter", "query parameter plate"),
        ("/api/v1/deliveries?plate=%FF", 400, "bad-parameter", "query parameter plate"),
        ("/api/v1/vehicles?after=bogus", 400, "bad-parameter", "query parameter after"),
        ("/api/v1/plants?at=1", 400, "bad-parameter", "query parameter at"),
        ("/api/v1/positions?since=-1", 400, "bad-parameter", "query parameter since"),
        ("/api/v1/trails/JX1001?limit=20001", 400, "bad-parameter", "query parameter limit"),
        ("/api/v1/trails/JX1001?from=2025-01-01T00:00:00Z", 400, "bad-parameter", "query parameter to"),
        ("/api/v1/positions?limit=0", 400, "bad-parameter", "query parameter limit"),
        ("/api/v1/positions?limit=5001", 400, "bad-parameter", "query parameter limit"),
        ("/api/v1/positions?after=bogus", 400, "bad-parameter", "query parameter after"),
        ("/api/v1/trails", 400, "bad-parameter", "query parameter plate"),
        ("/api/v1/trails?plate=&purpose=a", 400, "bad-parameter", "query parameter plate"),
        ("/api/v1/trails?plate=%E6%B5%99F12345&terminal=JX1001", 400, "bad-parameter", "query parameter plate"),
        ("/api/v1/trails?terminal=none", 404, "not-found", "query parameter terminal"),
        ("/api/v1/positions?bbox=120,30,121", 400, "unknown-parameter", "query parameter bbox"),
        ("/api/v1/deliveries?Limit=5", 400, "unknown-parameter", "query parameter Limit"),
        ("/api/v1/deliveries?%6Cimit=5", 400, "unknown-parameter", "query parameter %6Cimit"),
        ("/api/v1/deliveries?=5", 400, "unknown-parameter", "query parameter "),
        ("/api/v1/status?verbose", 400, "unknown-parameter", "query parameter verbose"),
        ("/api/v1/trails/JX1001?plate=x", 400, "unknown-parameter", "query parameter plate"),
        ("/api/v1/trails/%FF", 400, "bad-parameter", "path parameter subject"),
        ("/api/v1/deliveries/none", 404, "not-found", "path parameter id"),
        ("/api/v1/trails/none", 404, "not-found", "path parameter subject"),
        ("/api/v1/nothing", 404, "not-found", "/api/v1/nothing"),
        ("/api/v2/deliveries", 404, "not-found", "/api/v2/deliveries"),
    ])
    func errorsSayWhatWhereAndWhatToDo(path: String, status: Int, type: String, place: String) async throws {
        let (response, problem) = try await self.get(FakeFleet(), path)
        #expect(response.status.code == status)
        #expect(response.headers[.contentType] == "application/problem+json")
        #expect(problem["type"].text == "urn:tongxing:problem:" + type)
        #expect(problem["status"].number == Double(status))
        #expect(problem["where"].text == place)
        for member in ["title", "detail", "remedy"] { #expect(problem[member].text?.contains(" / ") == true) }
    }

    @Test(arguments: [Instant.askable.lowerBound, Instant.askable.upperBound])
    func theFirstAndTheLastTimeCanBeAskedFor(at: Instant) async throws {
        #expect(try await self.get(FakeFleet(), "/api/v1/plants?at=\(at)").response.status == .ok)
    }

    static let reads = [
        "/api/v1/vehicles", "/api/v1/positions", "/api/v1/deliveries", "/api/v1/deliveries/x", "/api/v1/plants",
        "/api/v1/sites", "/api/v1/places", "/api/v1/trails/JX1001", "/api/v1/status",
    ]

    @Test func anUnknownParameterIsAnsweredWithTheKnownOnes() async throws {
        let detail = try await self.get(FakeFleet(), "/api/v1/plants?limit=1&near=x").json["detail"].text
        #expect(detail?.contains("near") == true)
        #expect(detail?.hasSuffix(": at, after, limit") == true)
    }

    @Test(arguments: Self.reads + ["/api/v1/trails?plate=JX1001"])
    func storeAwayIs503(path: String) async throws {
        let (response, problem) = try await self.get(FakeFleet(FakeFleet.Content(isAway: true)), path)
        #expect(response.status == .serviceUnavailable)
        #expect(response.headers[.retryAfter] != nil)
        #expect(problem["type"].text == "urn:tongxing:problem:store-unavailable")
        #expect(!String(buffer: response.body).contains("the fake is away"))
    }

    @Test(arguments: [HTTPRequest.Method.post, .put, .delete, .patch], ["/api/v1/deliveries/x", "/healthz", "/"])
    func otherMethodsAreNotAllowed(method: HTTPRequest.Method, path: String) async throws {
        try await console(FakeFleet()).application().test { client in
            let response = try await client.execute(uri: path, method: method)
            #expect(response.status == .methodNotAllowed)
            #expect(response.headers[.allow] == "GET, HEAD")
        }
    }

    @Test(arguments: ["/", "/api/v1/status", "/api/v1/nothing", "/openapi.yaml", "/api/v1/events"])
    func headIsGetWithoutTheBody(path: String) async throws {
        try await console(FakeFleet()).application().test { client in
            let response = try await client.execute(uri: path, method: .head)
            #expect(response.status == (path.hasSuffix("nothing") ? .notFound : .ok))
            #expect(response.body.readableBytes == 0)
            #expect(response.headers[.contentType] != nil)
        }
    }

    @Test func pagesFollowEachOtherWithoutLossOrRepeat() async throws {
        var content = FakeFleet.Content()
        content.deliveries = try (0..<7).map { try judged($0) }
        var path: String? = "/api/v1/deliveries?limit=3&plate=%E6%B5%99F12345"
        var ids: [String] = []
        var sizes: [Int] = []
        while let here = path {
            let (response, page) = try await self.get(FakeFleet(content), here)
            ids += page["items"].list.compactMap { $0["delivery_id"].text }
            sizes.append(page["items"].list.count)
            path = response.headers[.init("Link")!].map { String($0.dropFirst().prefix { $0 != ">" }) }
            #expect((path == nil) == page["next"].isNull)
        }
        #expect(sizes == [3, 3, 1])
        #expect(ids == (0..<7).map { "D-JX1001-\($0)" })
    }

    @Test func deliveriesAreOfTodayInShanghaiUnlessAsked() async throws {
        var content = FakeFleet.Content()
        // The clock shows 16:00 in Shanghai: the day runs from −960 to +480 minutes.
        content.deliveries = try [-961, -960, 0, 479, 480].map { try judged($0) }
        let fleet = FakeFleet(content)
        let today = try await self.get(fleet, "/api/v1/deliveries").json["items"].list
        #expect(today.compactMap { $0["delivery_id"].text } == ["-960", "0", "479"].map { "D-JX1001-" + $0 })
        let asked = try await self.get(
            fleet, "/api/v1/deliveries?from=2026-03-02T23:59:00+08:00&to=2026-03-03T00:01:00%2B08:00")
        #expect(asked.json["items"].list.count == 2)
    }

    @Test func deliveryRowHasTheContractsColumns() async throws {
        var content = FakeFleet.Content()
        content.deliveries = [try judged(1, verdict: .suspicious, hits: ["unlicensed-origin"])]
        let fleet = FakeFleet(content)
        let row = try await self.get(fleet, "/api/v1/deliveries?verdict=suspicious").json["items"][0]
        let columns = """
            delivery_id,load_id,plate,terminal,origin_kind,origin_id,origin_lat,origin_lon,load_start,load_end,\
            destination_kind,destination_id,destination_lat,destination_lon,unload_start,unload_end,distance_km,\
            ticket_id,verdict,suspicions,score,coverage
            """
        #expect(row.names.isSuperset(of: Set(columns.split(separator: ",").map(String.init))))
        #expect(row["destination_id"].isNull && row["destination_kind"].text == "unknown")
        #expect(row["unload_start"].text == "2026-03-02T08:01:00Z")
        #expect(row["suspicions"].list.compactMap(\.text) == ["unlicensed-origin"])

        let one = try await self.get(fleet, "/api/v1/deliveries/D-JX1001-1").json
        let judgement = one["judgements"][0]
        #expect(judgement["facts"][0]["zh"].text == "事实" && judgement["facts"][0]["en"].text == "a \"fact\"")
        #expect(judgement["parameters"]["margin_m"].number == 80)
        #expect(one["confidence"]["dwell"].number == 0.5)
    }

    @Test func positionsAreFeatures() async throws {
        var moving = report(0, 30.746123, 120.755512)
        moving.speed = 425
        moving.course = 1870
        moving.drum = -80
        var content = FakeFleet.Content()
        content.positions = [
            (3, LatestPosition(terminal: try terminal(), plate: "浙F12345", report: moving, receivedAt: testNow)),
            (5, LatestPosition(terminal: try terminal("T2"), report: report(0, 0, 0), receivedAt: testNow)),
        ]
        let (response, all) = try await self.get(FakeFleet(content), "/api/v1/positions")
        #expect(response.headers[.contentType] == "application/geo+json")
        #expect(all["type"].text == "FeatureCollection" && all["revision"].number == 5)
        let truck = all["features"][0]
        #expect(truck["geometry"]["coordinates"].list.compactMap(\.number) == [120.755512, 30.746123])
        #expect(truck["properties"]["speed_kmh"].number == 42.5)
        #expect(truck["properties"]["heading_deg"].number == 187)
        #expect(truck["properties"]["drum_rpm"].number == -8)
        #expect(truck["properties"]["right_camera"]["state"].text == "unknown")
        #expect(all["features"][1]["geometry"].isNull && all["features"][1]["properties"]["fix"].flag == false)

        let later = try await self.get(FakeFleet(content), "/api/v1/positions?since=3").json
        #expect(later["features"].list.compactMap { $0["id"].text } == ["T2"])
    }

    /// The live map and the time line believe a camera for as long as the rules do.
    @Test(arguments: [(600.0, "ok ok unknown"), (300.0, "ok unknown unknown")])
    func aCamerasWordHoldsAsLongAsTheRulesBelieveIt(hold: Double, shown: String) async throws {
        var content = FakeFleet.Content()
        content.positions = try [300.0, 600, 601].enumerated().map { index, age in
            let word = CameraReading(state: .ok, recordedAt: testNow.advanced(bySeconds: -age))
            let place = LatestPosition(
                terminal: try terminal("T\(index)"), report: report(0), receivedAt: testNow, rightCamera: word)
            return (Int64(index + 1), place)
        }
        let fleet = FakeFleet(content)
        let states = try await console(fleet, { $0.cameraHoldSeconds = hold }).application().test { client in
            let page = try await client.execute(uri: "/api/v1/positions", method: .get)
            return try JSONValue(bytes: page.body.readableBytesView)["features"].list.map {
                $0["properties"]["right_camera"]["state"].text ?? ""
            }
        }
        #expect(states.joined(separator: " ") == shown)
        #expect(ConsoleConfiguration().cameraHoldSeconds == AnalysisParameters.standard.driving.cameraHold)
    }

    @Test func positionsComeInPages() async throws {
        var content = FakeFleet.Content()
        content.positions = try (1...5).map {
            (Int64($0), LatestPosition(terminal: try terminal("T\($0)"), report: report(0), receivedAt: testNow))
        }
        var path: String? = "/api/v1/positions?limit=2&since=1"
        var pages: [[String]] = []
        while let here = path {
            let (response, page) = try await self.get(FakeFleet(content), here)
            pages.append(page["features"].list.compactMap { $0["id"].text })
            #expect(page["revision"].number == 5)
            path = response.headers[.init("Link")!].map { String($0.dropFirst().prefix { $0 != ">" }) }
            #expect((path == nil) == page["next"].isNull)
        }
        #expect(pages == [["T2", "T3"], ["T4", "T5"]])
    }

    @Test func registersAreOutlinesAsValidThen() async throws {
        let ring = [coordinate(30, 120), coordinate(30, 121), coordinate(31, 121)]
        let noon = Instant(seconds: 1_700_000_000)
        var content = FakeFleet.Content()
        content.plants = [
            Plant(
                plantID: "P1", name: "甲站", licenceKind: .concrete, status: .valid,
                period: ValidPeriod(from: .distantPast, to: noon), fence: .polygon(Polygon(rings: [ring]))),
            Plant(
                plantID: "P1", name: "甲站", licenceKind: .concrete, status: .revoked,
                period: ValidPeriod(from: noon, to: nil),
                fence: .circle(center: coordinate(30, 120), radiusMetres: 150)),
        ]
        let fleet = FakeFleet(content)
        let now = try await self.get(fleet, "/api/v1/plants").json["features"].list
        #expect(now.count == 1)
        #expect(now[0]["properties"]["status"].text == "revoked")
        #expect(now[0]["geometry"]["type"].text == "Point" && now[0]["properties"]["radius_m"].number == 150)
        let before = try await self.get(fleet, "/api/v1/plants?at=2020-01-01T00:00:00Z").json["features"].list
        #expect(before.count == 1)
        let outline = before[0]["geometry"]["coordinates"][0].list.map { $0.list.compactMap(\.number) }
        #expect(outline == [[120, 30], [121, 30], [121, 31], [120, 30]])
        #expect(before[0]["properties"]["valid_from"].isNull)
    }

    /// A plant whose licence is over, and one whose licence is to come, are there with name and fence, and say so.
    @Test func aLicenceThatDoesNotHoldIsShownAsSuch() async throws {
        func plant(_ id: String, _ name: String, from: Int64, to: Int64?) -> Plant {
            Plant(
                plantID: id, name: name, licenceKind: .concrete, status: .valid,
                period: ValidPeriod(from: Instant(seconds: from), to: to.map { Instant(seconds: $0) }),
                fence: .circle(center: coordinate(30, 120), radiusMetres: 150))
        }
        let time: Int64 = 1_700_000_000  // 2023-11-14T22:13:20Z
        var content = FakeFleet.Content()
        content.plants = [
            plant("P1", "old", from: time - 900, to: time - 600), plant("P1", "last", from: time - 600, to: time - 300),
            plant("P1", "next", from: time + 300, to: nil), plant("P2", "later", from: time + 900, to: nil),
            plant("P2", "first", from: time + 300, to: time + 900), plant("P3", "past", from: time - 900, to: time),
            plant("P3", "now", from: time, to: nil),
        ]
        content.sites = [
            Site(
                siteID: "S1", name: "done", status: .active,
                period: ValidPeriod(from: .distantPast, to: Instant(seconds: time)),
                fence: .circle(center: coordinate(30, 120), radiusMetres: 150))
        ]
        let fleet = FakeFleet(content)
        func said(_ list: String) async throws -> [String] {
            let features = try await self.get(fleet, "/api/v1/\(list)?at=2023-11-14T22:13:20Z").json["features"].list
            return features.map {
                "\($0["id"].text ?? "") \($0["properties"]["name"].text ?? "") \($0["properties"]["validity"].text ?? "")"
            }.sorted()
        }
        #expect(try await said("plants") == ["P1 last expired", "P2 first not_yet", "P3 now valid"])
        #expect(try await said("sites") == ["S1 done expired"])
    }

    @Test func trailLeavesOutWhatIsNoPlaceAndBreaksAtGaps() async throws {
        var content = FakeFleet.Content()
        content.reports = [
            report(-3000, 30.1, 120.1), report(-2970, 0, 0), report(-2940, 30.2, 120.2),
            report(-2900, 30.9, 120.9, fix: false), report(-1000, 30.3, 120.3), report(-970, 30.4, 120.4),
        ]
        let fleet = FakeFleet(content)
        let trail = try await self.get(fleet, "/api/v1/trails/%E6%B5%99F12345?purpose=a+test").json
        let lines = trail["geometry"]["coordinates"].list.map { $0.list.map { $0.list.compactMap(\.number) } }
        #expect(trail["geometry"]["type"].text == "MultiLineString")
        #expect(lines == [[[120.1, 30.1], [120.2, 30.2]], [[120.3, 30.3], [120.4, 30.4]]])
        #expect(trail["properties"]["points"].list.count == 4)
        #expect(trail["properties"]["reports"].number == 6)
        #expect(trail["properties"]["next_from"].isNull)

        let short = try await self.get(fleet, "/api/v1/trails/JX1001?limit=2").json["properties"]
        #expect(short["reports"].number == 2)
        #expect(short["next_from"].text == report(-2940).recordedAt.description)
    }

    @Test func statusHasTheContractsMembers() async throws {
        let status = try await self.get(FakeFleet(), "/api/v1/status").json
        #expect(status["server_time"].text == "2026-03-02T08:00:00Z")
        #expect(
            ["received", "stored", "duplicate", "quarantined", "ignored"].map { status[$0].number } == [10, 6, 2, 1, 1])
        #expect(status["positions"].number == 60 && status["camera_reports"].number == 3)
        #expect(status["analysis"]["lag_batches"].number == 2 && status["analysis"]["lag_seconds"].number == 0.25)
    }
}
