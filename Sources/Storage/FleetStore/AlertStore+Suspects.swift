import Chronology
import Geodesy
import PostgresClient
package import Suspicions

/// Alerts of suspected plants, which belong to no one vehicle.
extension AlertStore {
    /// Each suspect that nobody has dismissed raises one alert, with what was known of it then: a search that finds it
    /// again says nothing new. One that is dismissed or withdrawn closes its alert, the history of a withdrawn one says
    /// why; one that comes up again opens the same alert again.
    package func store(_ suspects: [SuspectedPlant]) throws {
        let standing = suspects.filter { $0.status != .dismissed }
        let ids = standing.map { Self.suspectPrefix + $0.suspectedPlantID }
        let opened = try self.connection.query(
            Self.openSuspects,
            [
                .array(ids.map { Optional($0) }),
                .array(standing.map { Optional($0.evidence.lastSeen.description) }),
                .array(standing.map { Optional(String($0.coordinate.latitude)) }),
                .array(standing.map { Optional(String($0.coordinate.longitude)) }),
                .array(try standing.map { Optional(try JSONText.encode($0.alertFacts)) }),
            ])
        let dismissed = suspects.filter { $0.status == .dismissed }.map { Self.suspectPrefix + $0.suspectedPlantID }
        let closed = try self.connection.query(
            Self.closeSuspects,
            [
                .array(ids.map { Optional($0) }), .array(dismissed.map { Optional($0) }),
                .text("\(Self.found.zh) \(Self.found.en)"),
            ])
        if opened.rowCount + closed.rowCount > 0 { try self.connection.query(Self.notify) }
    }

    private static let suspectPrefix = "A-suspected-plant-"

    /// Why a suspect is withdrawn.
    private static let found = Statement(
        zh: "已撤回：按现行登记表和全部停留，此处已登记，或不再以此编号认定为疑似搅拌点；附近如有，另行编号。",
        en: "Withdrawn: by today's registers and all halts the place is registered, or is not found under this name "
            + "any more; what is found near by has a name of its own.")

    private static let openSuspects = NamedQuery(
        "alert.suspect.open",
        """
        INSERT INTO alert AS a (alert_id, rule, severity, opened_at, latitude, longitude, status, facts)
        SELECT alert_id, 'suspected-plant', 3, opened_at, latitude, longitude, 'open', facts
        FROM unnest($1::text[], $2::timestamptz[], $3::float8[], $4::float8[], $5::jsonb[])
            AS n (alert_id, opened_at, latitude, longitude, facts)
        ON CONFLICT (alert_id) DO UPDATE SET status = 'open', closed_at = NULL, revision = nextval('alert_revision')
        WHERE a.status = 'closed'
        RETURNING 1
        """)
    private static let closeSuspects = NamedQuery(
        "alert.suspect.close",
        """
        WITH gone AS (
            UPDATE alert SET status = 'closed', closed_at = clock_timestamp(), revision = nextval('alert_revision')
            WHERE rule = 'suspected-plant' AND status = 'open' AND alert_id <> ALL ($1::text[])
            RETURNING alert_id),
        said AS (
            INSERT INTO alert_action (alert_id, acted_by, kind, note)
            SELECT alert_id, 'tongxing', 'comment', $3::text FROM gone WHERE alert_id <> ALL ($2::text[])
            ORDER BY alert_id)
        SELECT 1 FROM gone
        """)
}
