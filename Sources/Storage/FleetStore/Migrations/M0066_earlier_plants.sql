-- By the plant at which the truck had been loaded before it stood at the one that is read (`Haul.earlier`): a row of its
-- register that changes changes what is said of the delivery.
CREATE INDEX ON delivery ((content #>> '{delivery,haul,earlier,plantID}'))
    WHERE content #>> '{delivery,haul,earlier,plantID}' IS NOT NULL;
