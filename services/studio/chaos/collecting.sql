-- What the store and the read models say, for the checker. `users` NULL is everybody.

-- name: read_head
SELECT coalesce(max(id), 0) FROM domain_events

-- name: count_unsent
SELECT count(*) FROM event_outbox WHERE status = 'PENDING' AND position <= %(head)s

-- name: count_unshown
-- Lanes of a group whose last event up to the head is not applied yet.
SELECT count(*)
FROM generate_series(0, 63) AS lanes (lane)
CROSS JOIN LATERAL (
    SELECT id FROM domain_events WHERE domain_events.lane = lanes.lane AND id <= %(head)s ORDER BY id DESC LIMIT 1
) AS last
LEFT JOIN projection_checkpoints AS c ON c.projection = %(group)s AND c.lane = lanes.lane
WHERE coalesce(c.last_position, 0) < last.id

-- name: count_lanes_of
-- Held by the relays whose names are like this.
SELECT count(*) FROM relay_lanes WHERE owner LIKE %(owner)s

-- name: count_open_commands
SELECT count(*) FROM command_inbox WHERE status IN ('RECEIVED', 'PROCESSING')

-- name: read_last_positions
-- Of each user, up to the head.
SELECT (metadata ->> 'user_id')::UUID, max(id)
FROM domain_events
WHERE metadata ->> 'user_id' = ANY(%(users)s) AND id <= %(head)s
GROUP BY 1

-- name: read_events
SELECT
    id, event_id, event_type, aggregate_type, aggregate_id, aggregate_version, scope_id, lane, correlation_id,
    (metadata ->> 'user_id')::UUID
FROM domain_events
WHERE (%(users)s::TEXT[] IS NULL OR metadata ->> 'user_id' = ANY(%(users)s)) AND id <= %(head)s
ORDER BY id

-- name: read_inbox
SELECT id, user_id, idempotency_key, status::TEXT, http_status, coalesce(result, error_details)
FROM command_inbox
WHERE %(users)s::TEXT[] IS NULL OR user_id = ANY(%(users)s::UUID[])

-- name: read_parked
SELECT consumer, position, reason FROM dead_letters ORDER BY consumer, position

-- name: count_by_id
SELECT id::TEXT, count(*)
FROM {table}
WHERE %(users)s::TEXT[] IS NULL OR user_id = ANY(%(users)s::UUID[])
GROUP BY id

-- name: copy_shown_events
-- Those that the read models of this very snapshot have applied: whatever goes on meanwhile, the two belong together.
COPY (
    SELECT e.*
    FROM domain_events AS e
    WHERE
        ({users}::TEXT[] IS NULL OR e.metadata ->> 'user_id' = ANY({users}))
        AND e.id <= (
            SELECT min(c.last_position) FROM projection_checkpoints AS c WHERE c.lane = e.lane
        )
    ORDER BY e.id
) TO STDOUT (FORMAT BINARY)

-- name: take_events
COPY domain_events FROM STDIN (FORMAT BINARY)

-- name: digest_rows
-- The same for the same rows in any order.
SELECT count(*), coalesce(sum(hashtextextended(to_jsonb(t)::TEXT, 0)), 0)
FROM {table} AS t
WHERE %(users)s::TEXT[] IS NULL OR t.user_id = ANY(%(users)s::UUID[])

-- name: read_rows
SELECT to_jsonb(t)::TEXT
FROM {table} AS t
WHERE %(users)s::TEXT[] IS NULL OR t.user_id = ANY(%(users)s::UUID[])
