import Chronology
import Console
import FleetStore
import PostgresClient
import Synchronization

/// Accounts, sessions and the audit log as the console needs them. Two connections, each with a thread: one answers who
/// somebody is, for every request; the other checks passwords, which takes long on purpose.
final class ConsoleAccounts: AccountKeeping {
    private let lookups: PostgresWorker
    private let logIns: PostgresWorker
    private let sessionSeconds: Double
    /// Wrong tries at names that no account has: locked out alike, so that nobody learns which names there are.
    private let unknownNames = Mutex<[String: (failures: Int, at: Instant)]>([:])
    private let waiting = Mutex(0)

    /// One more log-in that waits for its check is asked to come back.
    private static let waitingLimit = 20
    private static let unknownNamesLimit = 10_000
    /// Checked where there is no account, so that it takes as long.
    private static let nobody = try? PasswordHash("nobody's password").text

    init(url: String, sessionHours: Int) {
        self.lookups = PostgresWorker(url: url, application: "tongxing web accounts")
        self.logIns = PostgresWorker(url: url, application: "tongxing web log-in")
        self.sessionSeconds = Double(sessionHours) * 3600
    }

    private static func visitor(_ name: String, _ role: AccountRole? = nil) -> WebDoor.Visitor {
        WebDoor.Visitor(name: name, role: role?.rawValue ?? "", reach: .none)
    }

    private func ask<R: Sendable>(
        _ worker: PostgresWorker, as visitor: WebDoor.Visitor,
        _ question: @escaping @Sendable (PostgresConnection) throws -> R
    ) async throws -> R {
        try await Self.reached {
            try await worker.run { try WebDoor(connection: $0).enter(.accounts, as: visitor, question) }
        }
    }

    private static func reached<R>(_ work: () async throws -> R) async throws -> R {
        do {
            return try await work()
        } catch let error as PostgresError where error.remedy != .refuseRow {
            throw FleetReadingError.unavailable(error.description)
        }
    }

    /// A change by somebody who is logged in.
    private func change<R: Sendable>(
        by principal: Principal, address: String, _ work: @escaping @Sendable (AccountKeeper) throws -> R
    ) async throws -> R {
        try await self.ask(self.lookups, as: Self.visitor(principal.name, principal.role)) {
            try work(AccountKeeper(connection: $0, actor: Self.actor(principal, address)))
        }
    }

    private static func actor(_ principal: Principal, _ address: String) -> AuditStore.Note {
        var note = AuditStore.Note(actor: principal.name, interface: "http", action: "")
        note.role = principal.role?.rawValue ?? ""
        note.address = address
        return note
    }

    // MARK: - Who it is

    func principal(session hash: [UInt8]) async throws -> Principal? {
        try await self.ask(self.lookups, as: Self.visitor("")) { connection in
            try AccountStore(connection: connection).account(session: hash)
                .map { $0.account.principal(.session(hash), expiresAt: $0.expiresAt) }
        }
    }

    func principal(token hash: [UInt8]) async throws -> Principal? {
        try await self.ask(self.lookups, as: Self.visitor("")) { connection in
            try AccountStore(connection: connection).account(token: hash)
                .map { $0.account.principal(.token, expiresAt: $0.expiresAt) }
        }
    }

    func principal(oidcSubject: String, expiresAt: Instant) async throws -> Principal? {
        try await self.ask(self.lookups, as: Self.visitor("")) { connection in
            let account = try AccountStore(connection: connection).account(oidcSubject: oidcSubject)
            return account.flatMap { $0.isDisabled ? nil : $0.principal(.oidc, expiresAt: expiresAt) }
        }
    }

    // MARK: - Passwords

    func logIn(name: String, password: String, address: String) async throws -> LogInOutcome {
        try await self.check(name, password, address) { account in
            try await self.startSession(account, address, action: "log-in")
        }
    }

    func changePassword(
        of principal: Principal, from old: String, to new: String, address: String
    ) async throws -> LogInOutcome {
        if let complaint = PasswordHash.complaint(about: new, account: principal.name) {
            return .unusable(zh: complaint.zh, en: complaint.en)
        }
        guard old != new else { return .unusable(zh: "新口令与当前口令相同", en: "The new password is the current one") }
        return try await self.check(principal.name, old, address) { account in
            try await Self.reached {
                try await self.logIns.run { connection in
                    let hash = try PasswordHash(new).text
                    try WebDoor(connection: connection).enter(.accounts, as: Self.visitor(account.name)) {
                        _ = try AccountStore(connection: $0).setPassword(
                            hash, mustChange: false, expiresAt: nil, of: account.name)
                    }
                }
            }
            var changed = account
            changed.mustChange = false
            return try await self.startSession(changed, address, action: "password.change")
        }
    }

