-- What a truck's notes and trips tell of a drop outside every register (`DropSigns`): others at the place count it. All
-- are judged again by the new parameters, and what changes makes the others due.
ALTER TABLE delivery ADD COLUMN drop_signs smallint NOT NULL DEFAULT 0;
