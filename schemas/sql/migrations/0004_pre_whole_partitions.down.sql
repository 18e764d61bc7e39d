-- Undoes 0004: one table for each of the names again, with all rows that are left.
ALTER TABLE relay_lanes
    ADD COLUMN lease_until TIMESTAMPTZ,
    ADD COLUMN sent_position BIGINT NOT NULL DEFAULT 0;
UPDATE relay_lanes AS l
SET
    owner = NULL,
    sent_position = coalesce((SELECT max(m.position) FROM relay_marks AS m WHERE m.lane = l.lane), 0);

ALTER VIEW event_outbox RENAME TO former_outbox;
CREATE TABLE event_outbox (
    id UUID PRIMARY KEY,
    position BIGINT NOT NULL,
    lane SMALLINT NOT NULL,
    topic TEXT NOT NULL,
    key TEXT,
    partition_key TEXT,
    payload JSONB NOT NULL,
    headers JSONB,
    status outbox_status NOT NULL DEFAULT 'PENDING',
    retry_count INT NOT NULL DEFAULT 0,
    max_retries INT NOT NULL DEFAULT 5,
    last_error TEXT,
    scheduled_at TIMESTAMPTZ,
    sent_at TIMESTAMPTZ,
    created_at TIMESTAMPTZ NOT NULL DEFAULT now(),
    CONSTRAINT event_outbox_retries_bounded CHECK (retry_count BETWEEN 0 AND max_retries),
    CONSTRAINT event_outbox_sent_has_time CHECK (status <> 'SENT' OR sent_at IS NOT NULL),
    CONSTRAINT event_outbox_scheduled_after_creation CHECK (scheduled_at IS NULL OR scheduled_at >= created_at)
);
INSERT INTO event_outbox SELECT * FROM former_outbox;
CREATE INDEX idx_event_outbox_pending ON event_outbox (status, position) WHERE status = 'PENDING';
CREATE INDEX idx_event_outbox_pending_lane ON event_outbox (lane, position) WHERE status = 'PENDING';
CREATE INDEX idx_event_outbox_status ON event_outbox (status);
CREATE INDEX idx_event_outbox_topic ON event_outbox (topic);
CREATE INDEX idx_event_outbox_created ON event_outbox (created_at);
CREATE INDEX idx_event_outbox_status_scheduled ON event_outbox (status, scheduled_at);
CREATE INDEX idx_event_outbox_retry_count ON event_outbox (retry_count);
CREATE INDEX idx_event_outbox_topic_status ON event_outbox (topic, status);
CREATE INDEX idx_event_outbox_status_created ON event_outbox (status, created_at);
CREATE INDEX idx_event_outbox_key ON event_outbox (key);
CREATE INDEX idx_event_outbox_partition_key ON event_outbox (partition_key);
DROP VIEW former_outbox;
DROP TABLE outbox_exceptions, relay_marks, outbox_messages;

DROP VIEW command_overview, conversation_session_overview, async_task_statistics;
ALTER TABLE async_tasks RENAME TO former_tasks;
ALTER TABLE command_inbox RENAME TO former_inbox;
DROP INDEX
    idx_command_inbox_unique_pending_command, idx_command_inbox_session, idx_command_inbox_type,
    idx_command_inbox_created, idx_async_tasks_type, idx_async_tasks_created, idx_async_tasks_command,
    idx_async_tasks_node, idx_async_tasks_claim;

CREATE TABLE command_inbox (
    id UUID PRIMARY KEY,
    user_id UUID NOT NULL,
    session_id UUID NOT NULL,
    command_type TEXT NOT NULL,
    idempotency_key TEXT NOT NULL,
    request_hash CHAR(64) NOT NULL,
    payload JSONB,
    status command_status NOT NULL DEFAULT 'RECEIVED',
    scope_id TEXT,
    flow_id UUID,
    stage_id UUID,
    result JSONB,
    http_status INT,
    response_headers JSONB,
    error_message TEXT,
    error_details JSONB,
    retry_count INT NOT NULL DEFAULT 0,
    started_at TIMESTAMPTZ,
    completed_at TIMESTAMPTZ,
    created_at TIMESTAMPTZ NOT NULL DEFAULT now(),
    updated_at TIMESTAMPTZ NOT NULL DEFAULT now(),
    CONSTRAINT command_inbox_retry_count_not_negative CHECK (retry_count >= 0),
    CONSTRAINT command_inbox_failed_has_message CHECK (status <> 'FAILED' OR error_message IS NOT NULL)
);
INSERT INTO command_inbox SELECT * FROM former_inbox;
CREATE UNIQUE INDEX idx_command_inbox_unique_pending_command
    ON command_inbox (session_id, command_type)
    WHERE status IN ('RECEIVED', 'PROCESSING');
CREATE UNIQUE INDEX ux_command_inbox_user_key ON command_inbox (user_id, idempotency_key);
CREATE INDEX idx_command_inbox_session ON command_inbox (session_id);
CREATE INDEX idx_command_inbox_status ON command_inbox (status);
CREATE INDEX idx_command_inbox_type ON command_inbox (command_type);
CREATE INDEX idx_command_inbox_created ON command_inbox (created_at);
CREATE INDEX idx_command_inbox_session_status ON command_inbox (session_id, status);
CREATE INDEX idx_command_inbox_status_created ON command_inbox (status, created_at);
CREATE INDEX idx_command_inbox_stage_status ON command_inbox (stage_id, status);

