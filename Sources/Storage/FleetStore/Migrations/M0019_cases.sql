-- Cases: an entry is added for everything that happens to one, and nothing is ever changed or removed.

CREATE SEQUENCE case_number;
CREATE TABLE enforcement_case (
    case_id   text PRIMARY KEY DEFAULT 'AJ-' || to_char(clock_timestamp() AT TIME ZONE 'Asia/Shanghai', 'YYYY') || '-'
                  || lpad(nextval('case_number')::text, 4, '0'),
    title     text NOT NULL CHECK (title ~ '\S'),
    opened_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    opened_by text NOT NULL,
    role      text NOT NULL DEFAULT '',
    -- Of an officer who is for one district; NULL: for all of it.
    district  text
);
CREATE INDEX ON enforcement_case (opened_at, case_id);

-- content: what the entry says, as the program writes it.
CREATE TABLE case_entry (
    entry_id   bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    case_id    text NOT NULL REFERENCES enforcement_case,
    entered_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    entered_by text NOT NULL,
    role       text NOT NULL DEFAULT '',
    content    jsonb NOT NULL
);
CREATE INDEX ON case_entry (case_id, entry_id);

ALTER TABLE enforcement_case ENABLE ROW LEVEL SECURITY;
ALTER TABLE enforcement_case FORCE ROW LEVEL SECURITY;
CREATE POLICY service ON enforcement_case USING ((SELECT web_is_absent()));
CREATE POLICY web ON enforcement_case FOR SELECT USING (
    (SELECT web_enforces())
    AND ((SELECT web_reach()) = 'all' OR district = ANY ((SELECT web_list('districts'))::text[])));
CREATE POLICY web_adds ON enforcement_case FOR INSERT WITH CHECK (
    (SELECT web_enforces()) AND opened_by = current_setting('tongxing.actor', true) AND role = web_role()
    AND ((SELECT web_reach()) = 'all' OR district = ANY ((SELECT web_list('districts'))::text[])));
ALTER TABLE case_entry ENABLE ROW LEVEL SECURITY;
ALTER TABLE case_entry FORCE ROW LEVEL SECURITY;
CREATE POLICY service ON case_entry USING ((SELECT web_is_absent()));
CREATE POLICY web ON case_entry FOR SELECT USING (
    EXISTS (SELECT FROM enforcement_case c WHERE c.case_id = case_entry.case_id));
CREATE POLICY web_adds ON case_entry FOR INSERT WITH CHECK (
    (SELECT web_enforces()) AND entered_by = current_setting('tongxing.actor', true) AND role = web_role()
    AND EXISTS (SELECT FROM enforcement_case c WHERE c.case_id = case_entry.case_id));
CREATE TRIGGER enforcement_case_is_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON enforcement_case
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER case_entry_is_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON case_entry
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- The rights of the web go on from those it had; `migrate` calls the last of the chain every time.
ALTER FUNCTION grant_web_rights() RENAME TO grant_fleet_rights;
CREATE FUNCTION grant_web_rights() RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
    IF NOT grant_fleet_rights() THEN RETURN false; END IF;
    GRANT SELECT ON alert, alert_handling, alert_action, suspected_plant, suspect_decision, stay, delivery_decision,
        enforcement_case, case_entry TO tongxing_web;
    GRANT INSERT (alert_id, acted_by, role, kind, assignee, reason, note) ON alert_action TO tongxing_web;
    GRANT INSERT (suspected_plant_id, decided_by, role, interface, status_before, status, reason, place_kind, score)
        ON suspect_decision TO tongxing_web;
    GRANT INSERT (latitude, longitude, radius_m, requested_by, reason) ON place_change TO tongxing_web;
    GRANT INSERT (delivery_id, decided_by, role, decision, reason, note, case_id, rules, score) ON delivery_decision
        TO tongxing_web;
    GRANT INSERT (title, opened_by, role, district) ON enforcement_case TO tongxing_web;
    GRANT INSERT (case_id, entered_by, role, content) ON case_entry TO tongxing_web;
    GRANT USAGE ON SEQUENCE case_number TO tongxing_web;
    GRANT EXECUTE ON FUNCTION desk_names() TO tongxing_web;
    RETURN true;
END $$;
