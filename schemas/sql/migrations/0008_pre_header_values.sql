-- A message's headers are stored as their values alone, in one order for all: names and a parsed document for each
-- message cost the relay more than sending it.

SET LOCAL lock_timeout = '5s';

DROP VIEW event_outbox;
ALTER TABLE outbox_messages ALTER COLUMN headers TYPE TEXT[] USING ARRAY[
    headers ->> 'ce_specversion',
    headers ->> 'ce_id',
    headers ->> 'ce_type',
    headers ->> 'ce_source',
    headers ->> 'ce_time',
    headers ->> 'ce_dataversion',
    headers ->> 'content-type',
    headers ->> 'ce_position',
    headers ->> 'ce_lane',
    headers ->> 'ce_aggregatetype',
    headers ->> 'ce_aggregateid',
    headers ->> 'ce_aggregateversion',
    headers ->> 'ce_scopetype',
    headers ->> 'ce_scopeid',
    headers ->> 'ce_actorid',
    headers ->> 'ce_correlationid',
    headers ->> 'ce_causationid',
    headers ->> 'ce_traceparent',
    headers ->> 'ce_metadata'
];
ALTER TABLE outbox_messages RENAME COLUMN headers TO header_values;
ALTER TABLE outbox_messages
    ALTER COLUMN header_values SET NOT NULL,
    ADD CONSTRAINT outbox_messages_every_header CHECK (cardinality(header_values) = 19);

-- The outbox as operators and clients know it. A value that is NULL is a header that is not there.
CREATE VIEW event_outbox AS
SELECT
    m.id,
    m.position,
    m.lane,
    m.topic,
    m.key,
    m.partition_key,
    m.payload,
    jsonb_strip_nulls(jsonb_object(
        ARRAY[
            'ce_specversion', 'ce_id', 'ce_type', 'ce_source', 'ce_time', 'ce_dataversion', 'content-type',
            'ce_position', 'ce_lane', 'ce_aggregatetype', 'ce_aggregateid', 'ce_aggregateversion', 'ce_scopetype',
            'ce_scopeid', 'ce_actorid', 'ce_correlationid', 'ce_causationid', 'ce_traceparent', 'ce_metadata'
        ],
        m.header_values
    )) AS headers,
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
