-- The relay's side of the outbox: who relays which lanes, what is to be sent, what became of it.
-- Every change of a row is fenced: it happens only while the lane is leased to the one who asks.

-- name: announce_member
INSERT INTO relay_members (owner, seen_until)
VALUES (%(owner)s, now() + make_interval(secs => %(lease_seconds)s))
ON CONFLICT (owner) DO UPDATE SET seen_until = excluded.seen_until

-- name: forget_members
DELETE FROM relay_members WHERE seen_until < now()

-- name: renew_lanes
UPDATE relay_lanes
SET lease_until = now() + make_interval(secs => %(lease_seconds)s)
WHERE owner = %(owner)s

-- name: give_back_surplus
-- A fair share is all lanes over all members alive, rounded up.
UPDATE relay_lanes
SET owner = NULL, lease_until = NULL
WHERE lane IN (
    SELECT lane
    FROM relay_lanes
    WHERE owner = %(owner)s
    ORDER BY lane
    OFFSET (SELECT ceil(%(lane_count)s::NUMERIC / count(*)) FROM relay_members)
)

-- name: claim_lanes
-- The fence rises, so that whoever had the lane before can mark nothing any more.
UPDATE relay_lanes
SET owner = %(owner)s, fence = fence + 1, lease_until = now() + make_interval(secs => %(lease_seconds)s)
WHERE lane IN (
    SELECT lane
    FROM relay_lanes
    WHERE owner IS NULL OR lease_until < now()
    ORDER BY lane
    LIMIT greatest(
        0,
        (SELECT ceil(%(lane_count)s::NUMERIC / count(*)) FROM relay_members)
        - (SELECT count(*) FROM relay_lanes WHERE owner = %(owner)s)
    )
    FOR UPDATE SKIP LOCKED
)

-- name: read_lanes
SELECT lane, fence FROM relay_lanes WHERE owner = %(owner)s

-- name: oldest_pending_seconds
-- Of all lanes: while the broker is away nobody holds one.
SELECT coalesce(extract(EPOCH FROM now() - o.created_at), 0)::DOUBLE PRECISION AS seconds
FROM event_outbox AS o
WHERE o.status = 'PENDING'
ORDER BY o.position
LIMIT 1

-- name: release_lanes
UPDATE relay_lanes SET owner = NULL, lease_until = NULL WHERE owner = %(owner)s

-- name: leave
DELETE FROM relay_members WHERE owner = %(owner)s

-- name: read_epoch
SELECT epoch::TEXT AS epoch FROM store_epoch

-- name: read_pending
-- What is to be sent next, in position order, as much as fits. Positions are given out in commit order, so a row
-- that is not there yet has a higher position than all that are. `after` skips what is known to be done: without
-- it every read would walk over the dead index entries of everything sent since the last vacuum.
-- `previous` is the lane's event before this one in the store, sent or not: a projector that misses that one
-- goes and reads it there.
-- `parked`: an earlier row of the scope waits for an operator, this one must wait behind it.
SELECT
    id::TEXT AS id, position, lane, topic, key, payload, headers, retry_count, max_retries, wait_seconds, parked,
    coalesce(
        (
            SELECT e.id FROM domain_events AS e
            WHERE e.lane = sized.lane AND e.id < sized.position
            ORDER BY e.id DESC
            LIMIT 1
        ),
        0
    ) AS previous
FROM (
    SELECT
        o.id, o.position, o.lane, o.topic, o.key, o.payload::TEXT AS payload, o.headers::TEXT AS headers,
        o.retry_count, o.max_retries,
        coalesce(extract(EPOCH FROM o.scheduled_at - now()), 0)::DOUBLE PRECISION AS wait_seconds,
        EXISTS (
            SELECT FROM dead_letters AS d
            WHERE d.consumer = 'message-relay' AND d.scope_id = o.key AND d.position < o.position
        ) AS parked,
        sum(o.size) OVER (ORDER BY o.position) - o.size AS bytes_before
    FROM (
        SELECT *, pg_column_size(payload) AS size
        FROM event_outbox
        WHERE
            status = 'PENDING'
            AND position > %(after)s
            AND lane = ANY(ARRAY(SELECT lane FROM relay_lanes WHERE owner = %(owner)s))
            AND key <> ALL(%(deferred)s::TEXT[])
        ORDER BY position
        LIMIT %(rows_max)s
    ) AS o
) AS sized
WHERE bytes_before < %(bytes_max)s
ORDER BY position

