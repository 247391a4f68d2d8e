-- Stretches of which nothing was seen of a truck and in which a load or a drop may lie: who may have been at a place
-- that comes, goes or moves, though no halt was seen there. Written and replaced as halts are; the web reads none.
CREATE TABLE dark_stretch (
    terminal_id    integer NOT NULL REFERENCES terminal,
    started_at     timestamptz NOT NULL,
    ended_at       timestamptz NOT NULL,
    -- Where it went dark and where it came back, in degrees × 10⁷.
    from_latitude  integer NOT NULL,
    from_longitude integer NOT NULL,
    to_latitude    integer NOT NULL,
    to_longitude   integer NOT NULL,
    -- What it can have reached meanwhile lies in this box, or across its edge.
    south          integer NOT NULL,
    north          integer NOT NULL,
    west           integer NOT NULL,
    east           integer NOT NULL,
    PRIMARY KEY (terminal_id, started_at)
);
CREATE INDEX ON dark_stretch (from_latitude, from_longitude);
CREATE INDEX ON dark_stretch (to_latitude, to_longitude);
CREATE INDEX ON dark_stretch USING gist (box(point(west, south), point(east, north)));
