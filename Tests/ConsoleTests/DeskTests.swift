import Casework
import Chronology
import Deliveries
import Console
import Foundation
import Hummingbird
import Suspicions
import Testing

/// Alerts, decisions and cases over HTTP, and what each hears of the other's doing.
struct DeskTests {
    private func send(
        _ desk: FakeDesk, _ method: HTTPRequest.Method, _ path: String, _ body: String? = nil,
        fleet: FakeFleet = FakeFleet()
    ) async throws -> (status: Int, json: JSONValue) {
        try await console(fleet, desk: desk).application().test { client in
            var headers: HTTPFields = [:]
            if body != nil { headers[.contentType] = "application/json" }
            let answer = try await client.execute(
                uri: path, method: method, headers: headers, body: body.map { ByteBuffer(string: $0) })
            return (Int(answer.status.code), try JSONValue(bytes: answer.body.readableBytesView))
        }
    }

    private static func filled() -> FakeDesk {
        FakeDesk(FakeDesk.Content(alerts: [FakeDesk.alert("A-1"), FakeDesk.alert("A-2", severity: 4)]))
    }

    @Test func anAlertIsHandledOnceAndItsHistoryTellsBy() async throws {
        let desk = Self.filled()
        let actions = "/api/v1/alerts/A-1/actions"
        #expect(try await self.send(desk, .post, actions, #"{"action":"acknowledge"}"#).status == 200)
        let second = try await self.send(desk, .post, actions, #"{"action":"acknowledge"}"#)
        #expect(second.status == 409 && second.json["type"].text == "urn:tongxing:problem:does-not-follow")
        #expect(try await self.send(desk, .post, actions, #"{"action":"comment","note":"看过\n两次"}"#).status == 200)
        let closed = try await self.send(desk, .post, actions, #"{"action":"close","reason":"false_alarm"}"#)
        #expect(closed.json["handling"]["state"].text == "closed")
        let whole = try await self.send(desk, .get, "/api/v1/alerts/A-1").json
        #expect(whole["actions"].list.map { $0["action"].text } == ["acknowledge", "comment", "close"])
        #expect(whole["actions"][0]["by"].text == "unknown" && whole["actions"][2]["reason"].text == "false_alarm")
        let open = try await self.send(desk, .get, "/api/v1/alerts?state=unclosed").json
        #expect(open["items"].list.map { $0["alert_id"].text } == ["A-2"])
    }

    /// A delivery that was decided about and is derived no more: the page, the queue and the case say so, with when,
    /// why and what it is now.
    @Test func aSupersededDeliveryIsShownWithWhatBecameOfIt() async throws {
        let (gone, now) = (try judged(7, verdict: .suspicious, hits: ["diversion"]), try judged(8))
        let id = gone.delivery.deliveryID
        let form = SupersededForm(
            judged: gone, world: "registers 1", until: testNow, reason: "registers changed (revision 2: sites.csv)")
        let record = DeliveryRecord(judged: gone, supersededAt: testNow, earlier: [form], successors: [now])
        let fleet = FakeFleet(FakeFleet.Content(deliveries: [now], records: [record]))
        let decision = DeliveryDecision.Record(
            at: testNow, by: "li", role: "", decision: DeliveryDecision(.dispatch), rules: ["diversion"], score: 40)
        let queued = QueuedDelivery(judged: gone, decision: decision, state: .superseded, supersededAt: testNow)
        let desk = FakeDesk(FakeDesk.Content(queue: [queued], records: [record]))
        let shown = try await self.send(desk, .get, "/api/v1/deliveries/\(id)", fleet: fleet)
        #expect(shown.status == 200 && shown.json["superseded_at"].text == testNow.description)
        #expect(shown.json["earlier_forms"][0]["cause"].text == "registers")
        #expect(shown.json["earlier_forms"][0]["zh"].text?.contains("sites.csv") == true)
        #expect(shown.json["successors"].list.map { $0["delivery_id"].text } == [now.delivery.deliveryID])
        #expect(
            try await self.send(desk, .get, "/api/v1/deliveries/\(id)/timeline?purpose=x", fleet: fleet).status == 200)
        let queue = try await self.send(desk, .get, "/api/v1/queue").json["items"]
        #expect(queue[0]["state"].text == "superseded" && queue[0]["superseded_at"].text == testNow.description)
        let items = #"{"title":"案","items":[{"kind":"delivery","id":"\#(id)"},{"kind":"delivery","id":"D-1"}]}"#
        let changes = try await self.send(desk, .post, "/api/v1/cases", items).json["item_changes"].list
        #expect(changes.map { $0["id"].text } == [id] && changes.first?["verdict"].text == "suspicious")
        #expect(changes.first?["successors"][0]["verdict"].text == "clear")
        // One that stands as it always did says nothing of the kind.
        let stands = try await self.send(desk, .get, "/api/v1/deliveries/\(now.delivery.deliveryID)", fleet: fleet).json
        #expect(stands["earlier_forms"].list.isEmpty && stands["superseded_at"].text == nil)
    }

    @Test(arguments: [
        (#"{"action":"shout"}"#, 400), (#"{"action":"close"}"#, 400), (#"{"action":"close","reason":"bored"}"#, 400),
        (#"{"action":"assign"}"#, 400), (#"{"action":"comment","note":"  "}"#, 400),
        (#"{"action":"comment","note":"\u0000"}"#, 400), (#"{"action":"close","reason":"other"}"#, 400),
        (#"{"action":"acknowledge","reason":"handled"}"#, 400), (#"{}"#, 400), ("[]", 400), ("", 400),
        (#"{"action":"assign","assignee":"li"}"#, 200),
    ])
    func whatIsNotWholeIsRefused(body: String, status: Int) async throws {
        #expect(try await self.send(Self.filled(), .post, "/api/v1/alerts/A-1/actions", body).status == status)
        if status == 200 {
            #expect(try await self.send(Self.filled(), .post, "/api/v1/alerts/none/actions", body).status == 404)
        }
    }

    @Test func anAlertSaysByWhenItIsToBeLookedAt() async throws {
        let rows = try await self.send(Self.filled(), .get, "/api/v1/alerts").json["items"]
        #expect(rows[0]["handling"]["acknowledge_by"].text == "2026-03-02T16:00:00Z")
        #expect(rows[1]["handling"]["acknowledge_by"].text == "2026-03-02T08:15:00Z")
        #expect(rows[1]["handling"]["close_by"].text == "2026-03-03T08:00:00Z")
        #expect(rows[0]["summary"].text == "超速 / too fast" && rows[0]["status"].text == "open")
    }

    @Test(arguments: [
        "state=old", "severity=5", "severity=x", "limit=0", "from=now", "after=bogus", "unknown=1",
    ])
    func aFilterThatCannotBeUsedIsSaid(query: String) async throws {
        #expect(try await self.send(Self.filled(), .get, "/api/v1/alerts?" + query).status == 400)
    }

    @Test func decisionsFollowUponOneAnother() async throws {
        let desk = FakeDesk()
        let path = "/api/v1/deliveries/D-1/decisions"
        func decide(_ body: String) async throws -> Int { try await self.send(desk, .post, path, body).status }
        let none = try await self.send(desk, .get, path)
        #expect(none.status == 200 && none.json["items"].list.isEmpty)
        #expect(try await decide(#"{"decision":"reopen","note":"x"}"#) == 409)
        #expect(try await decide(#"{"decision":"dispatch"}"#) == 200)
        #expect(try await decide(#"{"decision":"dispatch"}"#) == 409)
        #expect(try await decide(#"{"decision":"dismiss"}"#) == 400)
        #expect(try await decide(#"{"decision":"dismiss","reason":"other"}"#) == 400)
        #expect(try await decide(#"{"decision":"dismiss","reason":"exempt"}"#) == 200)
        #expect(try await decide(#"{"decision":"confirm","note":"x"}"#) == 409)
        #expect(try await decide(#"{"decision":"reopen","note":"新证据"}"#) == 200)
        #expect(try await decide(#"{"decision":"guilty"}"#) == 400)
        let all = try await self.send(desk, .get, path).json["items"].list.map { $0["decision"].text }
        #expect(all == ["dispatch", "dismiss", "reopen"])
        #expect(
            try await self.send(desk, .post, "/api/v1/deliveries/none/decisions", #"{"decision":"dispatch"}"#).status
                == 404)
        #expect(try await self.send(desk, .get, "/api/v1/deliveries/none/decisions").status == 404)
    }

    @Test func aCaseIsAFileOfEntries() async throws {
        let desk = FakeDesk()
        let opened = try await self.send(
            desk, .post, "/api/v1/cases", #"{"title":"甲站","items":[{"kind":"delivery","id":"D-1"}]}"#)
        #expect(opened.status == 200 && opened.json["status"].text == "verifying")
        let path = "/api/v1/cases/\(opened.json["case_id"].text ?? "")/entries"
        #expect(try await self.send(desk, .post, path, #"{"kind":"status","status":"decided"}"#).status == 409)
        let filed = try await self.send(desk, .post, path, #"{"kind":"status","status":"filed"}"#)
        // 90 days from 2 March 2026 end with 31 May in China.
        #expect(filed.json["next_deadline"]["due_at"].text == "2026-05-31T15:59:59Z")
        let entry = filed.json["deadlines"][0]["entry_id"].number.map { Int($0) } ?? 0
        #expect(
            try await self.send(desk, .post, path, #"{"kind":"deadline_met","entry_id":\#(entry)}"#).json[
                "next_deadline"
            ].isNull)
        for (body, status) in [
            (#"{"kind":"deadline_met","entry_id":99}"#, 409), (#"{"kind":"note"}"#, 400),
            (#"{"kind":"note","note":"x"}"#, 200), (#"{"kind":"item","item":{"kind":"delivery","id":"D-1"}}"#, 409),
            (#"{"kind":"item","item":{"kind":"truck","id":"D-1"}}"#, 400), (#"{"kind":"appeal","appeal":"x"}"#, 400),
            (#"{"kind":"deadline","term":"other","due_at":"tomorrow"}"#, 400),
            (#"{"kind":"deadline","term":"other","note":"x","due_at":"0001-01-01T00:00:00+23:59"}"#, 400),
            (#"{"kind":"deadline","term":"decision","starts_at":"9999-12-31T00:00:00Z"}"#, 400),
            (#"{"kind":"gossip"}"#, 400),
            // What turns the direction of text would let a record be read as other than it is.
            ("{\"kind\":\"note\",\"note\":\"a\u{202E}b\"}", 400), ("{\"kind\":\"note\",\"note\":\"\u{2066}b\"}", 400),
            (#"{"kind":"status","status":"withdrawn"}"#, 400),
        ] {
            #expect(try await self.send(desk, .post, path, body).status == status, "\(body)")
        }
        let found = try await self.send(desk, .get, "/api/v1/cases?item_kind=delivery&item_id=D-1").json["items"]
        #expect(found.list.count == 1)
        #expect(try await self.send(desk, .get, "/api/v1/cases?item_id=D-1").status == 400)
        #expect(try await self.send(desk, .post, "/api/v1/cases", #"{"title":" "}"#).status == 400)
    }

    @Test func anItemIsTakenOutWithAReasonAndStaysInTheFile() async throws {
        let desk = FakeDesk()
        let opened = try await self.send(
            desk, .post, "/api/v1/cases", #"{"title":"甲站","items":[{"kind":"delivery","id":"D-1"}]}"#)
        #expect(opened.json["withdrawn_items"].list.isEmpty && !opened.json["withdrawn_items"].isNull)
        let path = "/api/v1/cases/\(opened.json["case_id"].text ?? "")/entries"
        let item = #""kind":"item_removed","item":{"kind":"delivery","id":"D-1"}"#
        #expect(try await self.send(desk, .post, path, "{\(item)}").status == 400)
        #expect(try await self.send(desk, .post, path, #"{\#(item),"note":" "}"#).status == 400)
        let file = try await self.send(desk, .post, path, #"{\#(item),"note":"同名车辆"}"#).json
        #expect(file["items"].list.isEmpty)
        let withdrawn = file["withdrawn_items"][0]
        #expect(withdrawn["kind"].text == "delivery" && withdrawn["id"].text == "D-1")
        #expect(withdrawn["note"].text == "同名车辆" && withdrawn["by"].text == "unknown" && withdrawn["at"].text != nil)
        #expect(file["entries"].list.map { $0["kind"].text } == ["item", "item_removed"])
        #expect(file["entries"][1]["note"].text == "同名车辆")
        #expect(try await self.send(desk, .post, path, #"{\#(item),"note":"x"}"#).status == 409)
    }

    @Test func aTimelineIsALookLikeATrail() async throws {
        let row = try judged(1, verdict: .suspicious, hits: ["unlicensed-origin"])
        let fleet = FakeFleet(FakeFleet.Content(deliveries: [row]))
        let path = "/api/v1/deliveries/\(row.delivery.deliveryID)/timeline?purpose=case+7"
        let json = try await self.send(FakeDesk(), .get, path, fleet: fleet).json
        #expect(json["from"].text == "2026-03-02T06:56:00Z" && json["to"].text == "2026-03-02T08:21:00Z")
        #expect(json["camera_hold_s"].number == 600)
        #expect(json["checks"].list.count >= 3 && json["checks"][0]["zh"].text?.contains("资质") == true)
        #expect(fleet.accesses.map(\.purpose) == ["case 7"] && fleet.accesses.map(\.subject) == ["JX1001"])
        let shown = try #require(fleet.accesses.first?.period)
        #expect(shown.lowerBound.description == json["from"].text && shown.upperBound.description == json["to"].text)
        let other = "/api/v1/deliveries/D-OTHER-1/timeline?purpose=case+8"
        #expect(try await self.send(FakeDesk(), .get, other, fleet: fleet).status == 404)
        #expect(fleet.accesses.map(\.outcome) == [.done, .notFound])
        #expect(fleet.accesses.last?.subject == "D-OTHER-1" && fleet.accesses.last?.purpose == "case 8")
        fleet.change { $0.refusesAccesses = true }
        #expect(try await self.send(FakeDesk(), .get, path, fleet: fleet).status == 503)
    }

    @Test func everyRuleOfDeliveriesHasSomethingToCheck() throws {
        for rule in ["unlicensed-origin", "diversion", "overload", "jamming", "over-age", "ghost-ticket"] {
            let plain = SiteChecks.list(for: try judged(1))
            #expect(SiteChecks.list(for: try judged(1, hits: [rule])).count > plain.count, "\(rule)")
        }
    }
}
