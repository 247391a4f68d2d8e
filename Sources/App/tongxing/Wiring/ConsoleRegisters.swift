import Chronology
import Console
import Exchange
import FleetStore
import PostgresClient
import Registers
import Tracks

/// The registers of the console, over a database connection of their own: an import of a whole register must not keep
/// the live page waiting.
final class ConsoleRegisters: RegisterKeeping {
    private let worker: PostgresWorker
    /// Halts are asked for, and questions answered, as the service: whoever keeps registers need not see where trucks
    /// stood.
    private let service: PostgresWorker
    private let parameters: AnalysisParameters.CoordinateFit

    init(url: String, parameters: AnalysisParameters.CoordinateFit) {
        self.worker = PostgresWorker(url: url, application: "tongxing web registers")
        self.service = PostgresWorker(url: url, application: "tongxing web registers service")
        self.parameters = parameters
    }

    func lines(
        of kind: RegisterKind, matching text: String?, after: String?, limit: Int
    ) async throws -> Page<RegisterLine> {
        let now = Clocks.now()
        let rows = try await self.ask {
            try RegisterKeeper(connection: $0).lines(
                of: kind, matching: text, at: now, after: after, limit: limit + 1)
        }
        return ConsoleDesk.page(rows, limit: limit) { $0.id }
    }

    func records(of kind: RegisterKind) async throws -> [RegisterRecord] {
        try await self.ask { try RegisterReader(connection: $0).records(of: kind) }
    }

    func item(_ id: String, of kind: RegisterKind) async throws -> RegisterItem? {
        try await self.ask { try RegisterKeeper(connection: $0).item(id, of: kind) }
    }

    func change(_ edit: RegisterEdit, by actor: DeskActor) async throws -> RegisterOutcome {
        let question = try await self.question(about: edit)
        var isRehearsal = edit.isRehearsal
        if question != nil, case .file(_, _, false) = edit.scope { isRehearsal = true }
        let asks = isRehearsal
        do {
            let visitor = WebDoor.Visitor(actor.principal)
            var outcome = try await self.enter(as: visitor) { connection in
                let audit = DeskAudit(connection: connection, actor: actor)
                do {
                    return try Self.change(edit, isRehearsal: asks, connection, audit)
                } catch let error as PostgresError where WebDoor.isBeyondReach(error, of: visitor) {
                    throw RegisterOutOfReach()
                }
            }
            outcome.question = question
            if outcome.isStored, case .file(_, _, true) = edit.scope { try await self.confirm(edit, by: actor) }
            return outcome
        } catch let stopped as Stopped {
            var outcome = stopped.outcome
            outcome.question = question
            return outcome
        }
    }

    /// What was found, where nothing may stay.
    private struct Stopped: Error {
        var outcome: RegisterOutcome
    }

