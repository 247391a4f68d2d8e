package import Casework
import Chronology
import Geodesy
import Hummingbird
import Suspicions

/// `/api/v1/alerts…`: alerts, and what people do about them.
struct AlertAPI: Sendable {
    let desk: any DeskKeeping

    func add(to table: inout RouteTable) {
        let filters = ["from", "to", "state", "severity", "rule", "plate", "assignee", "delivery", "after", "limit"]
        table.add("/api/v1/alerts", filters) { try await self.alerts(Query($0, $1)) }
        table.add("/api/v1/alerts/{id}", []) { try await self.alert(Query($0, $1)) }
        table.addChange("/api/v1/alerts/{id}/actions") { try await self.act($0, Query($0, $1)) }
        table.add("/api/v1/colleagues", []) { _, _ in try await self.colleagues() }
    }

    private func alerts(_ query: Query) async throws -> Response {
        var wanted = AlertQuery(limit: try query.limit())
        wanted.from = try query.instant("from")
        wanted.to = try query.instant("to")
        switch try query.word("state", of: AlertHandling.State.allCases.map(\.rawValue) + ["unclosed"]) {
        case "unclosed": wanted.states = [.new, .acknowledged]
        case let state: wanted.states = state.flatMap(AlertHandling.State.init).map { [$0] } ?? []
        }
        wanted.severity = try query.integer("severity", in: 1...4).map { Int($0) }
        wanted.rule = try query.text("rule")
        wanted.plate = try query.text("plate")
        wanted.assignee = try query.text("assignee")
        wanted.deliveryID = try query.text("delivery")
        wanted.after = try query.text("after")
        let page = try await self.desk.alerts(wanted)
        let mayHandle = AlertRecord.mayHandle(try query.principal())
        let json = JSONWriter.document(reserving: 64 + page.elements.count * 700) { body in
            body.arrayMember("items") { list in
                for alert in page.elements { list.object { alert.write(to: &$0, withHandling: mayHandle) } }
            }
            body.member("next", page.next)
        }
        return Response(json: json, nextPage: page.next.map { query.address(after: $0) })
    }

    private func alert(_ query: Query) async throws -> Response {
        guard let found = try await self.desk.alert(id: try query.path("id")) else { throw Self.unknown }
        let mayHandle = AlertRecord.mayHandle(try query.principal())
        return Response(
            json: JSONWriter.document(reserving: 2048) { body in
                found.alert.write(to: &body, withHandling: mayHandle)
                body.arrayMember("actions") { list in
                    for action in found.actions { list.object { action.write(to: &$0) } }
                }
            })
    }

    /// The body of an action.
    private struct Body: Decodable {
        var action: String
        var assignee: String?
        var reason: String?
        var note: String?
    }

    private func act(_ request: Request, _ query: Query) async throws -> Response {
        let body = try await AccountAPI.body(Body.self, of: request)
        guard let kind = AlertAction.Kind(rawValue: body.action) else {
            throw Problem.badWord("action", AlertAction.Kind.allCases.map(\.rawValue))
        }
        let action = AlertAction(
            kind, assignee: try body.assignee.map { text throws(Problem) in try Problem.id("assignee", text) },
            reason: try Problem.word("reason", body.reason),
            note: try Problem.note(body.note))
        if let complaint = action.complaint { throw Problem.badBody(zh: complaint.zh, en: complaint.en) }
        let alert = try await Problem.explained {
            try await self.desk.act(action, onAlert: try query.path("id"), by: try query.actor())
        }
        guard let alert else { throw Self.unknown }
        return Response(json: JSONWriter.document { alert.write(to: &$0) })
    }

    private func colleagues() async throws -> Response {
        let colleagues = try await self.desk.colleagues()
        return Response(
            json: JSONWriter.document { body in
                body.arrayMember("items") { list in
                    for colleague in colleagues {
                        list.object {
                            $0.member("name", colleague.name)
                            $0.member("display_name", colleague.displayName)
                            $0.member("role", colleague.role)
                            $0.member("district", colleague.district)
                        }
                    }
                }
                body.member("next", String?.none)
            })
    }

    private static var unknown: Problem { .unknown("alert", zh: "预警", place: "path parameter id") }
}

extension AlertRecord {
    /// Whether a reader hears how far people are: of those who may not handle alerts the database hides it, and what is
    /// hidden would read as "nobody has looked, and the time is up".
    static func mayHandle(_ reader: Principal) -> Bool {
        switch reader.reach {
        case .all, .district: AccessTable.rights(of: reader).contains(.change(.alerts))
        case .company, .site, .none: false
        }
    }

    /// The row of `contract.md` §5, for those who handle alerts with its handling and clocks.
    package func write(to row: inout JSONWriter, withHandling: Bool = true) {
        row.member("alert_id", self.alertID)
        row.member("rule", self.rule)
        row.member("severity", self.severity)
        row.member("plate", self.plate)
        row.member("terminal", self.terminal)
        row.member("opened_at", self.openedAt)
        row.member("closed_at", self.closedAt)
        row.member("lat", self.coordinate?.latitude)
        row.member("lon", self.coordinate?.longitude)
        row.member("delivery_id", self.deliveryID)
        row.member("status", self.status)
        row.member("summary", self.facts.first.map { "\($0.zh) / \($0.en)" } ?? "")
        row.statements("facts", self.facts)
        row.member("raised_at", self.raisedAt)
        guard withHandling else { return }
        let clock = AlertClock(severity: self.severity, raisedAt: self.raisedAt)
        row.objectMember("handling") { handling in
            handling.member("state", self.handling.state.rawValue)
            handling.member("assignee", self.handling.assignee)
            handling.member("acknowledged_by", self.handling.acknowledgedBy)
            handling.member("acknowledged_at", self.handling.acknowledgedAt)
            handling.member("closed_by", self.handling.closedBy)
            handling.member("closed_at", self.handling.closedAt)
            handling.member("reason", self.handling.reason?.rawValue)
            handling.member("comments", self.handling.comments)
            handling.member("acknowledge_by", clock.acknowledgeBy)
            handling.member("close_by", clock.closeBy)
        }
    }
}

extension AlertAction.Record {
    fileprivate func write(to row: inout JSONWriter) {
        row.member("at", self.at)
        row.member("by", self.by)
        row.member("role", self.role)
        row.member("action", self.action.kind.rawValue)
        row.member("assignee", self.action.assignee)
        row.member("reason", self.action.reason?.rawValue)
        row.member("note", self.action.note)
    }
}
