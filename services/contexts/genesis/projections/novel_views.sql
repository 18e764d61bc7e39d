-- Novels and what a finished genesis put into them: the reads behind /novels.

-- name: read_novel
SELECT
    n.*, f.id AS flow_id, f.status AS flow_status, f.current_stage,
    ARRAY(
        SELECT DISTINCT r.stage FROM genesis_stage_records AS r WHERE r.flow_id = f.id AND r.status = 'COMPLETED'
    ) AS completed_stages
FROM novels AS n
LEFT JOIN genesis_flows AS f ON f.novel_id = n.id
WHERE n.id = %(novel_id)s AND n.user_id = %(user_id)s;

-- name: list_novels
SELECT
    n.*, f.id AS flow_id, f.status AS flow_status, f.current_stage,
    ARRAY(
        SELECT DISTINCT r.stage FROM genesis_stage_records AS r WHERE r.flow_id = f.id AND r.status = 'COMPLETED'
    ) AS completed_stages
FROM novels AS n
LEFT JOIN genesis_flows AS f ON f.novel_id = n.id
WHERE n.user_id = %(user_id)s AND (%(status)s::text IS NULL OR n.status = %(status)s)
ORDER BY n.updated_at DESC, n.id
LIMIT %(limit)s OFFSET %(offset)s;

-- name: count_novels
SELECT count(*) AS total
FROM novels AS n
WHERE n.user_id = %(user_id)s AND (%(status)s::text IS NULL OR n.status = %(status)s);

-- name: list_characters
SELECT
    id, novel_id, name, role, description, background_story, personality_traits, goals, profile, version,
    created_at, updated_at
FROM characters
WHERE novel_id = %(novel_id)s AND user_id = %(user_id)s
ORDER BY created_at, name, id;

-- name: list_worldview_entries
SELECT id, novel_id, entry_type, name, description, tags, data, version, created_at, updated_at
FROM worldview_entries
WHERE novel_id = %(novel_id)s AND user_id = %(user_id)s
ORDER BY entry_type, name, id;

-- name: list_story_arcs
SELECT
    id, novel_id, title, summary, start_chapter_number, end_chapter_number, status, nodes, version,
    created_at, updated_at
FROM story_arcs
WHERE novel_id = %(novel_id)s AND user_id = %(user_id)s
ORDER BY start_chapter_number NULLS LAST, title, id;

-- name: read_stats
-- What the genesis has taken so far; words are those of chapters, of which there are none yet.
SELECT
    count(DISTINCT r.stage) FILTER (WHERE r.status = 'COMPLETED') AS stages,
    0 AS words,
    coalesce((
        SELECT sum(coalesce(t.tokens_in, 0) + coalesce(t.tokens_out, 0))
        FROM conversation_rounds AS t JOIN conversation_sessions AS s ON s.id = t.session_id
        WHERE s.scope_type = 'GENESIS' AND s.scope_id = %(novel_id)s::text AND s.user_id = %(user_id)s
    ), 0)::bigint AS tokens,
    coalesce((
        SELECT sum(t.cost)
        FROM conversation_rounds AS t JOIN conversation_sessions AS s ON s.id = t.session_id
        WHERE s.scope_type = 'GENESIS' AND s.scope_id = %(novel_id)s::text AND s.user_id = %(user_id)s
    ), 0) AS cost
FROM genesis_flows AS f
JOIN genesis_stage_records AS r ON r.flow_id = f.id
WHERE f.novel_id = %(novel_id)s AND f.user_id = %(user_id)s;
