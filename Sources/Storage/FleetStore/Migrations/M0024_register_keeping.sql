-- Registers are kept on the web as well: who closed a row is known as who made it, and what analysis did about it.

ALTER TABLE register_import ADD COLUMN revision bigint;
ALTER TABLE register_entry ADD COLUMN closed_import bigint REFERENCES register_import;
UPDATE register_entry e SET closed_import = (
    SELECT max(import_id) FROM register_import i WHERE i.kind = e.kind AND i.imported_at <= e.known_to)
WHERE known_to IS NOT NULL;
CREATE INDEX ON register_entry (kind, id, known_from) WHERE known_to IS NOT NULL;
CREATE INDEX ON register_import (kind, import_id);

-- What analysis asked for when it took in the changes behind revision_before up to revision.
CREATE TABLE register_effect (
    revision        bigint PRIMARY KEY,
    revision_before bigint NOT NULL,
    applied_at      timestamptz NOT NULL DEFAULT clock_timestamp(),
    vehicles        integer NOT NULL,
    deliveries      integer NOT NULL,
    CHECK (revision_before < revision)
);
CREATE INDEX ON delivery_superseded ((substring(reason FROM 'registers changed \(revision ([0-9]+):')));

-- Who changes registers: the administrator, and in open mode, where nobody is asked, everybody.
CREATE FUNCTION web_keeps_registers() RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT web_role() = 'administrator' OR web_role() = '' AND web_reach() = 'all' $$;

-- A policy lets a change of nobody's rows pass in silence; whoever may change none is told.
CREATE FUNCTION require_register_keeper() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT (web_is_absent() OR web_keeps_registers()) THEN
        RAISE EXCEPTION 'registers are the administrator''s to change' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER require_keeper BEFORE INSERT OR UPDATE ON register_entry
    FOR EACH STATEMENT EXECUTE FUNCTION require_register_keeper();
CREATE TRIGGER require_keeper BEFORE UPDATE ON register_state
    FOR EACH STATEMENT EXECUTE FUNCTION require_register_keeper();

CREATE POLICY web_keeper ON register_entry FOR SELECT USING ((SELECT web_keeps_registers()));
CREATE POLICY web_adds ON register_entry FOR INSERT WITH CHECK ((SELECT web_keeps_registers()));
CREATE POLICY web_closes ON register_entry FOR UPDATE USING ((SELECT web_keeps_registers()));
-- Delivery notes are those of the plant that wrote them and, for a district, of the site that they name.
CREATE POLICY web_notes ON register_entry FOR SELECT USING (
    kind = 'tickets' AND (SELECT web_reach()) IN ('district', 'company')
    AND (content->>'plantID' = ANY ((SELECT web_list('plants'))::text[])
        OR (SELECT web_reach()) = 'district' AND content->>'siteID' = ANY ((SELECT web_list('sites'))::text[])));

ALTER TABLE register_import ENABLE ROW LEVEL SECURITY;
ALTER TABLE register_import FORCE ROW LEVEL SECURITY;
CREATE POLICY service ON register_import USING ((SELECT web_is_absent()));
CREATE POLICY web ON register_import FOR SELECT USING (
    (SELECT web_reach()) IN ('all', 'district') OR (SELECT web_keeps_registers()));
CREATE POLICY web_adds ON register_import FOR INSERT WITH CHECK (
    (SELECT web_keeps_registers()) AND imported_by = current_setting('tongxing.actor', true));
CREATE POLICY web_counts ON register_import FOR UPDATE USING (
    (SELECT web_keeps_registers()) AND imported_by = current_setting('tongxing.actor', true));

ALTER TABLE register_state ENABLE ROW LEVEL SECURITY;
ALTER TABLE register_state FORCE ROW LEVEL SECURITY;
CREATE POLICY service ON register_state USING ((SELECT web_is_absent()));
CREATE POLICY web ON register_state FOR SELECT USING (true);
CREATE POLICY web_advances ON register_state FOR UPDATE USING ((SELECT web_keeps_registers()));

ALTER TABLE note_change ENABLE ROW LEVEL SECURITY;
ALTER TABLE note_change FORCE ROW LEVEL SECURITY;
CREATE POLICY service ON note_change USING ((SELECT web_is_absent()));
CREATE POLICY web_adds ON note_change FOR INSERT WITH CHECK ((SELECT web_keeps_registers()));

-- Counts alone, for those who see every row or keep the registers.
CREATE FUNCTION register_effects(revisions bigint[])
RETURNS TABLE (revision bigint, applied_at timestamptz, vehicles integer, deliveries integer, changed bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT r, e.applied_at, e.vehicles, e.deliveries,
        (SELECT count(DISTINCT s.delivery_id) FROM delivery_superseded s
         WHERE substring(s.reason FROM 'registers changed \(revision ([0-9]+):') = e.revision::text)
    FROM unnest(revisions) AS r
    JOIN register_effect e ON e.revision_before < r AND r <= e.revision
    WHERE web_reach() IN ('', 'all') OR web_keeps_registers()
$$;
REVOKE EXECUTE ON FUNCTION register_effects(bigint[]) FROM PUBLIC;

ALTER FUNCTION grant_web_rights() RENAME TO grant_desk_rights;
CREATE FUNCTION grant_web_rights() RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
    IF NOT grant_desk_rights() THEN RETURN false; END IF;
    -- An import goes through a temporary table; PUBLIC has the right, unless somebody took it away.
    IF NOT has_database_privilege('tongxing_web', current_database(), 'TEMPORARY') THEN
        EXECUTE format('GRANT TEMPORARY ON DATABASE %I TO tongxing_web', current_database());
    END IF;
    GRANT SELECT ON register_import TO tongxing_web;
    GRANT INSERT (kind, source, imported_by), UPDATE (added, changed, unchanged, revision) ON register_import
        TO tongxing_web;
    GRANT INSERT (kind, id, valid, content, fence, import_id), UPDATE (known_to, closed_import) ON register_entry
        TO tongxing_web;
    GRANT UPDATE (revision, terminals_revision) ON register_state TO tongxing_web;
    GRANT INSERT (plant, plate, issued_at) ON note_change TO tongxing_web;
    GRANT EXECUTE ON FUNCTION register_effects(bigint[]) TO tongxing_web;
    RETURN true;
END $$;
