-- What is matched together is followed from plant to plant and truck to truck: the notes of each in a stretch of time …
CREATE INDEX ON register_entry ((content ->> 'plantID'), ((content ->> 'issuedAt')::bigint))
    WHERE kind = 'tickets' AND known_to IS NULL;
CREATE INDEX ON register_entry ((content ->> 'plate'), ((content ->> 'issuedAt')::bigint))
    WHERE kind = 'tickets' AND known_to IS NULL;
-- … and the loads that were taken beside a plant and are read to be from none.
CREATE INDEX ON delivery (((content #>> '{delivery,origin,coordinate,latitudeE7}')::bigint), carried_at)
    WHERE origin_plant IS NULL;
