import Chronology
import Geodesy
import PostgresClient
import Safety
package import Suspicions
import Telemetry

extension AlertStore.Change {
    /// Of the alert that is opened or closed.
    package var alertID: String {
        switch self {
        case .vehicle(.opened(let alert)), .vehicle(.closed(let alert)): alert.alertID
        case .camera(.opened(let alert)), .camera(.closed(let alert)): alert.alertID
        }
    }

    /// Whether one of these rules tells it.
    package func isOf(_ rules: Set<VehicleAlert.Rule>) -> Bool {
        switch self {
        case .vehicle(.opened(let alert)), .vehicle(.closed(let alert)): rules.contains(alert.rule)
        case .camera: false
        }
    }

    /// The parameters of `alert.upsert.stream`.
    func row(terminal: Int32, plate: (Instant) -> String?) throws -> [PostgresValue] {
        let (id, rule, severity, openedAt, closedAt, coordinate, isOpen, facts) = try self.columns()
        return [
            .text(id), .text(rule), .integer(severity), .integer(terminal), .optional(plate(openedAt)),
            .text(openedAt.description), .optional(closedAt?.description),
            .optional(coordinate.map { String($0.latitude) }), .optional(coordinate.map { String($0.longitude) }),
            .null, .text(isOpen ? "open" : "closed"), .text(facts),
        ]
    }

    private func columns() throws -> (
        String, String, Int, Instant, closedAt: Instant?, Coordinate?, isOpen: Bool, facts: String
    ) {
        switch self {
        case .vehicle(.opened(let alert)): try Self.columns(alert, isOpen: true)
        case .vehicle(.closed(let alert)): try Self.columns(alert, isOpen: false)
        case .camera(.opened(let alert)): try Self.columns(alert, isOpen: true)
        case .camera(.closed(let alert)): try Self.columns(alert, isOpen: false)
        }
    }

    private static func columns(_ alert: VehicleAlert, isOpen: Bool) throws -> (
        String, String, Int, Instant, closedAt: Instant?, Coordinate?, isOpen: Bool, facts: String
    ) {
        (
            alert.alertID, alert.rule.rawValue, alert.rule.severity, alert.openedAt, alert.closedAt, alert.coordinate,
            isOpen, try JSONText.encode(alert.facts)
        )
    }

    private static func columns(_ alert: CameraAlert, isOpen: Bool) throws -> (
        String, String, Int, Instant, closedAt: Instant?, Coordinate?, isOpen: Bool, facts: String
    ) {
        let facts = alert.facts.map { Statement(zh: $0.zh, en: $0.en) }
        return (
            alert.alertID, alert.rule.rawValue, alert.rule.severity, alert.openedAt, alert.closedAt, alert.coordinate,
            isOpen, try JSONText.encode(facts)
        )
    }
}
