package import Chronology
package import PostgresClient

/// Accounts with their sessions and tokens. Passwords come as their scrypt text, cookies and tokens as their SHA-256:
/// no secret reaches this room.
package struct AccountStore {
    let connection: PostgresConnection

    package init(connection: PostgresConnection) {
        self.connection = connection
    }

    /// One account.
    package struct Account: Hashable, Sendable {
        package var accountID: Int64
        package var name: String
        package var displayName: String
        /// The duty's name; `nil` until a security administrator has given one.
        package var role: String?
        package var district: String?
        package var company: String?
        package var site: String?
        package var oidcSubject: String?
        /// scrypt; `nil`: no log-in by password.
        package var password: String?
        package var mustChange: Bool
        package var passwordExpiresAt: Instant?
        package var failures: Int
        package var lastFailureAt: Instant?
        package var isDisabled: Bool
        package var createdAt: Instant
        package var createdBy: String
        /// The one of the three duties that it has, or had: it can be given no other of them.
        package var oneOfThree: String?
    }

    /// What an account is for.
    package struct Duty: Hashable, Sendable {
        package var role: String?
        package var district: String?
        package var company: String?
        package var site: String?

        package init(role: String?, district: String? = nil, company: String? = nil, site: String? = nil) {
            self.role = role
            self.district = district
            self.company = company
            self.site = site
        }
    }

    /// Holds off others who would make the first accounts, until the transaction ends.
    package func lock() throws(PostgresError) { try self.connection.query(Self.takeLock) }

    package func isEmpty() throws(PostgresError) -> Bool {
        try self.connection.query(Self.selectAny).rowCount == 0
    }

    /// - Returns: false when the name is taken.
    package func add(_ name: String, displayName: String, duty: Duty, by user: String) throws(PostgresError) -> Bool {
        try self.connection.query(
            Self.insert,
            [
                .text(name), .text(displayName), .optional(duty.role), .optional(duty.district),
                .optional(duty.company), .optional(duty.site), .text(user),
            ]
        ).rowCount == 1
    }

    package func account(_ name: String) throws(PostgresError) -> Account? {
        Self.accounts(try self.connection.query(Self.selectByName, [.text(name)])).first
    }

    package func account(oidcSubject: String) throws(PostgresError) -> Account? {
        Self.accounts(try self.connection.query(Self.selectBySubject, [.text(oidcSubject)])).first
    }

    package func list() throws(PostgresError) -> [Account] {
        Self.accounts(try self.connection.query(Self.selectAll))
    }

    /// Whether somebody else of this duty can log in.
    package func hasOther(than name: String, role: String) throws(PostgresError) -> Bool {
        try self.connection.query(Self.selectOther, [.text(name), .text(role)]).rowCount > 0
    }

    /// A district, company or site that the registers name.
    package struct Place: Hashable, Sendable {
        package var id: String
        /// What it is called; empty where the registers know nothing but the id.
        package var name: String
    }

    /// What an account can be confined to.
    /// - Parameter kind: `district`, `company` or `site`.
    package func places(_ kind: String) throws(PostgresError) -> [Place] {
        let rows = try self.connection.query(Self.selectPlaces, [.text(kind)])
        return (0..<rows.rowCount).map { Place(id: rows.text($0, 0) ?? "", name: rows.text($0, 1) ?? "") }
    }

    /// - Returns: false when there is no such account; so do the others that change one.
    package func setDuty(_ duty: Duty, of name: String) throws(PostgresError) -> Bool {
        try self.connection.query(
            Self.updateDuty,
            [
                .text(name), .optional(duty.role), .optional(duty.district), .optional(duty.company),
                .optional(duty.site),
            ]
        ).rowCount == 1
    }

    /// Ends all sessions too when it disables.
    package func setDisabled(_ isDisabled: Bool, name: String) throws(PostgresError) -> Bool {
        let isKnown =
            try self.connection.query(Self.updateDisabled, [.text(name), .boolean(isDisabled)]).rowCount == 1
        if isDisabled { try self.endSessions(of: name) }
        return isKnown
    }

    package func setOIDCSubject(_ subject: String?, of name: String) throws(PostgresError) -> Bool {
        try self.connection.query(Self.updateSubject, [.text(name), .optional(subject)]).rowCount == 1
    }

    /// Takes the lock off and ends all sessions: who knew the old password is out.
    package func setPassword(
        _ password: String, mustChange: Bool, expiresAt: Instant?, of name: String
    ) throws(PostgresError) -> Bool {
        let isKnown =
            try self.connection.query(
                Self.updatePassword,
                [.text(name), .text(password), .boolean(mustChange), .optional(expiresAt?.description)]
            ).rowCount == 1
        try self.endSessions(of: name)
        return isKnown
    }

    /// Counts a wrong password before it is known to be wrong, so that many guesses at once are counted too.
    package func noteAttempt(_ name: String) throws(PostgresError) {
        try self.connection.query(Self.updateFailure, [.text(name)])
    }

    package func clearFailures(_ name: String) throws(PostgresError) {
        try self.connection.query(Self.updateNoFailure, [.text(name)])
    }

    static func accounts(_ rows: consuming QueryResult) -> [Account] {
        (0..<rows.rowCount).map { row in
            func instant(_ column: Int) -> Instant? { rows.integer(row, column).map { Instant(microseconds: $0) } }
            return Account(
                accountID: rows.integer(row, 0) ?? 0, name: rows.text(row, 1) ?? "",
                displayName: rows.text(row, 2) ?? "", role: rows.text(row, 3), district: rows.text(row, 4),
                company: rows.text(row, 5), site: rows.text(row, 6), oidcSubject: rows.text(row, 7),
                password: rows.text(row, 8), mustChange: rows.boolean(row, 9) ?? true, passwordExpiresAt: instant(10),
                failures: Int(rows.integer(row, 11) ?? 0), lastFailureAt: instant(12),
                isDisabled: rows.boolean(row, 13) ?? true, createdAt: instant(14) ?? .distantPast,
                createdBy: rows.text(row, 15) ?? "", oneOfThree: rows.text(row, 16))
        }
    }
}

