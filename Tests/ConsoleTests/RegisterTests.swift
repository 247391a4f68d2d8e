import Console
import Exchange
import Foundation
import Geodesy
import Hummingbird
import Registers
import Testing

/// The registers over HTTP: lists, files, edits with the checks of an import.
struct RegisterTests {
    private static let depot = RegisterRecord.place(
        Place(
            placeID: "L1", name: "停车场", kind: .depot,
            fence: .circle(center: coordinate(30.72, 120.72), radiusMetres: 80)))
    private static let filled = FakeRegisters.Content(records: [.places: [Self.depot]])
    private static let row =
        #"{"place_id":"L1","name":"车场","kind":"depot","lat":"30.72","lon":"120.72","radius_m":"90"}"#

    private func send(
        _ registers: FakeRegisters, _ method: HTTPRequest.Method, _ path: String, _ body: String? = nil
    ) async throws -> (status: Int, json: JSONValue) {
        try await console(FakeFleet(), registers: registers).application().test { client in
            var headers: HTTPFields = [:]
            if body != nil { headers[.contentType] = "application/json" }
            let answer = try await client.execute(
                uri: path, method: method, headers: headers, body: body.map { ByteBuffer(string: $0) })
            return (Int(answer.status.code), try JSONValue(bytes: answer.body.readableBytesView))
        }
    }

    @Test func aRegisterSaysWhatItsRowsConsistOf() async throws {
        let kinds = try await self.send(FakeRegisters(), .get, "/api/v1/registers").json["items"].list
        #expect(kinds.count == RegisterKind.allCases.count)
        let plants = try #require(kinds.first { $0["kind"].text == "plants" })
        #expect(plants["title"]["zh"].text == "搅拌站")
        let status = try #require(plants["columns"].list.first { $0["name"].text == "status" })
        #expect(status["choices"].list.map { $0.text } == ["valid", "rectifying", "suspended", "revoked", "cancelled"])
        #expect(status["required"].flag == true)
    }

    @Test func aListIsReadPageByPageWhateverTheIds() async throws {
        let tickets = ["甲\t1", "甲\t2", "a|b\t+"].map { id in
            RegisterRecord.ticket(
                Ticket(ticketID: id, plantID: "P", siteID: "S", plate: "浙F12345", issuedAt: testNow))
        }
        let registers = FakeRegisters(FakeRegisters.Content(records: [.tickets: tickets]))
        var seen: [String] = []
        var path: String? = "/api/v1/registers/tickets?limit=1"
        while let next = path {
            let page = try await self.send(registers, .get, next).json
            seen += page["items"].list.compactMap { $0["id"].text }
            let after = page["next"].text?.addingPercentEncoding(withAllowedCharacters: .alphanumerics)
            path = after.map { "/api/v1/registers/tickets?limit=1&after=\($0)" }
        }
        #expect(seen == tickets.map(\.key).sorted())
        for id in seen {
            let encoded = id.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? ""
            let item = try await self.send(registers, .get, "/api/v1/registers/tickets/entries/\(encoded)")
            #expect(item.json["id"].text == id)
        }
    }

    @Test func aThingComesWithItsVersionAndHistory() async throws {
        let item = try await self.send(FakeRegisters(Self.filled), .get, "/api/v1/registers/places/entries/L1").json
        #expect(item["version"].text == "0" && item["rows"][0]["radius_m"].text == "80")
        #expect(item["rows"][0]["district"].text == nil && item["rows"][0]["coordinates"].text == "wgs84")
        #expect(item["history"][0]["by"].text == "li" && item["history"][0]["effect"]["deliveries"].number == 5)
        #expect(item["history"][0]["effect"]["changed_deliveries"].list.map(\.text) == ["D-1"])
    }

