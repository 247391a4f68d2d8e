import Chronology
import Console
import Synchronization

/// Accounts in memory: whom each cookie and token stands for, and what was done.
final class FakeAccounts: AccountKeeping {
    /// What the fake holds.
    struct Content: Sendable {
        var sessions: [[UInt8]: Principal] = [:]
        var tokens: [[UInt8]: Principal] = [:]
        var subjects: [String: Principal] = [:]
        var outcome = LogInOutcome.refused
        var log: [String] = []
        var isAway = false
    }

    private let content: Mutex<Content>

    init(_ content: Content = Content()) { self.content = Mutex(content) }

    func change(_ body: @Sendable (inout Content) -> Void) { self.content.withLock { body(&$0) } }

    /// What was done, in order.
    var log: [String] { self.content.withLock { $0.log } }

    private func read<Value: Sendable>(_ body: (inout Content) -> Value) throws -> Value {
        try self.content.withLock { content in
            guard !content.isAway else { throw FleetReadingError.unavailable("the fake is away") }
            return body(&content)
        }
    }

    func principal(session hash: [UInt8]) async throws -> Principal? { try self.read { $0.sessions[hash] } }
    func principal(token hash: [UInt8]) async throws -> Principal? { try self.read { $0.tokens[hash] } }
    func principal(oidcSubject: String, expiresAt: Instant) async throws -> Principal? {
        try self.read { $0.subjects[oidcSubject] }
    }

    func logIn(name: String, password: String, address: String) async throws -> LogInOutcome {
        try self.read { content in
            content.log.append("log-in \(name)")
            return content.outcome
        }
    }

    func signIn(oidcSubject: String, address: String) async throws -> LogInOutcome {
        try self.read { content in
            content.log.append("sign-in \(oidcSubject)")
            return content.outcome
        }
    }

    func logOut(_ principal: Principal, address: String) async throws {
        try self.read { $0.log.append("log-out \(principal.name)") }
    }

    func changePassword(
        of principal: Principal, from old: String, to new: String, address: String
    ) async throws -> LogInOutcome {
        try self.read { content in
            content.log.append("password \(principal.name)")
            return content.outcome
        }
    }

    func accounts(for principal: Principal) async throws -> [AccountSummary] { [] }

    func addAccount(
        _ name: String, displayName: String, by principal: Principal, address: String
    ) async throws -> String {
        try self.read { $0.log.append("add \(name)") }
        return "once"
    }

    func setDisabled(_ isDisabled: Bool, account: String, by principal: Principal, address: String) async throws {
        try self.read { $0.log.append("disabled \(account) \(isDisabled)") }
    }

    func resetPassword(of account: String, by principal: Principal, address: String) async throws -> String {
        throw AccountError.notYours
    }

    func setDuty(_ duty: AccountDuty, of account: String, by principal: Principal, address: String) async throws {
        try self.read { $0.log.append("duty \(account) \(duty.role?.rawValue ?? "none")") }
    }

    func places(_ kind: AccountPlace.Kind, for principal: Principal) async throws -> [AccountPlace] { [] }

    func passwords(of principal: Principal) async throws -> [PasswordEvent] { [] }

    func noteRefusal(of attempt: RefusedAttempt, to principal: Principal, address: String) async throws {
        let words = [attempt.action, principal.name, attempt.subject, attempt.purpose].filter { !$0.isEmpty }
        let period = attempt.period.map { " \($0.lowerBound)/\($0.upperBound)" } ?? ""
        try self.read { $0.log.append("refused \(words.joined(separator: " "))\(period)") }
    }

    func audit(_ query: AuditQuery, for principal: Principal, address: String) async throws -> Page<AuditRecord> {
        Page(elements: [])
    }
}
