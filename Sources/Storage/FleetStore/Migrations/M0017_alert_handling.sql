-- What people do about alerts: rows are added only, and the state that follows from them is kept beside the alert.

-- The service wrote and read these alone so far; now the web reads them, each person his own.
CREATE FUNCTION web_role() RETURNS text LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT coalesce(current_setting('tongxing.role', true), '') $$;
-- Those who work on alerts and suspicions. Without a role: open mode, where nobody is asked.
CREATE FUNCTION web_has_desk() RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT web_reach() IN ('all', 'district')
        AND web_role() IN ('operator', 'enforcement_officer', 'safety_officer', '') $$;

ALTER TABLE alert ENABLE ROW LEVEL SECURITY;
ALTER TABLE alert FORCE ROW LEVEL SECURITY;
CREATE POLICY service ON alert USING ((SELECT web_is_absent()));
CREATE POLICY web ON alert FOR SELECT USING (
    CASE (SELECT web_reach())
        WHEN 'all' THEN true
        WHEN 'district' THEN
            EXISTS (SELECT FROM web.truck o WHERE o.terminal_id = alert.terminal_id AND o.valid @> opened_at)
            OR EXISTS (SELECT FROM delivery d WHERE d.delivery_id = alert.delivery_id)
        WHEN 'company' THEN
            EXISTS (SELECT FROM web.truck o WHERE o.terminal_id = alert.terminal_id AND o.valid @> opened_at)
        ELSE false END);
-- A company learns of no place under suspicion by way of an alert: it must be allowed to see the delivery itself.
CREATE POLICY candidates ON alert AS RESTRICTIVE FOR SELECT USING (
    (SELECT web_reach()) NOT IN ('company', 'site')
    OR rule <> 'suspected-plant'
        AND (delivery_id IS NULL OR EXISTS (SELECT FROM delivery d WHERE d.delivery_id = alert.delivery_id)));
-- Suspicions of deliveries are none of road safety's.
CREATE POLICY deliveries ON alert AS RESTRICTIVE FOR SELECT USING (
    (SELECT web_role()) <> 'safety_officer' OR delivery_id IS NULL);
CREATE INDEX ON alert (raised_at);

-- How far people are with an alert; no row: nobody has touched it.
CREATE SEQUENCE alert_handling_revision;
CREATE TABLE alert_handling (
    alert_id        text PRIMARY KEY REFERENCES alert,
    state           text NOT NULL CHECK (state IN ('new', 'acknowledged', 'closed')),
    assignee        text,
    acknowledged_by text,
    acknowledged_at timestamptz,
    closed_by       text,
    closed_at       timestamptz,
    reason          text,
    comments        integer NOT NULL DEFAULT 0,
    revision        bigint NOT NULL DEFAULT 0
);
CREATE INDEX ON alert_handling (revision);
ALTER TABLE alert_handling ENABLE ROW LEVEL SECURITY;
ALTER TABLE alert_handling FORCE ROW LEVEL SECURITY;
CREATE POLICY service ON alert_handling USING ((SELECT web_is_absent()));
CREATE POLICY web ON alert_handling FOR SELECT USING (
    (SELECT web_has_desk()) AND EXISTS (SELECT FROM alert a WHERE a.alert_id = alert_handling.alert_id));

CREATE TABLE alert_action (
    action_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    alert_id  text NOT NULL REFERENCES alert,
    acted_at  timestamptz NOT NULL DEFAULT clock_timestamp(),
    acted_by  text NOT NULL,
    role      text NOT NULL DEFAULT '',
    kind      text NOT NULL CHECK (kind IN ('acknowledge', 'assign', 'comment', 'close', 'reopen')),
    assignee  text CHECK ((kind = 'assign') = (assignee IS NOT NULL)),
    reason    text CHECK ((kind = 'close') = (reason IS NOT NULL)),
    note      text NOT NULL DEFAULT '',
    CHECK (kind NOT IN ('comment', 'reopen') OR note ~ '\S')
);
CREATE INDEX ON alert_action (alert_id, action_id);
ALTER TABLE alert_action ENABLE ROW LEVEL SECURITY;
ALTER TABLE alert_action FORCE ROW LEVEL SECURITY;
CREATE POLICY service ON alert_action USING ((SELECT web_is_absent()));
CREATE POLICY web ON alert_action FOR SELECT USING (
    (SELECT web_has_desk()) AND EXISTS (SELECT FROM alert a WHERE a.alert_id = alert_action.alert_id));
