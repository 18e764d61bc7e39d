-- Settling the parked events of a projection group. Like a projector, an operator first locks the lane: whatever
-- the two, or two operators, do at once happens one after the other.

-- name: wait_briefly
SET LOCAL lock_timeout = '5s'

-- name: lock_lane
SELECT FROM projection_checkpoints WHERE projection = %(group)s AND lane = %(lane)s FOR UPDATE

-- name: take_first
-- Asked after the lane is locked: somebody else may have settled it while the lock was waited for.
WITH first AS (
    DELETE FROM dead_letters
    WHERE consumer = %(group)s AND position = (
        SELECT min(position) FROM dead_letters WHERE consumer = %(group)s AND scope_id = %(scope_id)s
    )
    RETURNING position
)
SELECT
    e.id AS position, e.event_id, e.event_type AS type, e.event_version AS version,
    e.aggregate_type, e.aggregate_id, e.aggregate_version, e.scope_type, e.scope_id, e.lane,
    e.correlation_id, e.causation_id, e.actor_id, e.traceparent, e.created_at AS occurred_at, e.payload, e.metadata
FROM first
JOIN domain_events AS e ON e.id = first.position

-- name: give_up_first
-- Noted for good, so that a rebuild leaves the event out as well.
WITH given_up AS (
    DELETE FROM dead_letters
    WHERE consumer = %(group)s AND position = %(position)s AND position = (
        SELECT min(position) FROM dead_letters WHERE consumer = %(group)s AND scope_id = %(scope_id)s
    )
    RETURNING consumer, position
)
INSERT INTO given_up_events (consumer, position) SELECT consumer, position FROM given_up

-- name: count_attempt
UPDATE dead_letters
SET attempts = attempts + 1, reason = %(reason)s
WHERE consumer = %(group)s AND position = %(position)s
RETURNING attempts
