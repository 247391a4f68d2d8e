-- The safety figures of an account that is for one district are those of its district: the web reads the days, turns
-- and refusals of its own trucks, and the holds of its own accidents, through views as it reads the log (M0015).

CREATE VIEW web.safety_day WITH (security_barrier) AS
SELECT d.* FROM public.safety_day d WHERE (SELECT web_reach()) = 'all'
UNION ALL
SELECT d.* FROM public.safety_day d
WHERE EXISTS (
    SELECT FROM web.truck o
    WHERE o.terminal_id = d.terminal_id AND o.valid @> (d.day + time '12:00') AT TIME ZONE 'Asia/Shanghai');

CREATE VIEW web.safety_turn WITH (security_barrier) AS
SELECT t.* FROM public.safety_turn t WHERE (SELECT web_reach()) = 'all'
UNION ALL
SELECT t.* FROM public.safety_turn t
WHERE EXISTS (SELECT FROM web.truck o WHERE o.terminal_id = t.terminal_id AND o.valid @> t.turned_at);

-- What no register knows is the city's alone.
CREATE VIEW web.terminal_ledger_now WITH (security_barrier) AS
SELECT l.* FROM public.terminal_ledger_now l WHERE (SELECT web_reach()) = 'all'
UNION ALL
SELECT l.* FROM public.terminal_ledger_now l
WHERE EXISTS (
    SELECT FROM web.truck o
    WHERE o.terminal_id = l.terminal_id AND o.valid @> (l.day + time '12:00') AT TIME ZONE 'Asia/Shanghai');

-- Which of the accidents' days are kept: by the accidents that one may see.
CREATE VIEW web.legal_hold WITH (security_barrier) AS
SELECT h.hold_id, h.accident, h.released_at FROM public.legal_hold h
WHERE (SELECT web_reach()) = 'all'
    OR (SELECT web_reach()) = 'district' AND EXISTS (
        SELECT FROM public.register_entry e
        WHERE e.kind = 'accidents' AND e.known_to IS NULL AND e.id = h.accident
            AND (e.company = ANY ((SELECT web_list('companies'))::text[])
                OR e.district = ANY ((SELECT web_list('districts'))::text[])));

-- By which parameters the days stand, and how long the platform was connected: no row of a truck or a person.
CREATE VIEW web.safety_state WITH (security_barrier) AS
SELECT s.rules FROM public.safety_state s WHERE (SELECT web_reach()) IN ('all', 'district');
CREATE VIEW web.platform_day WITH (security_barrier) AS
SELECT p.day, p.up_seconds FROM public.platform_day p WHERE (SELECT web_reach()) IN ('all', 'district');
CREATE VIEW web.platform_state WITH (security_barrier) AS
SELECT p.since, p.seen_at FROM public.platform_state p WHERE (SELECT web_reach()) IN ('all', 'district');

ALTER FUNCTION grant_web_rights() RENAME TO grant_load_rights;
CREATE FUNCTION grant_web_rights() RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
    IF NOT grant_load_rights() THEN RETURN false; END IF;
    GRANT SELECT ON web.safety_day, web.safety_turn, web.terminal_ledger_now, web.legal_hold, web.safety_state,
        web.platform_day, web.platform_state TO tongxing_web;
    RETURN true;
END $$;
