-- A load is judged with what its plant sent out that month before it. Where that changes, everything that the plant sent
-- out later in the month is to be judged again, however late the change comes.
CREATE TABLE plant_month_change (
    plant text NOT NULL,
    -- Its first day, in China.
    month date NOT NULL,
    -- The earliest load that came, went or counts otherwise.
    since timestamptz NOT NULL,
    PRIMARY KEY (plant, month)
);

CREATE FUNCTION note_plant_month_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO plant_month_change AS known (plant, month, since)
    SELECT plant, date_trunc('month', min(at) AT TIME ZONE 'Asia/Shanghai')::date, min(at)
    FROM (VALUES
        (CASE WHEN TG_OP <> 'INSERT' AND OLD.is_final THEN OLD.origin_plant END, OLD.carried_at),
        (CASE WHEN TG_OP <> 'DELETE' AND NEW.is_final THEN NEW.origin_plant END, NEW.carried_at)
    ) AS changed (plant, at)
    WHERE plant IS NOT NULL
    GROUP BY plant, date_trunc('month', at AT TIME ZONE 'Asia/Shanghai')
    ON CONFLICT (plant, month) DO UPDATE SET since = excluded.since WHERE excluded.since < known.since;
    RETURN NULL;
END
$$;

CREATE TRIGGER plant_month_added AFTER INSERT OR DELETE ON delivery
    FOR EACH ROW EXECUTE FUNCTION note_plant_month_change();
CREATE TRIGGER plant_month_changed
    AFTER UPDATE OF origin_plant, carried_at, load_id, unload_start, is_final, volume_m3, is_volume_estimated ON delivery
    FOR EACH ROW
    WHEN ((OLD.origin_plant, OLD.carried_at, OLD.load_id, OLD.unload_start, OLD.is_final, OLD.volume_m3,
            OLD.is_volume_estimated)
        IS DISTINCT FROM (NEW.origin_plant, NEW.carried_at, NEW.load_id, NEW.unload_start, NEW.is_final, NEW.volume_m3,
            NEW.is_volume_estimated))
    EXECUTE FUNCTION note_plant_month_change();

-- What was judged before this was known is judged once more.
INSERT INTO plant_month_change
    SELECT origin_plant, date_trunc('month', carried_at AT TIME ZONE 'Asia/Shanghai')::date, min(carried_at)
    FROM delivery WHERE is_final AND origin_plant IS NOT NULL GROUP BY 1, 2;
