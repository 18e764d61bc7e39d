-- A backlog for the relay.

-- name: add_events
-- Events of about 600 bytes in 1,000 scopes, with their outbox messages, all at once; the newest of each lane.
WITH events AS (
    INSERT INTO domain_events (
        event_id, correlation_id, causation_id, event_type, aggregate_type, aggregate_id, aggregate_version,
        scope_type, scope_id, lane, actor_id, payload, metadata
    )
    SELECT
        uuidv7(), gen_random_uuid(), gen_random_uuid(), 'Novel.Updated', 'Novel', %(run)s || '-' || number, 1,
        'GENESIS', 'scope-' || number %% 1000, number %% 1000 %% 64, gen_random_uuid(),
        jsonb_build_object(
            'novel_id', gen_random_uuid(), 'number', number, 'title', 'Night watch', 'text', repeat('x', 480)
        ),
        jsonb_build_object('user_id', gen_random_uuid(), 'source', 'command-api', 'schema_version', 1)
    FROM generate_series(1, %(rows)s) AS number
    ORDER BY number
    RETURNING *
),
messages AS (
    INSERT INTO outbox_messages (id, position, lane, topic, key, partition_key, payload, header_values)
    SELECT
        event_id, id, lane, %(topic)s, scope_id, lane::TEXT, payload,
        ARRAY[
            '1.0',
            event_id::TEXT,
            event_type,
            'command-api',
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
            NULL,
            metadata::TEXT
        ]
    FROM events
)
SELECT lane, max(id) AS position FROM events GROUP BY lane

-- name: add_sent_messages
-- As if they had been sent in batches of a thousand.
WITH messages AS (
    INSERT INTO outbox_messages (id, position, lane, topic, key, payload, header_values)
    SELECT
        gen_random_uuid(), position, position %% 64, 'benchmark.sent', 'scope-' || position %% 1000, '{}',
        array_fill('x'::TEXT, '{19}')
    FROM (SELECT nextval('domain_events_id_seq') AS position FROM generate_series(1, %(rows)s)) AS positions
    RETURNING position, lane
)
INSERT INTO relay_marks (lane, position)
SELECT lane, max(position) FROM messages GROUP BY lane, position / 1000

-- name: count_unsettled_lanes
SELECT count(*) AS lanes
FROM unnest(%(lanes)s::SMALLINT[], %(positions)s::BIGINT[]) AS newest (lane, position)
WHERE newest.position > (SELECT coalesce(max(k.position), 0) FROM relay_marks AS k WHERE k.lane = newest.lane)

-- name: read_messages
SELECT lane, key, payload::TEXT AS payload, headers FROM event_outbox WHERE topic = %(topic)s ORDER BY position

-- name: take_as_long_as_needed
SET transaction_timeout = 0
