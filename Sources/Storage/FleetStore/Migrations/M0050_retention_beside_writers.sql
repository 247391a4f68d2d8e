-- Retention looks at a partition without holding anybody up, and a server clock that was far ahead keeps nothing for ever.
-- The ledger of serial numbers knows what was delivered again.

-- Per run of serial numbers: 1 something in each message was new, 2 all of it was in the log already (delivered again),
-- 0 the log cannot tell (no report in it, or refused). NULL when all are 0, and in batches of before.
ALTER TABLE batch ADD COLUMN serial_delivery smallint[];
DO $$
BEGIN
    IF EXISTS (SELECT FROM pg_settings s WHERE s.name = 'default_toast_compression' AND 'lz4' = ANY (s.enumvals)) THEN
        ALTER TABLE batch ALTER COLUMN serial_delivery SET COMPRESSION lz4;
    END IF;
END $$;

-- Whether a receive time can be true: the server's clock may once have been ahead of what it says now.
CREATE FUNCTION is_believable(received timestamptz) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT received <= now() + interval '1 day'
$$;

-- The last batch of a lane that was surely received before the moment, or was dropped already; 0 when there is none. A chain
-- is in the order of receipt, so a batch whose receive time lies in the future is as old as its neighbours: between old ones
-- it is old, before a recent one or at the end of the chain it is kept.
CREATE FUNCTION received_through(lane integer, received_before timestamptz) RETURNS bigint LANGUAGE sql STABLE AS $$
    SELECT greatest(
        (SELECT coalesce(max(number), 0) FROM chain_anchor WHERE lane_id = lane),
        (SELECT coalesce(max(number), 0) FROM batch
        WHERE lane_id = lane AND last_received_at < received_before
            AND number < coalesce((SELECT min(number) FROM batch
                WHERE lane_id = lane AND last_received_at >= received_before AND is_believable(last_received_at)),
                9223372036854775807)))
$$;

CREATE OR REPLACE FUNCTION batch_age(
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
    SELECT least(received_through(lane, received_before), coalesce(c.number, 0), l.ledger_number)
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

-- Whether all of a partition was received before the moment and taken in by analysis, how many rows it has, and the holds
-- that keep it. A row whose receive time lies in the future is as old as its batch.
CREATE OR REPLACE FUNCTION partition_age(
    partition regclass, received_before timestamptz, OUT is_old boolean, OUT row_count bigint, OUT holds bigint[]
) LANGUAGE plpgsql STABLE AS $$
BEGIN
    EXECUTE format('SELECT NOT EXISTS (SELECT FROM %s WHERE received_at >= $1 AND is_believable(received_at))', partition)
        INTO is_old USING received_before;
    IF NOT is_old THEN RETURN; END IF;
    -- A batch's id is its lane above 40 bits of its number.
    EXECUTE format(
        'SELECT coalesce(sum(lane.rows), 0), coalesce(bool_and(lane.last <= coalesce(c.number, 0)
                AND (lane.last_ahead IS NULL OR lane.last_ahead <= received_through(lane.lane::integer, $1))), true)
         FROM (SELECT batch_id >> 40 AS lane, max(batch_id & 1099511627775) AS last, count(*) AS rows,
                max(batch_id & 1099511627775) FILTER (WHERE received_at >= $1) AS last_ahead
            FROM %s GROUP BY 1) AS lane
         LEFT JOIN analysis_cursor c ON c.lane_id = lane.lane', partition)
        INTO row_count, is_old USING received_before;
    IF NOT is_old THEN RETURN; END IF;
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

-- A partition is dropped in three steps, so that nobody waits while it is looked through: watch_partition, a look with
-- partition_age, drop_watched. This is what came into a watched partition; nothing is unique, so that writers never wait for
-- each other.
CREATE TABLE watched_row (
    partition oid NOT NULL
);

CREATE FUNCTION note_watched_row() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
BEGIN
    INSERT INTO watched_row VALUES (TG_RELID);
    RETURN NULL;
END $$;

-- From its commit on, every row that comes into the partition is noted. It waits only for writers that are in this very
-- partition, for as long as their transactions last.
CREATE FUNCTION watch_partition(partition regclass) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE format(
        'CREATE OR REPLACE TRIGGER watched AFTER INSERT ON %s FOR EACH ROW EXECUTE FUNCTION note_watched_row()', partition);
    DELETE FROM watched_row w WHERE w.partition = watch_partition.partition::oid;
END $$;

CREATE FUNCTION unwatch_partition(partition regclass) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE format('DROP TRIGGER IF EXISTS watched ON %s', partition);
    DELETE FROM watched_row w WHERE w.partition = unwatch_partition.partition::oid;
END $$;

-- Drops a watched partition unless a row came in, or a hold was placed that the look did not know. Nothing is looked
-- through here: the parent is locked for a moment.
CREATE FUNCTION drop_watched(partition regclass, known_holds bigint[]) RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE
    name text := partition::text;
    id oid := partition;
BEGIN
    -- The parent first, as whoever writes through it does, so that the two never wait for each other.
    EXECUTE (SELECT format('LOCK TABLE ONLY %s IN ACCESS EXCLUSIVE MODE', inhparent::regclass)
        FROM pg_inherits WHERE inhrelid = partition);
    LOCK TABLE legal_hold IN SHARE MODE;
    IF NOT EXISTS (SELECT FROM pg_trigger WHERE tgrelid = id AND tgname = 'watched' AND tgenabled <> 'D')
        OR EXISTS (SELECT FROM watched_row w WHERE w.partition = id)
        OR EXISTS (SELECT FROM legal_hold WHERE released_at IS NULL AND hold_id <> ALL (known_holds))
    THEN
        RETURN false;
    END IF;
    EXECUTE format('DROP TABLE %s', name);
    RETURN true;
END $$;

DROP FUNCTION drop_partition(regclass, timestamptz);