    @Test func anEditIsMadeUponWhatWasRead() async throws {
        let registers = FakeRegisters(Self.filled)
        let path = "/api/v1/registers/places/entries/L1"
        let edit = #"{"version":"0","rows":[\#(Self.row)],"reason":"扩建"}"#
        let rehearsed = try await self.send(
            registers, .post, path, edit.replacing(#","reason""#, with: #","rehearsal":true,"reason""#))
        #expect(rehearsed.status == 200 && rehearsed.json["stored"].flag == false)
        let first = try await self.send(registers, .post, path, edit)
        #expect(first.status == 200 && first.json["stored"].flag == true)
        #expect(registers.edits.last?.source == "扩建")
        let second = try await self.send(registers, .post, path, edit)
        #expect(second.status == 409 && second.json["type"].text == "urn:tongxing:problem:changed-meanwhile")
        let withdrawn = try await self.send(registers, .post, path, #"{"version":"1","rows":[]}"#)
        #expect(withdrawn.status == 200)
        #expect(try await self.send(registers, .get, path).status == 404)
    }

    @Test(arguments: [
        (#"{"rows":[]}"#, 400), (#"{"version":"0"}"#, 400), ("[]", 400), ("", 400),
        (#"{"version":"0","rows":[{"colour":"red"}]}"#, 400),
        (#"{"version":"0","rows":[{"place_id":"L1"}]}"#, 422),
        (
            #"{"version":"0","rows":[{"place_id":"L2","name":"x","kind":"depot","lat":"1","lon":"1","radius_m":"9"}]}"#,
            422
        ),
        (
            #"{"version":"0","rows":[{"place_id":"L1","name":"x","kind":"depot","lat":"91","lon":"1","radius_m":"9"}]}"#,
            422
        ),
        (
            #"{"version":"0","rows":[{"place_id":"L1","name":"x","kind":"depot","fence_wkt":"POLYGON((0 0,1 1))"}]}"#,
            422
        ),
        (#"{"version":"0","rows":[{"place_id":"L\u0000","name":"x"}]}"#, 422),
    ])
    func whatAnImportWouldRefuseIsRefused(body: String, status: Int) async throws {
        let registers = FakeRegisters(Self.filled)
        let answer = try await self.send(registers, .post, "/api/v1/registers/places/entries/L1", body)
        #expect(answer.status == status, "\(body)")
        if status == 422 {
            #expect(answer.json["errors"].list.allSatisfy { $0["line"].number == 1 && $0["zh"].text != nil })
            #expect(!answer.json["errors"].list.isEmpty)
        }
        #expect(try await registers.records(of: .places) == [Self.depot])
    }

    /// A row of another district is none of this account's: that is no fault of the database.
    @Test func whatIsBeyondOnesPartIsForbidden() async throws {
        let registers = FakeRegisters(FakeRegisters.Content(isOutOfReach: true))
        let file = Data("accident_id,occurred_at\n1,2026-03-01T08:00:00Z\n".utf8).base64EncodedString()
        let row = #"{"accident_id":"1","occurred_at":"2026-03-01T08:00:00Z"}"#
        for (path, body) in [
            ("entries", #"{"rows":[\#(row)]}"#), ("entries/1", #"{"version":"0","rows":[\#(row)]}"#),
            ("file", #"{"name":"a.csv","file":"\#(file)"}"#),
            ("file", #"{"name":"a.csv","file":"\#(file)","rehearsal":true}"#),
        ] {
            let answer = try await self.send(registers, .post, "/api/v1/registers/accidents/" + path, body)
            #expect(answer.status == 403 && answer.json["type"].text?.hasSuffix("out-of-reach") == true, "\(path)")
            #expect(answer.json["detail"].text?.contains("nothing was stored") == true)
        }
        #expect(registers.edits.isEmpty)
    }

    @Test func aFileIsLookedThroughBeforeAnythingIsStored() async throws {
        let registers = FakeRegisters()
        func take(_ csv: String, _ more: String = "") async throws -> (status: Int, json: JSONValue) {
            let file = Data(csv.utf8).base64EncodedString()
            return try await self.send(
                registers, .post, "/api/v1/registers/places/file", #"{"name":"a.csv","file":"\#(file)"\#(more)}"#)
        }
        let good = "place_id,name,kind,lat,lon,radius_m\nL1,停车场,depot,30.7,120.7,80\n"
        let bad = good + "L2,,castle,30.7,120.7,80\n"
        let preview = try await take(bad, #","rehearsal":true"#)
        #expect(preview.status == 200 && preview.json["stored"].flag == false)
        #expect(preview.json["errors"].list.map { $0["column"].text } == ["name", "kind"])
        #expect(try await take(bad).status == 422)
        #expect(registers.edits.allSatisfy { $0.isRehearsal })
        #expect(try await take("no,table\n").status == 422)
        #expect(try await take("\0", #","rehearsal":true"#).status == 200)
        let stored = try await take(good, #","version":"7","replace":true"#)
        #expect(stored.status == 200 && stored.json["stored"].flag == true)
        #expect(registers.edits.last?.scope == .file(replaces: true, version: "7", keepsCoordinates: false))
        #expect(
            try await self.send(registers, .post, "/api/v1/registers/places/file", #"{"name":"a","file":"%"}"#).status
                == 400)
    }

    /// An accident that is dated after now is taken with a warning.
    @Test func accidentsToComeAreSaid() async throws {
        let csv = "accident_id,occurred_at\nA1,2026-03-02 15:00\nA2,2026-09-15 15:00\n"
        let file = Data(csv.utf8).base64EncodedString()
        let answer = try await self.send(
            FakeRegisters(), .post, "/api/v1/registers/accidents/file", #"{"name":"a.csv","file":"\#(file)"}"#)
        #expect(answer.status == 200 && answer.json["stored"].flag == true)
        #expect(answer.json["warnings"].list.map { $0["line"].number } == [3])
        #expect(answer.json["warnings"][0]["zh"].text?.contains("晚于现在") == true)
    }

    @Test func fencesInDoubtAreStoredOnlyWhenAPersonInsists() async throws {
        let registers = FakeRegisters(
            FakeRegisters.Content(question: Remark(zh: "似为 gcj02", en: "these seem to be gcj02")))
        let file = Data("place_id,name,kind,lat,lon,radius_m\nL1,停车场,depot,30.7,120.7,80\n".utf8).base64EncodedString()
        let other = Data("place_id,name,kind,lat,lon,radius_m\nL2,停车场,depot,30.8,120.7,80\n".utf8)
            .base64EncodedString()
        let path = "/api/v1/registers/places/file"
        let refused = try await self.send(registers, .post, path, #"{"name":"a","file":"\#(file)"}"#)
        #expect(refused.status == 400 && refused.json["detail"].text?.contains("gcj02") == true)
        let kept = try await self.send(
            registers, .post, path, #"{"name":"a","file":"\#(file)","keep_coordinates":true}"#)
        #expect(kept.json["stored"].flag == true)
        // That the person insisted comes to whoever keeps the questions, and only where something is stored.
        #expect(registers.answered == ["L1"])
        let rehearsed = try await self.send(
            registers, .post, path,
            #"{"name":"a","file":"\#(other)","keep_coordinates":true,"rehearsal":true}"#)
        #expect(rehearsed.status == 200 && registers.answered == ["L1"])
    }

    @Test func whatIsDownloadedCanBeImportedAgain() async throws {
        try await console(FakeFleet(), registers: FakeRegisters(Self.filled)).application().test { client in
            for format in ["csv", "xlsx"] {
                let answer = try await client.execute(
                    uri: "/api/v1/registers/places/file?format=\(format)", method: .get)
                #expect(answer.headers[.contentDisposition] == "attachment; filename=\"places.\(format)\"")
                let read = RegisterImport.read(kind: .places, bytes: Array(answer.body.readableBytesView))
                #expect(read.errors.isEmpty && read.records == [Self.depot], "\(format)")
            }
        }
    }

    @Test(arguments: [
        "/api/v1/registers/castles", "/api/v1/registers/places/entries/none", "/api/v1/registers/castles/file",
    ])
    func whatThereIsNotIsSaid(path: String) async throws {
        #expect(try await self.send(FakeRegisters(), .get, path).status == 404)
    }

    @Test(arguments: ["?limit=0", "?after=%25", "?after=AA%3D%3D", "?q=%00", "?x=1", "/file?format=pdf"])
    func aParameterThatCannotBeUsedIsSaid(query: String) async throws {
        #expect(try await self.send(FakeRegisters(), .get, "/api/v1/registers/places" + query).status == 400)
    }
}
