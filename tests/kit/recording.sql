-- Events as the event store writes them.

-- name: append
WITH ours AS MATERIALIZED (
    SELECT e.*, coalesce(latest.version, 0) + row_number() OVER (PARTITION BY e.scope_id ORDER BY e.ordinal) AS version
    FROM json_to_recordset(%(events)s::json) AS e (
        ordinal INT, event_id UUID, event_type TEXT, event_version INT, scope_id TEXT, lane SMALLINT, payload JSONB,
        metadata JSONB, correlation_id UUID, causation_id UUID, traceparent TEXT
    )
    LEFT JOIN LATERAL (
        SELECT max(aggregate_version) AS version
        FROM domain_events
        WHERE aggregate_type = 'Counter' AND aggregate_id = e.scope_id
    ) AS latest ON TRUE
),
events AS (
    INSERT INTO domain_events (
        event_id, correlation_id, causation_id, event_type, event_version, aggregate_type, aggregate_id,
        aggregate_version, scope_type, scope_id, lane, actor_id, traceparent, payload, metadata
    )
    SELECT
        event_id, correlation_id, causation_id, event_type, event_version, 'Counter', scope_id,
        version, 'COUNTER', scope_id, lane, 'system:test', traceparent, payload, metadata
    FROM ours
    ORDER BY ordinal
    RETURNING *
),
outbox AS (
    INSERT INTO outbox_messages (id, position, lane, topic, key, partition_key, payload, headers)
    SELECT
        event_id, id, lane, %(topic)s, scope_id, lane::TEXT, payload,
        jsonb_strip_nulls(jsonb_build_object(
            'ce_specversion', '1.0',
            'ce_id', event_id,
            'ce_type', event_type,
            'ce_source', 'test',
            'ce_time', created_at,
            'ce_dataversion', event_version::TEXT,
            'content-type', 'application/json',
            'ce_position', id::TEXT,
            'ce_lane', lane::TEXT,
            'ce_aggregatetype', aggregate_type,
            'ce_aggregateid', aggregate_id,
            'ce_aggregateversion', aggregate_version::TEXT,
            'ce_scopetype', scope_type,
            'ce_scopeid', scope_id,
            'ce_actorid', actor_id,
            'ce_correlationid', correlation_id,
            'ce_causationid', causation_id,
            'ce_traceparent', traceparent,
            'ce_metadata', metadata::TEXT
        ))
    FROM events
    WHERE %(outbox)s
)
SELECT id FROM events ORDER BY id
