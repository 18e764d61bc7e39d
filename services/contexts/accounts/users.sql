-- The rows about users that change in a command's own transaction: what guards that names are unique, what is secret,
-- and which sessions still count. A revocation outlives the tokens that it is about: those of a login live for half a
-- day at most (`LoginSettings`), those that an operator makes for a program, which are the user's alone, for 30 days.
-- A login that has ended never comes back, so whatever is issued to it is worthless, whoever's clock says when.

-- name: insert_user
INSERT INTO users (id, username, email, password_hash, is_admin, created_at, updated_at)
VALUES (%(id)s, %(username)s, %(email)s, %(password_hash)s, %(is_admin)s, %(at)s, %(at)s);

-- name: update_user
UPDATE users
SET
    username = coalesce(%(username)s, username),
    avatar_url = coalesce(%(avatar_url)s, avatar_url),
    updated_at = %(at)s
WHERE id = %(id)s;

-- name: set_password
UPDATE users SET password_hash = %(password_hash)s, updated_at = %(at)s WHERE id = %(id)s;

-- name: set_active
UPDATE users SET is_active = %(is_active)s, updated_at = %(at)s WHERE id = %(id)s;

-- name: end_session
-- One login: its refresh tokens and its access tokens.
WITH ended AS (
    UPDATE refresh_tokens SET revoked_at = %(at)s
    WHERE family_id = %(session_id)s AND user_id = %(user_id)s AND revoked_at IS NULL
)
INSERT INTO access_revocations (subject, revoked_at, reason, expires_at)
VALUES (%(session_id)s, '9999-12-31 00:00Z', 2001, %(at)s::TIMESTAMPTZ + INTERVAL '1 day')
ON CONFLICT (subject) DO NOTHING;

-- name: end_sessions
-- All of a user's logins, but perhaps one. Each is named by itself, so that this one goes on.
WITH ended AS (
    UPDATE refresh_tokens SET revoked_at = %(at)s
    WHERE user_id = %(user_id)s AND revoked_at IS NULL AND family_id IS DISTINCT FROM %(but)s::UUID
    RETURNING family_id
)
INSERT INTO access_revocations (subject, revoked_at, reason, expires_at)
SELECT DISTINCT family_id, '9999-12-31 00:00Z'::TIMESTAMPTZ, 2001, %(at)s::TIMESTAMPTZ + INTERVAL '1 day' FROM ended
ON CONFLICT (subject) DO NOTHING;

-- name: lock_out
-- Whatever is issued to the user, also at this moment by somebody who has not heard of it yet.
WITH ended AS (
    UPDATE refresh_tokens SET revoked_at = %(at)s WHERE user_id = %(user_id)s AND revoked_at IS NULL
)
INSERT INTO access_revocations (subject, revoked_at, reason, expires_at)
VALUES (%(user_id)s, '9999-12-31 00:00Z', 2004, %(at)s::TIMESTAMPTZ + INTERVAL '31 days')
ON CONFLICT (subject) DO UPDATE
SET revoked_at = excluded.revoked_at, reason = excluded.reason, expires_at = excluded.expires_at;

-- name: let_in
-- What was issued before the lock-out stays worthless.
INSERT INTO access_revocations (subject, revoked_at, reason, expires_at)
VALUES (%(user_id)s, %(at)s, 2001, %(at)s::TIMESTAMPTZ + INTERVAL '31 days')
ON CONFLICT (subject) DO UPDATE
SET revoked_at = excluded.revoked_at, reason = excluded.reason, expires_at = excluded.expires_at;

-- name: put_api_key
INSERT INTO user_api_keys (user_id, name, ciphertext, updated_at)
VALUES (%(user_id)s, %(name)s, %(ciphertext)s, %(at)s)
ON CONFLICT (user_id, name) DO UPDATE SET ciphertext = excluded.ciphertext, updated_at = excluded.updated_at;

-- name: remove_api_key
DELETE FROM user_api_keys WHERE user_id = %(user_id)s AND name = %(name)s;
