-- The newest positions are written anew every second. An index on what changes each time kept each of those writes from
-- staying on its page (a heap-only tuple), and both indexes full of dead entries until the next vacuum. What has changed
-- since a revision is found by reading the table: a row a vehicle.
DROP INDEX latest_position_revision_idx;
