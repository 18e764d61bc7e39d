-- The relay's side of the outbox: who relays which lanes, what is to be sent, what became of it.
-- Messages are never changed. Everything that is written is fenced: it happens only while the lane is leased to the
-- one who asks.

-- name: announce_member
-- A lane is leased as long as its owner is seen.
INSERT INTO relay_members (owner, seen_until)
VALUES (%(owner)s, now() + make_interval(secs => %(lease_seconds)s))
ON CONFLICT (owner) DO UPDATE SET seen_until = excluded.seen_until

-- name: forget_members
DELETE FROM relay_members WHERE seen_until < now()

-- name: give_back_surplus
-- A fair share is all lanes over all members alive, rounded up.
UPDATE relay_lanes
SET owner = NULL
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
SET owner = %(owner)s, fence = fence + 1
WHERE lane IN (
    SELECT lane
    FROM relay_lanes
    WHERE owner IS NULL OR owner NOT IN (SELECT owner FROM relay_members)
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

-- name: release_lanes
UPDATE relay_lanes SET owner = NULL WHERE owner = %(owner)s

-- name: leave
DELETE FROM relay_members WHERE owner = %(owner)s

-- name: read_epoch
SELECT epoch::TEXT AS epoch FROM store_epoch

-- name: read_marks
-- How far each lane is settled; a lane whose marks went with their partition has nothing below them either.
SELECT lane, coalesce((SELECT max(m.position) FROM relay_marks AS m WHERE m.lane = wanted.lane), 0) AS position
FROM unnest(%(lanes)s::SMALLINT[]) AS wanted (lane)

-- name: find_start
-- The position before the first message that is not settled, or the last one of all.
-- `marks` has one entry a lane, NULL for those that are somebody else's. The next one in the order of lane and
-- position, whichever lane it is of: asked for in this way, only the index on both will do. By position alone, a lane
-- that has been quiet for long would be looked for through everything of the others.
SELECT coalesce(min(next.position) - 1, (SELECT max(position) FROM outbox_messages), 0) AS position
FROM unnest(%(marks)s::BIGINT[]) WITH ORDINALITY AS held (mark, number)
CROSS JOIN LATERAL (
    SELECT m.lane, m.position
    FROM outbox_messages AS m
    WHERE (m.lane, m.position) > ((held.number - 1)::SMALLINT, held.mark)
    ORDER BY m.lane, m.position
    LIMIT 1
) AS next
WHERE next.lane = held.number - 1

-- name: oldest_pending_seconds
-- Of all lanes: while the broker is away nobody holds one.
SELECT coalesce(extract(EPOCH FROM now() - min(waiting.created_at)), 0)::DOUBLE PRECISION AS seconds
FROM (
    SELECT next.created_at
    FROM generate_series(0, %(lane_count)s - 1) AS lanes (lane)
    CROSS JOIN LATERAL (
        SELECT coalesce(max(k.position), 0) AS position FROM relay_marks AS k WHERE k.lane = lanes.lane::SMALLINT
    ) AS mark
    CROSS JOIN LATERAL (
        SELECT m.lane, m.created_at
        FROM outbox_messages AS m
        WHERE
            (m.lane, m.position) > (lanes.lane::SMALLINT, mark.position)
            AND NOT EXISTS (
                SELECT FROM outbox_exceptions AS x WHERE x.position = m.position AND x.state IN ('parked', 'skipped')
            )
        ORDER BY m.lane, m.position
        LIMIT 1
    ) AS next
    WHERE next.lane = lanes.lane
    UNION ALL
    SELECT m.created_at
    FROM outbox_exceptions AS x
    JOIN outbox_messages AS m ON m.position = x.position
    WHERE x.state = 'redriven'
) AS waiting

-- name: read_messages
-- What is to be looked at next, as much as fits: one row at least, which is empty when nothing is. In no order: sorting
-- here would write all payloads to disk, and so would choosing with them in hand, so they are fetched at the end.
-- Positions are given out in commit order, so a message that is not there yet has a higher position than all that
-- are; so `reached` may be past messages of other relays' lanes, and nobody looks at these again and again.
-- `more`: not everything that is there fitted, or just fitted.
-- `redriven`: those that an operator put back too, though the mark is past them, and before anything newer.
-- `previous` is the lane's event before this one in the store, sent or not: a projector that misses that one
-- goes and reads it there. The messages of a lane that fit are all its events from the mark to the last that fits, so
-- they are walked along the index; only for the first of a lane, and for one that was put back, it is looked up.
-- `parked`: an earlier message of the scope waits for an operator, this one must wait behind it.
-- What is TEXT comes as bytes, what is VARCHAR as a string.
WITH candidates AS MATERIALIZED (
    (
        SELECT m.position, m.lane, pg_column_size(m.payload) AS size, FALSE AS redriven
        FROM outbox_messages AS m
        WHERE
            m.position > %(after)s
            AND m.position > (%(marks)s::BIGINT[])[m.lane + 1]
            -- The cast keeps the planner from the index by lane, which would give all of a backlog to be sorted.
            AND m.lane::INT = ANY(ARRAY(SELECT lane::INT FROM relay_lanes WHERE owner = %(owner)s))
        ORDER BY m.position
        LIMIT %(rows_max)s
    )
    UNION ALL
    (
        SELECT m.position, m.lane, pg_column_size(m.payload) AS size, TRUE AS redriven
        FROM outbox_exceptions AS x
        JOIN outbox_messages AS m ON m.position = x.position
        WHERE
            %(redriven)s
            AND x.state = 'redriven'
            AND m.position <= greatest(%(after)s, (%(marks)s::BIGINT[])[m.lane + 1])
            AND m.lane = ANY(ARRAY(SELECT lane FROM relay_lanes WHERE owner = %(owner)s))
            AND m.key <> ALL(%(deferred)s::TEXT[])
        ORDER BY m.position
        LIMIT %(rows_max)s
    )
),
fitting AS MATERIALIZED (
    SELECT position, lane, redriven
    FROM (
        SELECT position, lane, redriven, sum(size) OVER (ORDER BY position) - size AS bytes_before
        FROM (SELECT * FROM candidates ORDER BY position LIMIT %(rows_max)s) AS first_ones
    ) AS sized
    WHERE bytes_before < %(bytes_max)s
),
extent AS (
    SELECT
        more,
        CASE
            WHEN more THEN last
            ELSE (SELECT max(position) FROM outbox_messages WHERE position > %(after)s)
        END AS reached
    FROM (
        SELECT
            count(*) >= %(rows_max)s OR count(*) < (SELECT count(*) FROM candidates) AS more,
            max(position) AS last
        FROM fitting
    ) AS counted
),
chained AS MATERIALIZED (
    SELECT e.position, e.previous
    FROM (SELECT lane, max(position) AS last FROM fitting WHERE NOT redriven GROUP BY lane) AS lanes
    CROSS JOIN LATERAL (
        SELECT id AS position, lag(id) OVER (ORDER BY id) AS previous
        FROM domain_events
        WHERE
            lane = lanes.lane
            AND id > greatest(%(after)s, (%(marks)s::BIGINT[])[lanes.lane + 1])
            AND id <= lanes.last
    ) AS e
    UNION ALL
    SELECT position, NULL FROM fitting WHERE redriven
)
SELECT
    greatest(extent.reached, %(after)s) AS reached,
    extent.more,
    m.position, m.lane, m.topic::VARCHAR, m.key::VARCHAR, m.payload::TEXT AS payload, m.header_values,
    x.state::VARCHAR,
    coalesce(x.retry_count, 0) AS retry_count,
    m.max_retries,
    coalesce(extract(EPOCH FROM x.scheduled_at - now()), 0)::DOUBLE PRECISION AS wait_seconds,
    -- That there are any at all is asked once.
    (SELECT EXISTS (SELECT FROM dead_letters WHERE consumer = 'message-relay'))
    AND EXISTS (
        SELECT FROM dead_letters AS d
        WHERE d.consumer = 'message-relay' AND d.scope_id = m.key AND d.position < m.position
    ) AS parked,
    coalesce(
        c.previous,
        (
            SELECT e.id FROM domain_events AS e
            WHERE e.lane = m.lane AND e.id < m.position
            ORDER BY e.id DESC
            LIMIT 1
        ),
        0
    ) AS previous
FROM extent
LEFT JOIN (chained AS c JOIN outbox_messages AS m ON m.position = c.position) ON TRUE
LEFT JOIN outbox_exceptions AS x ON x.position = m.position

-- name: mark
-- Not waited for until it is on disk: a mark that a crash of the server undoes is a message sent twice.
WITH held AS MATERIALIZED (
    SELECT l.lane, passed.position
    FROM relay_lanes AS l
    JOIN json_to_recordset(%(passed)s::json) AS passed (lane SMALLINT, fence BIGINT, position BIGINT)
        ON passed.lane = l.lane AND passed.fence = l.fence
    WHERE l.owner = %(owner)s
    ORDER BY l.lane
    FOR SHARE OF l
),
marked AS (
    INSERT INTO relay_marks (lane, position) SELECT lane, position FROM held
)
SELECT (SELECT count(*) FROM held) AS lanes, set_config('synchronous_commit', 'off', TRUE)

-- name: lock_lanes
-- Held until the exceptions are committed: nobody can redrive them, or take the lane, meanwhile.
SELECT lane FROM relay_lanes
WHERE owner = %(owner)s AND lane = ANY(%(lanes)s)
ORDER BY lane
FOR UPDATE

-- name: count_failure
INSERT INTO outbox_exceptions AS x (position, lane, scope_id, state, retry_count, last_error, scheduled_at)
SELECT position, lane, key, 'deferred', 1, %(reason)s, now() + make_interval(secs => %(wait_seconds)s)
FROM outbox_messages
WHERE position = %(position)s
ON CONFLICT (position) DO UPDATE
SET retry_count = x.retry_count + 1, last_error = excluded.last_error, scheduled_at = excluded.scheduled_at

-- name: park_unsendable
WITH parked AS (
    INSERT INTO outbox_exceptions AS x (position, lane, scope_id, state, retry_count, last_error)
    SELECT position, lane, key, 'parked', %(attempts)s, %(reason)s
    FROM outbox_messages
    WHERE position = %(position)s
    ON CONFLICT (position) DO UPDATE
    SET state = 'parked', retry_count = excluded.retry_count, last_error = excluded.last_error, scheduled_at = NULL
)
INSERT INTO dead_letters (consumer, position, event_id, scope_id, lane, reason, attempts)
SELECT 'message-relay', position, id, key, lane, %(reason)s, %(attempts)s
FROM outbox_messages
WHERE position = %(position)s

-- name: park_behind
WITH waiting AS (
    SELECT
        m.position, m.id, m.key, m.lane,
        (
            SELECT 'waits behind the event at position ' || min(d.position)
            FROM dead_letters AS d
            WHERE d.consumer = 'message-relay' AND d.scope_id = m.key AND d.position < m.position
        ) AS reason
    FROM outbox_messages AS m
    WHERE m.position = ANY(%(positions)s::BIGINT[])
),
parked AS (
    INSERT INTO outbox_exceptions AS x (position, lane, scope_id, state, last_error)
    SELECT position, lane, key, 'parked', reason FROM waiting
    ON CONFLICT (position) DO UPDATE SET state = 'parked', last_error = excluded.last_error, scheduled_at = NULL
)
INSERT INTO dead_letters (consumer, position, event_id, scope_id, lane, reason, attempts)
SELECT 'message-relay', position, id, key, lane, reason, 0
FROM waiting

-- name: forget_exceptions
-- They were sent in the end.
DELETE FROM outbox_exceptions
WHERE position = ANY(%(positions)s::BIGINT[]) AND state IN ('deferred', 'redriven')

-- name: evict_for_redrive
-- Taking the lanes away makes their relay begin again at the front of each, so that nothing newer of the
-- scope passes the messages that are put back. Locks before anything is changed, against a relay that is parking.
UPDATE relay_lanes
SET owner = NULL
WHERE lane IN (
    SELECT lane FROM dead_letters
    WHERE consumer = 'message-relay' AND (scope_id = %(scope_id)s OR %(scope_id)s::TEXT IS NULL)
)

-- name: redrive
WITH parked AS (
    DELETE FROM dead_letters
    WHERE consumer = 'message-relay' AND (scope_id = %(scope_id)s OR %(scope_id)s::TEXT IS NULL)
    RETURNING position
)
UPDATE outbox_exceptions
SET state = 'redriven', retry_count = 0, last_error = NULL, scheduled_at = NULL
WHERE position IN (SELECT position FROM parked) AND state = 'parked'

-- name: find_scope_of_parked
SELECT scope_id FROM dead_letters WHERE consumer = 'message-relay' AND position = %(position)s

-- name: skip
WITH given_up AS (
    DELETE FROM dead_letters
    WHERE consumer = 'message-relay' AND position = %(position)s
    RETURNING position, scope_id
),
skipped AS (
    UPDATE outbox_exceptions
    SET state = 'skipped'
    WHERE position IN (SELECT position FROM given_up) AND state = 'parked'
)
SELECT EXISTS (
    SELECT FROM dead_letters AS d
    JOIN given_up ON d.scope_id = given_up.scope_id
    WHERE d.consumer = 'message-relay' AND d.position < %(position)s
) AS waits_itself
FROM given_up
