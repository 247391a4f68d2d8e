package import Chronology
package import PostgresClient

/// Sessions of people and tokens of programs, by the SHA-256 of what they present.
extension AccountStore {
    /// A token as it is listed: never the token itself.
    package struct Token: Hashable, Sendable {
        package var tokenID: Int64
        package var account: String
        package var label: String
        package var createdAt: Instant
        package var expiresAt: Instant
        package var revokedAt: Instant?
    }

    package func startSession(_ hash: [UInt8], accountID: Int64, expiresAt: Instant) throws(PostgresError) {
        try self.connection.query(Self.deleteOld)
        try self.connection.query(
            Self.insertSession, [.bytes(hash), .integer(accountID), .text(expiresAt.description)])
    }

    /// The account of a session that has not expired.
    package func account(session hash: [UInt8]) throws(PostgresError) -> (account: Account, expiresAt: Instant)? {
        let name = try self.connection.query(Self.selectSession, [.bytes(hash)])
        guard name.rowCount == 1, let account = try self.account(name.text(0, 0) ?? "") else { return nil }
        return (account, Instant(microseconds: name.integer(0, 1) ?? 0))
    }

    package func endSession(_ hash: [UInt8]) throws(PostgresError) {
        try self.connection.query(Self.deleteSession, [.bytes(hash)])
    }

    package func endSessions(of name: String) throws(PostgresError) {
        try self.connection.query(Self.deleteSessions, [.text(name)])
    }

    /// - Returns: the token's number; `nil` when there is no such account.
    package func addToken(
        _ hash: [UInt8], of name: String, label: String, expiresAt: Instant, by user: String
    ) throws(PostgresError) -> Int64? {
        try self.connection.query(
            Self.insertToken,
            [.text(name), .text(label), .bytes(hash), .text(user), .text(expiresAt.description)]
        ).integer(0, 0)
    }

    /// The account of a token that has neither expired nor been revoked.
    package func account(token hash: [UInt8]) throws(PostgresError) -> (account: Account, expiresAt: Instant)? {
        let name = try self.connection.query(Self.selectToken, [.bytes(hash)])
        guard name.rowCount == 1, let account = try self.account(name.text(0, 0) ?? "") else { return nil }
        return (account, Instant(microseconds: name.integer(0, 1) ?? 0))
    }

    /// - Returns: false when there is no such token, or it was revoked before.
    package func revokeToken(_ tokenID: Int64) throws(PostgresError) -> Bool {
        try self.connection.query(Self.updateToken, [.integer(tokenID)]).rowCount == 1
    }

    package func tokens() throws(PostgresError) -> [Token] {
        let rows = try self.connection.query(Self.selectTokens)
        return (0..<rows.rowCount).map { row in
            func instant(_ column: Int) -> Instant? { rows.integer(row, column).map { Instant(microseconds: $0) } }
            return Token(
                tokenID: rows.integer(row, 0) ?? 0, account: rows.text(row, 1) ?? "", label: rows.text(row, 2) ?? "",
                createdAt: instant(3) ?? .distantPast, expiresAt: instant(4) ?? .distantPast, revokedAt: instant(5))
        }
    }

    private static let deleteOld = NamedQuery(
        "session.old", "DELETE FROM account_session WHERE expires_at < clock_timestamp()")
    private static let insertSession = NamedQuery(
        "session.insert",
        "INSERT INTO account_session (token_hash, account_id, expires_at) VALUES ($1, $2, $3::timestamptz)")
    private static let selectSession = NamedQuery(
        "session.select",
        """
        SELECT a.name, (extract(epoch FROM s.expires_at) * 1000000)::bigint
        FROM account_session s JOIN account a USING (account_id)
        WHERE s.token_hash = $1 AND s.expires_at > clock_timestamp() AND NOT a.is_disabled
        """)
    private static let deleteSession = NamedQuery(
        "session.delete", "DELETE FROM account_session WHERE token_hash = $1")
    private static let deleteSessions = NamedQuery(
        "session.delete_all",
        "DELETE FROM account_session WHERE account_id = (SELECT account_id FROM account WHERE name = $1)")
    private static let insertToken = NamedQuery(
        "token.insert",
        """
        INSERT INTO access_token (account_id, label, token_hash, created_by, expires_at)
        SELECT account_id, $2, $3, $4, $5::timestamptz FROM account WHERE name = $1 RETURNING token_id
        """)
    private static let selectToken = NamedQuery(
        "token.select",
        """
        SELECT a.name, (extract(epoch FROM t.expires_at) * 1000000)::bigint
        FROM access_token t JOIN account a USING (account_id)
        WHERE t.token_hash = $1 AND t.revoked_at IS NULL AND t.expires_at > clock_timestamp() AND NOT a.is_disabled
        """)
    private static let updateToken = NamedQuery(
        "token.revoke",
        """
        UPDATE access_token SET revoked_at = clock_timestamp() WHERE token_id = $1::bigint AND revoked_at IS NULL
        RETURNING token_id
        """)
    private static let selectTokens = NamedQuery(
        "token.list",
        """
        SELECT t.token_id, a.name, t.label, (extract(epoch FROM t.created_at) * 1000000)::bigint,
            (extract(epoch FROM t.expires_at) * 1000000)::bigint,
            (extract(epoch FROM t.revoked_at) * 1000000)::bigint
        FROM access_token t JOIN account a USING (account_id) ORDER BY t.token_id
        """)
}
