-- What the safety figures need of each terminal and day in China, derived from the log: a day is derived again as a whole
-- whenever reports for it were stored, so that it is exact under re-runs.

-- The last batch of each lane whose days have been marked.
CREATE TABLE safety_cursor (
    lane_id integer PRIMARY KEY REFERENCES lane,
    number  bigint NOT NULL
);

-- By which version of the derivation the days stand.
CREATE TABLE safety_state (
    only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
    version  integer NOT NULL DEFAULT 0
);
INSERT INTO safety_state DEFAULT VALUES;

-- Days to derive again, and since when.
CREATE TABLE safety_dirty (
    terminal_id integer NOT NULL REFERENCES terminal,
    day         date NOT NULL,
    marked_at   timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (terminal_id, day)
);
CREATE INDEX ON safety_dirty (marked_at);

-- Lengths in millimetres, times in microseconds, else counts. The first nine after first_place_at are the exposure, then
-- moving time and right turns by the camera's condition, then data quality.
CREATE TABLE safety_day (
    terminal_id        integer NOT NULL REFERENCES terminal,
    day                date NOT NULL,
    first_place_at     timestamptz,
    last_place_at      timestamptz,
    days               bigint NOT NULL,
    seen               bigint NOT NULL,
    bridged            bigint NOT NULL,
    odometer           bigint NOT NULL,
    compared           bigint NOT NULL,
    driven             bigint NOT NULL,
    unseen             bigint NOT NULL,
    moving             bigint NOT NULL,
    turn_seen          bigint NOT NULL,
    right_turns        bigint NOT NULL,
    moving_ok          bigint NOT NULL,
    moving_lost        bigint NOT NULL,
    moving_occluded    bigint NOT NULL,
    moving_fault       bigint NOT NULL,
    moving_unknown     bigint NOT NULL,
    turns_ok           bigint NOT NULL,
    turns_lost         bigint NOT NULL,
    turns_occluded     bigint NOT NULL,
    turns_fault        bigint NOT NULL,
    turns_unknown      bigint NOT NULL,
    camera_turn_seen   bigint NOT NULL,
    camera_days_heard  bigint NOT NULL,
    camera_days_moving bigint NOT NULL,
    records            bigint NOT NULL,
    qualified          bigint NOT NULL,
    track              bigint NOT NULL,
    track_complete     bigint NOT NULL,
    jumps              bigint NOT NULL,
    jump_days          bigint NOT NULL,
    PRIMARY KEY (terminal_id, day)
);
CREATE INDEX ON safety_day (day);

-- The right turns of those days, with the camera's worst condition around each. Degrees in 1e-7, speed in 0.1 km/h.
CREATE TABLE safety_turn (
    terminal_id integer NOT NULL,
    turned_at   timestamptz NOT NULL,
    day         date NOT NULL,
    latitude    integer NOT NULL,
    longitude   integer NOT NULL,
    angle       smallint NOT NULL,
    speed       smallint,
    camera      text NOT NULL CHECK (camera IN ('ok', 'lost', 'occluded', 'fault', 'unknown')),
    PRIMARY KEY (terminal_id, turned_at),
    FOREIGN KEY (terminal_id, day) REFERENCES safety_day ON DELETE CASCADE
);
CREATE INDEX ON safety_turn (day);

-- Camera reports are in no batch's manifest; by this the new ones of a stretch of batches are found.
CREATE INDEX ON camera_report USING brin (batch_id int8_minmax_multi_ops) WITH (pages_per_range = 8);