    private static func change(
        _ edit: RegisterEdit, isRehearsal: Bool, _ connection: PostgresConnection, _ audit: DeskAudit
    ) throws -> RegisterOutcome {
        let keeper = RegisterKeeper(connection: connection)
        // Read before anything is put: what a rehearsal writes is undone, and its number never was.
        let before = try keeper.version(of: edit.kind)
        var withdrawn: [String] = []
        var (replaces, replacesNumbers) = (true, false)
        let keys = Set(edit.rows.map(\.record.key))
        switch edit.scope {
        case .item(let id, let version):
            try keeper.require(version: version, of: id, edit.kind)
            withdrawn = keys.contains(id) ? [] : [id]
            // A note that became another one must not take a third one's place.
            for key in keys where key != id { try keeper.require(version: "", of: key, edit.kind) }
        case .newItem:
            for key in keys { try keeper.require(version: "", of: key, edit.kind) }
        case .file(let all, let version, _):
            if let version { try keeper.require(version: version, of: nil, edit.kind) }
            (replaces, replacesNumbers) = (all, all)
        }
        var outcome: RegisterOutcome
        do {
            outcome = RegisterOutcome(
                try RegisterStore(connection: connection).put(
                    edit.rows.map(\.record), withdrawn: withdrawn, kind: edit.kind, source: edit.source,
                    by: audit.name, replaces: replaces, replacesNumbers: replacesNumbers, isRehearsal: isRehearsal),
                edit.rows)
        } catch let undone as RegisterStore.Undone {
            var found = RegisterOutcome(undone.outcome, edit.rows)
            found.version = before
            throw Stopped(outcome: found)
        }
        outcome.isStored = !isRehearsal
        outcome.version = try keeper.version(of: edit.kind)
        let one = withdrawn.first ?? (keys.count == 1 ? keys.first : nil)
        let subject = [edit.kind.rawValue, one].compactMap { $0 }.joined(separator: " ").replacing("\t", with: " ")
        let counts = "+\(outcome.added) ~\(outcome.changed) -\(outcome.withdrawn)"
        try audit.note("register.change", String(subject.prefix(200)), "\(counts) \(edit.source)")
        return outcome
    }

    private func question(about edit: RegisterEdit) async throws -> Remark? {
        guard case .file = edit.scope else { return nil }
        let parameters = self.parameters
        return try await Self.reached {
            try await self.service.run { connection in
                try CoordinateQuestion(connection: connection, parameters: parameters).about(edit.rows, kind: edit.kind)
            }
        }
    }

    /// Whoever insists on the coordinates of a file says that they are right: what was asked about them is answered. It
    /// is answered as the service, behind the import: where that fails, the same file can be sent again.
    private func confirm(_ edit: RegisterEdit, by actor: DeskActor) async throws {
        let ids = Set(edit.rows.map(\.record.key)).sorted()
        let (kind, name) = (edit.kind, actor.principal.name)
        try await Self.reached {
            try await self.service.run { connection in
                try connection.transaction {
                    try CoordinateQuestionStore(connection: connection).answer(ids, of: kind, by: name)
                }
            }
        }
    }

    private func ask<R: Sendable>(_ question: @escaping @Sendable (PostgresConnection) throws -> R) async throws -> R {
        guard let principal = Principal.current else { throw Failure("the registers were read for nobody") }
        return try await self.enter(as: WebDoor.Visitor(principal), question)
    }

    private func enter<R: Sendable>(
        as visitor: WebDoor.Visitor, _ body: @escaping @Sendable (PostgresConnection) throws -> R
    ) async throws -> R {
        try await Self.reached {
            try await self.worker.run { try WebDoor(connection: $0).enter(.fleet, as: visitor, body) }
        }
    }

    private static func reached<R>(_ work: () async throws -> R) async throws -> R {
        do {
            return try await work()
        } catch let error as PostgresError where error.remedy != .refuseRow {
            throw FleetReadingError.unavailable(error.description)
        }
    }
}

extension RegisterOutcome {
    fileprivate init(_ outcome: RegisterStore.ImportOutcome, _ rows: [RegisterImport.Row]) {
        self.init()
        (self.added, self.changed) = (outcome.added, outcome.changed)
        (self.unchanged, self.withdrawn) = (outcome.unchanged, outcome.withdrawn)
        self.errors = outcome.refused.map { RowError($0, in: rows) }
    }
}

extension RowError {
    /// What the store says of a row, by its line.
    init(_ refused: RegisterStore.ImportOutcome.Refused, in rows: [RegisterImport.Row]) {
        func line(_ index: Int) -> Int { rows.indices.contains(index) ? rows[index].line : 0 }
        var remark = Remark(zh: refused.zh, en: refused.en)
        if let earlier = refused.earlier {
            remark.zh += "（第 \(line(earlier)) 行）"
            remark.en += " (line \(line(earlier)))"
        }
        self.init(line: line(refused.index), column: refused.column, remark)
    }
}
