-- Alerts of a stream of reports that rest on the registers are looked at again when these are corrected: up to which
-- import that was done. Those from before are looked at once.
CREATE TABLE alert_correction (
    only_row  boolean PRIMARY KEY DEFAULT true CHECK (only_row),
    import_id bigint NOT NULL
);
INSERT INTO alert_correction (import_id) VALUES (0);
