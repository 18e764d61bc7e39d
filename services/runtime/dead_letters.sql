-- Parked events and messages as an operator sees them: by scope, the one that could not be handled in front, and
-- behind it, in order of position, those that wait for it.

-- name: list_parked
-- The one in front of each parked scope, by consumer and scope. From scope to scope by one look-up in the index, so
-- that a scope with very many waiting costs no more than any other.
WITH RECURSIVE fronts AS (
    SELECT
        0 AS place,
        %(after_consumer)s::TEXT AS consumer,
        %(after_scope_id)s::TEXT AS scope_id,
        NULL::BIGINT AS position
    UNION ALL
    SELECT fronts.place + 1, next.consumer, next.scope_id, next.position
    FROM fronts
    CROSS JOIN LATERAL (
        SELECT d.consumer, d.scope_id, d.position
        FROM dead_letters AS d
        WHERE (d.consumer, d.scope_id) > (fronts.consumer, fronts.scope_id)
        ORDER BY d.consumer, d.scope_id, d.position
        LIMIT 1
    ) AS next
    -- Where the consumer ends so does the walk: as a condition inside, the look-up would begin at the consumer's first.
    WHERE fronts.place < %(limit)s AND (%(consumer)s::TEXT IS NULL OR next.consumer = %(consumer)s)
)
SELECT o.*
FROM fronts
JOIN dead_letter_overview AS o ON o.consumer = fronts.consumer AND o.position = fronts.position
ORDER BY fronts.place

-- name: list_parked_of_scope
-- The same for one scope: from consumer to consumer, of which there are few.
WITH RECURSIVE consumers AS (
    SELECT min(consumer) AS consumer FROM dead_letters
    UNION ALL
    SELECT (SELECT min(d.consumer) FROM dead_letters AS d WHERE d.consumer > consumers.consumer)
    FROM consumers
    WHERE consumers.consumer IS NOT NULL
)
SELECT o.*
FROM consumers
CROSS JOIN LATERAL (
    SELECT min(d.position) AS position
    FROM dead_letters AS d
    WHERE d.consumer = consumers.consumer AND d.scope_id = %(scope_id)s
) AS front
JOIN dead_letter_overview AS o ON o.consumer = consumers.consumer AND o.position = front.position
WHERE
    (%(consumer)s::TEXT IS NULL OR consumers.consumer = %(consumer)s)
    AND (consumers.consumer, %(scope_id)s::TEXT) > (%(after_consumer)s, %(after_scope_id)s)
ORDER BY consumers.consumer
LIMIT %(limit)s

-- name: read_parked
SELECT * FROM dead_letter_overview WHERE consumer = %(consumer)s AND position = %(position)s

-- name: read_behind
-- The next of the same scope, in the order in which they will be handled.
SELECT e.id AS position, e.event_type, e.created_at AS occurred_at
FROM dead_letters AS d
JOIN domain_events AS e ON e.id = d.position
WHERE d.consumer = %(consumer)s AND d.scope_id = %(scope_id)s AND d.position > %(position)s
ORDER BY d.position
LIMIT %(limit)s

-- name: read_event
SELECT
    id AS position, event_id, event_type AS type, event_version AS version, aggregate_type, aggregate_id,
    aggregate_version, scope_type, scope_id, lane, correlation_id, causation_id, actor_id, traceparent,
    created_at AS occurred_at, payload, metadata
FROM domain_events
WHERE id = %(position)s

-- name: is_parked
SELECT EXISTS (SELECT FROM dead_letters WHERE consumer = %(consumer)s AND position = %(position)s) AS parked

-- name: count_parked_scopes
-- By consumer; again one look-up a scope, whatever waits behind.
WITH RECURSIVE scopes AS (
    SELECT '' AS consumer, '' AS scope_id
    UNION ALL
    SELECT next.consumer, next.scope_id
    FROM scopes
    CROSS JOIN LATERAL (
        SELECT d.consumer, d.scope_id
        FROM dead_letters AS d
        WHERE (d.consumer, d.scope_id) > (scopes.consumer, scopes.scope_id)
        ORDER BY d.consumer, d.scope_id
        LIMIT 1
    ) AS next
)
SELECT consumer, count(*) AS scopes FROM scopes WHERE consumer <> '' GROUP BY consumer ORDER BY consumer
