-- What the query API reads of the log to feed its event streams.
-- domain_events has no row-level security: each of these reads that shows content filters by user itself.

-- name: read_checkpoints
SELECT lane, last_position FROM projection_checkpoints WHERE projection = %(group)s;

-- name: read_head
-- Which history this is, and how long.
SELECT epoch, (SELECT coalesce(max(id), 0) FROM domain_events) AS head FROM store_epoch;

-- name: read_first_unprojected
-- The first event that the read models do not have yet, if there is one: a look at each lane's end.
SELECT min(late.id) AS position
FROM generate_series(0, 63) AS lanes (lane)
LEFT JOIN projection_checkpoints AS c ON c.projection = %(group)s AND c.lane = lanes.lane
CROSS JOIN LATERAL (
    SELECT e.id
    FROM domain_events AS e
    WHERE e.lane = lanes.lane AND e.id > coalesce(c.last_position, 0)
    ORDER BY e.id
    LIMIT 1
) AS late;

-- name: read_tail
-- Positions are given out in commit order: nothing below the last one read can still appear.
SELECT id, lane, metadata ->> 'user_id' AS user_id
FROM domain_events
WHERE id > %(after)s
ORDER BY id
LIMIT %(limit)s;

-- name: read_events
SELECT
    id AS position, event_id, event_type AS type, event_version AS version, aggregate_type, aggregate_id,
    aggregate_version, scope_type, scope_id, lane, correlation_id, causation_id, actor_id, traceparent,
    created_at AS occurred_at, payload, metadata
FROM domain_events
WHERE id = ANY(%(positions)s::BIGINT[])
ORDER BY id;
