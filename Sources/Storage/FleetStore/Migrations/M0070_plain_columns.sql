-- Below a row-security policy the planner uses an index only for what cannot leak a row: comparisons of plain columns.
-- A function of `content`, or an operator of PostGIS, it applies after the policy, to each row there is, for every user
-- but a superuser. So what is looked for by index is a column of its own.
ALTER TABLE register_entry
    ADD COLUMN note_plant text GENERATED ALWAYS AS (CASE kind WHEN 'tickets' THEN content ->> 'plantID' END) STORED,
    ADD COLUMN note_plate text GENERATED ALWAYS AS (CASE kind WHEN 'tickets' THEN content ->> 'plate' END) STORED,
    ADD COLUMN note_number text GENERATED ALWAYS AS (CASE kind WHEN 'tickets' THEN content ->> 'ticketID' END) STORED,
    -- Microseconds since 1970.
    ADD COLUMN note_issued_at bigint
        GENERATED ALWAYS AS (CASE kind WHEN 'tickets' THEN (content ->> 'issuedAt')::bigint END) STORED;
DROP INDEX register_entry_int8_idx, register_entry_expr_idx, register_entry_expr_expr1_idx,
    register_entry_expr_int8_idx, register_entry_expr_int8_idx1;
CREATE INDEX ON register_entry (note_issued_at) WHERE kind = 'tickets' AND known_to IS NULL;
CREATE INDEX ON register_entry (note_plant, note_issued_at) WHERE kind = 'tickets' AND known_to IS NULL;
CREATE INDEX ON register_entry (note_plate, note_issued_at) WHERE kind = 'tickets' AND known_to IS NULL;
CREATE INDEX ON register_entry (note_number, note_plant) WHERE kind = 'tickets' AND known_to IS NULL;

ALTER TABLE delivery
    ADD COLUMN destination_latitude  double precision GENERATED ALWAYS AS (ST_Y(destination_point)) STORED,
    ADD COLUMN destination_longitude double precision GENERATED ALWAYS AS (ST_X(destination_point)) STORED,
    -- Degrees × 10⁷.
    ADD COLUMN origin_latitude  integer
        GENERATED ALWAYS AS ((content #>> '{delivery,origin,coordinate,latitudeE7}')::integer) STORED,
    ADD COLUMN origin_longitude integer
        GENERATED ALWAYS AS ((content #>> '{delivery,origin,coordinate,longitudeE7}')::integer) STORED;
DROP INDEX delivery_destination_point_idx, delivery_int8_carried_at_idx;
CREATE INDEX ON delivery (destination_latitude, destination_longitude, unload_end) WHERE destination_id IS NULL;
CREATE INDEX ON delivery (origin_latitude, origin_longitude, carried_at) WHERE origin_plant IS NULL;
