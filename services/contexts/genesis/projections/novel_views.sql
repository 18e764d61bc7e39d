-- Novels and what a finished genesis put into them: the rows behind /novels.

-- name: insert_novel
INSERT INTO novels (
    id, user_id, title, theme, writing_style, description, status, target_chapters, version, created_at, updated_at
) VALUES (
    %(novel_id)s, %(user_id)s, %(title)s, %(theme)s, %(writing_style)s, %(description)s, %(status)s,
    %(target_chapters)s, %(version)s, %(at)s, %(at)s
);

-- name: update_novel
-- `changed` is a JSON object of the new values; a key that is absent leaves its column, null empties it.
UPDATE novels
SET
    title = CASE WHEN c.changed ? 'title' THEN c.changed ->> 'title' ELSE title END,
    theme = CASE WHEN c.changed ? 'theme' THEN c.changed ->> 'theme' ELSE theme END,
    writing_style = CASE WHEN c.changed ? 'writing_style' THEN c.changed ->> 'writing_style' ELSE writing_style END,
    description = CASE WHEN c.changed ? 'description' THEN c.changed ->> 'description' ELSE description END,
    target_chapters = coalesce((c.changed ->> 'target_chapters')::int, target_chapters),
    version = %(version)s,
    updated_at = %(at)s
FROM (SELECT %(changed)s::jsonb AS changed) AS c
WHERE id = %(novel_id)s;

-- name: complete_novel
UPDATE novels
SET
    status = %(new_status)s,
    title = %(title)s,
    theme = %(theme)s,
    writing_style = %(writing_style)s,
    target_chapters = %(target_chapters)s,
    version = %(version)s,
    updated_at = %(at)s
WHERE id = %(novel_id)s;

-- name: insert_character
INSERT INTO characters (
    id, novel_id, user_id, name, role, description, background_story, personality_traits, goals, profile,
    created_at, updated_at
) VALUES (
    %(id)s, %(novel_id)s, %(user_id)s, %(name)s, %(role)s, %(description)s, %(background_story)s,
    %(personality_traits)s, %(goals)s, %(profile)s::jsonb, %(at)s, %(at)s
);

-- name: insert_relation
INSERT INTO character_relations (
    novel_id, user_id, from_character_id, to_character_id, relation_type, strength, description
) VALUES (
    %(novel_id)s, %(user_id)s, %(from_character_id)s, %(to_character_id)s, %(relation_type)s, %(strength)s,
    %(description)s
);

-- name: insert_worldview_entry
INSERT INTO worldview_entries (
    id, novel_id, user_id, entry_type, name, description, tags, data, created_at, updated_at
) VALUES (
    %(id)s, %(novel_id)s, %(user_id)s, %(entry_type)s, %(name)s, %(description)s, %(tags)s, %(data)s::jsonb,
    %(at)s, %(at)s
);

-- name: insert_story_arc
INSERT INTO story_arcs (
    id, novel_id, user_id, title, summary, start_chapter_number, end_chapter_number, nodes, created_at, updated_at
) VALUES (
    %(id)s, %(novel_id)s, %(user_id)s, %(title)s, %(summary)s, %(start_chapter_number)s, %(end_chapter_number)s,
    %(nodes)s::jsonb, %(at)s, %(at)s
);

-- name: delete_novel
-- The rest goes with it (ON DELETE CASCADE); its sessions end by their own events.
DELETE FROM novels WHERE id = %(novel_id)s;

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
