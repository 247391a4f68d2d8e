-- The log: what terminals said, exactly once, and the sealed originals (decisions D2, D3, D4).

CREATE EXTENSION IF NOT EXISTS postgis;
CREATE EXTENSION IF NOT EXISTS btree_gist;

CREATE TABLE terminal (
    terminal_id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name        text NOT NULL UNIQUE,
    first_seen  timestamptz NOT NULL DEFAULT clock_timestamp()
);

-- One MQTT session and its chain of batches. The counts are sums over its batches.
CREATE TABLE lane (
    lane_id        integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name           text NOT NULL UNIQUE,
    last_number    bigint NOT NULL DEFAULT 0,
    last_hash      bytea NOT NULL DEFAULT decode(repeat('00', 32), 'hex'),
    stored         bigint NOT NULL DEFAULT 0,
    duplicate      bigint NOT NULL DEFAULT 0,
    quarantined    bigint NOT NULL DEFAULT 0,
    ignored        bigint NOT NULL DEFAULT 0,
    positions      bigint NOT NULL DEFAULT 0,
    camera_reports bigint NOT NULL DEFAULT 0,
    CHECK (octet_length(last_hash) = 32)
) WITH (fillfactor = 50);

-- One transaction of ingestion. batch_id = lane_id * 2^40 + number.
CREATE TABLE batch (
    batch_id          bigint PRIMARY KEY,
    lane_id           integer NOT NULL REFERENCES lane,
    number            bigint NOT NULL,
    stored_at         timestamptz NOT NULL DEFAULT clock_timestamp(),
    first_received_at timestamptz NOT NULL,
    last_received_at  timestamptz NOT NULL,
    message_count     integer NOT NULL,
    raw_bytes         integer NOT NULL,
    sealed            bytea NOT NULL,
    hash              bytea NOT NULL CHECK (octet_length(hash) = 32),
    stored            integer NOT NULL,
    duplicate         integer NOT NULL,
    quarantined       integer NOT NULL,
    ignored           integer NOT NULL,
    positions         integer NOT NULL,
    camera_reports    integer NOT NULL,
    -- The manifest: which terminals got new positions, and from when on. Analysis reads those stretches.
    terminal_ids      integer[] NOT NULL,
    earliest          timestamptz[] NOT NULL,
    UNIQUE (lane_id, number),
    CHECK (batch_id = lane_id::bigint * 1099511627776 + number),
    CHECK (message_count = stored + duplicate + quarantined + ignored)
);
-- Already compressed: neither compress again nor fetch in pieces.
ALTER TABLE batch ALTER COLUMN sealed SET STORAGE EXTERNAL;

-- One accepted position. Degrees in 1e-7, speed 0.1 km/h, course 0.1 degree, altitude 0.1 m, odometer 10 m, load kg,
-- drum 0.1 rpm, hdop 0.1. flags: 1 has a fix, 2 ignition known, 4 ignition on. NULL is unknown.
CREATE TABLE position (
    recorded_at   timestamptz NOT NULL,
    received_at   timestamptz NOT NULL,
    batch_id      bigint NOT NULL,
    terminal_id   integer NOT NULL,
    latitude      integer NOT NULL CHECK (latitude BETWEEN -900000000 AND 900000000),
    longitude     integer NOT NULL CHECK (longitude BETWEEN -1800000000 AND 1800000000),
    message_index integer NOT NULL,
    flags         smallint NOT NULL,
    speed         smallint,
    course        smallint,
    satellites    smallint,
    hdop          smallint,
    drum          smallint,
    altitude      integer,
    odometer      integer,
    load          integer,
    sequence      bigint,
    PRIMARY KEY (terminal_id, recorded_at)
) PARTITION BY RANGE (recorded_at);
CREATE INDEX ON position USING brin (recorded_at) WITH (pages_per_range = 32);

