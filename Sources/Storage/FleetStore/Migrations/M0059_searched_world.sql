-- The registers and parameters by which suspected plants were looked for last; null: something else that they were read
-- by has changed since (a question about coordinates came or went, a person decided). What is corrected there may show
-- that a place is no secret: so the search is due again, and where none has run since this migration as well.
ALTER TABLE analysis_state ADD COLUMN searched_world text;

-- Whether the search itself found the place that changed: what it finds is no reason to search again.
ALTER TABLE place_change ADD COLUMN is_of_search boolean NOT NULL DEFAULT false;
