-- For how much of each day in China the platform was connected: ingestion subscribed at the broker, analysis running.

CREATE TABLE platform_day (
    day        date PRIMARY KEY,
    up_seconds double precision NOT NULL CHECK (up_seconds >= 0)
);

-- When it was looked at first and last.
CREATE TABLE platform_state (
    only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
    since    timestamptz NOT NULL,
    seen_at  timestamptz NOT NULL
);
