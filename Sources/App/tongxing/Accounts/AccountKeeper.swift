import Chronology
import Console
import FleetStore
import PostgresClient

/// Changes of accounts, each with its entry in the audit log; for the command line and for the web alike.
struct AccountKeeper {
    let store: AccountStore
    private let audit: AuditStore
    /// Who acts, and from where; action and subject are filled in.
    private let actor: AuditStore.Note

    /// How long a password to be used once can be used.
    static let oneTimeDays = 7.0

    init(connection: PostgresConnection, actor: AuditStore.Note) {
        self.store = AccountStore(connection: connection)
        self.audit = AuditStore(connection: connection)
        self.actor = actor
    }

    func note(_ action: String, _ subject: String, purpose: String = "") throws {
        var note = self.actor
        note.action = action
        note.subject = subject
        note.purpose = purpose
        try self.audit.add(note)
    }

    /// - Returns: a password to be used once.
    func add(_ name: String, displayName: String, duty: AccountDuty) throws -> String {
        guard name.wholeMatch(of: /[a-z0-9][a-z0-9._@\-]{0,63}/) != nil else { throw AccountError.badName }
        try self.requireKnown(duty)
        guard try self.store.add(name, displayName: displayName, duty: Self.stored(duty), by: self.actor.actor) else {
            throw AccountError.nameTaken
        }
        let password = try self.giveOneTimePassword(name)
        try self.note("account.add", name, purpose: Self.words(duty))
        return password
    }

    /// - Returns: a password to be used once.
    func resetPassword(of name: String) throws -> String {
        let password = try self.giveOneTimePassword(name)
        try self.note("account.password", name)
        return password
    }

    private func giveOneTimePassword(_ name: String) throws -> String {
        let password = Secret.oneTimePassword()
        let hash = try PasswordHash(password)
        let end = Clocks.now().advanced(bySeconds: Self.oneTimeDays * 86400)
        guard try self.store.setPassword(hash.text, mustChange: true, expiresAt: end, of: name) else {
            throw AccountError.unknown
        }
        return password
    }

    func setDisabled(_ isDisabled: Bool, _ name: String) throws {
        try self.store.lock()
        if isDisabled { try self.requireNotLast(try self.store.account(name)) }
        guard try self.store.setDisabled(isDisabled, name: name) else { throw AccountError.unknown }
        try self.note(isDisabled ? "account.disable" : "account.enable", name)
    }

    func setDuty(_ duty: AccountDuty, of name: String) throws {
        try self.requireKnown(duty)
        // One at a time: two who give each other's last holder another duty would leave nobody.
        try self.store.lock()
        guard let account = try self.store.account(name) else { throw AccountError.unknown }
        if duty.role?.isOneOfThree == true, let held = account.oneOfThree, held != duty.role?.rawValue {
            throw AccountError.threeApart
        }
        if account.role != duty.role?.rawValue { try self.requireNotLast(account) }
        guard try self.store.setDuty(Self.stored(duty), of: name) else { throw AccountError.unknown }
        try self.note("account.duty", name, purpose: Self.words(duty))
    }

    /// Of each of the three duties there is to be somebody.
    private func requireNotLast(_ account: AccountStore.Account?) throws {
        guard let account, !account.isDisabled, let role = account.duty.role, role.isOneOfThree else { return }
        guard try self.store.hasOther(than: account.name, role: role.rawValue) else { throw AccountError.lastOfDuty }
    }

    /// A name that no register knows would confine an account to nothing, in silence.
    private func requireKnown(_ duty: AccountDuty) throws {
        guard duty.isWhole else { throw AccountError.badDuty }
        for (kind, id) in [("district", duty.district), ("company", duty.company), ("site", duty.site)] {
            guard let id else { continue }
            guard try self.store.places(kind).contains(where: { $0.id == id }) else { throw AccountError.unknownPlace }
        }
    }

    func setOIDCSubject(_ subject: String?, of name: String) throws {
        guard try self.store.setOIDCSubject(subject, of: name) else { throw AccountError.unknown }
        try self.note("account.oidc", name, purpose: subject ?? "")
    }

    /// - Returns: the token, which is told once and kept nowhere.
    func addToken(of name: String, label: String, days: Int) throws -> String {
        let secret = Secret.random()
        let end = Clocks.now().advanced(bySeconds: Double(days) * 86400)
        let number = try self.store.addToken(
            Secret.hash(secret), of: name, label: label, expiresAt: end, by: self.actor.actor)
        guard let number else { throw AccountError.unknown }
        try self.note("token.add", name, purpose: "\(number) \(label)")
        return Secret.tokenPrefix + Secret.text(secret)
    }

    func revokeToken(_ number: Int64) throws -> Bool {
        guard try self.store.revokeToken(number) else { return false }
        try self.note("token.revoke", String(number))
        return true
    }

    private static func stored(_ duty: AccountDuty) -> AccountStore.Duty {
        AccountStore.Duty(
            role: duty.role?.rawValue, district: duty.district, company: duty.company, site: duty.site)
    }

    private static func words(_ duty: AccountDuty) -> String {
        [duty.role?.rawValue ?? "no duty", duty.district, duty.company, duty.site].compactMap { $0 }
            .joined(separator: " ")
    }
}

extension AccountStore.Account {
    var duty: AccountDuty {
        AccountDuty(
            role: self.role.flatMap { AccountRole(rawValue: $0) }, district: self.district, company: self.company,
            site: self.site)
    }

    func principal(_ credential: Principal.Credential, expiresAt: Instant?) -> Principal {
        let role = self.duty.role
        return Principal(
            name: self.name, role: role,
            reach: Principal.reach(of: role, district: self.district, company: self.company, site: self.site),
            // A program has no password to change.
            credential: credential, mustChange: self.mustChange && credential.isSession, expiresAt: expiresAt)
    }
}

extension Principal.Credential {
    fileprivate var isSession: Bool {
        if case .session = self { true } else { false }
    }
}
