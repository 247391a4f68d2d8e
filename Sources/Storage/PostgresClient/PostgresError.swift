/// What went wrong between us and PostgreSQL. Messages name the query, never the values bound to it.
package struct PostgresError: Error, Sendable, Hashable {
    /// What went wrong.
    package enum Code: Sendable, Hashable {
        /// No connection could be made: nobody listens there, or not yet.
        case connectionFailed
        /// The server answered and would not let us in: wrong password, no such database, too many connections.
        case refused(SQLState)
        /// The address is not one, or lacks the password that the server asks for.
        case unusableAddress
        /// The connection broke under a running query: whether a COMMIT took effect is not known.
        case connectionLost
        /// The server answered with this SQLSTATE (PostgreSQL manual, appendix A).
        case server(SQLState)
        /// The server's answer is not what the query promises: a bug of ours or a foreign schema.
        case unexpectedResult
    }

    package var code: Code
    package var message: String
    /// The server's DETAIL without values is not to be had, so only the constraint's or the table's name is kept.
    package var subject: String?
    /// The name of the query that failed.
    package var query: String?

    package init(_ code: Code, message: String, subject: String? = nil, query: String? = nil) {
        self.code = code
        self.message = message
        self.subject = subject
        self.query = query
    }

    package var sqlState: SQLState? {
        switch self.code {
        case .server(let state), .refused(let state): state
        case .connectionFailed, .connectionLost, .unusableAddress, .unexpectedResult: nil
        }
    }

    /// What to do about it.
    package var remedy: Remedy {
        switch self.code {
        case .connectionFailed, .connectionLost: .reconnect
        case .server(let state): state.remedy
        // There is no row and no transaction yet: a value that is refused is one of the connection's own settings.
        case .refused(let state):
            switch state.remedy {
            case .retry, .reconnect: .reconnect
            case .refuseRow, .stop: .stop
            }
        case .unusableAddress, .unexpectedResult: .stop
        }
    }
}

extension PostgresError: CustomStringConvertible {
    package var description: String {
        let place = self.query.map { " in \($0)" } ?? ""
        let state = self.sqlState.map { " (SQLSTATE \($0.code))" } ?? ""
        return self.message.split(separator: "\n").joined(separator: " ") + place + state
    }
}