-- One accepted camera report. cameras: "name=state" sorted by name, separated by ";".
CREATE TABLE camera_report (
    recorded_at   timestamptz NOT NULL,
    received_at   timestamptz NOT NULL,
    batch_id      bigint NOT NULL,
    terminal_id   integer NOT NULL,
    message_index integer NOT NULL,
    cameras       text NOT NULL,
    PRIMARY KEY (terminal_id, recorded_at, cameras)
) PARTITION BY RANGE (recorded_at);

-- Makes the partitions of both tables that take this moment: a day near the present, a month or a year far from it, so
-- that one terminal with a broken clock does not make a thousand. Where a smaller partition stands already, the larger
-- cannot be made and the next smaller unit is tried.
CREATE FUNCTION make_partitions(moment timestamptz) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    parent text;
    unit text;
    units text[];
    lower_bound timestamptz;
    age interval := clock_timestamp() - moment;
BEGIN
    PERFORM pg_advisory_xact_lock(7301, 1);
    units := CASE
        WHEN age > interval '400 days' OR age < interval '-400 days' THEN ARRAY['year', 'month', 'day']
        WHEN age > interval '45 days' OR age < interval '-8 days' THEN ARRAY['month', 'day']
        ELSE ARRAY['day'] END;
    FOREACH parent IN ARRAY ARRAY['position', 'camera_report'] LOOP
        FOREACH unit IN ARRAY units LOOP
            lower_bound := date_trunc(unit, moment, 'UTC');
            BEGIN
                EXECUTE format(
                    'CREATE TABLE IF NOT EXISTS %I PARTITION OF %I FOR VALUES FROM (%L) TO (%L)',
                    parent || '_' || to_char(lower_bound AT TIME ZONE 'UTC',
                        CASE unit WHEN 'day' THEN 'YYYY_MM_DD' WHEN 'month' THEN 'YYYY_MM' ELSE 'YYYY' END),
                    parent, lower_bound, (lower_bound AT TIME ZONE 'UTC' + ('1 ' || unit)::interval) AT TIME ZONE 'UTC');
                EXIT;
            EXCEPTION WHEN invalid_object_definition THEN
                -- It would overlap a partition that is there. If that one takes the moment, all is well.
                CONTINUE;
            END;
        END LOOP;
    END LOOP;
END $$;

CREATE TABLE quarantine (
    quarantine_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    batch_id      bigint NOT NULL,
    message_index integer NOT NULL,
    report_index  integer,
    terminal      text,
    topic         text NOT NULL,
    received_at   timestamptz NOT NULL,
    reason        text NOT NULL,
    detail        text NOT NULL,
    raw           bytea NOT NULL
);
CREATE INDEX ON quarantine (reason, quarantine_id);

-- The newest position of each vehicle, written about once a second. revision grows with every change.
CREATE SEQUENCE latest_revision;
CREATE TABLE latest_position (
    terminal_id integer PRIMARY KEY REFERENCES terminal,
    revision    bigint NOT NULL,
    recorded_at timestamptz NOT NULL,
    received_at timestamptz NOT NULL,
    latitude    integer NOT NULL,
    longitude   integer NOT NULL,
    flags       smallint NOT NULL,
    speed       smallint,
    course      smallint,
    drum        smallint
) WITH (fillfactor = 50);
CREATE INDEX ON latest_position (revision);

-- What each part of the service says of itself about once a second.
CREATE TABLE part (
    part     text PRIMARY KEY,
    run_id   text NOT NULL,
    is_ready boolean NOT NULL,
    message  text NOT NULL,
    beat_at  timestamptz NOT NULL DEFAULT clock_timestamp(),
    -- Messages read and not yet committed, and when the last one came (ingestion).
    uncommitted      integer NOT NULL DEFAULT 0,
    last_received_at timestamptz,
    -- The process's own metrics as Prometheus text.
    metrics  text NOT NULL DEFAULT ''
) WITH (fillfactor = 50);
