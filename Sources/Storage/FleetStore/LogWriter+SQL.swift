import PostgresClient

/// The statements of `LogWriter`.
extension LogWriter {
    static let insertLane = NamedQuery(
        "log.lane.insert", "INSERT INTO lane (name, is_retry) VALUES ($1, $2) ON CONFLICT DO NOTHING")
    static let selectLane = NamedQuery(
        "log.lane.select", "SELECT lane_id, last_number, last_hash FROM lane WHERE name = $1")
    /// Held as long as the connection lives.
    static let lockLane = NamedQuery("log.lane.lock", "SELECT pg_try_advisory_lock(7302, $1::integer)")
    static let updateLane = NamedQuery(
        "log.lane.update",
        """
        UPDATE lane SET last_number = $2::bigint, last_hash = $3, stored = stored + $4::bigint,
            duplicate = duplicate + $5::bigint, quarantined = quarantined + $6::bigint, ignored = ignored + $7::bigint,
            positions = positions + $8::bigint, camera_reports = camera_reports + $9::bigint,
            alarms = alarms + $10::bigint
        WHERE lane_id = $1 AND last_number = $2::bigint - 1
        RETURNING lane_id
        """)

    static let insertTerminals = NamedQuery(
        "log.terminal.insert",
        "INSERT INTO terminal (name) SELECT name FROM unnest($1::text[]) AS name ON CONFLICT DO NOTHING")
    static let selectTerminals = NamedQuery(
        "log.terminal.select", "SELECT terminal_id, name FROM terminal WHERE name = ANY ($1::text[])")
    static let makePartition = NamedQuery("log.partition.make", "SELECT make_partitions($1::timestamptz)")

    static let insertBatchRow = NamedQuery(
        "log.batch.insert",
        """
        INSERT INTO batch (batch_id, lane_id, number, first_received_at, last_received_at, message_count, raw_bytes,
            sealed, hash, stored, duplicate, quarantined, ignored, positions, camera_reports, terminal_ids, earliest,
            alarms, previous_hash, ledger_terminals, ledger_stored, ledger_duplicate, ledger_quarantined,
            ledger_ignored, ledger_ahead, ledger_behind, ledger_rollover, serial_terminals, serial_first, serial_count,
            serial_delivery)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16::integer[], $17::timestamptz[],
            $18, $19, $20::integer[], $21::integer[], $22::integer[], $23::integer[], $24::integer[], $25::integer[],
            $26::integer[], $27::integer[], $28::integer[], $29::smallint[], $30::integer[], $31::smallint[])
        """)
    static let notifyLog = NamedQuery("log.notify", "SELECT pg_notify('tongxing_log', '')")

    static let copyPosition = NamedQuery(
        "log.position.copy",
        """
        COPY position (recorded_at, received_at, batch_id, terminal_id, latitude, longitude, message_index, flags,
        speed,
            course, satellites, hdop, drum, altitude, odometer, load, sequence) FROM STDIN (FORMAT binary)
        """)
    static let createIncomingPositions = NamedQuery(
        "log.incoming_position.create",
        "CREATE TEMP TABLE incoming_position (LIKE position, ordinal integer NOT NULL) ON COMMIT DELETE ROWS")
    static let emptyIncomingPositions = NamedQuery("log.incoming_position.empty", "TRUNCATE incoming_position")
    static let copyIncomingPosition = NamedQuery(
        "log.incoming_position.copy",
        """
        COPY incoming_position (recorded_at, received_at, batch_id, terminal_id, latitude, longitude, message_index,
        flags,
            speed, course, satellites, hdop, drum, altitude, odometer, load, sequence, ordinal)
        FROM STDIN (FORMAT binary)
        """)
    static let addIncomingPositions = NamedQuery(
        "log.incoming_position.add",
        """
        INSERT INTO position (recorded_at, received_at, batch_id, terminal_id, latitude, longitude, message_index,
        flags,
            speed, course, satellites, hdop, drum, altitude, odometer, load, sequence)
        SELECT recorded_at, received_at, batch_id, terminal_id, latitude, longitude, message_index, flags,
            speed, course, satellites, hdop, drum, altitude, odometer, load, sequence
        FROM incoming_position ORDER BY ordinal
        ON CONFLICT DO NOTHING
        """)
    /// For each row offered: whether the row in the log came with this very message, and whether it says the same: one
    /// message may contradict itself. `OFFSET 0`
    /// keeps it at one lookup a row: nothing tells the planner how many are offered, and the log must not be read
    /// through.
    static let compareIncomingPositions = NamedQuery(
        "log.incoming_position.compare",
        """
        SELECT i.ordinal, p.is_new, p.is_same
        FROM incoming_position i
        CROSS JOIN LATERAL (
            SELECT p.batch_id = i.batch_id AND p.message_index = i.message_index AS is_new,
                (p.latitude, p.longitude, p.flags, p.speed, p.course, p.satellites, p.hdop, p.drum, p.altitude,
                    p.odometer, p.load, p.sequence)
                IS NOT DISTINCT FROM
                (i.latitude, i.longitude, i.flags, i.speed, i.course, i.satellites, i.hdop, i.drum, i.altitude,
                    i.odometer, i.load, i.sequence) AS is_same
            FROM position p WHERE p.terminal_id = i.terminal_id AND p.recorded_at = i.recorded_at
            OFFSET 0) p
        """)

    static let createIncomingCameras = NamedQuery(
        "log.incoming_camera.create",
        "CREATE TEMP TABLE incoming_camera (LIKE camera_report, ordinal integer NOT NULL) ON COMMIT DELETE ROWS")
    static let emptyIncomingCameras = NamedQuery("log.incoming_camera.empty", "TRUNCATE incoming_camera")
    static let copyIncomingCamera = NamedQuery(
        "log.incoming_camera.copy",
        """
        COPY incoming_camera (recorded_at, received_at, batch_id, terminal_id, message_index, cameras, ordinal)
        FROM STDIN (FORMAT binary)
        """)
    static let addIncomingCameras = NamedQuery(
        "log.incoming_camera.add",
        """
        INSERT INTO camera_report (recorded_at, received_at, batch_id, terminal_id, message_index, cameras)
        SELECT recorded_at, received_at, batch_id, terminal_id, message_index, cameras
        FROM incoming_camera ORDER BY ordinal
        ON CONFLICT DO NOTHING
        """)
    /// For each row offered: whether it is new, and whether an earlier batch brought another report of that time.
    static let compareIncomingCameras = NamedQuery(
        "log.incoming_camera.compare",
        """
        SELECT i.ordinal, c.is_new,
            EXISTS (SELECT FROM camera_report o WHERE o.terminal_id = i.terminal_id AND o.recorded_at = i.recorded_at
                AND o.cameras <> i.cameras AND o.batch_id <> i.batch_id)
        FROM incoming_camera i
        CROSS JOIN LATERAL (
            SELECT c.batch_id = i.batch_id AND c.message_index = i.message_index AS is_new FROM camera_report c
            WHERE c.terminal_id = i.terminal_id AND c.recorded_at = i.recorded_at AND c.cameras = i.cameras
            OFFSET 0) c
        """)

    static let copyQuarantineRow = NamedQuery(
        "log.quarantine.copy",
        """
        COPY quarantine (batch_id, message_index, report_index, terminal, topic, received_at, reason, detail, raw)
        FROM STDIN (FORMAT binary)
        """)
}
