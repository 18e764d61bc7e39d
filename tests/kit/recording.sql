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
    INSERT INTO outbox_messages (id, position, lane, topic, key, partition_key, payload, header_values)
    SELECT
        event_id, id, lane, %(topic)s, scope_id, lane::TEXT, payload,
        ARRAY[
            '1.0',
            event_id::TEXT,
            event_type,
            'test',
            to_json(created_at) #>> '{}',
            event_version::TEXT,
            'application/json',
            id::TEXT,
            lane::TEXT,
            aggregate_type,
            aggregate_id,
            aggregate_version::TEXT,
            scope_type,
            scope_id,
            actor_id,
            correlation_id::TEXT,
            causation_id::TEXT,
            traceparent,
            metadata::TEXT
        ]
    FROM events
    WHERE %(outbox)s
)
SELECT id FROM events ORDER BY id
