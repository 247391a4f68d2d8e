-- The ledger: what became of every message, by lane and by terminal; the way back from a row to its sealed original;
-- what retention took away, and what a legal hold keeps.

-- Lane `retry` takes quarantined messages in again (is_retry): they were received once already, in the lane they came
-- by, so sums of received messages leave that lane out. ledger_number: terminal_ledger holds the batches up to this one.
ALTER TABLE lane
    ADD COLUMN is_retry      boolean NOT NULL DEFAULT false,
    ADD COLUMN ledger_number bigint NOT NULL DEFAULT 0;

-- Per batch and terminal: messages by state. ledger_terminals names the terminals, 0 for messages without one; an array
-- of counts is NULL when all of them are zero. ahead, behind, rollover: messages whose clock looks eight hours ahead,
-- eight hours behind, or off by times 1024 weeks. serial_*: runs of JT/T 808 serial numbers in the order in which they came,
-- each the signed 16 bits of its first number and how many followed one another; serial_count is NULL when all are 1.
ALTER TABLE batch
    ADD COLUMN previous_hash      bytea CHECK (octet_length(previous_hash) = 32),
    ADD COLUMN ledger_terminals   integer[],
    ADD COLUMN ledger_stored      integer[],
    ADD COLUMN ledger_duplicate   integer[],
    ADD COLUMN ledger_quarantined integer[],
    ADD COLUMN ledger_ignored     integer[],
    ADD COLUMN ledger_ahead       integer[],
    ADD COLUMN ledger_behind      integer[],
    ADD COLUMN ledger_rollover    integer[],
    ADD COLUMN serial_terminals   integer[],
    ADD COLUMN serial_first       smallint[],
    ADD COLUMN serial_count       integer[];
CREATE INDEX ON batch USING brin (first_received_at) WITH (pages_per_range = 16);

-- The same added up by day of receipt in China (a batch counts on the day of its first message). Written about every ten
-- seconds by ingestion, inside a batch's transaction, together with lane.ledger_number.
CREATE TABLE terminal_ledger (
    terminal_id       integer NOT NULL,
    day               date NOT NULL,
    lane_id           integer NOT NULL REFERENCES lane,
    stored            bigint NOT NULL,
    duplicate         bigint NOT NULL,
    quarantined       bigint NOT NULL,
    ignored           bigint NOT NULL,
    ahead             bigint NOT NULL,
    behind            bigint NOT NULL,
    rollover          bigint NOT NULL,
    first_received_at timestamptz NOT NULL,
    last_received_at  timestamptz NOT NULL,
    PRIMARY KEY (terminal_id, day, lane_id)
) WITH (fillfactor = 70);

-- What was stored before there was a ledger is not told apart by terminal.
INSERT INTO terminal_ledger
SELECT 0, (first_received_at AT TIME ZONE 'Asia/Shanghai')::date, lane_id, sum(stored), sum(duplicate),
    sum(quarantined), sum(ignored), 0, 0, 0, min(first_received_at), max(last_received_at)
FROM batch GROUP BY 2, 3;
UPDATE lane SET ledger_number = last_number;

-- The roll-up and the batches after it: exact at every moment.
CREATE VIEW terminal_ledger_now AS
SELECT terminal_id, day, lane_id, stored, duplicate, quarantined, ignored, ahead, behind, rollover,
    first_received_at, last_received_at
FROM terminal_ledger
UNION ALL
SELECT m.terminal_id, (b.first_received_at AT TIME ZONE 'Asia/Shanghai')::date, b.lane_id, coalesce(m.stored, 0),
    coalesce(m.duplicate, 0), coalesce(m.quarantined, 0), coalesce(m.ignored, 0), coalesce(m.ahead, 0),
    coalesce(m.behind, 0), coalesce(m.rollover, 0), b.first_received_at, b.last_received_at
