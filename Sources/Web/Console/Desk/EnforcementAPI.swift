import Casework
import Chronology
import Geodesy
import Hummingbird
import Registers
import Suspicions

/// `/api/v1/queue`, `/api/v1/suspected-plants…`, decisions, and how often rules were right.
struct EnforcementAPI: Sendable {
    let desk: any DeskKeeping
    let now: @Sendable () -> Instant

    func add(to table: inout RouteTable) {
        table.add("/api/v1/queue", ["state", "from", "to", "rule", "after", "limit"]) {
            try await self.queue(Query($0, $1))
        }
        table.add("/api/v1/rules/precision", []) { _, _ in try await self.precision() }
        table.add("/api/v1/deliveries/{id}/decisions", []) { try await self.decisions(Query($0, $1)) }
        table.addChange("/api/v1/deliveries/{id}/decisions") { try await self.decideDelivery($0, Query($0, $1)) }
        table.add("/api/v1/suspected-plants", ["status", "after", "limit"]) { try await self.suspects(Query($0, $1)) }
        table.add("/api/v1/suspected-plants/{id}", []) { try await self.suspect(Query($0, $1)) }
        table.addChange("/api/v1/suspected-plants/{id}/decisions") { try await self.decideSuspect($0, Query($0, $1)) }
    }

    // MARK: - Deliveries

    private func queue(_ query: Query) async throws -> Response {
        var wanted = QueueQuery(limit: try query.limit())
        wanted.isDecided = try query.word("state", of: ["open", "decided"]).map { $0 == "decided" }
        wanted.from = try query.instant("from")
        wanted.to = try query.instant("to")
        wanted.rule = try query.text("rule")
        wanted.after = try query.text("after")
        let page = try await self.desk.queue(wanted)
        let json = JSONWriter.document(reserving: 64 + page.elements.count * 3000) { body in
            body.arrayMember("items") { list in
                for queued in page.elements {
                    list.object { item in
                        item.name("delivery")
                        queued.judged.write(to: &item, withJudgements: true)
                        item.name("decision")
                        if let decision = queued.decision { decision.write(to: &item) } else { item.null() }
                        item.member("state", queued.state.rawValue)
                        item.member("superseded_at", queued.supersededAt)
                    }
                }
            }
            body.member("next", page.next)
        }
        return Response(json: json, nextPage: page.next.map { query.address(after: $0) })
    }

    private func precision() async throws -> Response {
        let rows = try await self.desk.precision()
        return Response(
            json: JSONWriter.document { body in
                body.arrayMember("items") { list in
                    for row in rows {
                        list.object {
                            $0.member("rule", row.rule)
                            $0.member("upheld", row.upheld)
                            $0.member("dismissed", row.dismissed)
                            $0.member("precision", row.share)
                            $0.member("low_95", row.interval?.low)
                            $0.member("high_95", row.interval?.high)
                        }
                    }
                }
                body.member("next", String?.none)
            })
    }

    private func decisions(_ query: Query) async throws -> Response {
        let records = try await self.desk.decisions(aboutDelivery: try query.path("id"))
        guard let records else { throw Self.unknownDelivery }
        return Self.list(records)
    }

    /// The body of a decision about a delivery.
    private struct DeliveryBody: Decodable {
        var decision: String
        var reason: String?
        var note: String?
        var case_id: String?
    }

    private func decideDelivery(_ request: Request, _ query: Query) async throws -> Response {
        let id = try query.path("id")
        let body = try await AccountAPI.body(DeliveryBody.self, of: request)
        guard let kind: DeliveryDecision.Kind = try Problem.word("decision", body.decision) else {
            throw Problem.badWord("decision", DeliveryDecision.Kind.allCases.map(\.rawValue))
        }
        let decision = DeliveryDecision(
            kind, reason: try Problem.word("reason", body.reason), note: try Problem.note(body.note),
            caseID: try body.case_id.map { text throws(Problem) in try Problem.id("case_id", text) })
        if let complaint = decision.complaint { throw Problem.badBody(zh: complaint.zh, en: complaint.en) }
        let records = try await Problem.explained {
            try await self.desk.decide(decision, aboutDelivery: id, by: try query.actor())
        }
        guard let records else { throw Self.unknownDelivery }
        return Self.list(records)
    }

    private static var unknownDelivery: Problem { .unknown("delivery", zh: "运单", place: "path parameter id") }

    private static func list(_ records: [DeliveryDecision.Record]) -> Response {
        Response(
            json: JSONWriter.document { body in
                body.arrayMember("items") { list in for record in records { record.write(to: &list) } }
                body.member("next", String?.none)
            })
    }

    // MARK: - Suspected plants

