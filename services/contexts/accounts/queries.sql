-- Reads of users. Row-level security shows a user only themselves, and an admin everybody.

-- name: read_me
SELECT id, username, email, avatar_url, is_active, is_admin, created_at, updated_at
FROM users
WHERE id = %(user_id)s;

-- name: read_user
SELECT id, username, email, avatar_url, is_active, is_admin, created_at, updated_at
FROM users
WHERE id = %(id)s;

-- name: list_api_keys
SELECT name FROM user_api_keys WHERE user_id = %(id)s AND user_id = %(user_id)s;

-- name: list_users
SELECT id, username, email, avatar_url, is_active, is_admin, created_at, updated_at
FROM users
WHERE coalesce(is_admin = %(is_admin)s, TRUE)
ORDER BY created_at DESC, id
LIMIT %(limit)s OFFSET %(offset)s;

-- name: count_users
SELECT count(*) AS total FROM users WHERE coalesce(is_admin = %(is_admin)s, TRUE);

-- name: list_actions
-- What happened to what is the user's, whoever did it.
SELECT id AS position, event_type, aggregate_type, aggregate_id, scope_type, scope_id, actor_id, correlation_id, created_at
FROM domain_events
WHERE metadata ->> 'user_id' = %(id)s::TEXT
ORDER BY id DESC
LIMIT %(limit)s OFFSET %(offset)s;

-- name: count_actions
SELECT count(*) AS total FROM domain_events WHERE metadata ->> 'user_id' = %(id)s::TEXT;
