-- What came of the stories that were told to their end.

-- name: read_finished
-- The types of everything that happened in the story, in order, and what its novel is now, without ids and times.
WITH finished AS (
    SELECT scope_id, scope_id::UUID AS novel_id
    FROM domain_events
    WHERE event_type = 'Genesis.Flow.Completed'
)
SELECT
    f.scope_id,
    (
        SELECT array_agg(e.aggregate_type || ': ' || e.event_type ORDER BY e.id)
        FROM domain_events AS e
        WHERE e.scope_id = f.scope_id
    ),
    jsonb_build_object(
        'novel', (SELECT to_jsonb(n) - %(other)s::TEXT[] FROM novels AS n WHERE n.id = f.novel_id),
        'characters', (
            SELECT jsonb_agg(to_jsonb(c) - %(other)s::TEXT[] ORDER BY c.name)
            FROM characters AS c
            WHERE c.novel_id = f.novel_id
        ),
        'relations', (
            SELECT jsonb_agg(to_jsonb(r) - %(other)s::TEXT[] ORDER BY r.relation_type, r.strength, r.description)
            FROM character_relations AS r
            WHERE r.novel_id = f.novel_id
        ),
        'world', (
            SELECT jsonb_agg(to_jsonb(w) - %(other)s::TEXT[] ORDER BY w.name)
            FROM worldview_entries AS w
            WHERE w.novel_id = f.novel_id
        ),
        'arcs', (
            SELECT jsonb_agg(to_jsonb(a) - %(other)s::TEXT[] ORDER BY a.title)
            FROM story_arcs AS a
            WHERE a.novel_id = f.novel_id
        )
    )
FROM finished AS f
ORDER BY f.scope_id