    /// Runs `granted` for the account whose password it is. A try is counted before it is checked, so that many at once
    /// are no way round the lock.
    private func check(
        _ name: String, _ password: String, _ address: String,
        _ granted: (AccountStore.Account) async throws -> LogInOutcome
    ) async throws -> LogInOutcome {
        guard
            self.waiting.withLock({
                $0 += 1; return $0
            }) <= Self.waitingLimit
        else {
            self.waiting.withLock { $0 -= 1 }
            return .locked(seconds: 5)
        }
        defer { self.waiting.withLock { $0 -= 1 } }
        let now = Clocks.now()
        let found = try await self.ask(self.logIns, as: Self.visitor(name)) { connection in
            let store = AccountStore(connection: connection)
            let account = try store.account(name)
            let wait = account.map {
                LockOut.secondsLeft(failures: $0.failures, lastFailureAt: $0.lastFailureAt, now: now)
            }
            if wait == 0 { try store.noteAttempt(name) }
            return (account: account, wait: wait)
        }
        let wait = found.wait ?? self.waitOfUnknown(name, now)
        guard wait == 0 else { return .locked(seconds: wait) }
        let kept = found.account?.password ?? Self.nobody ?? ""
        let isRight = try await Self.reached {
            try await self.logIns.run { _ in PasswordHash.matches(password, kept) }
        }
        guard isRight, let account = found.account, account.password != nil, !account.isDisabled,
            account.passwordExpiresAt.map({ $0 > now }) ?? true
        else {
            try await self.note("log-in", by: name, address, outcome: "refused")
            return .refused
        }
        return try await granted(account)
    }

    private func waitOfUnknown(_ name: String, _ now: Instant) -> Double {
        self.unknownNames.withLock { names in
            let known = names[name]
            let wait = LockOut.secondsLeft(failures: known?.failures ?? 0, lastFailureAt: known?.at, now: now)
            guard wait == 0 else { return wait }
            if names.count >= Self.unknownNamesLimit { names.removeAll() }
            names[name] = ((known?.failures ?? 0) + 1, now)
            return 0
        }
    }

    private func startSession(
        _ account: AccountStore.Account, _ address: String, action: String
    ) async throws -> LogInOutcome {
        let secret = Secret.random()
        let hash = Secret.hash(secret)
        let end = Clocks.now().advanced(bySeconds: self.sessionSeconds)
        let principal = account.principal(.session(hash), expiresAt: end)
        try await self.ask(self.logIns, as: Self.visitor(account.name, principal.role)) { connection in
            let store = AccountStore(connection: connection)
            try store.clearFailures(account.name)
            try store.startSession(hash, accountID: account.accountID, expiresAt: end)
            try AccountKeeper(connection: connection, actor: Self.actor(principal, address)).note(action, account.name)
        }
        return .started(secret, principal)
    }

    /// Who signs in elsewhere needs no password here: one that was for the first time only, and never used, ends.
    func signIn(oidcSubject: String, address: String) async throws -> LogInOutcome {
        let found = try await self.ask(self.logIns, as: Self.visitor("")) {
            try AccountStore(connection: $0).account(oidcSubject: oidcSubject)
        }
        guard var account = found, !account.isDisabled else {
            try await self.note("log-in", by: oidcSubject, address, outcome: "refused")
            return .refused
        }
        if account.mustChange {
            let name = account.name
            try await self.ask(self.logIns, as: Self.visitor(name)) {
                _ = try AccountStore(connection: $0).setPassword(
                    PasswordHash(Secret.text(Secret.random())).text, mustChange: false, expiresAt: nil, of: name)
            }
            account.mustChange = false
        }
        return try await self.startSession(account, address, action: "log-in")
    }

    private func note(_ action: String, by name: String, _ address: String, outcome: String) async throws {
        try await self.ask(self.logIns, as: Self.visitor(name)) { connection in
            var note = AuditStore.Note(actor: name, interface: "http", action: action)
            note.address = address
            note.subject = name
            note.outcome = outcome
            try AuditStore(connection: connection).add(note)
        }
    }

    func logOut(_ principal: Principal, address: String) async throws {
        guard case .session(let hash) = principal.credential else { return }
        try await self.change(by: principal, address: address) {
            try $0.store.endSession(hash)
            try $0.note("log-out", principal.name)
        }
    }

    func noteRefusal(of attempt: RefusedAttempt, to principal: Principal, address: String) async throws {
        var note = Self.actor(principal, address)
        note.action = attempt.action
        note.subject = attempt.subject
        note.purpose = attempt.purpose
        note.outcome = "refused"
        if let period = attempt.period {
            note.period = AuditStore.Note.period(from: period.lowerBound, to: period.upperBound)
        }
        let entry = note
        try await self.ask(self.lookups, as: Self.visitor(principal.name, principal.role)) {
            try AuditStore(connection: $0).add(entry)
        }
    }
}