FROM lane l
JOIN batch b ON b.lane_id = l.lane_id AND b.number > l.ledger_number
CROSS JOIN LATERAL unnest(b.ledger_terminals, b.ledger_stored, b.ledger_duplicate, b.ledger_quarantined,
    b.ledger_ignored, b.ledger_ahead, b.ledger_behind, b.ledger_rollover)
    AS m (terminal_id, stored, duplicate, quarantined, ignored, ahead, behind, rollover);

-- A quarantined message that was accepted later: by whom, when, with what outcome, and the batch of lane `retry`.
ALTER TABLE quarantine
    ADD COLUMN resolved_at    timestamptz,
    ADD COLUMN resolved_by    text,
    ADD COLUMN outcome        text,
    ADD COLUMN retry_batch_id bigint,
    ADD CHECK ((resolved_at IS NULL) = (resolved_by IS NULL));
CREATE INDEX ON quarantine (terminal, received_at);

-- Where a lane's chain begins after retention took its older batches: the last one dropped, and the sums of all dropped.
CREATE TABLE chain_anchor (
    anchor_id      bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    lane_id        integer NOT NULL REFERENCES lane,
    number         bigint NOT NULL,
    hash           bytea NOT NULL CHECK (octet_length(hash) = 32),
    dropped_at     timestamptz NOT NULL DEFAULT clock_timestamp(),
    dropped_by     text NOT NULL,
    reason         text NOT NULL,
    batches        bigint NOT NULL,
    stored         bigint NOT NULL,
    duplicate      bigint NOT NULL,
    quarantined    bigint NOT NULL,
    ignored        bigint NOT NULL,
    positions      bigint NOT NULL,
    camera_reports bigint NOT NULL,
    alarms         bigint NOT NULL,
    UNIQUE (lane_id, number)
);

-- What must not be dropped: reports of one terminal, or of all, recorded or received in the period.
CREATE TABLE legal_hold (
    hold_id        bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    terminal       text,
    held_from      timestamptz NOT NULL DEFAULT '-infinity',
    held_to        timestamptz NOT NULL DEFAULT 'infinity',
    reason         text NOT NULL CHECK (reason <> ''),
    placed_by      text NOT NULL,
    placed_at      timestamptz NOT NULL DEFAULT clock_timestamp(),
    released_by    text,
    released_at    timestamptz,
    release_reason text,
    CHECK (held_from < held_to),
    CHECK ((released_at IS NULL) = (released_by IS NULL))
);

-- What retention dropped, a row a thing, written in the transaction that dropped it.
CREATE TABLE retention_act (
    act_id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    acted_at        timestamptz NOT NULL DEFAULT clock_timestamp(),
    acted_by        text NOT NULL,
    months          integer NOT NULL,
    received_before timestamptz NOT NULL,
    is_forced       boolean NOT NULL,
    dropped         text NOT NULL
);

-- The partitioned tables of the log: reports with the times of the event and of the receipt.
CREATE VIEW log_table AS
SELECT partrelid FROM pg_partitioned_table t
WHERE (SELECT count(*) FROM pg_attribute a WHERE a.attrelid = t.partrelid
    AND a.attname IN ('recorded_at', 'received_at', 'batch_id', 'terminal_id')) = 4;

