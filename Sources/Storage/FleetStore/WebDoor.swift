package import PostgresClient

/// The only way by which the web reaches the store: a transaction that says whom it is for. What that person may see is
/// decided by the database (`M0015_row_security.sql`), so a forgotten condition shows nothing rather than everything.
package struct WebDoor {
    /// How far a person's duty reaches.
    package enum Reach: Hashable, Sendable {
        case all
        /// Plants, sites and companies of the district and of those below it.
        case district(String)
        /// The company's own trucks and plants.
        case company(String)
        case site(String)
        /// No row of anything: aggregates only, or no business with the fleet.
        case none
    }

    /// For whom a transaction is.
    package struct Visitor: Hashable, Sendable {
        package var name: String
        /// The duty's name; empty without one.
        package var role: String
        package var reach: Reach

        package init(name: String, role: String, reach: Reach) {
            self.name = name
            self.role = role
            self.reach = reach
        }
    }

    /// What lies behind the door.
    package enum Room: String, Sendable {
        /// Registers, positions, trails, deliveries.
        case fleet = "tongxing_web"
        /// Accounts, sessions, tokens, the audit log.
        case accounts = "tongxing_gate"
    }

    private let connection: PostgresConnection

    package init(connection: PostgresConnection) {
        self.connection = connection
    }

    /// Runs `body` in a transaction of the visitor's.
    package func enter<R>(_ room: Room, as visitor: Visitor, _ body: (PostgresConnection) throws -> R) throws -> R {
        try self.connection.transaction {
            let reach: [PostgresValue] =
                switch visitor.reach {
                case .all: [.text("all"), .null, .null, .null]
                case .district(let district): [.text("district"), .text(district), .null, .null]
                case .company(let company): [.text("company"), .null, .text(company), .null]
                case .site(let site): [.text("site"), .null, .null, .text(site)]
                case .none: [.text("none"), .null, .null, .null]
                }
            let values = [.text(room.rawValue), .text(visitor.name), .text(visitor.role)] + reach
            try self.connection.query(Self.enterQuery, values)
            return try body(self.connection)
        }
    }

    /// Whether the database refused a row because it lies beyond what the visitor may see. For whoever sees everything
    /// it can only be that the service lacks a right.
    package static func isBeyondReach(_ error: PostgresError, of visitor: Visitor) -> Bool {
        error.sqlState == .insufficientPrivilege && visitor.reach != .all
    }

    private static let enterQuery = NamedQuery("web.enter", "SELECT web_enter($1, $2, $3, $4, $5, $6, $7)")
}
