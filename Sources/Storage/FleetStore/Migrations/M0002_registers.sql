-- The registers with their two times (decision D6): valid from/to is the law's time, known from/to is ours.

CREATE TABLE register_import (
    import_id   bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    kind        text NOT NULL,
    source      text NOT NULL,
    imported_by text NOT NULL,
    imported_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    added       integer NOT NULL DEFAULT 0,
    changed     integer NOT NULL DEFAULT 0,
    unchanged   integer NOT NULL DEFAULT 0
);

-- One row of any register. content is the row itself; fence is the same outline for spatial questions.
CREATE TABLE register_entry (
    entry_id   bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    kind       text NOT NULL,
    id         text NOT NULL,
    valid      tstzrange NOT NULL,
    content    jsonb NOT NULL,
    fence      geometry(Geometry, 4326),
    known_from timestamptz NOT NULL DEFAULT clock_timestamp(),
    known_to   timestamptz,
    import_id  bigint NOT NULL REFERENCES register_import,
    CHECK (known_to IS NULL OR known_to >= known_from),
    CHECK (fence IS NULL OR ST_IsValid(fence)),
    -- What is known now never says two things of one id at one time.
    EXCLUDE USING gist (kind WITH =, id WITH =, valid WITH &&) WHERE (known_to IS NULL)
);
CREATE INDEX ON register_entry (kind, id) WHERE known_to IS NULL;
CREATE INDEX ON register_entry USING gist (fence) WHERE known_to IS NULL;

-- revision counts the changes of the registers that judgements rest on: plants, sites, places, vehicles.
CREATE TABLE register_state (
    only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
    revision bigint NOT NULL DEFAULT 0
);
INSERT INTO register_state DEFAULT VALUES;
