-- A message of a thousand refused reports has a thousand rows here and its bytes once, in the first of them that was
-- written; the others leave raw empty. Before, each had a copy: a megabyte of nonsense took a gigabyte.
ALTER TABLE quarantine ALTER COLUMN raw DROP NOT NULL;
CREATE INDEX ON quarantine (batch_id, message_index) WHERE raw IS NOT NULL;

-- Each row of quarantine with the bytes of its message.
CREATE VIEW quarantine_entry AS
SELECT q.quarantine_id, q.batch_id, q.message_index, q.report_index, q.terminal, q.topic, q.received_at, q.reason,
    q.detail,
    coalesce(q.raw, (
        SELECT k.raw FROM quarantine k
        WHERE k.batch_id = q.batch_id AND k.message_index = q.message_index AND k.raw IS NOT NULL LIMIT 1)) AS raw,
    q.resolved_at, q.resolved_by, q.outcome, q.retry_batch_id
FROM quarantine q;
