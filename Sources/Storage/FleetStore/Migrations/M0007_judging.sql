-- What judging one delivery asks of the others, as columns; the rest stays in `content` (times there: microseconds).
ALTER TABLE delivery
    ADD COLUMN load_id             text,
    -- When the truck left the loading place; where no load was seen, when it began to unload.
    ADD COLUMN carried_at          timestamptz,
    ADD COLUMN origin_plant        text,
    ADD COLUMN destination_id      text,
    ADD COLUMN destination_point   geometry(Point, 4326),
    -- Of the delivery note, or, estimated, of the drum; null where neither is known.
    ADD COLUMN volume_m3           double precision,
    ADD COLUMN is_volume_estimated boolean NOT NULL DEFAULT false,
    -- As of when it was judged with all that is stored; null: only by itself as yet.
    ADD COLUMN judged_as_of        timestamptz;
UPDATE delivery SET
    load_id = content #>> '{delivery,loadID}',
    carried_at = coalesce(to_timestamp((content #>> '{delivery,loadEnd}')::numeric / 1000000), unload_start),
    origin_plant = CASE WHEN content #>> '{delivery,origin,kind}' = 'plant' THEN content #>> '{delivery,origin,id}' END,
    destination_id = content #>> '{delivery,destination,id}';
ALTER TABLE delivery ALTER COLUMN load_id SET NOT NULL, ALTER COLUMN carried_at SET NOT NULL;
CREATE INDEX ON delivery (origin_plant, carried_at);
CREATE INDEX ON delivery (destination_id, unload_end);
CREATE INDEX ON delivery (load_id);
CREATE INDEX ON delivery (plate, unload_start);
CREATE INDEX ON delivery USING gist (destination_point) WHERE destination_id IS NULL;

-- Final deliveries that are to be judged with all that is stored, and from when on.
CREATE TABLE delivery_due (
    delivery_id text PRIMARY KEY REFERENCES delivery ON DELETE CASCADE,
    due_at      timestamptz NOT NULL,
    reason      text NOT NULL
);
CREATE INDEX ON delivery_due (due_at);
INSERT INTO delivery_due
    SELECT delivery_id, clock_timestamp(), 'new version of the program' FROM delivery
    WHERE is_final;

-- Notes that came in or changed, until analysis has made the deliveries that they may belong to due.
CREATE TABLE note_change (
    change_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    plant     text NOT NULL,
    plate     text NOT NULL,
    issued_at timestamptz NOT NULL
);

-- Delivery notes are asked for by plant, by truck and by time.
CREATE INDEX ON register_entry (((content ->> 'issuedAt')::bigint)) WHERE kind = 'tickets' AND known_to IS NULL;

-- Every halt of every terminal: what suspected plants are found from.
CREATE TABLE stay (
    terminal_id       integer NOT NULL REFERENCES terminal,
    started_at        timestamptz NOT NULL,
    ended_at          timestamptz NOT NULL,
    latitude          integer NOT NULL,
    longitude         integer NOT NULL,
    drum_seconds      integer NOT NULL,
    discharge_seconds integer NOT NULL,
    loading_seconds   integer NOT NULL,
    load_change       integer,
    PRIMARY KEY (terminal_id, started_at)
);
CREATE INDEX ON stay (ended_at);

-- Places where trucks are loaded and no register knows a plant, with what people decided about them.
CREATE TABLE suspected_plant (
    suspected_plant_id text PRIMARY KEY,
    content            jsonb NOT NULL,
    updated_at         timestamptz NOT NULL DEFAULT clock_timestamp()
);

-- A new count for every change of the halts, and the one at which suspected plants were looked for last.
ALTER TABLE analysis_state
    ADD COLUMN stay_revision     bigint NOT NULL DEFAULT 0,
    ADD COLUMN searched_revision bigint NOT NULL DEFAULT 0,
    ADD COLUMN searched_at       timestamptz;
