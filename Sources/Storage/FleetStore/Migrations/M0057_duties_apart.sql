-- The three duties (administrator, security administrator, auditor) stay apart in time too: an account that has held
-- one of them keeps the mark of it, so that it can be given no other of them later. The mark follows the duty by itself.
ALTER TABLE account ADD COLUMN one_of_three text
    CHECK (one_of_three IN ('administrator', 'security_administrator', 'auditor'));
UPDATE account SET one_of_three = role WHERE role IN ('administrator', 'security_administrator', 'auditor');

CREATE FUNCTION account_mark_three() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.role IN ('administrator', 'security_administrator', 'auditor') THEN NEW.one_of_three := NEW.role; END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER account_mark_three BEFORE INSERT OR UPDATE OF role ON account
    FOR EACH ROW EXECUTE FUNCTION account_mark_three();

-- Everybody reads what was done to his own password; the rest of the log is the auditor's.
CREATE POLICY web_reads_own_passwords ON audit_log FOR SELECT USING (
    subject = current_setting('tongxing.actor', true) AND subject <> ''
    AND action IN ('account.add', 'account.password', 'password.change'));

-- What an account can be confined to: the districts, companies and sites that the registers name now. Of those whom the
-- registers' own policies let see nothing it shows names alone; as alert_act, it runs as the service.
CREATE FUNCTION account_places(wanted text) RETURNS TABLE (id text, name text) LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = public, pg_temp AS $$
DECLARE
    reach text := coalesce(current_setting('tongxing.reach', true), '');
BEGIN
    PERFORM set_config('tongxing.reach', '', true);
    RETURN QUERY
        SELECT f.place, coalesce(max(f.title), '') FROM (
            SELECT e.id AS place, e.content->>'name' AS title FROM register_entry e
            WHERE e.known_to IS NULL AND e.kind = CASE wanted WHEN 'district' THEN 'districts' WHEN 'site' THEN 'sites'
                WHEN 'company' THEN 'companies' END
            UNION ALL
            SELECT e.company, NULL FROM register_entry e
            WHERE e.known_to IS NULL AND e.kind = 'vehicles' AND wanted = 'company'
            UNION ALL
            SELECT e.district, NULL FROM register_entry e
            WHERE e.known_to IS NULL AND e.kind IN ('plants', 'sites', 'companies') AND wanted = 'district'
                AND NOT EXISTS (
                    SELECT FROM register_entry d
                    WHERE d.kind = 'districts' AND d.known_to IS NULL
                        AND (d.id = e.district OR d.content->>'name' = e.district))
        ) f WHERE f.place ~ '\S' GROUP BY f.place ORDER BY f.place;
    PERFORM set_config('tongxing.reach', reach, true);
END $$;
REVOKE EXECUTE ON FUNCTION account_places(text) FROM PUBLIC;

ALTER FUNCTION grant_web_rights() RENAME TO grant_rights_before_places;
CREATE FUNCTION grant_web_rights() RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
    IF NOT grant_rights_before_places() THEN RETURN false; END IF;
    GRANT EXECUTE ON FUNCTION account_places(text) TO tongxing_gate;
    RETURN true;
END $$;
