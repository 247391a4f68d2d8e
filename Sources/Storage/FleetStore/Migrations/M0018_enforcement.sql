-- What officers decide about suspected plants and suspicious deliveries: rows are added only.

-- Places under suspicion are for those who check them: never for companies and sites.
CREATE FUNCTION web_suspects() RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT web_reach() IN ('all', 'district') AND web_role() IN ('operator', 'enforcement_officer', '') $$;
-- Those who decide.
CREATE FUNCTION web_enforces() RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT web_reach() IN ('all', 'district') AND web_role() IN ('enforcement_officer', '') $$;

CREATE INDEX ON delivery ((content #>> '{delivery,origin,id}'))
    WHERE content #>> '{delivery,origin,kind}' = 'suspected_plant';
CREATE INDEX ON delivery (score DESC, delivery_id) WHERE verdict = 'suspicious';

ALTER TABLE suspected_plant ENABLE ROW LEVEL SECURITY;
ALTER TABLE suspected_plant FORCE ROW LEVEL SECURITY;
CREATE POLICY service ON suspected_plant USING ((SELECT web_is_absent()));
-- A district's officer: the place lies in the district, or one of his deliveries began there.
CREATE POLICY web ON suspected_plant FOR SELECT USING (
    (SELECT web_suspects()) AND ((SELECT web_reach()) = 'all'
        OR EXISTS (
            SELECT FROM register_entry e WHERE e.kind = 'districts' AND e.known_to IS NULL
                AND e.id = ANY ((SELECT web_list('districts'))::text[])
                AND ST_Covers(e.fence, ST_SetSRID(ST_MakePoint(
                    (content #>> '{coordinate,longitudeE7}')::float8 / 1e7,
                    (content #>> '{coordinate,latitudeE7}')::float8 / 1e7), 4326)))
        OR EXISTS (
            SELECT FROM delivery d WHERE d.content #>> '{delivery,origin,kind}' = 'suspected_plant'
                AND d.content #>> '{delivery,origin,id}' = suspected_plant_id)));

ALTER TABLE stay ENABLE ROW LEVEL SECURITY;
ALTER TABLE stay FORCE ROW LEVEL SECURITY;
CREATE POLICY service ON stay USING ((SELECT web_is_absent()));
CREATE POLICY web ON stay FOR SELECT USING (
    (SELECT web_reach()) = 'all'
    OR EXISTS (SELECT FROM web.truck o WHERE o.terminal_id = stay.terminal_id AND o.valid @> started_at));

-- Beside the suspect and not in it: a search that began before a decision must not write over it.
CREATE TABLE suspect_decision (
    decision_id        bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    suspected_plant_id text NOT NULL,
    decided_at         timestamptz NOT NULL DEFAULT clock_timestamp(),
    decided_by         text NOT NULL,
    role               text NOT NULL DEFAULT '',
    interface          text NOT NULL,
    status_before      text NOT NULL,
    status             text NOT NULL CHECK (status IN ('lead', 'checking', 'confirmed', 'dismissed')),
    reason             text NOT NULL DEFAULT '',
    place_kind         text,
    score              double precision NOT NULL
);
CREATE INDEX ON suspect_decision (suspected_plant_id, decision_id);
ALTER TABLE suspect_decision ENABLE ROW LEVEL SECURITY;
ALTER TABLE suspect_decision FORCE ROW LEVEL SECURITY;
CREATE POLICY service ON suspect_decision USING ((SELECT web_is_absent()));
CREATE POLICY web ON suspect_decision FOR SELECT USING (EXISTS (
    SELECT FROM suspected_plant s WHERE s.suspected_plant_id = suspect_decision.suspected_plant_id));
CREATE POLICY web_adds ON suspect_decision FOR INSERT WITH CHECK (
    (SELECT web_enforces()) AND decided_by = current_setting('tongxing.actor', true) AND role = web_role()
    AND EXISTS (SELECT FROM suspected_plant s WHERE s.suspected_plant_id = suspect_decision.suspected_plant_id));
CREATE TRIGGER suspect_decision_is_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON suspect_decision
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- Circles in which a place of loading came, went or moved, until analysis has asked for the vehicles that halted there.
CREATE TABLE place_change (
    change_id    bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    latitude     integer NOT NULL,
    longitude    integer NOT NULL,
    radius_m     double precision NOT NULL,
    requested_by text NOT NULL,
    reason       text NOT NULL
);
ALTER TABLE place_change ENABLE ROW LEVEL SECURITY;
ALTER TABLE place_change FORCE ROW LEVEL SECURITY;
CREATE POLICY service ON place_change USING ((SELECT web_is_absent()));
CREATE POLICY web_adds ON place_change FOR INSERT WITH CHECK (
    (SELECT web_enforces()) AND requested_by = current_setting('tongxing.actor', true));

-- A delivery may be withdrawn and derived again under its id: what was decided stays, with what was known then.
CREATE TABLE delivery_decision (
    decision_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    delivery_id text NOT NULL,
    decided_at  timestamptz NOT NULL DEFAULT clock_timestamp(),
    decided_by  text NOT NULL,
    role        text NOT NULL DEFAULT '',
    decision    text NOT NULL CHECK (decision IN ('dispatch', 'confirm', 'dismiss', 'case', 'reopen')),
    reason      text CHECK ((decision = 'dismiss') = (reason IS NOT NULL)),
    note        text NOT NULL DEFAULT '',
    case_id     text CHECK ((decision = 'case') = (case_id IS NOT NULL)),
    -- What the officer saw: the rules that hit, and the score.
    rules       text[] NOT NULL,
    score       double precision NOT NULL,
    CHECK (decision NOT IN ('confirm', 'reopen') OR note ~ '\S')
);
CREATE INDEX ON delivery_decision (delivery_id, decision_id);
ALTER TABLE delivery_decision ENABLE ROW LEVEL SECURITY;
ALTER TABLE delivery_decision FORCE ROW LEVEL SECURITY;
CREATE POLICY service ON delivery_decision USING ((SELECT web_is_absent()));
CREATE POLICY web ON delivery_decision FOR SELECT USING (
    (SELECT web_suspects()) AND ((SELECT web_reach()) = 'all'
        OR EXISTS (SELECT FROM delivery d WHERE d.delivery_id = delivery_decision.delivery_id)));
CREATE POLICY web_adds ON delivery_decision FOR INSERT WITH CHECK (
    (SELECT web_enforces()) AND decided_by = current_setting('tongxing.actor', true) AND role = web_role()
    AND EXISTS (SELECT FROM delivery d WHERE d.delivery_id = delivery_decision.delivery_id));
CREATE TRIGGER delivery_decision_is_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON delivery_decision
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
