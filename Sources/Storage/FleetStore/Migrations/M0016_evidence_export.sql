-- Every evidence package that left the house: who took it, when, by which way and what for, and by which manifest it is
-- known again. A row is written before the package is handed out, and never changed.
CREATE TABLE evidence_export (
    export_id       bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    exported_at     timestamptz NOT NULL DEFAULT clock_timestamp(),
    exported_by     text NOT NULL,
    interface       text NOT NULL,
    purpose         text NOT NULL CHECK (purpose <> ''),
    delivery_id     text NOT NULL,
    terminal        text NOT NULL,
    plate           text,
    -- Event time that it covers.
    covers          tstzrange NOT NULL,
    files           integer NOT NULL,
    bytes           bigint NOT NULL,
    manifest_sha256 bytea NOT NULL CHECK (octet_length(manifest_sha256) = 32),
    public_key      bytea NOT NULL CHECK (octet_length(public_key) = 32)
);
CREATE INDEX ON evidence_export (delivery_id);

CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER evidence_export_is_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON evidence_export
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