    private func suspects(_ query: Query) async throws -> Response {
        let status = try query.word("status", of: SuspectStatus.allCases.map(\.rawValue) + ["open"])
        let (after, limit) = (try query.text("after"), try query.limit())
        var rows = try await self.desk.suspectedPlants().filter { suspect in
            switch status {
            case nil: true
            case "open": suspect.status == .lead || suspect.status == .checking
            case let status?: suspect.status.rawValue == status
            }
        }
        rows.sort { ($1.score, $0.suspectedPlantID) < ($0.score, $1.suspectedPlantID) }
        if let after {
            guard let index = rows.firstIndex(where: { $0.suspectedPlantID == after }) else {
                throw FleetReadingError.badCursor
            }
            rows.removeFirst(index + 1)
        }
        let page = rows.prefix(limit)
        let next = rows.count > limit ? page.last?.suspectedPlantID : nil
        let json = JSONWriter.document(reserving: 64 + page.count * 2000) { body in
            body.arrayMember("items") { list in for suspect in page { list.object { suspect.write(to: &$0) } } }
            body.member("next", next)
        }
        return Response(json: json, nextPage: next.map { query.address(after: $0) })
    }

    private func suspect(_ query: Query) async throws -> Response {
        guard let suspect = try await self.desk.suspectedPlant(id: try query.path("id")) else { throw Self.unknown }
        return Response(json: JSONWriter.document { suspect.write(to: &$0) })
    }

    /// The body of a decision about a suspected plant.
    private struct SuspectBody: Decodable {
        var status: String
        var reason: String?
        var place_kind: String?
    }

    private func decideSuspect(_ request: Request, _ query: Query) async throws -> Response {
        let id = try query.path("id")
        let body = try await AccountAPI.body(SuspectBody.self, of: request)
        guard let status: SuspectStatus = try Problem.word("status", body.status) else {
            throw Problem.badWord("status", SuspectStatus.allCases.map(\.rawValue))
        }
        let actor = try query.actor()
        let decision = SuspectDecision(
            status: status, at: self.now(), by: actor.principal.name, reason: try Problem.note(body.reason),
            placeKind: try Problem.word("place_kind", body.place_kind))
        let suspect = try await Problem.explained {
            try await self.desk.decide(decision, aboutSuspect: id, by: actor)
        }
        guard let suspect else { throw Self.unknown }
        return Response(json: JSONWriter.document { suspect.write(to: &$0) })
    }

    private static var unknown: Problem { .unknown("suspected plant", zh: "疑似搅拌点", place: "path parameter id") }
}

extension DeliveryDecision.Record {
    func write(to writer: inout JSONWriter) {
        writer.object { row in
            row.member("at", self.at)
            row.member("by", self.by)
            row.member("role", self.role)
            row.member("decision", self.decision.kind.rawValue)
            row.member("reason", self.decision.reason?.rawValue)
            row.member("note", self.decision.note)
            row.member("case_id", self.decision.caseID)
            row.arrayMember("rules") { list in self.rules.forEach { list.value($0) } }
            row.member("score", self.score)
        }
    }
}

extension SuspectedPlant {
    /// The row of `contract.md` §5 with the evidence card and what people decided.
    func write(to row: inout JSONWriter) {
        row.member("suspected_plant_id", self.suspectedPlantID)
        row.member("lat", self.coordinate.latitude)
        row.member("lon", self.coordinate.longitude)
        row.member("radius_m", self.radiusMetres)
        row.member("loads", self.evidence.loads)
        row.member("trucks", self.evidence.trucks)
        row.member("sites", self.evidence.sites)
        row.member("first_seen", self.evidence.firstSeen)
        row.member("last_seen", self.evidence.lastSeen)
        row.member("score", self.score)
        row.member("status", self.status.rawValue)
        row.arrayMember("may_become") { list in self.status.followers.forEach { list.value($0.rawValue) } }
        row.arrayMember("reasons") { list in
            for reason in self.reasons {
                list.object {
                    $0.member("name", reason.name)
                    $0.member("points", reason.points)
                    $0.member("zh", reason.statement.zh)
                    $0.member("en", reason.statement.en)
                }
            }
        }
        row.arrayMember("hours") { list in self.evidence.hours.forEach { list.value($0) } }
        row.member("nearest_plant", self.evidence.nearestPlant?.name)
        row.member("nearest_plant_m", self.evidence.nearestPlant?.metres)
        row.arrayMember("decisions") { list in
            for decision in self.decisions {
                list.object {
                    $0.member("at", decision.at)
                    $0.member("by", decision.by)
                    $0.member("status", decision.status.rawValue)
                    $0.member("reason", decision.reason)
                    $0.member("place_kind", decision.placeKind?.rawValue)
                }
            }
        }
    }
}
