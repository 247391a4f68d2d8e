-- A partition may go only when analysis has taken in every batch that its rows came with, as a batch may.
CREATE OR REPLACE FUNCTION partition_age(
    partition regclass, received_before timestamptz, OUT is_old boolean, OUT row_count bigint, OUT holds bigint[]
) LANGUAGE plpgsql STABLE AS $$
DECLARE
    is_read boolean;
BEGIN
    EXECUTE format('SELECT NOT EXISTS (SELECT FROM %s WHERE received_at >= $1)', partition)
        INTO is_old USING received_before;
    IF NOT is_old THEN RETURN; END IF;
    -- A batch's id is its lane above 40 bits of its number.
    EXECUTE format(
        'SELECT coalesce(sum(rows), 0), coalesce(bool_and(last <= coalesce(c.number, 0)), true)
         FROM (SELECT batch_id >> 40 AS lane, max(batch_id & 1099511627775) AS last, count(*) AS rows
            FROM %s GROUP BY 1) AS lane
         LEFT JOIN analysis_cursor c ON c.lane_id = lane.lane', partition) INTO row_count, is_read;
    is_old := is_read;
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
