-- The parameters that the safety days were derived by, as JSON: a change of one derives every day again.
ALTER TABLE safety_state ADD COLUMN rules text;
