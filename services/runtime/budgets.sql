-- What users may spend on text models in a month: reserved before a call, settled after it.

-- name: lock_user
-- Reservations of one user stand in line; each sees those before it, because the next statement looks anew.
SELECT pg_advisory_xact_lock(hashtextextended('text_model_calls:' || %(user_id)s, 0));

-- name: reserve
WITH used AS (
    SELECT coalesce(sum(coalesce(cost, reserved)), 0) AS dollars
    FROM text_model_calls
    WHERE
        user_id = %(user_id)s::UUID
        AND month = date_trunc('month', now() AT TIME ZONE 'UTC')::DATE
        AND (cost IS NOT NULL OR expires_at > now())
),

reserved AS (
    INSERT INTO text_model_calls (id, user_id, month, reserved, expires_at)
    SELECT
        %(id)s,
        %(user_id)s::UUID,
        date_trunc('month', now() AT TIME ZONE 'UTC')::DATE,
        %(dollars)s,
        now() + make_interval(secs => %(expire_seconds)s)
    FROM used
    WHERE used.dollars + %(dollars)s <= %(dollars_max)s
    RETURNING id
)

SELECT
    used.dollars AS used,
    EXISTS (SELECT 1 FROM reserved) AS is_reserved
FROM used;

-- name: settle
-- Once; a settlement that comes after the reservation has expired counts all the same.
UPDATE text_model_calls
SET cost = %(cost)s, settled_at = now()
WHERE id = %(id)s AND cost IS NULL;