// MARK: - The three duties

extension ConsoleAccounts {
    func accounts(for principal: Principal) async throws -> [AccountSummary] {
        try await self.ask(self.lookups, as: Self.visitor(principal.name, principal.role)) { connection in
            try AccountStore(connection: connection).list().map {
                AccountSummary(
                    name: $0.name, displayName: $0.displayName, duty: $0.duty, isDisabled: $0.isDisabled,
                    mustChange: $0.mustChange, createdAt: $0.createdAt)
            }
        }
    }

    func addAccount(
        _ name: String, displayName: String, by principal: Principal, address: String
    ) async throws -> String {
        try await self.change(by: principal, address: address) {
            try $0.add(name, displayName: displayName, duty: AccountDuty(role: nil))
        }
    }

    func setDisabled(_ isDisabled: Bool, account: String, by principal: Principal, address: String) async throws {
        try await self.change(by: principal, address: address) { keeper in
            try Self.requireOther(account, principal, keeper)
            try keeper.setDisabled(isDisabled, account)
        }
    }

    func resetPassword(of account: String, by principal: Principal, address: String) async throws -> String {
        try await self.change(by: principal, address: address) { keeper in
            try Self.requireOther(account, principal, keeper)
            return try keeper.resetPassword(of: account)
        }
    }

    /// An administrator who could take over the auditor's account would be the auditor too.
    private static func requireOther(_ name: String, _ principal: Principal, _ keeper: AccountKeeper) throws {
        guard let account = try keeper.store.account(name) else { throw AccountError.unknown }
        guard name != principal.name, account.duty.role?.isOneOfThree != true else { throw AccountError.notYours }
    }

    func setDuty(_ duty: AccountDuty, of account: String, by principal: Principal, address: String) async throws {
        try await self.change(by: principal, address: address) { keeper in
            guard account != principal.name else { throw AccountError.notYours }
            try keeper.setDuty(duty, of: account)
        }
    }

    func places(_ kind: AccountPlace.Kind, for principal: Principal) async throws -> [AccountPlace] {
        try await self.ask(self.lookups, as: Self.visitor(principal.name, principal.role)) { connection in
            try AccountStore(connection: connection).places(kind.rawValue).map {
                AccountPlace(id: $0.id, name: $0.name)
            }
        }
    }

    func passwords(of principal: Principal) async throws -> [PasswordEvent] {
        try await self.ask(self.lookups, as: Self.visitor(principal.name, principal.role)) { connection in
            let entries = try AuditStore(connection: connection).passwords(
                of: principal.name, limit: Self.passwordsShown)
            return entries.compactMap { entry in
                PasswordEvent.Kind(action: entry.note.action).map {
                    PasswordEvent(
                        at: entry.occurredAt, kind: $0, by: entry.note.actor, interface: entry.note.interface,
                        address: entry.note.address)
                }
            }
        }
    }

    private static let passwordsShown = 10

    func audit(_ query: AuditQuery, for principal: Principal, address: String) async throws -> Page<AuditRecord> {
        var filter = AuditStore.Filter()
        (filter.from, filter.to) = (query.from, query.to)
        (filter.actor, filter.action, filter.subject) = (query.actor, query.action, query.subject)
        filter.outcome = query.outcome
        if let cursor = query.after {
            guard let number = Int64(cursor) else { throw FleetReadingError.badCursor }
            filter.before = number
        }
        let wanted = filter
        let words = [query.actor, query.action, query.subject, query.outcome].compactMap { $0 }.joined(separator: " ")
        let rows = try await self.ask(self.lookups, as: Self.visitor(principal.name, principal.role)) { connection in
            if wanted.before == nil {
                try AccountKeeper(connection: connection, actor: Self.actor(principal, address))
                    .note("audit.search", words)
            }
            return try AuditStore(connection: connection).search(wanted, limit: query.limit + 1)
        }
        let shown = rows.prefix(query.limit).map { AuditRecord($0) }
        return Page(
            elements: shown, next: rows.count > query.limit ? shown.last.map { String($0.number) } : nil)
    }
}

extension AuditRecord {
    fileprivate init(_ entry: AuditStore.Entry) {
        self.init(
            number: entry.number, occurredAt: entry.occurredAt, actor: entry.note.actor, role: entry.note.role,
            interface: entry.note.interface, address: entry.note.address, action: entry.note.action,
            subject: entry.note.subject, purpose: entry.note.purpose, outcome: entry.note.outcome,
            period: entry.note.period, hash: entry.hash.hexText)
    }
}
