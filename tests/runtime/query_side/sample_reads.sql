-- Reads of the sample context: the real read-model tables, questions of no real screen.

-- name: list_novels
SELECT id, title, status FROM novels
WHERE user_id = %(user_id)s AND (%(status)s::TEXT IS NULL OR status = %(status)s)
ORDER BY title LIMIT %(limit)s;

-- name: read_novel
SELECT id, title, version, created_at, 4.50::NUMERIC AS score FROM novels
WHERE id = %(novel_id)s AND user_id = %(user_id)s;

-- name: forget_the_owner
SELECT id, title FROM novels;

-- name: mistake
SELECT no_such_column FROM novels WHERE user_id = %(user_id)s;

-- name: count_novels
SELECT
    count(*) AS novels,
    pg_export_snapshot() AS snapshot,
    current_setting('transaction_isolation') AS isolation,
    current_setting('transaction_read_only') AS read_only
FROM novels WHERE user_id = %(user_id)s;

-- name: write_something
INSERT INTO used_stream_tokens (token_id, expires_at) VALUES (gen_random_uuid(), now()) RETURNING %(user_id)s::UUID;

-- name: public_facts
SELECT 'everybody' AS audience;
