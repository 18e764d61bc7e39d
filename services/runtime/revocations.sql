-- The access tokens that were taken back before their time.

-- name: read_revocations
SELECT subject, revoked_at, reason FROM access_revocations WHERE expires_at > now();
