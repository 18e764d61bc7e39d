-- One slice of the history into the new tables.

-- name: take_slice
-- Locked until its rows are committed with it: a worker that dies gives it back.
SELECT slice, after_scope, through_scope
FROM projection_rebuild_slices
WHERE rebuild_id = %(rebuild_id)s AND filled_at IS NULL AND failure IS NULL
ORDER BY slice
LIMIT 1
FOR UPDATE SKIP LOCKED

-- name: read_events
-- All events of a scope one after the other, in order, so that one scope at a time is in memory. The columns are in the
-- order of `RecordedEvent`.
SELECT
    e.id, e.event_id, e.event_type, e.event_version, e.aggregate_type, e.aggregate_id, e.aggregate_version,
    e.scope_type, e.scope_id, e.lane, e.correlation_id, e.causation_id, e.actor_id, e.traceparent, e.created_at,
    e.payload, e.metadata
FROM domain_events AS e
JOIN projection_rebuild_lanes AS l
    ON l.rebuild_id = %(rebuild_id)s AND l.lane = e.lane AND l.position >= e.id
WHERE
    (%(after_scope)s::TEXT IS NULL OR e.scope_id > %(after_scope)s)
    AND (%(through_scope)s::TEXT IS NULL OR e.scope_id <= %(through_scope)s)
    AND e.event_type = ANY(%(event_types)s::TEXT[])
    -- So that they are read once, not looked up for each event.
    AND e.id NOT IN (SELECT o.position FROM projection_rebuild_left_out AS o WHERE o.rebuild_id = %(rebuild_id)s)
ORDER BY e.scope_id, e.id

-- name: write_rows
COPY {table} FROM STDIN

-- name: mark_filled
UPDATE projection_rebuild_slices
SET filled_at = now()
WHERE rebuild_id = %(rebuild_id)s AND slice = %(slice)s

-- name: mark_failed
UPDATE projection_rebuild_slices
SET failure = %(failure)s
WHERE rebuild_id = %(rebuild_id)s AND slice = %(slice)s AND filled_at IS NULL

-- name: trust_the_store
-- What a crash of the server undoes, rows and mark together, is filled again.
SET LOCAL synchronous_commit = off

-- name: sort_in_memory
-- The events of a slice: with the server's usual few megabytes they would be sorted on disk.
SET LOCAL work_mem = '64MB'
