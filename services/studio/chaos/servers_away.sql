-- What an absence of the broker must not do to the outbox.

-- name: count_failures
SELECT status::TEXT, retry_count, count(*)
FROM event_outbox
WHERE status = 'FAILED' OR retry_count > 0
GROUP BY status, retry_count
