-- Flows, stage records, their sessions, settings and transitions: the reads behind /genesis.

-- name: read_flow
SELECT * FROM genesis_flows WHERE novel_id = %(novel_id)s AND user_id = %(user_id)s;

-- name: read_process
SELECT * FROM genesis_flows WHERE id = %(process_id)s AND user_id = %(user_id)s;

-- name: list_records_of_novel
-- In the order of their creation.
SELECT r.*
FROM genesis_flows AS f
JOIN genesis_stage_record_overview AS r ON r.flow_id = f.id
WHERE f.novel_id = %(novel_id)s AND f.user_id = %(user_id)s
ORDER BY r.created_at, r.sequence_number, r.id;

-- name: list_records_of_process
SELECT r.*
FROM genesis_stage_record_overview AS r
WHERE r.flow_id = %(process_id)s AND r.user_id = %(user_id)s
ORDER BY r.created_at, r.sequence_number, r.id;

-- name: read_record
SELECT r.*
FROM genesis_stage_record_overview AS r
WHERE r.id = %(stage_id)s AND r.user_id = %(user_id)s;

-- name: list_links
SELECT l.*
FROM genesis_stage_session_overview AS l
WHERE l.stage_id = %(stage_id)s AND l.user_id = %(user_id)s AND (%(status)s::text IS NULL OR l.status = %(status)s)
ORDER BY l.is_primary DESC, l.created_at, l.id
LIMIT %(limit)s OFFSET %(offset)s;

-- name: count_links
SELECT count(*) AS total
FROM genesis_stage_sessions AS l
WHERE l.stage_id = %(stage_id)s AND l.user_id = %(user_id)s AND (%(status)s::text IS NULL OR l.status = %(status)s);

-- name: list_stage_rounds
-- Of all sessions of the record, archived ones too, in time order.
SELECT t.*
FROM genesis_stage_sessions AS l
JOIN conversation_rounds AS t ON t.session_id = l.session_id
WHERE
    l.stage_id = %(stage_id)s
    AND l.user_id = %(user_id)s
    AND (%(role)s::text IS NULL OR t.role = %(role)s)
    AND (%(session_id)s::uuid IS NULL OR t.session_id = %(session_id)s)
ORDER BY
    CASE WHEN NOT %(descending)s THEN t.created_at END,
    CASE WHEN %(descending)s THEN t.created_at END DESC,
    CASE WHEN %(descending)s THEN -t.sequence_number ELSE t.sequence_number END,
    t.id
LIMIT %(limit)s OFFSET %(offset)s;

-- name: count_stage_rounds
SELECT count(*) AS total
FROM genesis_stage_sessions AS l
JOIN conversation_rounds AS t ON t.session_id = l.session_id
WHERE
    l.stage_id = %(stage_id)s
    AND l.user_id = %(user_id)s
    AND (%(role)s::text IS NULL OR t.role = %(role)s)
    AND (%(session_id)s::uuid IS NULL OR t.session_id = %(session_id)s);

-- name: list_settings
SELECT * FROM genesis_stage_settings
WHERE stage_id = %(instance_id)s AND user_id = %(user_id)s
ORDER BY version DESC
LIMIT %(limit)s OFFSET %(offset)s;

-- name: count_settings
SELECT count(*) AS total FROM genesis_stage_settings WHERE stage_id = %(instance_id)s AND user_id = %(user_id)s;

-- name: read_settings
SELECT * FROM genesis_stage_settings
WHERE stage_id = %(instance_id)s AND version = %(version)s AND user_id = %(user_id)s;

-- name: read_instance
SELECT id FROM genesis_stage_records WHERE id = %(instance_id)s AND user_id = %(user_id)s;

-- name: list_transitions
SELECT t.id, t.from_stage_id, t.to_stage_id, t.transition_data, t.created_at
FROM genesis_flows AS f
JOIN genesis_stage_records AS r ON r.flow_id = f.id
JOIN genesis_stage_transitions AS t ON t.to_stage_id = r.id
WHERE f.novel_id = %(novel_id)s AND f.user_id = %(user_id)s
ORDER BY t.created_at, t.id;
