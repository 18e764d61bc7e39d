-- What is done with goes by whole partitions: outbox, inbox and tasks. The outbox is only ever inserted into.

SET LOCAL lock_timeout = '5s';

ALTER TABLE event_outbox RENAME TO former_outbox;

-- One row an event, written with it and never changed: what became of it stands in the two tables below.
-- Partitions are ranges of positions, because positions are what every reader remembers. Housekeeping makes them
-- ahead of time; the default one is there so that a missing partition refuses no command.
CREATE TABLE outbox_messages (
    id UUID NOT NULL,
    position BIGINT PRIMARY KEY,
    lane SMALLINT NOT NULL,
    topic TEXT NOT NULL,
    key TEXT,
    partition_key TEXT,
    payload JSONB NOT NULL,
    headers JSONB,
    max_retries INT NOT NULL DEFAULT 5,
    created_at TIMESTAMPTZ NOT NULL DEFAULT now()
) PARTITION BY RANGE (position);
CREATE INDEX idx_outbox_messages_lane ON outbox_messages (lane, position);
CREATE TABLE outbox_messages_default PARTITION OF outbox_messages DEFAULT;
CREATE TRIGGER outbox_messages_append_only BEFORE UPDATE OR DELETE ON outbox_messages
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- Everything of the lane up to the position is settled: sent, or an exception says what else. One row a lane and
-- batch, never changed; partitioned like the messages, so that a mark goes with the messages it is about.
CREATE TABLE relay_marks (
    lane SMALLINT NOT NULL,
    position BIGINT NOT NULL,
    sent_at TIMESTAMPTZ NOT NULL DEFAULT now(),
    PRIMARY KEY (lane, position)
) PARTITION BY RANGE (position);
CREATE TABLE relay_marks_default PARTITION OF relay_marks DEFAULT;

-- The few messages that did not go the ordinary way.
CREATE TABLE outbox_exceptions (
    position BIGINT PRIMARY KEY,
    lane SMALLINT NOT NULL,
    scope_id TEXT NOT NULL,
    -- deferred: refused, to be tried again; parked: waits for an operator, who makes it redriven: to be sent though
    -- the mark is past it; or skipped: never to be sent.
    state TEXT NOT NULL,
    retry_count INT NOT NULL DEFAULT 0,
    last_error TEXT,
    scheduled_at TIMESTAMPTZ,
    CONSTRAINT outbox_exceptions_state_known CHECK (state IN ('deferred', 'parked', 'redriven', 'skipped')),
    CONSTRAINT outbox_exceptions_retry_count_not_negative CHECK (retry_count >= 0)
);
CREATE INDEX idx_outbox_exceptions_redriven ON outbox_exceptions (position) WHERE state = 'redriven';

DO $$
DECLARE
    head BIGINT := (SELECT coalesce(max(id), 0) FROM domain_events);
    parent TEXT;
BEGIN
    FOREACH parent IN ARRAY ARRAY['outbox_messages', 'relay_marks'] LOOP
        EXECUTE format(
            'CREATE TABLE %I PARTITION OF %I FOR VALUES FROM (0) TO (%s)', parent || '_from_0', parent, head + 100000
        );
    END LOOP;
END $$;

INSERT INTO outbox_messages (
    id, position, lane, topic, key, partition_key, payload, headers, max_retries, created_at
)
SELECT id, position, lane, topic, key, partition_key, payload, headers, max_retries, created_at FROM former_outbox;

-- What was sent above the first message of its lane that was not is sent again, as after any crash.
INSERT INTO relay_marks (lane, position, sent_at)
SELECT o.lane, o.position, coalesce(o.sent_at, now())
FROM former_outbox AS o
WHERE
    o.status IN ('SENT', 'FAILED')
    AND NOT EXISTS (
        SELECT FROM former_outbox AS unsent
        WHERE unsent.lane = o.lane AND unsent.position < o.position AND unsent.status IN ('PENDING', 'PROCESSING')
    );

