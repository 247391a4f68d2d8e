package import Chronology

/// Who asks, and how far it reaches. Every read of the fleet takes place for one of these; where none is set, the store
/// shows nothing.
package struct Principal: Hashable, Sendable {
    /// Which rows are visible. The store decides it (row-level security); this only says whom to decide it for.
    package enum Reach: Hashable, Sendable {
        case all
        case district(String)
        case company(String)
        case site(String)
        /// No row: aggregates only, or no business with the fleet.
        case none
    }

    /// How the person, or the program, was known.
    package enum Credential: Hashable, Sendable {
        /// `web.access: open`: nobody was asked.
        case open
        /// By the SHA-256 of the cookie.
        case session([UInt8])
        case token
        case oidc
    }

    /// The account's name; in open mode the address.
    package var name: String
    /// `nil` without a duty yet, and in open mode.
    package var role: AccountRole?
    package var reach: Reach
    package var credential: Credential
    /// The one-time password must give way to one's own before anything else.
    package var mustChange: Bool
    /// When the session or token ends.
    package var expiresAt: Instant?

    package init(
        name: String, role: AccountRole?, reach: Reach, credential: Credential, mustChange: Bool = false,
        expiresAt: Instant? = nil
    ) {
        self.name = name
        self.role = role
        self.reach = reach
        self.credential = credential
        self.mustChange = mustChange
        self.expiresAt = expiresAt
    }

    /// Whoever reads from here on, and in the tasks started from here.
    @TaskLocal package static var current: Principal?

    package static func open(address: String) -> Principal {
        Principal(name: address, role: nil, reach: .all, credential: .open)
    }

    /// The rows that an account's duty reaches.
    package static func reach(of role: AccountRole?, district: String?, company: String?, site: String?) -> Reach {
        switch role {
        case .operator, .enforcementOfficer, .safetyOfficer: district.map { .district($0) } ?? .all
        case .company: company.map { .company($0) } ?? .none
        case .site: site.map { .site($0) } ?? .none
        case .administrator, .securityAdministrator, .auditor, .insurer, nil: .none
        }
    }
}
