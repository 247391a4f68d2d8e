-- Alerts that are told to others: what waits, what was taken, what was given up. No role of the web reads it.

-- Up to where each receiver's notices were made.
CREATE TABLE notice_receiver (
    name              text PRIMARY KEY,
    alert_revision    bigint NOT NULL,
    handling_revision bigint NOT NULL,
    since             timestamptz NOT NULL DEFAULT clock_timestamp()
);

CREATE TABLE notice (
    notice_id  bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    receiver   text NOT NULL REFERENCES notice_receiver,
    alert_id   text NOT NULL,
    body       text NOT NULL,
    noted_at   timestamptz NOT NULL DEFAULT clock_timestamp(),
    state      text NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'sent', 'dead')),
    attempts   integer NOT NULL DEFAULT 0,
    due_at     timestamptz NOT NULL DEFAULT clock_timestamp(),
    last_error text NOT NULL DEFAULT '',
    ended_at   timestamptz
);
CREATE INDEX ON notice (receiver, notice_id) WHERE state = 'waiting';
CREATE INDEX ON notice (receiver, alert_id);
CREATE INDEX ON notice (ended_at) WHERE state = 'sent';
