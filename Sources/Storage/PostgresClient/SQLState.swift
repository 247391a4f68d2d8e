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
    /// Also what row security says of a row that the one who writes may not.
    package static let insufficientPrivilege = SQLState("42501")
    /// Another transaction has changed what this one was about to.
    package static let serializationFailure = SQLState("40001")
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
    /// (PostgreSQL 15 manual, appendix A, "PostgreSQL Error Codes"). What is not here stops: nobody knows that waiting
    /// helps, and a person should look.
    static let remedies: [(prefix: String, remedy: Remedy)] = [
        ("08", .reconnect),  // connection exceptions
        ("0A", .reconnect),  // "cached plan must not change result type": a migration ran; a new connection finds out
        ("22", .refuseRow),  // a value the column does not take
        ("23", .refuseRow),  // a constraint the row violates
        ("25", .reconnect),  // 25006 read-only: a standby, a full disk's brake; 25P02: the session lost its way
        ("26", .reconnect),  // a prepared statement is not there: behind a pooler the session has changed
        ("28", .stop),  // invalid authorization
        ("3D", .stop),  // the database does not exist
        ("3F", .stop),  // the schema does not exist
        ("40002", .refuseRow),  // transaction_integrity_constraint_violation: a deferred constraint
        ("40003", .reconnect),  // statement_completion_unknown
        ("40", .retry),  // serialization failure, deadlock
        ("42P05", .reconnect),  // duplicate_prepared_statement: behind a pooler the session has changed
        ("42", .stop),  // undefined table, column, function; 42501 insufficient_privilege
        ("44", .refuseRow),  // with_check_option_violation
        ("53", .reconnect),  // disk full, out of memory, too many connections
        ("54", .refuseRow),  // a row too large
        ("55P02", .stop),  // cant_change_runtime_param
        ("55P03", .retry),  // lock_not_available
        ("55", .reconnect),  // object in use, or not in the state it must have
        ("57014", .retry),  // query_canceled: a statement time-out, or somebody's pg_cancel_backend
        ("57", .reconnect),  // shut down, crashed, starting up
        ("58", .reconnect),  // I/O error outside the server
        ("72", .retry),  // snapshot_too_old
        ("F0", .reconnect),  // the server is between two configurations
        ("P0001", .refuseRow),  // raise_exception: a trigger of the operator's own refuses the row
        ("XX000", .reconnect),  // internal_error
        ("XX", .stop),  // data_corrupted, index_corrupted: writing on makes it worse
    ]

    package var remedy: Remedy {
        Self.remedies.first { self.code.hasPrefix($0.prefix) }?.remedy ?? .stop
    }
}
