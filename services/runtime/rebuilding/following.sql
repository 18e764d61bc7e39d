-- Catching up with the live tables: what they have come to show since.

-- name: read_next
-- Up to each lane's checkpoint, so the tables that are built are never ahead. `left_out`: the live tables leave the
-- event out now. `returned`: they did before, and have applied it since.
WITH lanes AS MATERIALIZED (
    SELECT r.lane, r.position, c.last_position
    FROM projection_rebuild_lanes AS r
    JOIN projection_checkpoints AS c ON c.projection = %(group)s AND c.lane = r.lane
    WHERE r.rebuild_id = %(rebuild_id)s AND c.last_position > r.position
),
wanted AS (
    SELECT e.id, FALSE AS returned
    FROM lanes
    CROSS JOIN LATERAL (
        SELECT domain_events.id
        FROM domain_events
        WHERE
            domain_events.lane = lanes.lane
            AND domain_events.id > lanes.position
            AND domain_events.id <= lanes.last_position
        ORDER BY domain_events.id
        LIMIT %(lane_events_max)s
    ) AS e
    UNION ALL
    SELECT o.position, TRUE
    FROM projection_rebuild_left_out AS o
    WHERE
        o.rebuild_id = %(rebuild_id)s
        AND NOT EXISTS (SELECT FROM left_out_events AS l WHERE l.consumer = %(group)s AND l.position = o.position)
)
SELECT
    e.id AS position, e.event_id, e.event_type AS type, e.event_version AS version,
    e.aggregate_type, e.aggregate_id, e.aggregate_version, e.scope_type, e.scope_id, e.lane,
    e.correlation_id, e.causation_id, e.actor_id, e.traceparent, e.created_at AS occurred_at, e.payload, e.metadata,
    wanted.returned,
    EXISTS (SELECT FROM left_out_events AS l WHERE l.consumer = %(group)s AND l.position = e.id) AS left_out
FROM wanted
JOIN domain_events AS e ON e.id = wanted.id
ORDER BY e.id

-- name: move_on
UPDATE projection_rebuild_lanes AS r
SET position = moves.position
FROM json_to_recordset(%(moves)s::json) AS moves (lane SMALLINT, position BIGINT)
WHERE r.rebuild_id = %(rebuild_id)s AND r.lane = moves.lane

-- name: leave_out
INSERT INTO projection_rebuild_left_out (rebuild_id, position)
SELECT %(rebuild_id)s, unnest(%(positions)s::BIGINT[])

-- name: leave_in
DELETE FROM projection_rebuild_left_out
WHERE rebuild_id = %(rebuild_id)s AND position = ANY(%(positions)s::BIGINT[])