CREATE POLICY web_adds ON alert_action FOR INSERT WITH CHECK (
    (SELECT web_has_desk()) AND acted_by = current_setting('tongxing.actor', true) AND role = web_role()
    AND EXISTS (SELECT FROM alert a WHERE a.alert_id = alert_action.alert_id));
CREATE TRIGGER alert_action_is_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON alert_action
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- Who may be given work. Names only, for those who may not list accounts.
CREATE FUNCTION desk_names() RETURNS TABLE (name text, display_name text, role text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT name, display_name, role FROM account
    WHERE NOT is_disabled AND role IN ('operator', 'enforcement_officer', 'safety_officer') ORDER BY name
$$;
REVOKE EXECUTE ON FUNCTION desk_names() FROM PUBLIC;

-- What an action changes. It runs as the owner and for the service, because whoever acts may add actions and nothing else.
-- After the policies have let the row in, so that a refusal tells nothing of the alert. Its own lock puts the revisions
-- in the order in which they become visible.
CREATE FUNCTION alert_act() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = public, pg_temp AS $$
DECLARE
    handled alert_handling;
    reach text := coalesce(current_setting('tongxing.reach', true), '');
BEGIN
    -- As the service. A SET of the function's own would ask for rights that an owner who is no superuser lacks.
    PERFORM set_config('tongxing.reach', '', true);
    PERFORM pg_advisory_xact_lock(7301, 17);
    INSERT INTO alert_handling (alert_id, state) VALUES (NEW.alert_id, 'new') ON CONFLICT (alert_id) DO NOTHING;
    SELECT * INTO handled FROM alert_handling WHERE alert_id = NEW.alert_id;
    IF NEW.kind = 'acknowledge' AND handled.state <> 'new' OR NEW.kind = 'reopen' AND handled.state <> 'closed'
        OR NEW.kind IN ('assign', 'close') AND handled.state = 'closed'
    THEN
        RAISE EXCEPTION 'alert is %', handled.state;
    END IF;
    IF NEW.kind = 'assign' AND EXISTS (SELECT FROM desk_names())
        AND NOT EXISTS (SELECT FROM desk_names() d WHERE d.name = NEW.assignee)
    THEN
        RAISE EXCEPTION 'alert has no such assignee';
    END IF;
    -- Whoever takes it on, gives it to somebody or closes it has seen it.
    IF NEW.kind IN ('acknowledge', 'assign', 'close') AND handled.acknowledged_at IS NULL THEN
        handled.acknowledged_by := NEW.acted_by;
        handled.acknowledged_at := NEW.acted_at;
    END IF;
    UPDATE alert_handling SET
        state = CASE NEW.kind WHEN 'comment' THEN handled.state WHEN 'close' THEN 'closed' ELSE 'acknowledged' END,
        assignee = coalesce(NEW.assignee, handled.assignee),
        acknowledged_by = handled.acknowledged_by, acknowledged_at = handled.acknowledged_at,
        closed_by = CASE NEW.kind WHEN 'close' THEN NEW.acted_by WHEN 'reopen' THEN NULL ELSE handled.closed_by END,
        closed_at = CASE NEW.kind WHEN 'close' THEN NEW.acted_at WHEN 'reopen' THEN NULL ELSE handled.closed_at END,
        reason = CASE NEW.kind WHEN 'close' THEN NEW.reason WHEN 'reopen' THEN NULL ELSE handled.reason END,
        comments = handled.comments + (NEW.kind = 'comment')::integer,
        revision = nextval('alert_handling_revision')
    WHERE alert_id = NEW.alert_id;
    PERFORM pg_notify('tongxing_alert', '');
    PERFORM set_config('tongxing.reach', reach, true);
    RETURN NULL;
END $$;
CREATE TRIGGER alert_act AFTER INSERT ON alert_action FOR EACH ROW EXECUTE FUNCTION alert_act();
