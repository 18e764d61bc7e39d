-- Commands as their senders follow them: straight from the inbox and the tasks, so that it is true at once.

-- name: read_command
SELECT
    c.*,
    coalesce((
        SELECT jsonb_agg(jsonb_build_object(
            'task_id', t.id, 'task_type', t.task_type, 'status', t.status, 'progress', t.progress
        ) ORDER BY t.created_at)
        FROM async_tasks AS t WHERE t.triggered_by_command_id = c.id
    ), '[]') AS tasks
FROM command_inbox AS c
WHERE
    c.id = %(command_id)s
    AND c.user_id = %(user_id)s
    AND (%(session_id)s::uuid IS NULL OR c.session_id = %(session_id)s);

-- name: read_session_exists
SELECT id FROM conversation_sessions WHERE id = %(session_id)s AND user_id = %(user_id)s;

-- name: read_pending_command
SELECT c.id, c.command_type, c.status, c.created_at
FROM command_inbox AS c
WHERE c.session_id = %(session_id)s AND c.user_id = %(user_id)s AND c.status IN ('RECEIVED', 'PROCESSING')
ORDER BY c.created_at DESC, c.id
LIMIT 1;
