-- What a district or a company is shown is placed as its figures are: a district may be written by its code or by its name,
-- and an accident that names neither company nor district is of the company whose truck bore the plate then. It is looked
-- up whenever somebody reads, so that a correction of any register holds at once, also for rows that stand.

-- As in M0015. Of what is written a code is meant before a name, and of several districts of one name the first by code
-- (SafetyRoster decides alike). districts: every text that means one of the person's, so that rows are compared as written.
CREATE OR REPLACE FUNCTION web_belongings(
    reach text, of_district text, of_company text, OUT districts text[], OUT companies text[], OUT plants text[],
    OUT sites text[]
) LANGUAGE sql STABLE AS $$
    WITH RECURSIVE known AS (
        SELECT id AS code, content->>'name' AS name, content->>'parent' AS parent FROM register_entry
        WHERE kind = 'districts' AND known_to IS NULL AND reach = 'district'),
    meaning AS (
        SELECT DISTINCT ON (written) written, code
        FROM (SELECT code AS written, code, 0 AS place FROM known UNION ALL SELECT name, code, 1 FROM known) AS forms
        WHERE written IS NOT NULL ORDER BY written, place, code),
    child AS (
        SELECT k.code, coalesce(m.code, k.parent) AS parent FROM known k LEFT JOIN meaning m ON m.written = k.parent),
    inside AS (
        SELECT coalesce((SELECT m.code FROM meaning m WHERE m.written = of_district), of_district) AS district
        WHERE reach = 'district'
        UNION
        SELECT c.code FROM inside i JOIN child c ON c.parent = i.district),
    own AS (
        SELECT district FROM inside
        UNION
        SELECT m.written FROM meaning m JOIN inside i ON i.district = m.code),
    owned AS (
        SELECT id AS company, content->>'creditCode' AS code FROM register_entry
        WHERE kind = 'companies' AND known_to IS NULL
            AND CASE reach WHEN 'company' THEN id = of_company ELSE district IN (SELECT district FROM own) END
        UNION
        SELECT of_company, NULL WHERE reach = 'company')
    SELECT ARRAY(SELECT district FROM own), ARRAY(SELECT DISTINCT company FROM owned),
        ARRAY(SELECT DISTINCT id FROM register_entry WHERE kind = 'plants' AND known_to IS NULL
            AND CASE reach WHEN 'company' THEN content->>'creditCode' IN (SELECT code FROM owned WHERE code IS NOT NULL)
                ELSE district IN (SELECT district FROM own) END),
        ARRAY(SELECT DISTINCT id FROM register_entry WHERE kind = 'sites' AND known_to IS NULL
            AND reach = 'district' AND district IN (SELECT district FROM own))
$$;

-- Whether the accident's plate was on one of the person's trucks when it happened. It reads vehicles as whoever asks does:
-- the policy below asks this of accidents alone, so the two never turn in a circle. In plpgsql, so that no planner puts it
-- into the policy, which may not speak of its own table. COST: next to no row gets as far as being asked.
CREATE FUNCTION web_had_truck(accident jsonb) RETURNS boolean LANGUAGE plpgsql STABLE PARALLEL SAFE COST 1 AS $$
BEGIN
    RETURN EXISTS (
        SELECT FROM public.register_entry v
        WHERE v.kind = 'vehicles' AND v.known_to IS NULL AND v.id = accident->>'plate'
            AND v.company = ANY ((SELECT web_list('companies'))::text[])
            AND v.valid @> (timestamptz 'epoch' + (accident->>'occurredAt')::float8 * interval '1 microsecond'));
END $$;

-- A baseline of a company is its company's, whatever district it names beside it.
ALTER POLICY web ON register_entry USING (
    CASE (SELECT web_reach())
        WHEN 'all' THEN true
        WHEN 'district' THEN kind IN ('districts', 'places', 'zones') OR company = ANY ((SELECT web_list('companies'))::text[])
            OR (kind IN ('plants', 'sites', 'accidents', 'baselines', 'plans')
                AND district = ANY ((SELECT web_list('districts'))::text[]))
            OR (kind = 'baselines' AND content->>'company' = ANY ((SELECT web_list('companies'))::text[]))
            OR (kind = 'accidents' AND company IS NULL AND web_had_truck(content))
        WHEN 'company' THEN kind IN ('districts', 'places', 'zones') OR company = ANY ((SELECT web_list('companies'))::text[])
            OR (kind = 'plants' AND id = ANY ((SELECT web_list('plants'))::text[]))
            OR (kind = 'accidents' AND company IS NULL AND web_had_truck(content))
        WHEN 'site' THEN kind = 'sites' AND id = ANY ((SELECT web_list('sites'))::text[])
        ELSE false END);