-- Whether all of a partition was received before the moment, how many rows it has, and the holds that keep it. An empty
-- one is old when its period ended before the moment.
CREATE FUNCTION partition_age(
    partition regclass, received_before timestamptz, OUT is_old boolean, OUT row_count bigint, OUT holds bigint[]
) LANGUAGE plpgsql STABLE AS $$
BEGIN
    EXECUTE format('SELECT NOT EXISTS (SELECT FROM %s WHERE received_at >= $1)', partition)
        INTO is_old USING received_before;
    IF NOT is_old THEN RETURN; END IF;
    EXECUTE format('SELECT count(*) FROM %s', partition) INTO row_count;
    IF row_count = 0 THEN
        SELECT coalesce((regexp_match(pg_get_expr(relpartbound, oid), 'TO \(''([^'']+)''\)'))[1]::timestamptz
            < received_before, false) INTO is_old FROM pg_class WHERE oid = partition;
    END IF;
    EXECUTE format(
        'SELECT coalesce(array_agg(h.hold_id ORDER BY h.hold_id), ''{}'') FROM legal_hold h
         LEFT JOIN terminal t ON t.name = h.terminal
         WHERE h.released_at IS NULL AND EXISTS (
            SELECT FROM %s p WHERE (h.terminal IS NULL OR p.terminal_id = t.terminal_id)
                AND (p.recorded_at >= h.held_from AND p.recorded_at < h.held_to
                    OR p.received_at >= h.held_from AND p.received_at < h.held_to))', partition)
        INTO holds;
END $$;

-- Drops a partition unless a row came in, or a hold was placed, since it was looked at.
CREATE FUNCTION drop_partition(partition regclass, received_before timestamptz) RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE
    age record;
BEGIN
    -- The parent first, as whoever writes through it does, so that the two never wait for each other.
    EXECUTE (SELECT format('LOCK TABLE ONLY %s IN ACCESS EXCLUSIVE MODE', inhparent::regclass)
        FROM pg_inherits WHERE inhrelid = partition);
    LOCK TABLE legal_hold IN SHARE MODE;
    SELECT * INTO age FROM partition_age(partition, received_before);
    IF NOT age.is_old OR age.holds <> '{}' THEN RETURN false; END IF;
    EXECUTE format('DROP TABLE %s', partition);
    RETURN true;
END $$;

-- The batches of a lane that are older than the moment, from the start of its chain on, taken in by analysis and in the
-- ledger (old_through), how far they may be dropped (drop_through), and the holds that keep the rest.
CREATE FUNCTION batch_age(
    lane integer, received_before timestamptz, OUT first_number bigint, OUT old_through bigint,
    OUT drop_through bigint, OUT holds bigint[]
) LANGUAGE plpgsql STABLE AS $$
DECLARE
    hold record;
    log_name regclass;
    held bigint;
    found bigint;
BEGIN
    SELECT min(number) INTO first_number FROM batch WHERE lane_id = lane;
    SELECT least(
        coalesce((SELECT min(number) - 1 FROM batch WHERE lane_id = lane AND last_received_at >= received_before),
            l.last_number), coalesce(c.number, 0), l.ledger_number)
        INTO old_through FROM lane l LEFT JOIN analysis_cursor c USING (lane_id) WHERE l.lane_id = lane;
    drop_through := old_through;
    holds := '{}';
    IF first_number IS NULL OR first_number > old_through THEN RETURN; END IF;
    FOR hold IN
        SELECT h.*, t.terminal_id FROM legal_hold h LEFT JOIN terminal t ON t.name = h.terminal
        WHERE h.released_at IS NULL ORDER BY h.hold_id
    LOOP
        -- Messages received in the period …
        SELECT min(number) INTO held FROM batch
        WHERE lane_id = lane AND number <= old_through
            AND first_received_at < hold.held_to AND last_received_at >= hold.held_from
            AND (hold.terminal IS NULL OR ledger_terminals IS NULL OR hold.terminal_id = ANY (ledger_terminals));
        -- … and the originals of reports recorded in it.
        FOR log_name IN SELECT partrelid FROM log_table LOOP
            EXECUTE format(
                'SELECT min(batch_id & 1099511627775) FROM %s WHERE recorded_at >= $1 AND recorded_at < $2
                    AND ($3 OR terminal_id = $4) AND batch_id >> 40 = $5', log_name)
                INTO found USING hold.held_from, hold.held_to, hold.terminal IS NULL, hold.terminal_id, lane;
            held := least(held, found);
        END LOOP;
        CONTINUE WHEN held IS NULL OR held > old_through;
        holds := holds || hold.hold_id;
        drop_through := least(drop_through, held - 1);
    END LOOP;
END $$;
