-- name: store_snapshot
-- Whoever was overtaken by another process leaves the newer one.
INSERT INTO scope_snapshots (scope_id, position, code, document)
VALUES (%(scope_id)s, %(position)s, %(code)s, %(document)s)
ON CONFLICT (scope_id) DO UPDATE
SET position = EXCLUDED.position, code = EXCLUDED.code, document = EXCLUDED.document, created_at = now()
WHERE scope_snapshots.code <> EXCLUDED.code OR scope_snapshots.position < EXCLUDED.position;
