-- Accidents are registered on the web by those who answer for safety, and the log of their days is kept.

-- Accidents, baselines and plans are the safety officer's to keep as well, as far as they see.
CREATE FUNCTION web_keeps_register(kind text) RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT web_keeps_registers() OR web_role() = 'safety_officer' AND web_reach() IN ('all', 'district')
        AND kind IN ('accidents', 'baselines', 'plans') $$;

-- Of which register a row is, the policies of the rows ask.
CREATE OR REPLACE FUNCTION require_register_keeper() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT (web_is_absent() OR web_keeps_registers()
        OR TG_TABLE_NAME = 'register_entry' AND web_keeps_register('accidents')) THEN
        RAISE EXCEPTION 'registers are the administrator''s to change' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NULL;
END $$;

CREATE POLICY web_safety_adds ON register_entry FOR INSERT WITH CHECK (
    web_keeps_register(kind) AND ((SELECT web_reach()) = 'all'
        OR company = ANY ((SELECT web_list('companies'))::text[])
        OR district = ANY ((SELECT web_list('districts'))::text[])));
CREATE POLICY web_safety_closes ON register_entry FOR UPDATE USING (
    web_keeps_register(kind) AND ((SELECT web_reach()) = 'all'
        OR company = ANY ((SELECT web_list('companies'))::text[])
        OR district = ANY ((SELECT web_list('districts'))::text[])));
CREATE POLICY web_safety_adds ON register_import FOR INSERT WITH CHECK (
    web_keeps_register(kind) AND imported_by = current_setting('tongxing.actor', true));
CREATE POLICY web_safety_counts ON register_import FOR UPDATE USING (
    web_keeps_register(kind) AND imported_by = current_setting('tongxing.actor', true));

-- The accident for which a hold was placed; NULL: placed by a person.
ALTER TABLE legal_hold ADD COLUMN accident text;
CREATE INDEX ON legal_hold (accident) WHERE accident IS NOT NULL;

-- Keeps the day of an accident and the days beside it, whatever retention says: those of the terminals that the truck
-- carried then, or of every terminal where nobody knows the truck. A hold is never taken back by itself, not even when the
-- accident is withdrawn: a person releases it, and then it is not placed again.
CREATE FUNCTION place_accident_hold(accident_id text, content jsonb) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    day date := (to_timestamp((content->>'occurredAt')::float8 / 1000000) AT TIME ZONE 'Asia/Shanghai')::date;
    first timestamptz := (day - 1)::timestamp AT TIME ZONE 'Asia/Shanghai';
    last timestamptz := (day + 2)::timestamp AT TIME ZONE 'Asia/Shanghai';
    carried text[];
BEGIN
    SELECT coalesce(array_agg(DISTINCT coalesce(t.name, v.content->>'terminal')), '{}') INTO carried
    FROM register_entry v LEFT JOIN terminal t ON t.key = v.terminal
    WHERE v.kind = 'vehicles' AND v.known_to IS NULL AND v.id = place_accident_hold.content->>'plate'
        AND v.valid && tstzrange(first, last);
    INSERT INTO legal_hold (terminal, held_from, held_to, reason, placed_by, accident)
    SELECT c.name, first, last, 'accident ' || accident_id,
        coalesce(nullif(current_setting('tongxing.actor', true), ''), session_user), accident_id
    FROM unnest(CASE WHEN carried = '{}' THEN ARRAY[NULL::text] ELSE carried END) AS c (name)
    WHERE NOT EXISTS (
        SELECT FROM legal_hold h
        WHERE h.accident = accident_id AND h.terminal IS NOT DISTINCT FROM c.name
            AND h.held_from <= first AND h.held_to >= last);
END $$;
REVOKE EXECUTE ON FUNCTION place_accident_hold(text, jsonb) FROM PUBLIC;

CREATE FUNCTION hold_accident() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM place_accident_hold(NEW.id, NEW.content);
    RETURN NULL;
END $$;
CREATE TRIGGER hold_accident AFTER INSERT ON register_entry
    FOR EACH ROW WHEN (NEW.kind = 'accidents') EXECUTE FUNCTION hold_accident();

SELECT place_accident_hold(id, content) FROM register_entry WHERE kind = 'accidents' AND known_to IS NULL;