// MARK: - SQL

extension AccountStore {
    private static let takeLock = NamedQuery("account.lock", "SELECT pg_advisory_xact_lock(7305, 0)")
    private static let selectAny = NamedQuery("account.any", "SELECT 1 FROM account LIMIT 1")
    private static let insert = NamedQuery(
        "account.insert",
        """
        INSERT INTO account (name, display_name, role, district, company, site, created_by)
        VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (name) DO NOTHING RETURNING account_id
        """)
    private static let selectByName = NamedQuery(
        "account.by_name",
        """
        SELECT account_id, name, display_name, role, district, company, site, oidc_subject, password, must_change,
            (extract(epoch FROM password_expires_at) * 1000000)::bigint, failures,
            (extract(epoch FROM last_failure_at) * 1000000)::bigint, is_disabled,
            (extract(epoch FROM created_at) * 1000000)::bigint, created_by, one_of_three
        FROM account WHERE name = $1
        """)
    private static let selectBySubject = NamedQuery(
        "account.by_subject",
        """
        SELECT account_id, name, display_name, role, district, company, site, oidc_subject, password, must_change,
            (extract(epoch FROM password_expires_at) * 1000000)::bigint, failures,
            (extract(epoch FROM last_failure_at) * 1000000)::bigint, is_disabled,
            (extract(epoch FROM created_at) * 1000000)::bigint, created_by, one_of_three
        FROM account WHERE oidc_subject = $1
        """)
    private static let selectAll = NamedQuery(
        "account.all",
        """
        SELECT account_id, name, display_name, role, district, company, site, oidc_subject, NULL, must_change,
            (extract(epoch FROM password_expires_at) * 1000000)::bigint, failures,
            (extract(epoch FROM last_failure_at) * 1000000)::bigint, is_disabled,
            (extract(epoch FROM created_at) * 1000000)::bigint, created_by, one_of_three
        FROM account ORDER BY name
        """)
    private static let updateDuty = NamedQuery(
        "account.duty",
        """
        UPDATE account SET role = $2, district = $3, company = $4, site = $5 WHERE name = $1 RETURNING account_id
        """)
    private static let selectOther = NamedQuery(
        "account.other", "SELECT FROM account WHERE name <> $1 AND role = $2 AND NOT is_disabled LIMIT 1")
    private static let selectPlaces = NamedQuery("account.places", "SELECT id, name FROM account_places($1)")
    private static let updateDisabled = NamedQuery(
        "account.disabled", "UPDATE account SET is_disabled = $2::boolean WHERE name = $1 RETURNING account_id")
    private static let updateSubject = NamedQuery(
        "account.subject", "UPDATE account SET oidc_subject = $2 WHERE name = $1 RETURNING account_id")
    private static let updatePassword = NamedQuery(
        "account.password",
        """
        UPDATE account SET password = $2, must_change = $3::boolean, password_expires_at = $4::timestamptz,
            failures = 0, last_failure_at = NULL
        WHERE name = $1 RETURNING account_id
        """)
    private static let updateFailure = NamedQuery(
        "account.failure",
        "UPDATE account SET failures = failures + 1, last_failure_at = clock_timestamp() WHERE name = $1")
    private static let updateNoFailure = NamedQuery(
        "account.no_failure", "UPDATE account SET failures = 0, last_failure_at = NULL WHERE name = $1")
}
