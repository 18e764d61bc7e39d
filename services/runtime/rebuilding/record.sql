-- The record of a rebuild: what it is about, how far it is, and who is at it.

-- name: try_to_be_the_only_one
-- Held by the session: it is free again however the session ends.
SELECT pg_try_advisory_lock(%(key)s) AS alone

-- name: find_open
SELECT id, projection_group, projections, tables, state
FROM projection_rebuilds
WHERE state NOT IN ('DROPPED', 'UNDONE', 'CANCELLED')

-- name: make_checkpoints
INSERT INTO projection_checkpoints (projection, lane)
SELECT %(group)s, generate_series(0, %(lane_count)s - 1)
ON CONFLICT DO NOTHING

-- name: begin
INSERT INTO projection_rebuilds (projection_group, projections, tables)
VALUES (%(group)s, %(projections)s::TEXT[], %(tables)s::TEXT[])
RETURNING id, projection_group, projections, tables, state

-- name: begin_at_the_checkpoints
-- Read in the same snapshot as what is left out: a live table shows exactly the events up to its lane's checkpoint,
-- less those that are parked or given up.
INSERT INTO projection_rebuild_lanes (rebuild_id, lane, position)
SELECT %(rebuild_id)s, lane, last_position
FROM projection_checkpoints
WHERE projection = %(group)s

-- name: leave_out_what_live_tables_do
INSERT INTO projection_rebuild_left_out (rebuild_id, position)
SELECT %(rebuild_id)s, position
FROM left_out_events
WHERE consumer = %(group)s

-- name: slice_the_scopes
-- Neighbouring scopes share a slice until it has its number of events, so all rows of a scope come from one slice, and
-- a slice has at most that many events and those of one scope more. The first slice begins and the last one ends
-- nowhere: a scope is in one of them, whenever it was made.
WITH sizes AS (
    SELECT scope_id, count(*) AS events
    FROM domain_events
    WHERE id <= (SELECT max(position) FROM projection_rebuild_lanes WHERE rebuild_id = %(rebuild_id)s)
    GROUP BY scope_id
),
numbered AS (
    SELECT
        scope_id,
        events,
        (sum(events) OVER (ORDER BY scope_id) - events)::BIGINT / %(slice_events)s AS slice
    FROM sizes
),
slices AS (
    SELECT slice, max(scope_id) AS last_scope, sum(events) AS events
    FROM numbered
    GROUP BY slice
)
INSERT INTO projection_rebuild_slices (rebuild_id, slice, after_scope, through_scope, events)
SELECT
    %(rebuild_id)s,
    slice,
    lag(last_scope) OVER (ORDER BY slice),
    CASE WHEN lead(slice) OVER (ORDER BY slice) IS NOT NULL THEN last_scope END,
    events
FROM slices

-- name: read_progress
SELECT
    coalesce(sum(events) FILTER (WHERE filled_at IS NOT NULL), 0)::BIGINT AS filled_events,
    coalesce(sum(events), 0)::BIGINT AS events,
    count(*) FILTER (WHERE filled_at IS NULL)::BIGINT AS unfilled_slices,
    min(failure) AS failure,
    (SELECT stop_asked FROM projection_rebuilds WHERE id = %(rebuild_id)s) AS stop_asked
FROM projection_rebuild_slices
WHERE rebuild_id = %(rebuild_id)s

-- name: forget_failures
UPDATE projection_rebuild_slices SET failure = NULL WHERE rebuild_id = %(rebuild_id)s AND failure IS NOT NULL

-- name: ask_to_stop
UPDATE projection_rebuilds SET stop_asked = %(stop_asked)s WHERE id = %(rebuild_id)s AND stop_asked <> %(stop_asked)s

-- name: is_asked_to_stop
SELECT stop_asked FROM projection_rebuilds WHERE id = %(rebuild_id)s

-- name: enter
-- No row comes back when it is not in the state that the caller believes it to be in.
UPDATE projection_rebuilds
SET state = %(state)s
WHERE id = %(rebuild_id)s AND state = %(before)s
RETURNING id

-- name: forget_slices
-- Waits for a worker that is still in the middle of one.
DELETE FROM projection_rebuild_slices WHERE rebuild_id = %(rebuild_id)s

-- name: forget_lanes
DELETE FROM projection_rebuild_lanes WHERE rebuild_id = %(rebuild_id)s

-- name: forget_what_is_left_out
DELETE FROM projection_rebuild_left_out WHERE rebuild_id = %(rebuild_id)s