-- Whoever keeps accidents and baselines as far as he sees may write what he will see.
ALTER POLICY web_safety_adds ON register_entry WITH CHECK (
    web_keeps_register(kind) AND ((SELECT web_reach()) = 'all'
        OR company = ANY ((SELECT web_list('companies'))::text[])
        OR district = ANY ((SELECT web_list('districts'))::text[])
        OR (kind = 'baselines' AND content->>'company' = ANY ((SELECT web_list('companies'))::text[]))
        OR (kind = 'accidents' AND company IS NULL AND web_had_truck(content))));
ALTER POLICY web_safety_closes ON register_entry USING (
    web_keeps_register(kind) AND ((SELECT web_reach()) = 'all'
        OR company = ANY ((SELECT web_list('companies'))::text[])
        OR district = ANY ((SELECT web_list('districts'))::text[])
        OR (kind = 'baselines' AND content->>'company' = ANY ((SELECT web_list('companies'))::text[]))
        OR (kind = 'accidents' AND company IS NULL AND web_had_truck(content))));

CREATE OR REPLACE VIEW web.legal_hold WITH (security_barrier) AS
SELECT h.hold_id, h.accident, h.released_at FROM public.legal_hold h
WHERE (SELECT web_reach()) = 'all'
    OR (SELECT web_reach()) = 'district' AND EXISTS (
        SELECT FROM public.register_entry e
        WHERE e.kind = 'accidents' AND e.known_to IS NULL AND e.id = h.accident
            AND (e.company = ANY ((SELECT web_list('companies'))::text[])
                OR e.district = ANY ((SELECT web_list('districts'))::text[])
                OR (e.company IS NULL AND web_had_truck(e.content))));

-- Since when accidents are registered at all is the same for everybody: a district without one of its own has had none, where
-- the city's register is kept, and not an unknown number. Of every year that has an accident, the day of its first in China
-- as days since 1970; nothing of where it was or whose. As the service, in the way of alert_act (M0017).
CREATE FUNCTION accident_first_days() RETURNS SETOF bigint LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = public, pg_temp AS $$
DECLARE
    reach text := coalesce(current_setting('tongxing.reach', true), '');
BEGIN
    IF reach NOT IN ('', 'all', 'district') THEN RETURN; END IF;
    PERFORM set_config('tongxing.reach', '', true);
    RETURN QUERY SELECT min(day - date '1970-01-01')::bigint FROM (
        SELECT ((timestamptz 'epoch' + (content->>'occurredAt')::float8 * interval '1 microsecond')
            AT TIME ZONE 'Asia/Shanghai')::date AS day
        FROM register_entry WHERE kind = 'accidents' AND known_to IS NULL) AS accident
    GROUP BY extract(year FROM day);
    PERFORM set_config('tongxing.reach', reach, true);
END $$;
REVOKE EXECUTE ON FUNCTION accident_first_days() FROM PUBLIC;

-- From when to when anything was driven, which decides whether a year is measured or was reported, is the city's as well: a
-- district whose trucks came later is compared as the city compares it. Days since 1970.
CREATE FUNCTION safety_extent(OUT first_day bigint, OUT last_day bigint) LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path = public, pg_temp AS $$
    SELECT (min(day) - date '1970-01-01')::bigint, (max(day) - date '1970-01-01')::bigint FROM safety_day
    WHERE first_place_at IS NOT NULL AND web_reach() IN ('', 'all', 'district')
$$;
REVOKE EXECUTE ON FUNCTION safety_extent() FROM PUBLIC;

ALTER FUNCTION grant_web_rights() RENAME TO grant_safety_rights;
CREATE FUNCTION grant_web_rights() RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
    IF NOT grant_safety_rights() THEN RETURN false; END IF;
    GRANT EXECUTE ON FUNCTION accident_first_days(), safety_extent() TO tongxing_web;
    RETURN true;
END $$;
