import Foundation

/// Where a cluster of our own listens, and how to get in.
package struct PostgresEndpoint: Sendable, Hashable {
    package let port: UInt16
    /// The superuser that `initdb` made.
    package let user: String
    /// Random letters and digits; nothing in it needs escaping.
    package let password: String

    package init(port: UInt16, user: String, password: String) {
        self.port = port
        self.user = user
        self.password = password
    }

    /// A libpq connection URL for a database. It holds the password: pass it by environment, not by argument.
    package func url(database: String) -> String {
        let name = database.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? database
        return "postgresql://\(self.user):\(self.password)@127.0.0.1:\(self.port)/\(name)"
    }
}
