import Casework
import Chronology
import Console
import Deliveries
import FleetStore
import PostgresClient
import Registers
import Suspicions
import Telemetry

extension ConsoleDesk {
    func queue(_ query: QueueQuery) async throws -> Page<QueuedDelivery> {
        var filter = DecisionStore.Filter()
        (filter.isDecided, filter.from, filter.to, filter.rule) = (query.isDecided, query.from, query.to, query.rule)
        if let cursor = query.after {
            let parts = cursor.split(separator: "|", maxSplits: 1)
            guard parts.count == 2, let rank = Double(parts[0]), rank.isFinite else {
                throw FleetReadingError.badCursor
            }
            filter.after = (rank, String(parts[1]))
        }
        let wanted = filter
        let rows = try await self.ask { try DecisionStore(connection: $0).queue(wanted, limit: query.limit + 1) }
        return Self.page(rows, limit: query.limit) { "\($0.rank)|\($0.judged.delivery.deliveryID)" }
    }

    func decisions(aboutDelivery id: String) async throws -> [DeliveryDecision.Record]? {
        try await self.ask { connection in
            let records = try DecisionStore(connection: connection).decisions(about: id)
            // What was decided about a delivery that is derived no more can still be read.
            guard try !records.isEmpty || DeliveryRecords(connection: connection).record(id) != nil else {
                return nil
            }
            return records
        }
    }

    func decide(
        _ decision: DeliveryDecision, aboutDelivery id: String, by actor: DeskActor
    ) async throws -> [DeliveryDecision.Record]? {
        try await self.change(actor) { connection, audit in
            let store = DecisionStore(connection: connection)
            guard let judged = try DeliveryRecords(connection: connection).record(id)?.judged else { return nil }
            var decision = decision
            if decision.kind == .case {
                decision.caseID = try Self.putIntoCase(
                    CaseItem(.delivery, id), decision.caseID, title: judged.delivery, audit)
            }
            guard try store.decide(decision, about: id, by: audit.name, role: audit.role) else { return nil }
            let words = [decision.reason?.rawValue, decision.caseID, decision.note.isEmpty ? nil : decision.note]
            try audit.note("delivery.\(decision.kind.rawValue)", id, words.compactMap { $0 }.joined(separator: " "))
            try Self.closeAlert(ofDelivery: id, upon: decision, audit)
            return try store.decisions(about: id)
        }
    }

    /// Adds the thing to the case that is named, or to a new one.
    /// - Returns: the number of the case.
    private static func putIntoCase(
        _ item: CaseItem, _ caseID: String?, title delivery: Delivery, _ audit: DeskAudit
    ) throws -> String {
        let store = CaseStore(connection: audit.connection)
        let id: String
        if let caseID {
            id = caseID
        } else {
            let day = delivery.unloadStart.date(at: .shanghai)
            id = try store.open(
                "\(delivery.plate ?? delivery.terminal.text) \(day)", by: audit.name, role: audit.role,
                district: audit.actor.district)
            try audit.note("case.open", id)
        }
        if let file = try store.file(id), file.items.contains(item) { return id }
        guard try store.add(.item(item), to: id, by: audit.name, role: audit.role) else {
            throw CaseworkRefusal(zh: "没有案件 \(id)", en: "there is no case \(id)")
        }
        try audit.note("case.item", id, "\(item.kind.rawValue) \(item.id)")
        return id
    }

    /// What was decided about the delivery answers the alert about it too.
    private static func closeAlert(
        ofDelivery id: String, upon decision: DeliveryDecision, _ audit: DeskAudit
    ) throws {
        let reason: AlertAction.Reason
        switch decision.kind {
        case .dismiss: reason = .falseAlarm
        case .case: reason = .forwarded
        case .confirm: reason = .handled
        case .dispatch, .reopen: return
        }
        let desk = AlertDesk(connection: audit.connection)
        var filter = AlertDesk.Filter()
        filter.deliveryID = id
        for alert in try desk.list(filter, limit: 10) where alert.handling.state != .closed {
            try desk.act(
                AlertAction(.close, reason: reason, note: decision.note), on: alert.alertID, by: audit.name,
                role: audit.role)
            try audit.note("alert.close", alert.alertID, reason.rawValue)
        }
    }

    func precision() async throws -> [RulePrecision] {
        try await self.ask { try DecisionStore(connection: $0).precision() }
    }

    func suspectedPlants() async throws -> [SuspectedPlant] {
        try await self.ask { try SuspectStore(connection: $0).suspects() }
    }

    func suspectedPlant(id: String) async throws -> SuspectedPlant? {
        try await self.ask { try SuspectStore(connection: $0).suspect(id) }
    }

    func decide(
        _ decision: SuspectDecision, aboutSuspect id: String, by actor: DeskActor
    ) async throws -> SuspectedPlant? {
        try await self.change(actor) { connection, audit in
            let store = SuspectStore(connection: connection)
            guard let suspect = try store.decide(decision, about: id, role: audit.role) else { return nil }
            try audit.note("suspect.\(decision.status.rawValue)", id, decision.reason)
            return suspect
        }
    }

    func timeline(of judged: JudgedDelivery, from: Instant, to: Instant) async throws -> DeliveryTimeline {
        let delivery = judged.delivery
        let vehicle = try await self.fleet.vehicle(terminal: delivery.terminal.text, at: delivery.unloadStart)
        return try await self.ask { connection in
            let reader = TimelineReader(connection: connection)
            return DeliveryTimeline(
                cameras: try reader.cameraReports(of: delivery.terminal.text, from: from, to: to, limit: 5000),
                stays: try reader.stays(of: delivery.terminal, from: from, to: to),
                tickets: try Self.notes(of: delivery, reader), vehicle: vehicle)
        }
    }

    /// The delivery's notes: of its plate, or, as a truck may get another plate on the way or another truck's note, of
    /// its plant.
    private static func notes(of delivery: Delivery, _ reader: TimelineReader) throws -> [Ticket] {
        try delivery.ticketIDs.flatMap { id in
            let own = try reader.tickets(id, plate: delivery.plate)
            return own.isEmpty ? try reader.tickets(id, plate: nil).filter { $0.plantID == delivery.origin.id } : own
        }
    }
}
