-- The audit log: who did or saw what, and why. Rows are added only, and each carries the hash of the one before it.

CREATE TABLE audit_log (
    entry_id      bigint PRIMARY KEY,
    occurred_at   timestamptz NOT NULL,
    -- An account, or a user of the operating system; with the duty at that time, empty where there is none.
    actor         text NOT NULL,
    role          text NOT NULL DEFAULT '',
    -- http, or command line.
    interface     text NOT NULL,
    address       text NOT NULL DEFAULT '',
    action        text NOT NULL,
    subject       text NOT NULL DEFAULT '',
    purpose       text NOT NULL DEFAULT '',
    -- done, or refused.
    outcome       text NOT NULL DEFAULT 'done',
    previous_hash bytea NOT NULL CHECK (octet_length(previous_hash) = 32),
    hash          bytea NOT NULL CHECK (octet_length(hash) = 32)
);
CREATE INDEX ON audit_log (actor, entry_id);
CREATE INDEX ON audit_log (action, entry_id);
CREATE INDEX ON audit_log (subject, entry_id);

-- The last link. Its row lock puts the entries in one line, so numbers have no holes.
CREATE TABLE audit_head (
    only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
    entry_id bigint NOT NULL DEFAULT 0,
    hash     bytea NOT NULL DEFAULT decode(repeat('00', 32), 'hex')
);
INSERT INTO audit_head DEFAULT VALUES;

-- SHA-256 over the previous hash and the fields, each led by its length in four bytes.
CREATE FUNCTION audit_hash(previous bytea, VARIADIC fields text[]) RETURNS bytea LANGUAGE sql STABLE AS $$
    SELECT sha256(previous || string_agg(
        int4send(octet_length(convert_to(field, 'UTF8'))) || convert_to(field, 'UTF8'), ''::bytea ORDER BY place))
    FROM unnest(fields) WITH ORDINALITY AS f (field, place)
$$;

-- Number, time and hashes are the database's own: whoever may add an entry can forge none of them.
CREATE FUNCTION audit_chain() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    UPDATE audit_head SET entry_id = entry_id + 1 RETURNING entry_id, hash INTO NEW.entry_id, NEW.previous_hash;
    NEW.occurred_at := clock_timestamp();
    NEW.hash := audit_hash(NEW.previous_hash, NEW.entry_id::text,
        (extract(epoch FROM NEW.occurred_at) * 1000000)::bigint::text, NEW.actor, NEW.role, NEW.interface, NEW.address,
        NEW.action, NEW.subject, NEW.purpose, NEW.outcome);
    UPDATE audit_head SET hash = NEW.hash;
    RETURN NEW;
END $$;
CREATE TRIGGER audit_chain BEFORE INSERT ON audit_log FOR EACH ROW EXECUTE FUNCTION audit_chain();

CREATE FUNCTION audit_is_final() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'audit_log takes new entries only' USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER audit_is_final BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_log
    FOR EACH STATEMENT EXECUTE FUNCTION audit_is_final();

-- Looks at trails had a table of their own before.
INSERT INTO audit_log (actor, interface, action, subject, purpose)
SELECT accessed_by, interface, 'trail.read', subject, purpose || ' [' || accessed_at || ']'
FROM trail_access ORDER BY access_id;
DROP TABLE trail_access;
CREATE VIEW trail_access AS
SELECT entry_id AS access_id, occurred_at AS accessed_at, actor AS accessed_by, subject, purpose, interface
FROM audit_log WHERE action = 'trail.read';
