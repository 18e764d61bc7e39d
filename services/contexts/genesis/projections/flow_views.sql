-- Flows, stage records, their sessions, settings and transitions: the rows behind /genesis.

-- name: insert_flow
INSERT INTO genesis_flows (
    id, novel_id, user_id, status, current_stage, mode, navigation, version, state, created_at, updated_at
) VALUES (
    %(flow_id)s, %(novel_id)s, %(user_id)s, %(status)s, %(current_stage)s, %(mode)s, %(navigation)s, %(version)s,
    %(state)s::jsonb, %(at)s, %(at)s
);

-- name: advance_flow
UPDATE genesis_flows
SET current_stage = %(to_stage)s, current_stage_id = %(to_stage_id)s, version = %(version)s, updated_at = %(at)s
WHERE id = %(flow_id)s;

-- name: pause_flow
UPDATE genesis_flows
SET
    status = 'PAUSED',
    state = coalesce(state, '{}') || jsonb_build_object('pause_reason', %(reason)s::text, 'paused_at', %(paused_at)s::text),
    version = %(version)s,
    updated_at = %(at)s
WHERE id = %(flow_id)s;

-- name: resume_flow
UPDATE genesis_flows
SET status = 'IN_PROGRESS', state = state - 'pause_reason' - 'paused_at', version = %(version)s, updated_at = %(at)s
WHERE id = %(flow_id)s;

-- name: abandon_flow
UPDATE genesis_flows
SET status = 'ABANDONED', version = %(version)s, updated_at = %(at)s
WHERE id = %(flow_id)s;

-- name: complete_flow
UPDATE genesis_flows
SET status = 'COMPLETED', version = %(version)s, completed_at = %(completed_at)s, updated_at = %(at)s
WHERE id = %(flow_id)s;

-- name: set_mode
UPDATE genesis_flows SET mode = %(mode)s WHERE id = %(flow_id)s;

-- name: insert_record
INSERT INTO genesis_stage_records (
    id, flow_id, user_id, stage, status, config, iteration_count, sequence_number, is_current, started_at,
    created_at, updated_at
) VALUES (
    %(stage_id)s, %(flow_id)s, %(user_id)s, %(stage)s, %(status)s, %(config)s::jsonb, %(iteration_count)s,
    %(sequence_number)s, %(is_current)s, %(started_at)s, %(at)s, %(at)s
);

-- name: begin_flow_at
-- A flow's first record is its current one.
UPDATE genesis_flows SET current_stage_id = %(stage_id)s WHERE id = %(flow_id)s AND current_stage_id IS NULL;

-- name: set_record_status
UPDATE genesis_stage_records SET status = %(status)s, updated_at = %(at)s WHERE id = %(stage_id)s;

-- name: supersede_record
-- A pass that was still open ends with its place taken; only one record of a flow may be RUNNING.
UPDATE genesis_stage_records
SET is_current = FALSE, status = CASE status WHEN 'RUNNING' THEN 'PAUSED' ELSE status END, updated_at = %(at)s
WHERE id = %(stage_id)s;

-- name: fail_record
UPDATE genesis_stage_records
SET
    status = 'FAILED',
    result = jsonb_build_object('reason', %(reason)s::text, 'error', %(error)s::jsonb),
    updated_at = %(at)s
WHERE id = %(stage_id)s;

-- name: set_config
UPDATE genesis_stage_records SET config = %(config)s::jsonb, updated_at = %(at)s WHERE id = %(stage_id)s;

-- name: complete_record
UPDATE genesis_stage_records
SET
    status = 'COMPLETED',
    is_current = FALSE,
    result = %(result)s::jsonb,
    metrics = %(metrics)s::jsonb,
    notes = %(notes)s,
    completed_at = %(at)s,
    updated_at = %(at)s
WHERE id = %(stage_id)s;

-- name: insert_link
INSERT INTO genesis_stage_sessions (
    id, stage_id, session_id, user_id, status, is_primary, session_kind, created_at, updated_at
) VALUES (
    %(link_id)s, %(stage_id)s, %(session_id)s, %(user_id)s, %(status)s, %(is_primary)s, %(session_kind)s, %(at)s, %(at)s
);

-- name: touch_record
UPDATE genesis_stage_records SET updated_at = %(at)s WHERE id = %(stage_id)s;

-- name: update_link
UPDATE genesis_stage_sessions
SET status = coalesce(%(status)s, status), session_kind = coalesce(%(session_kind)s, session_kind), updated_at = %(at)s
WHERE id = %(link_id)s;

-- name: delete_link
DELETE FROM genesis_stage_sessions WHERE id = %(link_id)s;

-- name: unset_primary
-- Before the next is set, because a record has at most one.
UPDATE genesis_stage_sessions
SET is_primary = FALSE, updated_at = %(at)s
WHERE stage_id = %(stage_id)s AND is_primary;

-- name: set_primary
UPDATE genesis_stage_sessions
SET is_primary = TRUE, updated_at = %(at)s
WHERE stage_id = %(stage_id)s AND session_id = %(to_session_id)s;

-- name: insert_settings
INSERT INTO genesis_stage_settings (
    id, stage_id, user_id, version, settings, summary, source, branch_id, quality_score, command_id, created_by, created_at
) VALUES (
    %(settings_id)s, %(stage_id)s, %(user_id)s, %(version)s, %(settings)s::jsonb, %(summary)s, %(source)s,
    %(branch_id)s, %(quality)s, %(command_id)s, %(created_by)s, %(at)s
);

-- name: count_version
UPDATE genesis_stage_records
SET latest_version = %(version)s, iteration_count = %(iteration_count)s, updated_at = %(at)s
WHERE id = %(stage_id)s;

-- name: unconfirm
UPDATE genesis_stage_settings SET is_confirmed = FALSE WHERE stage_id = %(stage_id)s AND is_confirmed;

-- name: confirm
UPDATE genesis_stage_settings SET is_confirmed = TRUE WHERE stage_id = %(stage_id)s AND version = %(version)s;

-- name: set_confirmed_version
UPDATE genesis_stage_records SET confirmed_version = %(version)s, updated_at = %(at)s WHERE id = %(stage_id)s;

-- name: insert_transition
INSERT INTO genesis_stage_transitions (id, from_stage_id, to_stage_id, user_id, transition_data, created_at)
VALUES (%(transition_id)s, %(from_stage_id)s, %(to_stage_id)s, %(user_id)s, %(transition_data)s::jsonb, %(at)s);

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