CREATE TABLE async_tasks (
    id UUID PRIMARY KEY,
    task_type TEXT NOT NULL,
    triggered_by_command_id UUID REFERENCES command_inbox ON DELETE SET NULL,
    correlation_id UUID,
    caused_by_event_id UUID,
    aggregate_type TEXT,
    aggregate_id TEXT,
    scope_id TEXT NOT NULL,
    user_id UUID NOT NULL,
    status task_status NOT NULL DEFAULT 'PENDING',
    progress NUMERIC(5, 2) NOT NULL DEFAULT 0,
    input_data JSONB,
    result_data JSONB,
    error_data JSONB,
    execution_node TEXT,
    retry_count INT NOT NULL DEFAULT 0,
    max_retries INT NOT NULL DEFAULT 3,
    dedupe_key TEXT UNIQUE,
    priority INT NOT NULL DEFAULT 0,
    run_after TIMESTAMPTZ,
    lease_until TIMESTAMPTZ,
    heartbeat_at TIMESTAMPTZ,
    started_at TIMESTAMPTZ,
    completed_at TIMESTAMPTZ,
    created_at TIMESTAMPTZ NOT NULL DEFAULT now(),
    updated_at TIMESTAMPTZ NOT NULL DEFAULT now(),
    CONSTRAINT async_tasks_progress_percent CHECK (progress BETWEEN 0 AND 100),
    CONSTRAINT async_tasks_retries_bounded CHECK (retry_count BETWEEN 0 AND max_retries),
    CONSTRAINT async_tasks_max_retries_not_negative CHECK (max_retries >= 0),
    CONSTRAINT async_tasks_completed_has_result CHECK (status <> 'COMPLETED' OR result_data IS NOT NULL),
    CONSTRAINT async_tasks_failed_has_error CHECK (status <> 'FAILED' OR error_data IS NOT NULL),
    CONSTRAINT async_tasks_running_has_start CHECK (status <> 'RUNNING' OR started_at IS NOT NULL),
    CONSTRAINT async_tasks_ended_has_time CHECK (status NOT IN ('COMPLETED', 'FAILED') OR completed_at IS NOT NULL)
);
INSERT INTO async_tasks SELECT * FROM former_tasks AS t
WHERE triggered_by_command_id IS NULL OR EXISTS (SELECT FROM command_inbox AS c WHERE c.id = t.triggered_by_command_id);
CREATE INDEX idx_async_tasks_status ON async_tasks (status);
CREATE INDEX idx_async_tasks_type ON async_tasks (task_type);
CREATE INDEX idx_async_tasks_created ON async_tasks (created_at);
CREATE INDEX idx_async_tasks_command ON async_tasks (triggered_by_command_id);
CREATE INDEX idx_async_tasks_status_type ON async_tasks (status, task_type);
CREATE INDEX idx_async_tasks_status_created ON async_tasks (status, created_at);
CREATE INDEX idx_async_tasks_type_created ON async_tasks (task_type, created_at);
CREATE INDEX idx_async_tasks_node ON async_tasks (execution_node);
CREATE INDEX idx_async_tasks_claim ON async_tasks (status, run_after, priority);
DROP TABLE former_tasks, former_inbox;
CREATE TRIGGER command_inbox_touch BEFORE UPDATE ON command_inbox
    FOR EACH ROW EXECUTE FUNCTION touch_updated_at();
CREATE TRIGGER async_tasks_touch BEFORE UPDATE ON async_tasks
    FOR EACH ROW EXECUTE FUNCTION touch_updated_at();

CREATE VIEW async_task_statistics AS
SELECT
    task_type,
    status,
    count(*) AS task_count,
    avg(extract(EPOCH FROM completed_at - started_at)) AS mean_duration_seconds
FROM async_tasks
GROUP BY task_type, status;

CREATE VIEW conversation_session_overview WITH (security_invoker = TRUE) AS
SELECT
    s.*,
    (
        SELECT r.stage
        FROM genesis_stage_sessions AS l JOIN genesis_stage_records AS r ON r.id = l.stage_id
        WHERE l.session_id = s.id
        ORDER BY r.created_at DESC, r.sequence_number DESC
        LIMIT 1
    ) AS stage,
    b.is_busy,
    CASE WHEN s.status = 'ACTIVE' AND b.is_busy THEN 'PROCESSING' ELSE s.status END AS shown_status
FROM conversation_sessions AS s
CROSS JOIN LATERAL (
    SELECT EXISTS (
        SELECT FROM command_inbox AS c WHERE c.session_id = s.id AND c.status IN ('RECEIVED', 'PROCESSING')
    ) AS is_busy
) AS b;

CREATE VIEW command_overview WITH (security_invoker = TRUE) AS
SELECT
    c.*,
    coalesce((
        SELECT jsonb_agg(jsonb_build_object(
            'task_id', t.id, 'task_type', t.task_type, 'status', t.status, 'progress', t.progress
        ) ORDER BY t.created_at)
        FROM async_tasks AS t WHERE t.triggered_by_command_id = c.id
    ), '[]') AS tasks
FROM command_inbox AS c;

DO $$
DECLARE
    owned TEXT;
BEGIN
    FOREACH owned IN ARRAY ARRAY['command_inbox', 'async_tasks'] LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', owned);
        EXECUTE format(
            'CREATE POLICY owner_only ON %I FOR SELECT TO studio_reader '
            'USING (user_id = nullif(current_setting(''studio.user_id'', TRUE), '''')::uuid)', owned
        );
        EXECUTE format('GRANT SELECT ON %I TO studio_reader', owned);
    END LOOP;
END $$;
GRANT SELECT ON conversation_session_overview, command_overview TO studio_reader;
