-- Commands as their senders follow them: straight from the inbox and the tasks, so that it is true at once.

-- name: read_command
-- The position is that of the command's last event: whoever has read of the end may wait for its effect.
SELECT
    c.*,
    last_event.lane,
    last_event.id AS position
FROM command_overview AS c
LEFT JOIN LATERAL (
    SELECT e.id, e.lane FROM domain_events AS e WHERE e.correlation_id = c.id ORDER BY e.id DESC LIMIT 1
) AS last_event ON TRUE
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
