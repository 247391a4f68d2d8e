-- What people should see at once: from a vehicle's stream of reports, or a delivery judged suspicious.
CREATE SEQUENCE alert_revision;
CREATE TABLE alert (
    alert_id    text PRIMARY KEY,
    rule        text NOT NULL,
    severity    smallint NOT NULL CHECK (severity BETWEEN 1 AND 4),
    terminal_id integer NOT NULL REFERENCES terminal,
    plate       text,
    opened_at   timestamptz NOT NULL,
    -- When the condition ended, or the suspicion was withdrawn; what people do with an alert is not its end.
    closed_at   timestamptz,
    latitude    double precision,
    longitude   double precision,
    delivery_id text,
    status      text NOT NULL DEFAULT 'open' CHECK (status IN ('open', 'closed')),
    -- Sentences in both languages: [{"zh": …, "en": …}].
    facts       jsonb NOT NULL,
    raised_at   timestamptz NOT NULL DEFAULT clock_timestamp(),
    revision    bigint NOT NULL DEFAULT nextval('alert_revision')
);
CREATE INDEX ON alert (opened_at, alert_id);
CREATE INDEX ON alert (delivery_id) WHERE delivery_id IS NOT NULL;
CREATE INDEX ON alert (revision);

-- A vehicle's alerts as its reports left them: where the next report goes on from.
CREATE TABLE alert_state (
    terminal_id integer PRIMARY KEY REFERENCES terminal,
    state       jsonb NOT NULL
);
