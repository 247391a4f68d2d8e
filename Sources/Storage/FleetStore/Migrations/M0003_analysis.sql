-- What analysis derives from the log. All of it can be derived again (decisions D2, D5).

-- The last batch of each lane that has been taken in, moved in the transaction that holds the results.
CREATE TABLE analysis_cursor (
    lane_id integer PRIMARY KEY REFERENCES lane,
    number  bigint NOT NULL
);

-- The world (registers and parameters) by which everything stored was judged.
CREATE TABLE analysis_state (
    only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
    world    text NOT NULL DEFAULT ''
);
INSERT INTO analysis_state DEFAULT VALUES;

-- A vehicle's fold at one event time: where a late report, or a restart, goes on from.
CREATE TABLE fold_checkpoint (
    terminal_id integer NOT NULL REFERENCES terminal,
    taken_up_to timestamptz NOT NULL,
    world       text NOT NULL,
    state       bytea NOT NULL,
    PRIMARY KEY (terminal_id, taken_up_to)
);

CREATE SEQUENCE delivery_revision;
CREATE TABLE delivery (
    delivery_id  text PRIMARY KEY,
    terminal_id  integer NOT NULL REFERENCES terminal,
    plate        text,
    unload_start timestamptz NOT NULL,
    unload_end   timestamptz NOT NULL,
    is_final     boolean NOT NULL,
    settled_at   timestamptz NOT NULL,
    verdict      text NOT NULL,
    score        double precision NOT NULL,
    -- The whole judged delivery: ends, times, distance, coverage, confidence, judgements.
    content      jsonb NOT NULL,
    world        text NOT NULL,
    revision     bigint NOT NULL DEFAULT nextval('delivery_revision'),
    derived_at   timestamptz NOT NULL DEFAULT clock_timestamp(),
    CHECK (unload_end >= unload_start),
    CHECK (verdict IN ('clear', 'suspicious', 'insufficient_data'))
);
CREATE INDEX ON delivery (unload_start, delivery_id);
CREATE INDEX ON delivery (terminal_id, unload_start);
CREATE INDEX ON delivery (revision);

-- Ids that are derived no more, so that readers who follow revisions learn of it.
CREATE TABLE delivery_withdrawn (
    delivery_id text PRIMARY KEY,
    revision    bigint NOT NULL DEFAULT nextval('delivery_revision')
);
CREATE INDEX ON delivery_withdrawn (revision);

-- Final rows that a later derivation changed or withdrew: nothing derived is overwritten in silence.
CREATE TABLE delivery_superseded (
    superseded_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    delivery_id   text NOT NULL,
    superseded_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    reason        text NOT NULL,
    content       jsonb NOT NULL,
    world         text NOT NULL
);
CREATE INDEX ON delivery_superseded (delivery_id);

-- Who looked at one vehicle's trail, and why (decision D10).
CREATE TABLE trail_access (
    access_id   bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    accessed_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    accessed_by text NOT NULL,
    subject     text NOT NULL,
    purpose     text NOT NULL,
    interface   text NOT NULL
);

-- Terminals on which analysis trapped. After a trap each vehicle is taken alone, noted while it is taken; the next start
-- after a trap counts the noted one. Two counts set it aside, and the rest goes on (decision D8).
CREATE TABLE analysis_guard (
    terminal_id integer PRIMARY KEY REFERENCES terminal,
    is_taken    boolean NOT NULL,
    traps       integer NOT NULL DEFAULT 0,
    since       timestamptz NOT NULL DEFAULT clock_timestamp()
);
