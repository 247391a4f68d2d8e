-- Vehicles that somebody asked to have derived again, by whom and why (`tongxing analyse`).
CREATE TABLE derive_request (
    request_id   bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    terminal_id  integer NOT NULL REFERENCES terminal,
    requested_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    requested_by text NOT NULL,
    reason       text NOT NULL,
    done_at      timestamptz
);
CREATE INDEX ON derive_request (terminal_id) WHERE done_at IS NULL;
