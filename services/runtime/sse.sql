-- What opening an event stream asks the database.
-- domain_events has no row-level security: each of these filters by user itself.

-- name: use_token
-- A stream token opens one stream: whoever writes its id first has it. No row comes back to the others.
WITH outlived AS (
    DELETE FROM used_stream_tokens WHERE expires_at < now() - INTERVAL '1 minute'
)
INSERT INTO used_stream_tokens (token_id, expires_at)
VALUES (%(token_id)s, %(expires_at)s)
ON CONFLICT DO NOTHING
RETURNING token_id;

-- name: find_foreign
-- Which of the ids are not the caller's: no scope, aggregate or stage record of that id is.
SELECT asked.id
FROM unnest(%(ids)s::TEXT[]) AS asked (id)
WHERE NOT EXISTS (
    SELECT FROM domain_events AS e
    WHERE e.scope_id = asked.id AND e.metadata ->> 'user_id' = %(user_id)s
)
AND NOT EXISTS (
    SELECT FROM domain_events AS e
    WHERE e.aggregate_id = asked.id AND e.metadata ->> 'user_id' = %(user_id)s
)
AND NOT EXISTS (
    -- Served by idx_domain_events_stage_created.
    SELECT FROM domain_events AS e
    WHERE e.event_type = 'Genesis.Stage.Created' AND e.payload ->> 'stage_id' = asked.id
    AND e.metadata ->> 'user_id' = %(user_id)s
);

-- name: look_back
-- Is the cursor ahead of everything; is it too far behind for a replay.
SELECT
    coalesce(%(after)s > (SELECT max(id) FROM domain_events), %(after)s > 0) AS ahead,
    EXISTS (
        SELECT FROM domain_events
        WHERE metadata ->> 'user_id' = %(user_id)s AND id > %(after)s
        ORDER BY id
        OFFSET %(replay_max)s
    ) AS too_far;

-- name: read_missed
SELECT
    id AS position, event_id, event_type AS type, event_version AS version, aggregate_type, aggregate_id,
    aggregate_version, scope_type, scope_id, lane, correlation_id, causation_id, actor_id, traceparent,
    created_at AS occurred_at, payload, metadata
FROM domain_events
WHERE metadata ->> 'user_id' = %(user_id)s AND id > %(after)s AND id <= %(through)s
ORDER BY id
LIMIT %(limit)s;

-- name: read_event
SELECT
    id AS position, event_id, event_type AS type, event_version AS version, aggregate_type, aggregate_id,
    aggregate_version, scope_type, scope_id, lane, correlation_id, causation_id, actor_id, traceparent,
    created_at AS occurred_at, payload, metadata
FROM domain_events
WHERE event_id = %(event_id)s AND metadata ->> 'user_id' = %(user_id)s;