INSERT INTO outbox_exceptions (position, lane, scope_id, state, retry_count, last_error, scheduled_at)
SELECT
    position, lane, key, CASE status WHEN 'FAILED' THEN 'parked' ELSE 'deferred' END, retry_count, last_error,
    scheduled_at
FROM former_outbox
WHERE status = 'FAILED' OR (status <> 'SENT' AND retry_count > 0);

DROP TABLE former_outbox;

-- The outbox as operators and clients know it.
CREATE VIEW event_outbox AS
SELECT
    m.id,
    m.position,
    m.lane,
    m.topic,
    m.key,
    m.partition_key,
    m.payload,
    m.headers,
    s.status,
    coalesce(x.retry_count, 0) AS retry_count,
    m.max_retries,
    x.last_error,
    x.scheduled_at,
    CASE WHEN s.status = 'SENT' THEN mark.sent_at END AS sent_at,
    m.created_at
FROM outbox_messages AS m
LEFT JOIN outbox_exceptions AS x ON x.position = m.position
LEFT JOIN LATERAL (
    SELECT k.sent_at FROM relay_marks AS k
    WHERE k.lane = m.lane AND k.position >= m.position
    ORDER BY k.position
    LIMIT 1
) AS mark ON TRUE
CROSS JOIN LATERAL (
    SELECT CASE
        WHEN x.state IN ('parked', 'skipped') THEN 'FAILED'::outbox_status
        WHEN x.state IS NULL AND mark.sent_at IS NOT NULL THEN 'SENT'::outbox_status
        ELSE 'PENDING'::outbox_status
    END AS status
) AS s;

-- A lane is leased as long as its owner is seen: one row to renew instead of 64, so that a transaction that is held
-- open for hours does not fill the table with old versions. How far a lane was sent is in relay_marks.
ALTER TABLE relay_lanes DROP COLUMN lease_until, DROP COLUMN sent_position;

-- Commands and tasks: what is open in one small partition, what has ended by status and time.

DROP VIEW command_overview, conversation_session_overview, async_task_statistics;
ALTER TABLE async_tasks RENAME TO former_tasks;
ALTER TABLE command_inbox RENAME TO former_inbox;
-- Names of constraints and indexes go with the tables that are replaced.
DROP INDEX
    idx_command_inbox_unique_pending_command, idx_command_inbox_session, idx_command_inbox_type,
    idx_command_inbox_created, idx_command_inbox_stage_status, idx_async_tasks_type, idx_async_tasks_created,
    idx_async_tasks_command, idx_async_tasks_node, idx_async_tasks_claim;
ALTER TABLE former_inbox RENAME CONSTRAINT command_inbox_pkey TO former_inbox_pkey;
ALTER TABLE former_tasks RENAME CONSTRAINT async_tasks_pkey TO former_tasks_pkey;

-- What is unique across all partitions (id; user and key) is looked up by the writers, who hold the append lock; each
-- partition has the index that such a look-up needs, and that refuses a second one within it.
-- The partition is the status: indexes that would begin or end with it are those without it.
CREATE TABLE command_inbox (
    id UUID NOT NULL,
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
    -- ETag and Location of the first answer, so that a replay is the same to the header.
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
) PARTITION BY LIST (status);
CREATE INDEX idx_command_inbox_session ON command_inbox (session_id);
CREATE INDEX idx_command_inbox_type ON command_inbox (command_type);
CREATE INDEX idx_command_inbox_created ON command_inbox (created_at);
CREATE INDEX idx_command_inbox_stage ON command_inbox (stage_id);
CREATE TABLE command_inbox_open PARTITION OF command_inbox (
    PRIMARY KEY (id),
    UNIQUE (user_id, idempotency_key)
) FOR VALUES IN ('RECEIVED', 'PROCESSING');
CREATE UNIQUE INDEX idx_command_inbox_unique_pending_command ON command_inbox_open (session_id, command_type);
CREATE TABLE command_inbox_completed PARTITION OF command_inbox FOR VALUES IN ('COMPLETED')
    PARTITION BY RANGE (created_at);
