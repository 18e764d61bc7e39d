-- What a genesis has written so far: its documents, branches and quality, as seen from one of its sessions. Writes
-- nothing.

-- name: read_session
SELECT s.id, s.scope_type, s.scope_id
FROM conversation_sessions AS s
WHERE s.id = %(session_id)s AND s.user_id = %(user_id)s;

-- name: list_documents
-- Of each record that stands for its stage the confirmed version, if there is one, and the newest of the main line.
SELECT DISTINCT ON (r.stage, t.is_confirmed)
    r.stage, t.version, t.settings, t.is_confirmed, t.created_at
FROM conversation_sessions AS s
JOIN genesis_flows AS f ON f.novel_id::TEXT = s.scope_id AND s.scope_type = 'GENESIS'
JOIN genesis_stage_records AS r ON r.flow_id = f.id
JOIN genesis_stage_settings AS t ON t.stage_id = r.id
WHERE
    s.id = %(session_id)s
    AND s.user_id = %(user_id)s
    AND f.user_id = %(user_id)s
    AND (t.is_confirmed OR t.branch_id IS NULL)
ORDER BY r.stage, t.is_confirmed, r.sequence_number DESC, t.version DESC;

-- name: read_newest_assessment
SELECT a.quality_score, a.quality, a.created_at
FROM genesis_stage_sessions AS l
JOIN genesis_stage_records AS r ON r.id = l.stage_id
JOIN genesis_stage_assessments AS a ON a.stage_id = l.stage_id
WHERE l.session_id = %(session_id)s AND l.user_id = %(user_id)s
ORDER BY r.created_at DESC, r.sequence_number DESC, a.version DESC
LIMIT 1;

-- name: list_versions
-- Of the newest record that the session works for, by the label of their branch.
SELECT t.version, coalesce(b.label, 'v' || t.version) AS label, t.summary AS description, t.created_at, t.created_by
FROM (
    SELECT l.stage_id
    FROM genesis_stage_sessions AS l
    JOIN genesis_stage_records AS r ON r.id = l.stage_id
    WHERE l.session_id = %(session_id)s AND l.user_id = %(user_id)s
    ORDER BY r.created_at DESC, r.sequence_number DESC
    LIMIT 1
) AS n
JOIN genesis_stage_settings AS t ON t.stage_id = n.stage_id
LEFT JOIN genesis_branches AS b ON b.stage_id = t.stage_id AND b.settings_version = t.version
ORDER BY t.version;

-- name: search_content
-- Versions whose document, and rounds whose words, hold the query in any case; the newest first.
SELECT *, count(*) OVER () AS total
FROM (
    SELECT t.id, 'settings' AS type, r.stage, t.settings AS content, t.settings::TEXT AS said, t.created_at
    FROM conversation_sessions AS s
    JOIN genesis_flows AS f ON f.novel_id::TEXT = s.scope_id AND s.scope_type = 'GENESIS'
    JOIN genesis_stage_records AS r ON r.flow_id = f.id
    JOIN genesis_stage_settings AS t ON t.stage_id = r.id
    WHERE s.id = %(session_id)s AND s.user_id = %(user_id)s AND f.user_id = %(user_id)s
    UNION ALL
    SELECT
        c.id, 'round' AS type, r.stage,
        jsonb_build_object('input', c.input, 'output', c.output) AS content,
        concat_ws(' ', c.input::TEXT, c.output::TEXT) AS said,
        c.created_at
    FROM conversation_sessions AS s
    JOIN genesis_flows AS f ON f.novel_id::TEXT = s.scope_id AND s.scope_type = 'GENESIS'
    JOIN genesis_stage_records AS r ON r.flow_id = f.id
    JOIN genesis_stage_sessions AS l ON l.stage_id = r.id
    JOIN conversation_rounds AS c ON c.session_id = l.session_id
    WHERE s.id = %(session_id)s AND s.user_id = %(user_id)s AND f.user_id = %(user_id)s
) AS found
WHERE
    (%(query)s::TEXT IS NULL OR strpos(lower(said), lower(%(query)s)) > 0)
    AND (%(stage)s::TEXT IS NULL OR stage = %(stage)s)
    AND (%(type)s::TEXT IS NULL OR type = %(type)s)
ORDER BY created_at DESC, id
LIMIT %(limit)s OFFSET %(offset)s;

-- name: read_flow
SELECT id FROM genesis_flows WHERE novel_id = %(novel_id)s AND user_id = %(user_id)s;

-- name: list_branches
SELECT
    b.id, b.stage_id, b.session_id, b.parent_session_id, b.label, b.description, b.base_version, b.base_round_path,
    b.settings_version, b.merged_version, b.created_at
FROM genesis_flows AS f
JOIN genesis_stage_records AS r ON r.flow_id = f.id
JOIN genesis_branches AS b ON b.stage_id = r.id
WHERE f.novel_id = %(novel_id)s AND f.user_id = %(user_id)s
ORDER BY b.created_at, b.id;

-- name: list_two_versions
SELECT version, settings
FROM genesis_stage_settings
WHERE stage_id = %(instance_id)s AND user_id = %(user_id)s AND version IN (%(version)s, %(against)s);
