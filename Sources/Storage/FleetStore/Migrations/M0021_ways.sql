-- Where trucks usually drive: cells of some 30 m that were driven through, day by day. A cell is a road where two trucks
-- drove, or one on two days; so of each day no more is kept than the first truck, and whether another one drove there.
CREATE TABLE road_cell (
    cell        bigint NOT NULL,
    day         date NOT NULL,
    terminal_id integer NOT NULL REFERENCES terminal,
    is_shared   boolean NOT NULL DEFAULT false,
    PRIMARY KEY (cell, day)
);
CREATE INDEX ON road_cell (day);

-- Days of which roads came to be known since deliveries were judged by them.
CREATE TABLE road_change (
    day date PRIMARY KEY
);

-- The ways of loads that nothing was found against, from a plant to a site: points as latitude, longitude in turn.
CREATE TABLE corridor_trip (
    load_id    text PRIMARY KEY,
    plant      text NOT NULL,
    site       text NOT NULL,
    carried_at timestamptz NOT NULL,
    points     integer[] NOT NULL
);
CREATE INDEX ON corridor_trip (plant, site, carried_at);
