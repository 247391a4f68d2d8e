-- Days and plates of a zone are stored in their order. They stood in the order of a hash, another one in every process,
-- so that the same file of zones was a change each time it was imported.
UPDATE register_entry SET content = content || jsonb_build_object(
    'days', (SELECT coalesce(jsonb_agg(d ORDER BY d::text::integer), '[]') FROM jsonb_array_elements(content -> 'days') AS d),
    'permitPlates', (
        SELECT coalesce(jsonb_agg(p ORDER BY p COLLATE "C"), '[]')
        FROM jsonb_array_elements_text(content -> 'permitPlates') AS p))
WHERE kind = 'zones' AND jsonb_typeof(content -> 'days') = 'array'
    AND jsonb_typeof(content -> 'permitPlates') = 'array';
