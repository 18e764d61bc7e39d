-- Tasks as a worker handles them outside of command handling: looking for work, keeping a lease, trying again.

-- name: find_claimable
-- Candidates only: whether a task is still free is decided by the claim itself.
SELECT id, scope_id
FROM async_tasks
WHERE
    task_type = ANY(%(task_types)s)
    AND (
        (status = 'PENDING' AND (run_after IS NULL OR run_after <= now()))
        OR (status = 'RUNNING' AND lease_until < now())
    )
ORDER BY priority DESC, created_at
LIMIT %(limit)s;

-- name: keep_lease
UPDATE async_tasks
SET lease_until = now() + make_interval(secs => %(lease_seconds)s), heartbeat_at = now()
WHERE id = %(task_id)s AND execution_node = %(node)s AND status = 'RUNNING' AND retry_count + 1 = %(attempt)s;

-- name: report_progress
UPDATE async_tasks
SET progress = greatest(progress, %(progress)s), partial_text = %(partial_text)s
WHERE id = %(task_id)s AND execution_node = %(node)s AND status = 'RUNNING' AND retry_count + 1 = %(attempt)s;

-- name: try_again
-- The attempt failed: another one, by whoever is free, after a while.
UPDATE async_tasks
SET
    status = 'PENDING',
    retry_count = retry_count + 1,
    run_after = now() + make_interval(secs => %(wait_seconds)s),
    lease_until = NULL,
    error_data = %(error)s::jsonb
WHERE id = %(task_id)s AND execution_node = %(node)s AND status = 'RUNNING' AND retry_count + 1 = %(attempt)s;

-- name: give_back
-- The worker stops: the attempt does not count.
UPDATE async_tasks
SET status = 'PENDING', lease_until = NULL, run_after = NULL
WHERE id = %(task_id)s AND execution_node = %(node)s AND status = 'RUNNING' AND retry_count + 1 = %(attempt)s;

-- name: ring
-- In the order of the payloads. They come as one JSON parameter and one row is the answer: an array is dumped element by
-- element, and that and a row for each took a quarter of the worker's time.
SELECT count(pg_notify(%(channel)s, told.payload::TEXT)) FROM json_array_elements(%(payloads)s::JSON) AS told (payload);
