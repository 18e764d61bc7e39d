-- The state a screen is drawn from: flow, newest result, sessions, and what is under way. Writes nothing.

-- name: read_state
SELECT
    f.*,
    v.confirmed_data,
    v.primary_session_id,
    coalesce(s.id, v.primary_session_id) AS session_id
FROM genesis_flows AS f
JOIN genesis_sessions AS v ON v.id = f.id
LEFT JOIN conversation_sessions AS s
    ON s.id = %(session_id)s AND s.scope_type = 'GENESIS' AND s.scope_id = f.novel_id::text
WHERE f.user_id = %(user_id)s AND (f.novel_id = %(novel_id)s OR s.id IS NOT NULL);

-- name: read_plain_session
SELECT id, scope_type, version FROM conversation_sessions WHERE id = %(session_id)s AND user_id = %(user_id)s;

-- name: read_current_record
SELECT r.*
FROM genesis_flows AS f
JOIN genesis_stage_records AS r ON r.id = f.current_stage_id
LEFT JOIN conversation_sessions AS s
    ON s.id = %(session_id)s AND s.scope_type = 'GENESIS' AND s.scope_id = f.novel_id::text
WHERE f.user_id = %(user_id)s AND (f.novel_id = %(novel_id)s OR s.id IS NOT NULL);

-- name: read_newest_settings
-- Of the branch that the session works on, else of the main line.
SELECT
    t.version, t.settings, t.source, t.quality_score, t.created_at,
    CASE WHEN a.stage_id IS NOT NULL THEN jsonb_build_object(
        'quality', a.quality,
        'suggestions', a.suggestions,
        'needs_optimization', a.needs_optimization,
        'consistency', a.consistency,
        'generation_metadata', a.generation_metadata
    ) END AS assessment
FROM genesis_flows AS f
JOIN genesis_stage_settings AS t ON t.stage_id = f.current_stage_id
LEFT JOIN genesis_stage_assessments AS a ON a.stage_id = t.stage_id AND a.version = t.version
LEFT JOIN conversation_sessions AS s
    ON s.id = %(session_id)s AND s.scope_type = 'GENESIS' AND s.scope_id = f.novel_id::text
LEFT JOIN genesis_branches AS b ON b.stage_id = f.current_stage_id AND b.session_id = s.id
WHERE
    f.user_id = %(user_id)s
    AND (f.novel_id = %(novel_id)s OR s.id IS NOT NULL)
    AND t.branch_id IS NOT DISTINCT FROM b.id
ORDER BY t.version DESC
LIMIT 1;

-- name: list_current_links
SELECT l.*
FROM genesis_flows AS f
JOIN genesis_stage_session_overview AS l ON l.stage_id = f.current_stage_id
LEFT JOIN conversation_sessions AS s
    ON s.id = %(session_id)s AND s.scope_type = 'GENESIS' AND s.scope_id = f.novel_id::text
WHERE f.user_id = %(user_id)s AND (f.novel_id = %(novel_id)s OR s.id IS NOT NULL)
ORDER BY l.is_primary DESC, l.created_at, l.id;

-- name: list_open_commands
-- Straight from the inbox, so that it is true at once. Of the session, or of the flow's current record.
SELECT c.*
FROM command_overview AS c
WHERE
    c.user_id = %(user_id)s
    AND c.status IN ('RECEIVED', 'PROCESSING')
    AND (
        c.session_id = %(session_id)s
        OR c.stage_id IN (
            SELECT f.current_stage_id FROM genesis_flows AS f
            LEFT JOIN conversation_sessions AS s
                ON s.id = %(session_id)s AND s.scope_type = 'GENESIS' AND s.scope_id = f.novel_id::text
            WHERE f.user_id = %(user_id)s AND (f.novel_id = %(novel_id)s OR s.id IS NOT NULL)
        )
    )
ORDER BY c.created_at DESC, c.id;

-- name: read_task
SELECT id, task_type, status, progress, result_data, error_data, partial_text, created_at, updated_at
FROM async_tasks
WHERE id = %(task_id)s AND user_id = %(user_id)s;
