-- Partitions: made before they are needed, dropped when nobody needs what is in them. Blocks with {braces} are
-- completed by psycopg with quoted names and bounds, because statements that change tables take no parameters.

-- name: try_lock
SELECT pg_try_advisory_lock(%(lock_key)s) AS is_ours

-- name: unlock
SELECT pg_advisory_unlock(%(lock_key)s)

-- name: read_progress
-- Where everything stands. `unfinished_position` is the first event that some relay has not sent or some projection
-- not applied: everything below it is done with. One look into an index for each lane, and each lane of a projection.
SELECT
    now() AS at,
    now() - (SELECT created_at FROM domain_events WHERE id = first.position) AS unfinished_age,
    first.position AS unfinished_position,
    coalesce((SELECT max(id) FROM domain_events), 0) AS head,
    (
        SELECT e.id FROM domain_events AS e
        WHERE e.created_at > now() - INTERVAL '1 day'
        ORDER BY e.created_at
        LIMIT 1
    ) AS position_a_day_ago
FROM (
    SELECT least(
        (
            SELECT min(unsettled.position)
            FROM generate_series(0, %(lane_count)s - 1) AS lanes (lane)
            CROSS JOIN LATERAL (
                SELECT coalesce(max(k.position), 0) AS position
                FROM relay_marks AS k
                WHERE k.lane = lanes.lane::SMALLINT
            ) AS mark
            CROSS JOIN LATERAL (
                SELECT m.lane, m.position
                FROM outbox_messages AS m
                -- The next one of any lane, so that only the index on both will do.
                WHERE (m.lane, m.position) > (lanes.lane::SMALLINT, mark.position)
                ORDER BY m.lane, m.position
                LIMIT 1
            ) AS unsettled
            WHERE unsettled.lane = lanes.lane
        ),
        (
            SELECT min(unapplied.id)
            FROM projection_checkpoints AS c
            CROSS JOIN LATERAL (
                SELECT e.id
                FROM domain_events AS e
                -- Compared as a row, so that only the index on (lane, id) will do.
                WHERE (e.lane, e.id) > (c.lane, c.last_position) AND e.lane = c.lane
                ORDER BY e.lane, e.id
                LIMIT 1
            ) AS unapplied
        )
    ) AS position
) AS first

-- name: list_position_partitions
SELECT leaf.relname AS name, bounds[1]::BIGINT AS lower, bounds[2]::BIGINT AS upper
FROM pg_inherits AS i
JOIN pg_class AS leaf ON leaf.oid = i.inhrelid
CROSS JOIN LATERAL regexp_match(
    pg_get_expr(leaf.relpartbound, leaf.oid), 'FROM \(''(.+)''\) TO \(''(.+)''\)'
) AS bounds
WHERE i.inhparent = %(parent)s::regclass AND bounds IS NOT NULL
ORDER BY lower

-- name: list_time_partitions
SELECT leaf.relname AS name, bounds[1]::TIMESTAMPTZ AS lower, bounds[2]::TIMESTAMPTZ AS upper
FROM pg_inherits AS i
JOIN pg_class AS leaf ON leaf.oid = i.inhrelid
CROSS JOIN LATERAL regexp_match(
    pg_get_expr(leaf.relpartbound, leaf.oid), 'FROM \(''(.+)''\) TO \(''(.+)''\)'
) AS bounds
WHERE i.inhparent = %(parent)s::regclass AND bounds IS NOT NULL
ORDER BY lower

-- name: find_homeless
SELECT DISTINCT date_bin(%(width)s, created_at, %(since)s) AS lower FROM {default}

-- name: is_kept_long_enough
-- Of the messages of a range of positions. Those that are yet to be tried again hold theirs for as long as it takes.
SELECT
    coalesce(
        (
            SELECT m.created_at
            FROM outbox_messages AS m
            WHERE m.position >= %(lower)s AND m.position < %(upper)s
            ORDER BY m.position DESC
            LIMIT 1
        ) < now() - CASE WHEN count(*) = 0 THEN %(sent_kept)s::INTERVAL ELSE %(failed_kept)s::INTERVAL END,
        TRUE
    )
    AND count(*) FILTER (WHERE x.state IN ('deferred', 'redriven')) = 0 AS is_kept_long_enough
FROM outbox_exceptions AS x
WHERE x.position >= %(lower)s AND x.position < %(upper)s

-- name: forget_exceptions
WITH parked AS (
    DELETE FROM outbox_exceptions WHERE position >= %(lower)s AND position < %(upper)s
)
DELETE FROM dead_letters
WHERE consumer = 'message-relay' AND position >= %(lower)s AND position < %(upper)s

-- name: bound_waits
-- Whoever writes to these tables queues behind us while we wait for our lock: it is better to come again later.
SELECT set_config('lock_timeout', %(lock_timeout)s, TRUE)

-- name: make_partition
CREATE TABLE {partition} (LIKE {default} INCLUDING ALL);
-- Saves the reading of all rows when the partition is attached.
ALTER TABLE {partition} ADD CONSTRAINT within_bounds CHECK ({column} >= {lower} AND {column} < {upper})

-- name: fill_partition
-- Rows came while there was no partition for them. Most of them move while others still write.
WITH moved AS (
    DELETE FROM {default} WHERE {column} >= {lower} AND {column} < {upper} RETURNING *
)
INSERT INTO {partition} SELECT * FROM moved

-- name: lock_default
-- From here on no more can come; readers wait, too, until the partition is attached.
LOCK TABLE {default} IN ACCESS EXCLUSIVE MODE

-- name: attach_partition
ALTER TABLE {parent} ATTACH PARTITION {partition} FOR VALUES FROM ({lower}) TO ({upper});
ALTER TABLE {partition} DROP CONSTRAINT within_bounds

-- name: drop_partition
DROP TABLE {partition}
