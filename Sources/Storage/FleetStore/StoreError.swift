package import PostgresClient

/// Why the store could not do what it was asked to.
package enum StoreError: Error, Sendable, CustomStringConvertible {
    case database(PostgresError)
    /// The schema is older or newer than this program.
    case schema(String)
    /// Another process holds what only one may hold.
    case alreadyRunning(String)

    package var description: String {
        switch self {
        case .database(let error): "database: \(error)"
        case .schema(let text), .alreadyRunning(let text): text
        }
    }

    package var remedy: Remedy {
        switch self {
        case .database(let error): error.remedy
        case .schema: .stop
        case .alreadyRunning: .reconnect
        }
    }
}