CREATE TABLE command_inbox_failed PARTITION OF command_inbox FOR VALUES IN ('FAILED')
    PARTITION BY RANGE (created_at);

CREATE TABLE async_tasks (
    id UUID NOT NULL,
    task_type TEXT NOT NULL,
    -- Kept as long as the command, in the same way, so there is nothing that a foreign key could hold together.
    triggered_by_command_id UUID,
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
    dedupe_key TEXT,
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
) PARTITION BY LIST (status);
CREATE INDEX idx_async_tasks_type ON async_tasks (task_type);
CREATE INDEX idx_async_tasks_created ON async_tasks (created_at);
CREATE INDEX idx_async_tasks_command ON async_tasks (triggered_by_command_id);
CREATE INDEX idx_async_tasks_node ON async_tasks (execution_node);
CREATE TABLE async_tasks_open PARTITION OF async_tasks (
    PRIMARY KEY (id),
    UNIQUE (dedupe_key)
) FOR VALUES IN ('PENDING', 'RUNNING');
CREATE INDEX idx_async_tasks_claim ON async_tasks_open (status, run_after, priority);
CREATE TABLE async_tasks_completed PARTITION OF async_tasks FOR VALUES IN ('COMPLETED')
    PARTITION BY RANGE (created_at);
CREATE TABLE async_tasks_failed PARTITION OF async_tasks FOR VALUES IN ('FAILED', 'CANCELLED')
    PARTITION BY RANGE (created_at);

-- The default partitions are the pattern for those that housekeeping makes: it copies their keys.
CREATE TABLE command_inbox_completed_default PARTITION OF command_inbox_completed (
    PRIMARY KEY (id),
    UNIQUE (user_id, idempotency_key)
) DEFAULT;
CREATE TABLE command_inbox_failed_default PARTITION OF command_inbox_failed (
    PRIMARY KEY (id),
    UNIQUE (user_id, idempotency_key)
) DEFAULT;
CREATE TABLE async_tasks_completed_default PARTITION OF async_tasks_completed (
    PRIMARY KEY (id),
    UNIQUE (dedupe_key)
) DEFAULT;
CREATE TABLE async_tasks_failed_default PARTITION OF async_tasks_failed (
    PRIMARY KEY (id),
    UNIQUE (dedupe_key)
) DEFAULT;

-- For all that there is, this moment and the next. What failed is rare and kept for long: each partition more is one
-- more look for every command that comes with a key.
DO $$
DECLARE
    parents RECORD;
    oldest TIMESTAMPTZ := least(
        now(), (SELECT min(created_at) FROM former_inbox), (SELECT min(created_at) FROM former_tasks)
    );
    lower TIMESTAMPTZ;
    leaf TEXT;
BEGIN
    FOR parents IN SELECT * FROM (
        VALUES ('command_inbox_completed', INTERVAL '7 days'), ('command_inbox_failed', INTERVAL '28 days'),
            ('async_tasks_completed', INTERVAL '7 days'), ('async_tasks_failed', INTERVAL '28 days')
    ) AS parents (name, width) LOOP
        -- Older than half a year, and so than anything is kept: such rows are left in the default partition.
        lower := date_bin(parents.width, greatest(oldest, now() - INTERVAL '26 weeks'), '2001-01-01 00:00+00');
        WHILE lower <= now() + parents.width LOOP
            leaf := parents.name || '_from_' || to_char(lower AT TIME ZONE 'UTC', 'YYYYMMDD');
            EXECUTE format('CREATE TABLE %I (LIKE %I INCLUDING ALL)', leaf, parents.name || '_default');
            EXECUTE format(
                'ALTER TABLE %I ATTACH PARTITION %I FOR VALUES FROM (%L) TO (%L)',
                parents.name, leaf, lower, lower + parents.width
            );
            lower := lower + parents.width;
        END LOOP;
    END LOOP;
END $$;

INSERT INTO command_inbox SELECT * FROM former_inbox;
INSERT INTO async_tasks SELECT * FROM former_tasks;
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
