-- A partition is made and attached beside open readers. CREATE TABLE … PARTITION OF takes the parent for itself alone: it
-- waited for a backup to end, and everybody who reads or writes the log waited behind it.

-- Whether a partition takes this moment.
CREATE FUNCTION has_partition(parent regclass, moment timestamptz) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT EXISTS (
        SELECT FROM pg_inherits i
        JOIN pg_class c ON c.oid = i.inhrelid
        CROSS JOIN LATERAL regexp_match(
            pg_get_expr(c.relpartbound, c.oid), 'FROM \(''([^'']+)''\) TO \(''([^'']+)''\)') AS bound
        WHERE i.inhparent = parent AND NOT i.inhdetachpending
            AND moment >= bound[1]::timestamptz AND moment < bound[2]::timestamptz)
$$;

-- Makes the partitions of the three tables that take this moment: a day near the present, a month or a year far from it, so
-- that one terminal with a broken clock does not make a thousand. Where a smaller partition stands already, the larger
-- cannot be attached and the next smaller unit is tried.
CREATE OR REPLACE FUNCTION make_partitions(moment timestamptz) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    parent text;
    unit text;
    units text[];
    lower_bound timestamptz;
    name text;
    age interval := clock_timestamp() - moment;
BEGIN
    units := CASE
        WHEN age > interval '400 days' OR age < interval '-400 days' THEN ARRAY['year', 'month', 'day']
        WHEN age > interval '45 days' OR age < interval '-8 days' THEN ARRAY['month', 'day']
        ELSE ARRAY['day'] END;
    FOREACH parent IN ARRAY ARRAY['position', 'camera_report', 'alarm_report'] LOOP
        CONTINUE WHEN has_partition(parent::regclass, moment);
        PERFORM pg_advisory_xact_lock(7301, 1);
        -- Another lane may have made it meanwhile.
        CONTINUE WHEN has_partition(parent::regclass, moment);
        FOREACH unit IN ARRAY units LOOP
            lower_bound := date_trunc(unit, moment, 'UTC');
            name := parent || '_' || to_char(lower_bound AT TIME ZONE 'UTC',
                CASE unit WHEN 'day' THEN 'YYYY_MM_DD' WHEN 'month' THEN 'YYYY_MM' ELSE 'YYYY' END);
            BEGIN
                EXECUTE format('CREATE TABLE %I (LIKE %I INCLUDING ALL)', name, parent);
                EXECUTE format(
                    'ALTER TABLE %I ATTACH PARTITION %I FOR VALUES FROM (%L) TO (%L)', parent, name,
                    lower_bound, (lower_bound AT TIME ZONE 'UTC' + ('1 ' || unit)::interval) AT TIME ZONE 'UTC');
                EXIT;
            EXCEPTION WHEN invalid_object_definition THEN
                -- It would overlap a smaller one that is there.
                CONTINUE;
            END;
        END LOOP;
    END LOOP;
END $$;
