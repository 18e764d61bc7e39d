-- Refresh tokens and failed logins.

-- name: insert_refresh_token
-- With each new one, a few that nobody can use any more go.
WITH outlived AS (
    DELETE FROM refresh_tokens
    WHERE id IN (SELECT id FROM refresh_tokens WHERE expires_at < now() - INTERVAL '1 day' LIMIT 10)
),
forgotten AS (
    DELETE FROM access_revocations
    WHERE subject IN (SELECT subject FROM access_revocations WHERE expires_at < now() LIMIT 10)
)
INSERT INTO refresh_tokens (id, user_id, token_hash, family_id, expires_at)
VALUES (%(id)s, %(user_id)s, %(token_hash)s, %(family_id)s, %(expires_at)s);

-- name: find_refresh_token
-- Locked: of two that come with the same token, one is the second.
SELECT t.id, t.user_id, t.family_id, t.expires_at, t.rotated_at, t.revoked_at, u.username, u.is_admin, u.is_active
FROM refresh_tokens AS t
JOIN users AS u ON u.id = t.user_id
WHERE t.token_hash = %(token_hash)s
FOR UPDATE OF t;

-- name: rotate_refresh_token
UPDATE refresh_tokens SET rotated_at = now() WHERE id = %(id)s;

-- name: end_family
WITH ended AS (
    UPDATE refresh_tokens SET revoked_at = now() WHERE family_id = %(family_id)s AND revoked_at IS NULL
)
INSERT INTO access_revocations (subject, revoked_at, reason, expires_at)
VALUES (%(family_id)s, '9999-12-31 00:00Z', 2001, now() + INTERVAL '1 day')
ON CONFLICT (subject) DO NOTHING;

-- name: count_attempt
-- The wait doubles with each failure beyond the free ones. An attempt while one has to wait does not count.
WITH known AS (
    SELECT
        failures,
        CASE
            WHEN failures < %(free)s THEN 0
            ELSE least(2 ^ least(failures - %(free)s, 20), %(wait_max)s)
        END - extract(EPOCH FROM now() - last_at) AS wait_seconds
    FROM failed_logins
    WHERE subject = %(subject)s AND last_at > now() - INTERVAL '1 day'
    FOR UPDATE
),
counted AS (
    INSERT INTO failed_logins (subject, failures, last_at)
    SELECT %(subject)s, 1, now()
    WHERE NOT EXISTS (SELECT FROM known WHERE wait_seconds > 0)
    ON CONFLICT (subject) DO UPDATE
    SET
        failures = CASE
            WHEN failed_logins.last_at > now() - INTERVAL '1 day' THEN failed_logins.failures + 1
            ELSE 1
        END,
        last_at = now()
),
forgotten AS (
    DELETE FROM failed_logins
    WHERE subject IN (
        SELECT subject FROM failed_logins
        WHERE last_at < now() - INTERVAL '1 day' AND subject <> %(subject)s
        LIMIT 10
    )
)
SELECT (SELECT wait_seconds FROM known WHERE wait_seconds > 0)::DOUBLE PRECISION AS wait_seconds;

-- name: forget_failures
DELETE FROM failed_logins WHERE subject = %(subject)s;

-- name: find_by_email
SELECT id, username, email, password_hash, is_active, is_admin FROM users WHERE email = %(email)s;

-- name: find_by_id
SELECT id, username, email, password_hash, is_active, is_admin FROM users WHERE id = %(id)s;

-- name: find_taken
SELECT
    EXISTS (SELECT FROM users WHERE email = %(email)s) AS email,
    EXISTS (SELECT FROM users WHERE username = %(username)s) AS username;
