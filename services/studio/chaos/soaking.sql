-- What may not grow while a studio is at work.

-- name: count_connections
SELECT count(*)
FROM pg_stat_activity
WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()
