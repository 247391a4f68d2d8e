-- Alerts of suspected plants belong to no vehicle: whoever may see the suspect may see its alert, and nobody else.
CREATE INDEX ON alert (alert_id) WHERE rule = 'suspected-plant' AND status = 'open';

DROP POLICY web ON alert;
CREATE POLICY web ON alert FOR SELECT USING (
    CASE (SELECT web_reach())
        WHEN 'all' THEN true
        WHEN 'district' THEN
            EXISTS (SELECT FROM web.truck o WHERE o.terminal_id = alert.terminal_id AND o.valid @> opened_at)
            OR EXISTS (SELECT FROM delivery d WHERE d.delivery_id = alert.delivery_id)
            OR rule = 'suspected-plant' AND EXISTS (
                SELECT FROM suspected_plant s WHERE s.suspected_plant_id = substr(alert_id, 19))
        WHEN 'company' THEN
            EXISTS (SELECT FROM web.truck o WHERE o.terminal_id = alert.terminal_id AND o.valid @> opened_at)
        ELSE false END);
CREATE POLICY suspects ON alert AS RESTRICTIVE FOR SELECT USING (
    rule <> 'suspected-plant' OR (SELECT web_is_absent()) OR (SELECT web_suspects()));

-- Whether a departure from the usual ways was told while it happened.
CREATE INDEX ON alert (terminal_id, opened_at) WHERE rule = 'off-corridor';
