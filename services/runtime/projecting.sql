-- What a projector reads and writes beside the read models themselves. The checkpoint of a lane is changed
-- first in every transaction: its row lock lets one projector, or one operator, at a time into a lane.

-- name: read_epoch
SELECT epoch::TEXT AS epoch FROM store_epoch

-- name: make_checkpoints
INSERT INTO projection_checkpoints (projection, lane)
SELECT %(group)s, generate_series(0, %(lane_count)s - 1)
ON CONFLICT DO NOTHING

-- name: read_checkpoints
SELECT lane, last_position FROM projection_checkpoints WHERE projection = %(group)s

-- name: begin
BEGIN

-- name: commit
COMMIT

-- name: prepare_to_write
-- The transaction is not waited for until it is on disk. What a crash of the server undoes, checkpoint and read
-- models together, is applied again from the events, which are. And rows are found by index: a plan made while a
-- table was all but empty would stay a scan until the table is analysed.
SELECT set_config('synchronous_commit', 'off', TRUE), set_config('enable_seqscan', 'off', TRUE)

-- name: advance
-- Moves the lanes on if they are where the caller believes them to be, or refuses. Locked in order of lane, so that
-- two who want the same lanes do not wait for each other.
WITH wanted AS MATERIALIZED (
    SELECT lane, expected, reached
    FROM json_to_recordset(%(moves)s::json) AS moves (lane SMALLINT, expected BIGINT, reached BIGINT)
),
locked AS MATERIALIZED (
    SELECT lane
    FROM projection_checkpoints
    WHERE projection = %(group)s AND lane = ANY(ARRAY(SELECT lane FROM wanted))
    ORDER BY lane
    FOR UPDATE
),
moved AS (
    UPDATE projection_checkpoints AS c
    SET last_position = wanted.reached, updated_at = now()
    FROM wanted, locked
    WHERE
        c.projection = %(group)s
        AND c.lane = wanted.lane
        AND locked.lane = wanted.lane
        AND c.last_position = wanted.expected
    RETURNING c.lane
)
SELECT refuse_when_v1((SELECT count(*) FROM moved) <> (SELECT count(*) FROM wanted))

-- name: refuse_parked_scopes
SELECT refuse_when_v1(
    EXISTS (SELECT FROM dead_letters WHERE consumer = %(group)s AND scope_id = ANY(%(scope_ids)s::TEXT[]))
)

-- name: read_parked_scopes
-- Asked after the lanes are locked, so it stays true until the transaction ends.
SELECT scope_id, min(position) AS position
FROM dead_letters
WHERE consumer = %(group)s AND scope_id = ANY(%(scope_ids)s::TEXT[])
GROUP BY scope_id

-- name: ring
-- In a transaction of its own: NOTIFY in one that writes would hold a server-wide lock until it is on disk.
SELECT pg_notify(%(channel)s, %(announcement)s)

-- name: find_behind
-- Lanes with an event that is older than it should be and not in the read models: 64 look-ups in an index.
-- Compared as a row, so that only the index on (lane, id) will do: by id alone, a lane that has been quiet for long
-- would be looked for through everything that happened in the others since.
SELECT c.lane, c.last_position, extract(EPOCH FROM now() - waiting.created_at) AS age_seconds
FROM projection_checkpoints AS c
CROSS JOIN LATERAL (
    SELECT e.created_at
    FROM domain_events AS e
    WHERE (e.lane, e.id) > (c.lane, c.last_position) AND e.lane = c.lane
    ORDER BY e.lane, e.id
    LIMIT 1
) AS waiting
WHERE c.projection = %(group)s AND waiting.created_at <= now() - make_interval(secs => %(age_seconds)s)

-- name: read_missing
-- The next events of some lanes, each after its own position.
SELECT
    e.id AS position, e.event_id, e.event_type AS type, e.event_version AS version,
    e.aggregate_type, e.aggregate_id, e.aggregate_version, e.scope_type, e.scope_id, e.lane,
    e.correlation_id, e.causation_id, e.actor_id, e.traceparent, e.created_at AS occurred_at, e.payload, e.metadata
FROM json_to_recordset(%(lanes)s::json) AS wanted (lane SMALLINT, after BIGINT)
CROSS JOIN LATERAL (
    SELECT *
    FROM domain_events
    WHERE domain_events.lane = wanted.lane AND domain_events.id > wanted.after
    ORDER BY domain_events.id
    LIMIT %(lane_rows_max)s
) AS e
ORDER BY e.id

-- name: count_recent_poison
SELECT count(*) AS events
FROM dead_letters
WHERE consumer = %(group)s AND attempts > 0 AND created_at > now() - make_interval(secs => %(seconds)s)

-- name: park
INSERT INTO dead_letters (consumer, position, event_id, scope_id, lane, reason, attempts)
VALUES (%(group)s, %(position)s, %(event_id)s, %(scope_id)s, %(lane)s, %(reason)s, %(attempts)s)
