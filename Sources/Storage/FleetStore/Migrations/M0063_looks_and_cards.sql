-- An entry of the audit log says of which time a look was, and what came of it: `done` where something was shown,
-- `refused` where the duty did not allow it or nothing could be made, `not_found` where there was nothing of that name
-- within the reach of whoever asked.
ALTER TABLE audit_log ADD COLUMN period text NOT NULL DEFAULT '';
COMMENT ON COLUMN audit_log.outcome IS 'done, refused or not_found';
COMMENT ON COLUMN audit_log.period IS 'the event time that was asked for, from/to in RFC 3339, .. where open; or empty';

-- As in M0014; an entry with a period has it as one field more, so that older entries keep their hashes.
CREATE OR REPLACE FUNCTION audit_chain() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = public, pg_temp AS $$
BEGIN
    UPDATE audit_head SET entry_id = entry_id + 1 RETURNING entry_id, hash INTO NEW.entry_id, NEW.previous_hash;
    NEW.occurred_at := clock_timestamp();
    NEW.hash := audit_hash(NEW.previous_hash, VARIADIC ARRAY[NEW.entry_id::text,
        (extract(epoch FROM NEW.occurred_at) * 1000000)::bigint::text, NEW.actor, NEW.role, NEW.interface, NEW.address,
        NEW.action, NEW.subject, NEW.purpose, NEW.outcome]
        || CASE WHEN NEW.period = '' THEN ARRAY[]::text[] ELSE ARRAY[NEW.period] END);
    UPDATE audit_head SET hash = NEW.hash;
    RETURN NEW;
END $$;

-- Looks that were had; attempts stand in the log beside them.
CREATE OR REPLACE VIEW trail_access AS
SELECT entry_id AS access_id, occurred_at AS accessed_at, actor AS accessed_by, subject, purpose, interface
FROM audit_log WHERE action = 'trail.read' AND outcome = 'done';

ALTER FUNCTION grant_web_rights() RENAME TO grant_rights_before_period;
CREATE FUNCTION grant_web_rights() RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
    IF NOT grant_rights_before_period() THEN RETURN false; END IF;
    GRANT INSERT (period) ON audit_log TO tongxing_web, tongxing_gate;
    RETURN true;
END $$;

-- The evidence card of a suspected plant as it was when a delivery was judged by it: the search writes its cards over,
-- and a package is to show what a judgement rested on. A card is kept once for all deliveries until it changes. Never the
-- web's: no right is given, and the policy shows a web reader nothing.
CREATE TABLE suspected_plant_card (
    card_id            bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    suspected_plant_id text NOT NULL,
    -- When the delivery was judged, as `delivery` says it.
    kept_at            timestamptz NOT NULL,
    content            jsonb NOT NULL
);
CREATE INDEX ON suspected_plant_card (suspected_plant_id, kept_at, card_id);
ALTER TABLE suspected_plant_card ENABLE ROW LEVEL SECURITY;
ALTER TABLE suspected_plant_card FORCE ROW LEVEL SECURITY;
CREATE POLICY service ON suspected_plant_card USING ((SELECT web_is_absent()));

CREATE FUNCTION keep_suspect_card() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO suspected_plant_card (suspected_plant_id, kept_at, content)
    SELECT s.suspected_plant_id, greatest(NEW.derived_at, NEW.judged_as_of), s.content
    FROM suspected_plant s
    WHERE s.suspected_plant_id IN (NEW.content #>> '{delivery,origin,id}', NEW.content #>> '{delivery,destination,id}')
        AND s.content IS DISTINCT FROM (
            SELECT k.content FROM suspected_plant_card k WHERE k.suspected_plant_id = s.suspected_plant_id
            ORDER BY k.kept_at DESC, k.card_id DESC LIMIT 1);
    RETURN NULL;
END $$;
CREATE TRIGGER keep_suspect_card AFTER INSERT OR UPDATE OF content, judged_as_of, derived_at ON delivery
    FOR EACH ROW
    WHEN ('suspected_plant' IN (NEW.content #>> '{delivery,origin,kind}', NEW.content #>> '{delivery,destination,kind}'))
    EXECUTE FUNCTION keep_suspect_card();
