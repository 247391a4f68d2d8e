-- A delivery is judged with all that is stored once it has ended, and not only when it is final. So what its plant sent out
-- that month counts from then on, and whether it is final changes nothing in that.
DROP TRIGGER plant_month_changed ON delivery;
CREATE OR REPLACE FUNCTION note_plant_month_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO plant_month_change AS known (plant, month, since)
    SELECT plant, date_trunc('month', min(at) AT TIME ZONE 'Asia/Shanghai')::date, min(at)
    FROM (VALUES
        (CASE WHEN TG_OP <> 'INSERT' THEN OLD.origin_plant END, OLD.carried_at),
        (CASE WHEN TG_OP <> 'DELETE' THEN NEW.origin_plant END, NEW.carried_at)
    ) AS changed (plant, at)
    WHERE plant IS NOT NULL
    GROUP BY plant, date_trunc('month', at AT TIME ZONE 'Asia/Shanghai')
    ON CONFLICT (plant, month) DO UPDATE SET since = excluded.since WHERE excluded.since < known.since;
    RETURN NULL;
END
$$;
CREATE TRIGGER plant_month_changed
    AFTER UPDATE OF origin_plant, carried_at, load_id, unload_start, volume_m3, is_volume_estimated ON delivery
    FOR EACH ROW
    WHEN ((OLD.origin_plant, OLD.carried_at, OLD.load_id, OLD.unload_start, OLD.volume_m3, OLD.is_volume_estimated)
        IS DISTINCT FROM (NEW.origin_plant, NEW.carried_at, NEW.load_id, NEW.unload_start, NEW.volume_m3,
            NEW.is_volume_estimated))
    EXECUTE FUNCTION note_plant_month_change();

-- The few that are not final are asked for when the registers change.
CREATE INDEX ON delivery (delivery_id) WHERE NOT is_final;

-- Those that were derived before this was so.
INSERT INTO delivery_due (delivery_id, due_at, reason)
    SELECT delivery_id, clock_timestamp(), 'new version of the program' FROM delivery WHERE NOT is_final
    ON CONFLICT (delivery_id) DO NOTHING;
INSERT INTO plant_month_change AS known (plant, month, since)
    SELECT origin_plant, date_trunc('month', carried_at AT TIME ZONE 'Asia/Shanghai')::date, min(carried_at)
    FROM delivery WHERE NOT is_final AND origin_plant IS NOT NULL GROUP BY 1, 2
    ON CONFLICT (plant, month) DO UPDATE SET since = excluded.since WHERE excluded.since < known.since;
