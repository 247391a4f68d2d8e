import Chronology
package import PostgresClient
package import Registers
package import Safety
import Telemetry

/// What the log knows of the moments of accidents, and the holds that keep it.
extension SafetyReader {
    /// In the order given.
    package func moments(
        of accidents: [Accident], roster: SafetyRoster, cameras: SafetyParameters.Cameras
    ) throws(PostgresError) -> [AccidentMoment] {
        guard !accidents.isEmpty else { return [] }
        let terminals = accidents.map { roster.terminal(of: $0) }
        let words = try self.words(around: accidents, terminals, cameras)
        let holds = try self.holds(of: accidents.map(\.accidentID))
        return zip(accidents, terminals).enumerated().map { index, pair in
            let (accident, terminal) = pair
            let from = accident.occurredAt
            let camera = terminal.map { _ in
                AccidentMoment.camera(
                    at: from,
                    spans: CameraTimeline.spans(
                        of: words[index] ?? [], from: from, to: from.advanced(bySeconds: AccidentMoment.minute),
                        cameras))
            }
            return AccidentMoment(
                accident: accident, terminal: terminal, camera: camera, holds: holds[accident.accidentID] ?? [])
        }
    }

    private func words(
        around accidents: [Accident], _ terminals: [String?], _ cameras: SafetyParameters.Cameras
    ) throws(PostgresError) -> [Int: [CameraReport]] {
        let before = cameras.silenceLimit + cameras.hysteresis
        let rows = try self.connection.query(
            Self.selectWords,
            [
                .array(terminals), .array(accidents.map { $0.occurredAt.description }), .double(before),
                .double(AccidentMoment.minute + cameras.hysteresis),
            ])
        var words: [Int: [CameraReport]] = [:]
        for row in 0..<rows.rowCount {
            guard let ordinal = rows.integer(row, 0), let time = rows.integer(row, 1) else { continue }
            words[Int(ordinal) - 1, default: []].append(
                CameraReport(
                    recordedAt: Instant(microseconds: time),
                    cameras: SafetyStore.cameras(in: rows.text(row, 2) ?? "")))
        }
        return words
    }

    private func holds(of ids: [String]) throws(PostgresError) -> [String: [Int64]] {
        let rows = try self.connection.query(Self.selectHolds, [.array(ids)])
        var holds: [String: [Int64]] = [:]
        for row in 0..<rows.rowCount {
            guard let id = rows.text(row, 0), let hold = rows.integer(row, 1) else { continue }
            holds[id, default: []].append(hold)
        }
        return holds
    }

    private static let selectWords = NamedQuery(
        "safety.accident.words",
        """
        SELECT a.place, (extract(epoch FROM c.recorded_at) * 1000000)::bigint, c.cameras
        FROM unnest($1::text[], $2::timestamptz[]) WITH ORDINALITY AS a (terminal, at, place)
        JOIN terminal t ON t.key = terminal_key(a.terminal)
        JOIN LATERAL (
            SELECT c.recorded_at, c.cameras FROM camera_report c
            WHERE c.terminal_id = t.terminal_id AND c.recorded_at >= a.at - make_interval(secs => $3::float8)
                AND c.recorded_at <= a.at + make_interval(secs => $4::float8)) c ON true
        ORDER BY a.place, c.recorded_at
        """)
    private static let selectHolds = NamedQuery(
        "safety.accident.holds",
        """
        SELECT accident, hold_id FROM legal_hold
        WHERE accident = ANY ($1::text[]) AND released_at IS NULL ORDER BY accident, hold_id
        """)
}