-- name: mark_sent
-- One statement, so one transaction: either the lease still holds and all is marked, or nothing is.
-- Not waited for until it is on disk: a mark that a crash of the server undoes is a message sent twice.
WITH held AS (
    UPDATE relay_lanes AS l
    SET sent_position = greatest(l.sent_position, passed.position)
    FROM json_to_recordset(%(passed)s::json) AS passed (lane SMALLINT, fence BIGINT, position BIGINT)
    WHERE l.lane = passed.lane AND l.owner = %(owner)s AND l.fence = passed.fence
    RETURNING l.lane
),
marked AS (
    UPDATE event_outbox
    SET status = 'SENT', sent_at = now(), last_error = NULL
    WHERE
        id = ANY(%(ids)s::UUID[])
        AND status = 'PENDING'
        -- The cast keeps the planner from reading the index of all pending rows beside the primary key.
        AND lane::INT = ANY(ARRAY(SELECT lane::INT FROM held))
    RETURNING 1
)
SELECT
    (SELECT count(*) FROM held) AS lanes,
    (SELECT count(*) FROM marked) AS rows,
    set_config('synchronous_commit', 'off', TRUE)

-- name: lock_lanes
SELECT lane FROM relay_lanes
WHERE owner = %(owner)s AND lane = ANY(%(lanes)s)
ORDER BY lane
FOR UPDATE

-- name: count_failure
UPDATE event_outbox
SET
    retry_count = retry_count + 1,
    last_error = %(reason)s,
    scheduled_at = now() + make_interval(secs => %(wait_seconds)s)
WHERE id = %(id)s AND status = 'PENDING'

-- name: park_unsendable
WITH failed AS (
    UPDATE event_outbox
    SET status = 'FAILED', retry_count = least(retry_count + 1, max_retries), last_error = %(reason)s
    WHERE id = %(id)s AND status = 'PENDING'
    RETURNING id, position, key, lane, retry_count
)
INSERT INTO dead_letters (consumer, position, event_id, scope_id, lane, reason, attempts)
SELECT 'message-relay', position, id, key, lane, %(reason)s, retry_count
FROM failed

-- name: park_behind
-- Only while the one in front is still parked: a redrive may have come in between.
WITH waiting AS (
    UPDATE event_outbox AS o
    SET status = 'FAILED', last_error = front.reason
    FROM (
        SELECT
            w.id,
            (
                SELECT 'waits behind the event at position ' || min(d.position)
                FROM dead_letters AS d
                WHERE d.consumer = 'message-relay' AND d.scope_id = w.key AND d.position < w.position
            ) AS reason
        FROM event_outbox AS w
        WHERE w.id = ANY(%(ids)s::UUID[])
    ) AS front
    WHERE o.id = front.id AND o.status = 'PENDING' AND front.reason IS NOT NULL
    RETURNING o.id, o.position, o.key, o.lane, o.last_error
)
INSERT INTO dead_letters (consumer, position, event_id, scope_id, lane, reason, attempts)
SELECT 'message-relay', position, id, key, lane, last_error, 0
FROM waiting

-- name: evict_for_redrive
-- Taking the lanes away makes their relay begin again at the front of each, so that nothing newer of the
-- scope passes the rows that are put back. Locks before anything is changed, against a relay that is parking.
UPDATE relay_lanes
SET owner = NULL, lease_until = NULL
WHERE lane IN (
    SELECT lane FROM dead_letters
    WHERE consumer = 'message-relay' AND (scope_id = %(scope_id)s OR %(scope_id)s::TEXT IS NULL)
)

-- name: redrive
WITH parked AS (
    DELETE FROM dead_letters
    WHERE consumer = 'message-relay' AND (scope_id = %(scope_id)s OR %(scope_id)s::TEXT IS NULL)
    RETURNING event_id
)
UPDATE event_outbox
SET status = 'PENDING', retry_count = 0, last_error = NULL, scheduled_at = NULL
WHERE id IN (SELECT event_id FROM parked) AND status = 'FAILED'

-- name: find_parked_scope
SELECT scope_id FROM dead_letters WHERE consumer = 'message-relay' AND position = %(position)s

-- name: give_up
-- Its row stays FAILED for as long as such rows are kept.
DELETE FROM dead_letters WHERE consumer = 'message-relay' AND position = %(position)s
