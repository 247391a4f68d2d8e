/// A five-character error code of PostgreSQL.
package struct SQLState: Sendable, Hashable {
    package let code: String

    package init(_ code: String) { self.code = code }

    package static let uniqueViolation = SQLState("23505")
    /// Also what a partitioned table says when no partition takes a row.
    package static let checkViolation = SQLState("23514")
    package static let undefinedTable = SQLState("42P01")
    package static let invalidObjectDefinition = SQLState("42P17")
    package static let duplicateTable = SQLState("42P07")
    package static let lockNotAvailable = SQLState("55P03")
}

/// What a caller can do about an error.
package enum Remedy: Sendable, Hashable {
    /// Run the same transaction again on the same connection.
    case retry
    /// The connection or the server is gone, or cannot write for now: connect again after a pause.
    case reconnect
    /// One of the rows is not acceptable; the others may be.
    case refuseRow
    /// A person has to mend the schema, the permissions or the password: stop with one clear message.
    case stop
}

extension SQLState {
    /// The classes and the single codes that decide, most specific first
    /// (PostgreSQL 15 manual, appendix A, "PostgreSQL Error Codes").
    static let remedies: [(prefix: String, remedy: Remedy)] = [
        ("25006", .reconnect),  // read_only_sql_transaction: a standby, or a full disk's emergency brake
        ("25P03", .reconnect),  // idle_in_transaction_session_timeout
        ("28", .stop),  // invalid authorization
        ("3D", .stop),  // the database does not exist
        ("3F", .stop),  // the schema does not exist
        ("40", .retry),  // serialization failure, deadlock
        ("42501", .stop),  // insufficient_privilege
        ("42", .stop),  // undefined table, column, function
        ("53", .reconnect),  // disk full, out of memory, too many connections
        ("55P03", .retry),  // lock_not_available
        ("57014", .retry),  // query_canceled: a statement time-out
        ("57P", .reconnect),  // shut down, crashed, starting up
        ("58", .reconnect),  // I/O error outside the server
        ("08", .reconnect),  // connection exceptions
        ("22", .refuseRow),  // a value the column does not take
        ("23", .refuseRow),  // a constraint the row violates
        ("54", .refuseRow),  // a row too large
        ("XX", .reconnect),  // internal error, corrupted data
    ]

    package var remedy: Remedy {
        Self.remedies.first { self.code.hasPrefix($0.prefix) }?.remedy ?? .stop
    }
}
