-- A vehicle's alerts as they stood at one of its reports: what comes late is gone through again from there.
CREATE TABLE alert_checkpoint (
    terminal_id integer NOT NULL REFERENCES terminal,
    taken_up_to timestamptz NOT NULL,
    state       jsonb NOT NULL,
    saved_at    timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (terminal_id, taken_up_to)
);

-- Those of a vehicle's stream are compared with what its reports raise.
CREATE INDEX ON alert (terminal_id, opened_at) WHERE delivery_id IS NULL;
