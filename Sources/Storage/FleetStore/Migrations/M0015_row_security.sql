-- What a person on the web may see, decided here and not in the program. Every transaction of the web says whom it is for
-- (the settings tongxing.*, SET LOCAL) and takes the role tongxing_web, which owns nothing. Without a word it sees nothing.
--
-- tongxing.reach: all | district | company | site | none. tongxing.companies, .districts, .plants: what belongs to it.
--
-- The log's partitioned tables take rows by COPY, which row-level security does not allow to anyone but a superuser; the
-- web reads them through views of the same names in the schema `web`, which stands first on its search path.

CREATE FUNCTION web_reach() RETURNS text LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT coalesce(current_setting('tongxing.reach', true), '') $$;
CREATE FUNCTION web_list(name text) RETURNS text[] LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT coalesce(nullif(current_setting('tongxing.' || name, true), ''), '{}')::text[] $$;
-- Ingestion, analysis and the command line: nobody on the web.
CREATE FUNCTION web_is_absent() RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT web_reach() = '' AND current_user NOT IN ('tongxing_web', 'tongxing_gate') $$;

-- A terminal's name as registers and topics are compared: a phone number without its leading zeros.
CREATE FUNCTION terminal_key(name text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT CASE WHEN name ~ '^[0-9]+$' THEN coalesce(nullif(ltrim(name, '0'), ''), '0') ELSE name END $$;

-- Plain columns: the planner may use them before a policy has passed a row, a function of `content` it may not.
ALTER TABLE register_entry
    ADD COLUMN company  text GENERATED ALWAYS AS (
        CASE kind WHEN 'companies' THEN id WHEN 'vehicles' THEN content->>'company'
            WHEN 'accidents' THEN content->>'company' END) STORED,
    ADD COLUMN district text GENERATED ALWAYS AS (content->>'district') STORED,
    ADD COLUMN terminal text GENERATED ALWAYS AS (
        CASE kind WHEN 'vehicles' THEN terminal_key(content->>'terminal') END) STORED;
CREATE INDEX ON register_entry (terminal) WHERE kind = 'vehicles' AND known_to IS NULL;
ALTER TABLE terminal ADD COLUMN key text GENERATED ALWAYS AS (terminal_key(name)) STORED;

CREATE SCHEMA web;

-- The person's trucks: which terminals they carried, and when.
CREATE VIEW web.truck AS
SELECT t.terminal_id, v.valid
FROM public.terminal t
JOIN public.register_entry v ON v.kind = 'vehicles' AND v.known_to IS NULL AND v.terminal = t.key
WHERE (SELECT web_reach()) IN ('district', 'company') AND v.company = ANY ((SELECT web_list('companies'))::text[]);

-- Whether a plant's or a site's id is one of the person's.
CREATE FUNCTION web_has_end(delivery_end jsonb) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT CASE delivery_end->>'kind'
        WHEN 'plant' THEN delivery_end->>'id' = ANY (web_list('plants'))
        WHEN 'site' THEN delivery_end->>'id' = ANY (web_list('sites'))
        ELSE false END
$$;

ALTER TABLE register_entry ENABLE ROW LEVEL SECURITY;
ALTER TABLE register_entry FORCE ROW LEVEL SECURITY;
CREATE POLICY service ON register_entry USING ((SELECT web_is_absent()));
CREATE POLICY web ON register_entry FOR SELECT USING (
    CASE (SELECT web_reach())
        WHEN 'all' THEN true
        WHEN 'district' THEN kind IN ('districts', 'places', 'zones') OR company = ANY ((SELECT web_list('companies'))::text[])
            OR (kind IN ('plants', 'sites', 'accidents', 'baselines', 'plans')
                AND district = ANY ((SELECT web_list('districts'))::text[]))
        WHEN 'company' THEN kind IN ('districts', 'places', 'zones') OR company = ANY ((SELECT web_list('companies'))::text[])
            OR (kind = 'plants' AND id = ANY ((SELECT web_list('plants'))::text[]))
        WHEN 'site' THEN kind = 'sites' AND id = ANY ((SELECT web_list('sites'))::text[])
        ELSE false END);

ALTER TABLE terminal ENABLE ROW LEVEL SECURITY;
ALTER TABLE terminal FORCE ROW LEVEL SECURITY;
CREATE POLICY service ON terminal USING ((SELECT web_is_absent()));
CREATE POLICY web ON terminal FOR SELECT USING (
    (SELECT web_reach()) = 'all'
    OR (SELECT web_reach()) IN ('district', 'company') AND EXISTS (
        SELECT FROM register_entry v
        WHERE v.kind = 'vehicles' AND v.known_to IS NULL AND v.terminal = key
            AND v.company = ANY ((SELECT web_list('companies'))::text[])));

ALTER TABLE latest_position ENABLE ROW LEVEL SECURITY;
ALTER TABLE latest_position FORCE ROW LEVEL SECURITY;
CREATE POLICY service ON latest_position USING ((SELECT web_is_absent()));
CREATE POLICY web ON latest_position FOR SELECT USING (
    (SELECT web_reach()) = 'all'
    OR EXISTS (SELECT FROM web.truck o WHERE o.terminal_id = latest_position.terminal_id AND o.valid @> recorded_at));

ALTER TABLE delivery ENABLE ROW LEVEL SECURITY;
ALTER TABLE delivery FORCE ROW LEVEL SECURITY;
CREATE POLICY service ON delivery USING ((SELECT web_is_absent()));
CREATE POLICY web ON delivery FOR SELECT USING (
    CASE (SELECT web_reach())
        WHEN 'all' THEN true
        WHEN 'district' THEN web_has_end(content#>'{delivery,origin}') OR web_has_end(content#>'{delivery,destination}')
            OR EXISTS (
                SELECT FROM web.truck o WHERE o.terminal_id = delivery.terminal_id AND o.valid @> unload_start)
        WHEN 'company' THEN web_has_end(content#>'{delivery,origin}')
            OR EXISTS (
                SELECT FROM web.truck o WHERE o.terminal_id = delivery.terminal_id AND o.valid @> unload_start)
        WHEN 'site' THEN web_has_end(content#>'{delivery,destination}')
        ELSE false END);
-- A place under suspicion is the authority's to know until it has been looked at.
CREATE POLICY candidates ON delivery AS RESTRICTIVE FOR SELECT USING (
    (SELECT web_reach()) NOT IN ('company', 'site')
    OR 'suspected_plant' NOT IN (
        coalesce(content#>>'{delivery,origin,kind}', ''), coalesce(content#>>'{delivery,destination,kind}', '')));

-- Its ids name terminals, so they are for those who see all; others read their lists again.
ALTER TABLE delivery_withdrawn ENABLE ROW LEVEL SECURITY;
ALTER TABLE delivery_withdrawn FORCE ROW LEVEL SECURITY;
CREATE POLICY service ON delivery_withdrawn USING ((SELECT web_is_absent()));
CREATE POLICY web ON delivery_withdrawn FOR SELECT USING ((SELECT web_reach()) = 'all');

-- Whoever may add an entry adds it in his own name; the auditor reads.
ALTER TABLE audit_log ENABLE ROW LEVEL SECURITY;
ALTER TABLE audit_log FORCE ROW LEVEL SECURITY;
CREATE POLICY service ON audit_log USING ((SELECT web_is_absent()));
CREATE POLICY web_adds ON audit_log FOR INSERT WITH CHECK (
    actor = current_setting('tongxing.actor', true) AND interface = 'http');
CREATE POLICY web_reads ON audit_log FOR SELECT USING (
    (SELECT coalesce(current_setting('tongxing.role', true), '')) = 'auditor');

CREATE VIEW web.position WITH (security_barrier) AS
SELECT * FROM public.position r
WHERE (SELECT web_reach()) = 'all'
    OR EXISTS (SELECT FROM web.truck o WHERE o.terminal_id = r.terminal_id AND o.valid @> r.recorded_at);
CREATE VIEW web.camera_report WITH (security_barrier) AS
SELECT * FROM public.camera_report r
WHERE (SELECT web_reach()) = 'all'
    OR EXISTS (SELECT FROM web.truck o WHERE o.terminal_id = r.terminal_id AND o.valid @> r.recorded_at);
CREATE VIEW web.alarm_report WITH (security_barrier) AS
SELECT * FROM public.alarm_report r
WHERE (SELECT web_reach()) = 'all'
    OR EXISTS (SELECT FROM web.truck o WHERE o.terminal_id = r.terminal_id AND o.valid @> r.recorded_at);

-- What belongs to a district or a company, read by the service before a transaction becomes the web's.
CREATE FUNCTION web_belongings(
    reach text, of_district text, of_company text, OUT districts text[], OUT companies text[], OUT plants text[],
    OUT sites text[]
) LANGUAGE sql STABLE AS $$
    WITH RECURSIVE inside AS (
        SELECT of_district AS district WHERE reach = 'district'
        UNION
        SELECT d.id FROM inside i
        JOIN register_entry d ON d.kind = 'districts' AND d.known_to IS NULL AND d.content->>'parent' = i.district),
    owned AS (
        SELECT id AS company, content->>'creditCode' AS code FROM register_entry
        WHERE kind = 'companies' AND known_to IS NULL
            AND CASE reach WHEN 'company' THEN id = of_company ELSE district IN (SELECT district FROM inside) END
        UNION
        SELECT of_company, NULL WHERE reach = 'company')
    SELECT ARRAY(SELECT district FROM inside), ARRAY(SELECT DISTINCT company FROM owned),
        ARRAY(SELECT DISTINCT id FROM register_entry WHERE kind = 'plants' AND known_to IS NULL
            AND CASE reach WHEN 'company' THEN content->>'creditCode' IN (SELECT code FROM owned WHERE code IS NOT NULL)
                ELSE district IN (SELECT district FROM inside) END),
        ARRAY(SELECT DISTINCT id FROM register_entry WHERE kind = 'sites' AND known_to IS NULL
            AND reach = 'district' AND district IN (SELECT district FROM inside))
$$;

-- Makes the transaction the web's: the settings, the role, the path. Only a transaction that is not yet may call it.
CREATE FUNCTION web_enter(
    door text, actor text, role text, reach text, of_district text, of_company text, of_site text
) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    own_districts text[];
    own_companies text[];
    own_plants    text[];
    own_sites     text[];
BEGIN
    IF NOT web_is_absent() THEN
        RAISE EXCEPTION 'this transaction is the web''s already' USING ERRCODE = 'insufficient_privilege';
    END IF;
    IF reach IN ('district', 'company') THEN
        SELECT * INTO own_districts, own_companies, own_plants, own_sites
        FROM web_belongings(reach, of_district, of_company);
    ELSIF reach = 'site' THEN
        own_sites := ARRAY[of_site];
    END IF;
    PERFORM set_config('tongxing.districts', coalesce(own_districts, '{}')::text, true),
        set_config('tongxing.companies', coalesce(own_companies, '{}')::text, true),
        set_config('tongxing.plants', coalesce(own_plants, '{}')::text, true),
        set_config('tongxing.sites', coalesce(own_sites, '{}')::text, true),
        set_config('tongxing.actor', actor, true), set_config('tongxing.role', role, true),
        set_config('search_path', CASE door WHEN 'tongxing_web' THEN 'web, public' ELSE 'public' END, true);
    PERFORM set_config('tongxing.reach', reach, true);
    IF to_regrole(door) IS NOT NULL AND pg_has_role(current_user, to_regrole(door), 'MEMBER') THEN
        PERFORM set_config('role', door, true);
    END IF;
    IF (SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user) THEN
        RAISE EXCEPTION 'row-level security does not bind this user: run `tongxing migrate` as one that may create roles'
            USING ERRCODE = 'insufficient_privilege';
    END IF;
END $$;

-- The rights of the two roles of the web: tongxing_web reads the fleet, tongxing_gate keeps accounts. Neither owns anything
-- or logs in. Roles belong to the whole cluster, so a user who may not make them is told, and row-level security alone
-- confines the web then (FORCE: it binds the owner too). `migrate` calls it every time.
CREATE FUNCTION grant_web_rights() RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE
    name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['tongxing_web', 'tongxing_gate'] LOOP
        BEGIN
            IF to_regrole(name) IS NULL THEN EXECUTE format('CREATE ROLE %I NOLOGIN', name); END IF;
        EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL;  -- Somebody else made it meanwhile.
            WHEN insufficient_privilege THEN RETURN false;
        END;
        BEGIN
            IF NOT pg_has_role(current_user, name, 'MEMBER') THEN
                EXECUTE format('GRANT %I TO %I', name, current_user);
            END IF;
        EXCEPTION WHEN insufficient_privilege THEN RETURN false;
        END;
    END LOOP;
    GRANT USAGE ON SCHEMA public, web TO tongxing_web;
    GRANT USAGE ON SCHEMA public TO tongxing_gate;
    GRANT SELECT ON web.truck, web.position, web.camera_report, web.alarm_report, register_entry, register_state, terminal,
        latest_position, delivery, delivery_withdrawn TO tongxing_web;
    GRANT INSERT (actor, role, interface, address, action, subject, purpose, outcome) ON audit_log
        TO tongxing_web, tongxing_gate;
    GRANT SELECT ON audit_log TO tongxing_gate;
    GRANT SELECT, INSERT ON account, access_token TO tongxing_gate;
    GRANT UPDATE (display_name, role, district, company, site, oidc_subject, password, must_change,
        password_expires_at, failures, last_failure_at, is_disabled) ON account TO tongxing_gate;
    GRANT UPDATE (revoked_at) ON access_token TO tongxing_gate;
    GRANT SELECT, INSERT, DELETE ON account_session TO tongxing_gate;
    RETURN true;
END $$;
