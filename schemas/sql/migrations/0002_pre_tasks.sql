-- Slow work and waits for people: the rows that outlive the process working on them.

SET LOCAL lock_timeout = '5s';

CREATE TABLE async_tasks (
    id UUID PRIMARY KEY,
    task_type TEXT NOT NULL,
    triggered_by_command_id UUID REFERENCES command_inbox ON DELETE SET NULL,
    correlation_id UUID,
    -- The event that asked for the work: the cause of whatever the worker appends.
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
CREATE INDEX idx_async_tasks_status ON async_tasks (status);
CREATE INDEX idx_async_tasks_type ON async_tasks (task_type);
CREATE INDEX idx_async_tasks_created ON async_tasks (created_at);
CREATE INDEX idx_async_tasks_command ON async_tasks (triggered_by_command_id);
CREATE INDEX idx_async_tasks_status_type ON async_tasks (status, task_type);
CREATE INDEX idx_async_tasks_status_created ON async_tasks (status, created_at);
CREATE INDEX idx_async_tasks_type_created ON async_tasks (task_type, created_at);
CREATE INDEX idx_async_tasks_node ON async_tasks (execution_node);
CREATE INDEX idx_async_tasks_claim ON async_tasks (status, run_after, priority);
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

CREATE TABLE flow_resume_handles (
    id UUID PRIMARY KEY,
    correlation_id TEXT NOT NULL,
    flow_run_id TEXT,
    task_run_id TEXT,
    task_name TEXT,
    resume_handle JSONB NOT NULL DEFAULT '{}',
    status handle_status NOT NULL DEFAULT 'PENDING_PAUSE',
    resume_payload JSONB,
    context_data JSONB,
    timeout_seconds INT,
    expires_at TIMESTAMPTZ,
    attempts INT NOT NULL DEFAULT 0,
    last_error TEXT,
    paused_at TIMESTAMPTZ,
    resumed_at TIMESTAMPTZ,
    created_at TIMESTAMPTZ NOT NULL DEFAULT now(),
    updated_at TIMESTAMPTZ NOT NULL DEFAULT now(),
    CONSTRAINT flow_resume_handles_timeout_positive CHECK (timeout_seconds > 0),
    CONSTRAINT flow_resume_handles_expires_later CHECK (expires_at > created_at),
    CONSTRAINT flow_resume_handles_resumed_has_time CHECK (status <> 'RESUMED' OR resumed_at IS NOT NULL),
    -- A signal that came before its run needs no handle of Prefect's to be RESUMED.
    CONSTRAINT flow_resume_handles_paused_has_handle CHECK (
        (status <> 'PAUSED' AND NOT (status = 'RESUMED' AND flow_run_id IS NOT NULL))
        OR resume_handle <> '{}'
    )
);
CREATE UNIQUE INDEX idx_flow_resume_handles_unique_correlation
    ON flow_resume_handles (correlation_id)
    WHERE status IN ('PENDING_PAUSE', 'PAUSED');
CREATE INDEX idx_flow_resume_handles_correlation ON flow_resume_handles (correlation_id);
CREATE INDEX idx_flow_resume_handles_status ON flow_resume_handles (status);
CREATE INDEX idx_flow_resume_handles_run ON flow_resume_handles (flow_run_id);
CREATE INDEX idx_flow_resume_handles_expires ON flow_resume_handles (expires_at);
CREATE INDEX idx_flow_resume_handles_status_expires ON flow_resume_handles (status, expires_at);
CREATE INDEX idx_flow_resume_handles_correlation_status ON flow_resume_handles (correlation_id, status);
CREATE TRIGGER flow_resume_handles_touch BEFORE UPDATE ON flow_resume_handles
    FOR EACH ROW EXECUTE FUNCTION touch_updated_at();

-- A stream token is good for one connection: the first to write its id here has it.
CREATE TABLE used_stream_tokens (
    token_id UUID PRIMARY KEY,
    expires_at TIMESTAMPTZ NOT NULL
);
