-- Keeping everybody out for a moment. None of these takes a snapshot: the transaction's own comes after the lock.

-- name: wait_briefly
SET LOCAL lock_timeout = '300ms'

-- name: work_briefly
SET LOCAL statement_timeout = '5s'

-- name: lock_out_projectors
-- Readers go on.
LOCK TABLE projection_checkpoints IN EXCLUSIVE MODE

-- name: lock_out_everybody
LOCK TABLE projection_checkpoints IN ACCESS EXCLUSIVE MODE

-- name: look
SELECT 1
