-- What each truck does with its load now, as analysis last saw it; for the live map.
CREATE TABLE truck_load (
    terminal_id integer PRIMARY KEY REFERENCES terminal,
    state       text NOT NULL CHECK (state IN ('empty', 'loading', 'loaded', 'pouring')),
    since       timestamptz NOT NULL
) WITH (fillfactor = 70);

-- Where a load was taken on outside every register is the authority's to know: of companies and sites none is told.
ALTER TABLE truck_load ENABLE ROW LEVEL SECURITY;
ALTER TABLE truck_load FORCE ROW LEVEL SECURITY;
CREATE POLICY service ON truck_load USING ((SELECT web_is_absent()));
CREATE POLICY web ON truck_load FOR SELECT USING (
    CASE (SELECT web_reach())
        WHEN 'all' THEN true
        WHEN 'district' THEN EXISTS (SELECT FROM latest_position l WHERE l.terminal_id = truck_load.terminal_id)
        ELSE false END);

ALTER FUNCTION grant_web_rights() RENAME TO grant_register_rights;
CREATE FUNCTION grant_web_rights() RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
    IF NOT grant_register_rights() THEN RETURN false; END IF;
    GRANT SELECT ON truck_load TO tongxing_web;
    RETURN true;
END $$;
