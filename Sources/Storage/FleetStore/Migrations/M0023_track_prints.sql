-- Prints of tracks by which a replayed one is recognised on another day: hashes over a few positions in a row. They are
-- kept for some weeks only, counted from when they were noted: a recording's reports are years old.
CREATE TABLE track_print (
    terminal_id integer NOT NULL REFERENCES terminal,
    print       bigint NOT NULL,
    recorded_at timestamptz NOT NULL,
    noted_at    timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (terminal_id, print, recorded_at)
);
CREATE INDEX ON track_print USING brin (noted_at) WITH (pages_per_range = 32);

-- The safety days ask which camera reports came with a batch, each second: batches are written in the order of their
-- numbers.
CREATE INDEX ON camera_report USING brin (batch_id) WITH (pages_per_range = 32);
