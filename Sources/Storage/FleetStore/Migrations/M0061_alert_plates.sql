-- Alerts of a stream of reports are about the vehicle that carried the terminal when they opened. Which one that was is
-- the register's to say, and is said anew when the register is corrected: up to which of its revisions that was done.
-- Those from before may have the plate of the next vehicle that got the terminal, so all are looked at once.
CREATE TABLE alert_plates (
    only_row          boolean PRIMARY KEY DEFAULT true CHECK (only_row),
    register_revision bigint NOT NULL
);
INSERT INTO alert_plates (register_revision) VALUES (-1);
