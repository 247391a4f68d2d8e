-- The arrays of a batch are some tens of kilobytes: lz4, where the server has it, is the faster way to compress them.
DO $$
DECLARE
    name text;
BEGIN
    IF NOT EXISTS (SELECT FROM pg_settings s WHERE s.name = 'default_toast_compression' AND 'lz4' = ANY (s.enumvals)) THEN
        RETURN;
    END IF;
    FOR name IN
        SELECT attname FROM pg_attribute
        WHERE attrelid = 'batch'::regclass AND attnum > 0 AND NOT attisdropped AND attstorage = 'x'
    LOOP
        EXECUTE format('ALTER TABLE batch ALTER COLUMN %I SET COMPRESSION lz4', name);
    END LOOP;
END $$;
