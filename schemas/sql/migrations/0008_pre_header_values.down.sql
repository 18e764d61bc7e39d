-- Undoes 0008: headers as a document with their names again.
ALTER VIEW event_outbox RENAME TO former_outbox;
ALTER TABLE outbox_messages ADD COLUMN headers JSONB;
ALTER TABLE outbox_messages DISABLE TRIGGER outbox_messages_append_only;
UPDATE outbox_messages AS m SET headers = f.headers FROM former_outbox AS f WHERE f.position = m.position;
ALTER TABLE outbox_messages ENABLE TRIGGER outbox_messages_append_only;
DROP VIEW former_outbox;
ALTER TABLE outbox_messages DROP COLUMN header_values;

CREATE VIEW event_outbox AS
SELECT
    m.id,
    m.position,
    m.lane,
    m.topic,
    m.key,
    m.partition_key,
    m.payload,
    m.headers,
    s.status,
    coalesce(x.retry_count, 0) AS retry_count,
    m.max_retries,
    x.last_error,
    x.scheduled_at,
    CASE WHEN s.status = 'SENT' THEN mark.sent_at END AS sent_at,
    m.created_at
FROM outbox_messages AS m
LEFT JOIN outbox_exceptions AS x ON x.position = m.position
LEFT JOIN LATERAL (
    SELECT k.sent_at FROM relay_marks AS k
    WHERE k.lane = m.lane AND k.position >= m.position
    ORDER BY k.position
    LIMIT 1
) AS mark ON TRUE
CROSS JOIN LATERAL (
    SELECT CASE
        WHEN x.state IN ('parked', 'skipped') THEN 'FAILED'::outbox_status
        WHEN x.state IS NULL AND mark.sent_at IS NOT NULL THEN 'SENT'::outbox_status
        ELSE 'PENDING'::outbox_status
    END AS status
) AS s;
