package import Chronology

/// Accounts, sessions, tokens and the audit log, as the console needs them. The application implements it over the
/// store. What cannot be reached throws `FleetReadingError.unavailable`.
package protocol AccountKeeping: Sendable {
    /// Whoever holds the cookie, or the token, of this SHA-256; `nil` when it stands for nobody any more.
    func principal(session hash: [UInt8]) async throws -> Principal?
    func principal(token hash: [UInt8]) async throws -> Principal?
    func principal(oidcSubject: String, expiresAt: Instant) async throws -> Principal?

    /// Checks a password, counts failures, starts a session.
    func logIn(name: String, password: String, address: String) async throws -> LogInOutcome
    /// Starts a session for the account of a subject that the identity provider vouches for.
    func signIn(oidcSubject: String, address: String) async throws -> LogInOutcome
    func logOut(_ principal: Principal, address: String) async throws
    /// Every session of the account ends; the outcome carries a new one.
    func changePassword(
        of principal: Principal, from old: String, to new: String, address: String
    ) async throws -> LogInOutcome

    func accounts(for principal: Principal) async throws -> [AccountSummary]
    /// An account without a duty.
    /// - Returns: a password to be used once.
    func addAccount(_ name: String, displayName: String, by principal: Principal, address: String) async throws
        -> String
    func setDisabled(_ isDisabled: Bool, account: String, by principal: Principal, address: String) async throws
    /// - Returns: a password to be used once.
    func resetPassword(of account: String, by principal: Principal, address: String) async throws -> String
    func setDuty(_ duty: AccountDuty, of account: String, by principal: Principal, address: String) async throws

    /// What an account can be confined to, as the registers name it.
    func places(_ kind: AccountPlace.Kind, for principal: Principal) async throws -> [AccountPlace]

    /// What was done to one's own password, the newest first.
    func passwords(of principal: Principal) async throws -> [PasswordEvent]

    /// Writes down that somebody was refused what is not his.
    func noteRefusal(of attempt: RefusedAttempt, to principal: Principal, address: String) async throws

    /// The audit log, the newest first; being searched is an entry too.
    func audit(_ query: AuditQuery, for principal: Principal, address: String) async throws -> Page<AuditRecord>
}

/// What somebody tried whose duty does not allow it.
package struct RefusedAttempt: Hashable, Sendable {
    /// The right that is wanting, such as `trails.read`.
    package var action: String
    /// On whom or what, as the request named it; empty where it named none.
    package var subject = ""
    /// As the request gave it.
    package var purpose = ""
    /// The event time that was asked for.
    package var period: Range<Instant>?

    package init(_ action: String) { self.action = action }
}

/// What came of a log-in.
package enum LogInOutcome: Sendable {
    /// The cookie's secret and whom it stands for.
    case started([UInt8], Principal)
    /// Name or password is wrong, or the account is disabled: which of them is not said.
    case refused
    /// Too many wrong passwords; the seconds until the next try is looked at.
    case locked(seconds: Double)
    /// The new password cannot be used.
    case unusable(zh: String, en: String)
}

/// Why an account could not be changed.
package enum AccountError: Error, Hashable {
    case unknown
    case nameTaken
    case badName
    /// A duty without what it is for, or with what is not its own.
    case badDuty
    /// The duties of the three are kept apart: nobody changes his own, and an administrator no other of the three.
    case notYours
    /// Who has held one of the three duties is given no other of them.
    case threeApart
    /// Nobody else could do this one of the three duties.
    case lastOfDuty
    /// No register names this district, company or site.
    case unknownPlace
}

/// A district, company or site that an account can be confined to.
package struct AccountPlace: Hashable, Sendable {
    /// Which of them.
    package enum Kind: String, Sendable, CaseIterable { case district, company, site }

    package var id: String
    package var name: String

    package init(id: String, name: String) {
        self.id = id
        self.name = name
    }
}

/// One thing that was done to a password.
package struct PasswordEvent: Hashable, Sendable {
    /// What was done.
    package enum Kind: String, Sendable, CaseIterable {
        /// With the account, for its first log-in.
        case first
        /// An administrator gave a new one to be used once, and all sessions ended.
        case reset
        /// Changed with the old one at hand.
        case changed

        /// By the name of the action in the audit log.
        package init?(action: String) {
            switch action {
            case "account.add": self = .first
            case "account.password": self = .reset
            case "password.change": self = .changed
            default: return nil
            }
        }
    }

    package var at: Instant
    package var kind: Kind
    package var by: String
    package var interface: String
    package var address: String

    package init(at: Instant, kind: Kind, by: String, interface: String, address: String) {
        self.at = at
        self.kind = kind
        self.by = by
        self.interface = interface
        self.address = address
    }
}

/// One account as it is listed.
package struct AccountSummary: Hashable, Sendable {
    package var name: String
    package var displayName: String
    package var duty: AccountDuty
    package var isDisabled: Bool
    package var mustChange: Bool
    package var createdAt: Instant

    package init(
        name: String, displayName: String, duty: AccountDuty, isDisabled: Bool, mustChange: Bool, createdAt: Instant
    ) {
        self.name = name
        self.displayName = displayName
        self.duty = duty
        self.isDisabled = isDisabled
        self.mustChange = mustChange
        self.createdAt = createdAt
    }
}

/// What an account is for.
package struct AccountDuty: Hashable, Sendable, Codable {
    package var role: AccountRole?
    package var district: String?
    package var company: String?
    package var site: String?

    package init(role: AccountRole?, district: String? = nil, company: String? = nil, site: String? = nil) {
        self.role = role
        self.district = district
        self.company = company
        self.site = site
    }

    /// A company's account names the company, a site's the site, and only those who watch may have a district.
    package var isWhole: Bool {
        (self.role == .company) == (self.company != nil) && (self.role == .site) == (self.site != nil)
            && (self.district == nil || self.role?.mayHaveDistrict == true)
    }
}

/// Which entries of the audit log to list.
package struct AuditQuery: Hashable, Sendable {
    package var from: Instant?
    package var to: Instant?
    package var actor: String?
    package var action: String?
    package var subject: String?
    package var outcome: String?
    package var after: String?
    package var limit: Int

    package init(limit: Int) { self.limit = limit }
}

/// One entry of the audit log.
package struct AuditRecord: Hashable, Sendable {
    package var number: Int64
    package var occurredAt: Instant
    package var actor: String
    package var role: String
    package var interface: String
    package var address: String
    package var action: String
    package var subject: String
    package var purpose: String
    package var outcome: String
    /// The event time that a look was of, `from/to`; empty where there is none.
    package var period: String
    /// SHA-256 in hex: the link to the next entry.
    package var hash: String

    package init(
        number: Int64, occurredAt: Instant, actor: String, role: String, interface: String, address: String,
        action: String, subject: String, purpose: String, outcome: String, period: String, hash: String
    ) {
        self.number = number
        self.occurredAt = occurredAt
        self.actor = actor
        self.role = role
        self.interface = interface
        self.address = address
        self.action = action
        self.subject = subject
        self.purpose = purpose
        self.outcome = outcome
        self.period = period
        self.hash = hash
    }
}
