-- A load that nothing but halts shows accuses nobody, and so it does not count against its plant's capacity either.
ALTER TABLE delivery ADD COLUMN is_load_inferred boolean NOT NULL DEFAULT false;
DROP TRIGGER plant_month_changed ON delivery;
CREATE TRIGGER plant_month_changed
    AFTER UPDATE OF origin_plant, carried_at, load_id, unload_start, volume_m3, is_volume_estimated, is_load_inferred
    ON delivery FOR EACH ROW
    WHEN ((OLD.origin_plant, OLD.carried_at, OLD.load_id, OLD.unload_start, OLD.volume_m3, OLD.is_volume_estimated,
            OLD.is_load_inferred)
        IS DISTINCT FROM (NEW.origin_plant, NEW.carried_at, NEW.load_id, NEW.unload_start, NEW.volume_m3,
            NEW.is_volume_estimated, NEW.is_load_inferred))
    EXECUTE FUNCTION note_plant_month_change();
