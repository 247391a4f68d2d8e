-- Somebody waits for what is made from all vehicles together (suspected plants, usual roads) to be made now.
CREATE TABLE second_pass_request (
    request_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY
);

-- Which vehicles halted at a place, and which hits a change of a register may have to take back.
CREATE INDEX ON stay (latitude, longitude);
CREATE INDEX ON delivery (carried_at) WHERE score > 0;

-- Delivery notes that are to be judged by themselves, and from when on.
CREATE TABLE note_due (
    note_id   text PRIMARY KEY,
    due_at    timestamptz NOT NULL
);
CREATE INDEX ON note_due (due_at);
CREATE INDEX ON register_entry ((content ->> 'plate')) WHERE kind = 'tickets' AND known_to IS NULL;
CREATE INDEX ON register_entry ((content ->> 'plantID'), (content ->> 'ticketID'))
    WHERE kind = 'tickets' AND known_to IS NULL;
INSERT INTO note_due
    SELECT id, clock_timestamp() FROM register_entry WHERE kind = 'tickets' AND known_to IS NULL;

-- A note may be for a truck without a terminal.
ALTER TABLE alert ALTER COLUMN terminal_id DROP NOT NULL;
