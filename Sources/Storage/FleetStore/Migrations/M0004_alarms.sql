-- Alarms that terminals raise by themselves, kept and de-duplicated like camera reports.

-- One accepted alarm. item: the JT/T 808 item that says it, 0 the alarm word. level: the terminal's own, 0 is none.
-- edge: 0 not said, 1 begins, 2 ends.
CREATE TABLE alarm_report (
    recorded_at   timestamptz NOT NULL,
    received_at   timestamptz NOT NULL,
    batch_id      bigint NOT NULL,
    terminal_id   integer NOT NULL,
    message_index integer NOT NULL,
    item          smallint NOT NULL,
    level         smallint NOT NULL,
    edge          smallint NOT NULL,
    kind          text NOT NULL,
    PRIMARY KEY (terminal_id, recorded_at, kind, item, edge, level)
) PARTITION BY RANGE (recorded_at);

-- Counts the changes of the register of terminals, by which ingestion reads devices.
ALTER TABLE register_state ADD COLUMN terminals_revision bigint NOT NULL DEFAULT 0;

ALTER TABLE lane ADD COLUMN alarms bigint NOT NULL DEFAULT 0;
ALTER TABLE batch ADD COLUMN alarms integer NOT NULL DEFAULT 0;

-- Makes the partitions of the three tables that take this moment: a day near the present, a month or a year far from it, so
-- that one terminal with a broken clock does not make a thousand. Where a smaller partition stands already, the larger
-- cannot be made and the next smaller unit is tried.
CREATE OR REPLACE FUNCTION make_partitions(moment timestamptz) RETURNS void LANGUAGE plpgsql AS $$
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
    FOREACH parent IN ARRAY ARRAY['position', 'camera_report', 'alarm_report'] LOOP
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
