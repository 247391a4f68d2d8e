-- What was decided about, put into a case or exported stays readable when it is derived no more: whose it is to read is
-- known of a superseded row as of one that stands.

ALTER TABLE delivery_superseded ADD COLUMN terminal_id integer, ADD COLUMN judged_at timestamptz;
COMMENT ON COLUMN delivery_superseded.judged_at IS 'when it was judged as it stood';
-- Of rows from before, no earlier than it was settled and than its registers were known.
UPDATE delivery_superseded s SET
    terminal_id = (SELECT t.terminal_id FROM terminal t WHERE t.name = s.content #>> '{delivery,terminal}'),
    judged_at = least(s.superseded_at, greatest(
        to_timestamp(greatest((s.content #>> '{delivery,settledAt}')::float8 / 1000000, 0)),
        (SELECT max(i.imported_at) FROM register_import i
            WHERE i.revision <= substring(s.world FROM 'registers ([0-9]+)')::bigint)));

CREATE FUNCTION complete_superseded() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    SELECT coalesce(NEW.terminal_id, d.terminal_id), coalesce(NEW.judged_at, greatest(d.derived_at, d.judged_as_of))
    INTO NEW.terminal_id, NEW.judged_at
    FROM (SELECT) one LEFT JOIN delivery d ON d.delivery_id = NEW.delivery_id;
    RETURN NEW;
END $$;
CREATE TRIGGER complete BEFORE INSERT ON delivery_superseded FOR EACH ROW EXECUTE FUNCTION complete_superseded();

-- Open rows come and go while a truck is under way and are not kept, but for those that somebody has worked with.
CREATE INDEX ON case_entry ((content #>> '{item,_0,id}')) WHERE content #>> '{item,_0,kind}' = 'delivery';
CREATE FUNCTION keep_open_delivery() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO delivery_superseded (delivery_id, reason, content, world, terminal_id, judged_at)
    SELECT OLD.delivery_id, 'it was not final, and is derived no more', OLD.content, OLD.world, OLD.terminal_id,
        greatest(OLD.derived_at, OLD.judged_as_of)
    WHERE EXISTS (SELECT FROM delivery_decision WHERE delivery_id = OLD.delivery_id)
        OR EXISTS (SELECT FROM evidence_export WHERE delivery_id = OLD.delivery_id)
        OR EXISTS (SELECT FROM case_entry WHERE content #>> '{item,_0,kind}' = 'delivery'
            AND content #>> '{item,_0,id}' = OLD.delivery_id);
    RETURN NULL;
END $$;
CREATE TRIGGER keep_open AFTER DELETE ON delivery FOR EACH ROW WHEN (NOT OLD.is_final)
    EXECUTE FUNCTION keep_open_delivery();

-- For those who check: the city's accounts, and a district's by the same ends and trucks as a row that stands (M0015).
-- Never for a company or a site: that a row stands no more, and why, would tell of a place under suspicion.
CREATE VIEW web.delivery_superseded WITH (security_barrier) AS
SELECT s.* FROM public.delivery_superseded s
WHERE (SELECT web_reach()) = 'all'
    OR (SELECT web_reach()) = 'district' AND (
        web_has_end(s.content #> '{delivery,origin}') OR web_has_end(s.content #> '{delivery,destination}')
        OR EXISTS (
            SELECT FROM web.truck o
            WHERE o.terminal_id = s.terminal_id
                AND o.valid @> to_timestamp((s.content #>> '{delivery,unloadStart}')::float8 / 1000000)));

-- It can still be decided about: somebody may be under way because of it.
ALTER POLICY web ON delivery_decision USING (
    (SELECT web_suspects()) AND ((SELECT web_reach()) = 'all'
        OR EXISTS (SELECT FROM delivery d WHERE d.delivery_id = delivery_decision.delivery_id)
        OR EXISTS (SELECT FROM web.delivery_superseded s WHERE s.delivery_id = delivery_decision.delivery_id)));
ALTER POLICY web_adds ON delivery_decision WITH CHECK (
    (SELECT web_enforces()) AND decided_by = current_setting('tongxing.actor', true) AND role = web_role()
    AND (EXISTS (SELECT FROM delivery d WHERE d.delivery_id = delivery_decision.delivery_id)
        OR EXISTS (SELECT FROM web.delivery_superseded s WHERE s.delivery_id = delivery_decision.delivery_id)));

-- Which deliveries came out otherwise because of a change of the registers: their ids name terminals, so they are for those
-- who see all and work with suspicions. At most a hundred of each change.
CREATE FUNCTION register_effect_deliveries(revisions bigint[])
RETURNS TABLE (revision bigint, delivery_id text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT r, s.delivery_id
    FROM unnest(revisions) AS r
    JOIN register_effect e ON e.revision_before < r AND r <= e.revision
    CROSS JOIN LATERAL (
        SELECT DISTINCT s.delivery_id FROM delivery_superseded s
        WHERE substring(s.reason FROM 'registers changed \(revision ([0-9]+):') = e.revision::text
        ORDER BY s.delivery_id LIMIT 100) s
    WHERE web_reach() = '' OR web_reach() = 'all' AND web_suspects()
    ORDER BY r, s.delivery_id
$$;
REVOKE EXECUTE ON FUNCTION register_effect_deliveries(bigint[]) FROM PUBLIC;

ALTER FUNCTION grant_web_rights() RENAME TO grant_rights_before_superseded;
CREATE FUNCTION grant_web_rights() RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
    IF NOT grant_rights_before_superseded() THEN RETURN false; END IF;
    GRANT SELECT ON web.delivery_superseded TO tongxing_web;
    GRANT EXECUTE ON FUNCTION register_effect_deliveries(bigint[]) TO tongxing_web;
    RETURN true;
END $$;
