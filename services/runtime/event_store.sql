-- The statements of the event store: one lock, a few look-ups, one append for all tables.
-- Those of an append are made into one function (event_store.py): parameters of the same name are the same.

-- name: take_append_lock
-- One committer at a time is what makes positions follow commit order. A table lock would do the same but
-- also shut out vacuum; an advisory lock does not, and only this module ever inserts.
SELECT
    set_config('lock_timeout', %(lock_timeout)s, TRUE),
    pg_advisory_xact_lock(%(lock_key)s);

-- name: read_epoch
SELECT epoch FROM store_epoch;

-- name: load_scopes
-- What has happened in each scope since the position that the caller already folded.
SELECT
    e.id AS position, e.event_id, e.event_type AS type, e.event_version AS version,
    e.aggregate_type, e.aggregate_id, e.aggregate_version, e.scope_type, e.scope_id, e.lane,
    e.correlation_id, e.causation_id, e.actor_id, e.traceparent, e.created_at AS occurred_at, e.payload, e.metadata
FROM json_to_recordset(%(scopes)s::json) AS wanted (scope_id TEXT, after BIGINT)
CROSS JOIN LATERAL (
    SELECT * FROM domain_events
    WHERE domain_events.scope_id = wanted.scope_id AND domain_events.id > wanted.after
    ORDER BY domain_events.id
) AS e
ORDER BY e.id;

-- name: load_snapshots
SELECT scope_id, position, document FROM scope_snapshots WHERE scope_id = ANY(%(scope_ids)s) AND code = %(code)s;

-- name: locate_aggregate
-- The scope of an aggregate: that of its first event, for ever.
SELECT aggregate_id AS id, scope_type, scope_id, (metadata ->> 'user_id')::uuid AS user_id
FROM domain_events
WHERE aggregate_type = %(aggregate_type)s AND aggregate_id = ANY(%(ids)s) AND aggregate_version = 1;

-- name: locate_stage
-- Served by idx_domain_events_stage_created.
SELECT payload ->> 'stage_id' AS id, scope_type, scope_id, (metadata ->> 'user_id')::uuid AS user_id
FROM domain_events
WHERE event_type = 'Genesis.Stage.Created' AND payload ->> 'stage_id' = ANY(%(ids)s);

-- name: find_commands
-- Earlier commands that have one of these keys or ids, and the open ones of these locks. Each way to find them is a
-- query of its own, so that each has its index: joined by OR, they would be looked for in the whole inbox.
SELECT
    c.id, c.user_id, c.session_id, c.command_type, c.idempotency_key, c.request_hash, c.status, c.result,
    c.http_status, c.response_headers, c.error_details, c.scope_id,
    (SELECT max(e.id) FROM domain_events AS e WHERE e.causation_id = c.id) AS position
FROM json_to_recordset(%(commands)s::json) AS wanted (id UUID, user_id UUID, idempotency_key TEXT, lock UUID)
CROSS JOIN LATERAL (
    SELECT * FROM command_inbox WHERE command_inbox.id = wanted.id
    UNION ALL
    SELECT * FROM command_inbox
    WHERE command_inbox.user_id = wanted.user_id AND command_inbox.idempotency_key = wanted.idempotency_key
    UNION ALL
    SELECT * FROM command_inbox
    WHERE command_inbox.session_id = wanted.lock AND command_inbox.status IN ('RECEIVED', 'PROCESSING')
) AS c;

-- name: refuse_if_changed
-- Whether a batch may still be written as it was decided: nothing more has happened in its scopes, its ids and keys are
-- new, and no command of the same type is open behind the same lock. Under the append lock the answer stays true until
-- the transaction ends. Every look-up is lateral, so that it goes through an index whatever the planner believes.
SELECT refuse_when_v1(
    EXISTS (
        SELECT
        FROM json_to_recordset(%(decided_scopes)s::json) AS decided (scope_id TEXT, after BIGINT)
        CROSS JOIN LATERAL (
            SELECT FROM domain_events AS e WHERE e.scope_id = decided.scope_id AND e.id > decided.after LIMIT 1
        ) AS newer
    )
    OR EXISTS (
        SELECT
        FROM json_to_recordset(%(decided_commands)s::json) AS wanted (
            id UUID, user_id UUID, idempotency_key TEXT, lock UUID, command_type TEXT
        )
        CROSS JOIN LATERAL (
            SELECT FROM command_inbox WHERE command_inbox.id = wanted.id
            UNION ALL
            SELECT FROM command_inbox
            WHERE command_inbox.user_id = wanted.user_id AND command_inbox.idempotency_key = wanted.idempotency_key
            UNION ALL
            SELECT FROM command_inbox
            WHERE
                command_inbox.session_id = wanted.lock
                AND command_inbox.command_type = wanted.command_type
                AND command_inbox.status IN ('RECEIVED', 'PROCESSING')
        ) AS known
    )
);

-- name: find_lock_holder
SELECT a.pid, a.application_name, a.state, extract(EPOCH FROM now() - a.xact_start)::DOUBLE PRECISION AS seconds
FROM pg_locks AS l
JOIN pg_stat_activity AS a ON a.pid = l.pid
WHERE
    l.locktype = 'advisory' AND l.classid = 0 AND l.objid = %(lock_key)s AND l.objsubid = 1 AND l.granted
    -- The lock of another database of this server is another lock.
    AND l.database = (SELECT d.oid FROM pg_database AS d WHERE d.datname = current_database());

-- name: refuse_if_tasks_changed
-- Whether steps of tasks may still be taken as they were decided. A lease that had run out may have been kept after all.
-- Each task and its command are looked up behind a LIMIT, which the planner joins in no other way: while it believes the
-- tables to be small, it would rather merge all tasks with the whole inbox, under the append lock.
SELECT refuse_when_v1(
    EXISTS (
        SELECT
        FROM json_to_recordset(%(decided_tasks)s::json) AS decided (
            id UUID, status task_status, execution_node TEXT, retry_count INT, command_status command_status, claims BOOLEAN
        )
        LEFT JOIN LATERAL (SELECT * FROM async_tasks_open AS o WHERE o.id = decided.id LIMIT 1) AS t ON TRUE
        LEFT JOIN LATERAL (SELECT i.status FROM command_inbox AS i WHERE i.id = t.triggered_by_command_id LIMIT 1) AS c ON TRUE
        WHERE
            (t.status, t.execution_node, t.retry_count, c.status)
            IS DISTINCT FROM (decided.status, decided.execution_node, decided.retry_count, decided.command_status)
            OR (decided.claims AND NOT (t.status = 'PENDING' OR coalesce(t.lease_until < now(), FALSE)))
    )
);

-- name: hold_tasks
-- Until the transaction ends nobody else takes a step, not even one that needs no append lock. Asked of their partition,
-- which leaves one index to find them by; by their status they would all be read.
SELECT FROM async_tasks_open
WHERE id = ANY(%(task_ids)s)
FOR UPDATE;

-- name: find_tasks
-- Of those that have not ended.
SELECT
    t.id, t.task_type, t.status, t.user_id, t.scope_id, t.input_data, t.caused_by_event_id,
    t.execution_node, t.retry_count, t.max_retries,
    (t.status = 'PENDING' AND coalesce(t.run_after, now()) <= now())
        OR (t.status = 'RUNNING' AND t.lease_until < now()) AS claimable,
    c.id AS command_id, c.command_type, c.status AS command_status
FROM async_tasks_open AS t
CROSS JOIN LATERAL (SELECT * FROM command_inbox AS i WHERE i.id = t.triggered_by_command_id LIMIT 1) AS c
WHERE t.id = ANY(%(task_ids)s);

-- name: append
-- The whole batch of commands in one statement: inbox rows, events, outbox rows and tasks. The rows of a table come
-- as one JSON parameter, because dumping Python lists into arrays costs more than the insert itself; one for each
-- table, because picking a part out of a JSON text reads it all once more.
WITH inbox AS (
    INSERT INTO command_inbox (
        id, user_id, session_id, command_type, idempotency_key, request_hash, payload, status, scope_id,
        flow_id, stage_id, result, http_status, response_headers, error_message, error_details,
        completed_at, created_at
    )
    SELECT
        c.id, c.user_id, c.session_id, c.command_type, c.idempotency_key, c.request_hash, c.payload, c.status, c.scope_id,
        c.flow_id, c.stage_id, c.result, c.http_status, c.response_headers, c.error_message, c.error_details,
        c.completed_at, c.created_at
    FROM json_to_recordset(%(inbox)s::json) AS c (
        id UUID, user_id UUID, session_id UUID, command_type TEXT, idempotency_key TEXT, request_hash TEXT,
        payload JSONB, status command_status, scope_id TEXT, flow_id UUID, stage_id UUID, result JSONB,
        http_status INT, response_headers JSONB, error_message TEXT, error_details JSONB,
        completed_at TIMESTAMPTZ, created_at TIMESTAMPTZ
    )
),
events AS (
    INSERT INTO domain_events (
        event_id, correlation_id, causation_id, event_type, event_version, aggregate_type, aggregate_id,
        aggregate_version, scope_type, scope_id, lane, actor_id, traceparent, payload, metadata, created_at
    )
    SELECT
        e.event_id, e.correlation_id, e.causation_id, e.event_type, e.event_version, e.aggregate_type, e.aggregate_id,
        e.aggregate_version, e.scope_type, e.scope_id, e.lane, e.actor_id, e.traceparent, e.payload, e.metadata, e.created_at
    FROM json_to_recordset(%(events)s::json) AS e (
        ordinal INT, event_id UUID, correlation_id UUID, causation_id UUID, event_type TEXT, event_version INT,
        aggregate_type TEXT, aggregate_id TEXT, aggregate_version INT, scope_type TEXT, scope_id TEXT, lane SMALLINT,
        actor_id TEXT, traceparent TEXT, payload JSONB, metadata JSONB, created_at TIMESTAMPTZ
    )
    ORDER BY e.ordinal
    RETURNING *
),
outbox AS (
    INSERT INTO outbox_messages (id, position, lane, topic, key, partition_key, payload, header_values)
    SELECT
        event_id, id, lane, 'studio.events', scope_id, lane::TEXT, payload,
        ARRAY[
            '1.0',
            event_id::TEXT,
            event_type,
            coalesce(metadata ->> 'source', 'genesis-studio'),
            to_json(created_at) #>> '{}',
            event_version::TEXT,
            'application/json',
            id::TEXT,
            lane::TEXT,
            aggregate_type,
            aggregate_id,
            aggregate_version::TEXT,
            scope_type,
            scope_id,
            actor_id,
            correlation_id::TEXT,
            causation_id::TEXT,
            traceparent,
            metadata::TEXT
        ]
    FROM events
),
tasks AS (
    INSERT INTO async_tasks (
        id, task_type, triggered_by_command_id, correlation_id, caused_by_event_id, aggregate_type, aggregate_id,
        scope_id, user_id, input_data, dedupe_key
    )
    SELECT
        t.id, t.task_type, t.triggered_by_command_id, t.triggered_by_command_id, t.caused_by_event_id,
        t.aggregate_type, t.aggregate_id, t.scope_id, t.user_id, t.input_data, t.dedupe_key
    FROM json_to_recordset(%(tasks)s::json) AS t (
        id UUID, task_type TEXT, triggered_by_command_id UUID, caused_by_event_id UUID, aggregate_type TEXT,
        aggregate_id TEXT, scope_id TEXT, user_id UUID, input_data JSONB, dedupe_key TEXT
    )
)
SELECT id AS notification_id FROM events ORDER BY id;

-- name: change_tasks
-- A task that has ended is changed no more, and lies in another partition.
UPDATE async_tasks AS t
SET
    status = n.status,
    execution_node = coalesce(n.execution_node, t.execution_node),
    retry_count = coalesce(n.retry_count, t.retry_count),
    progress = coalesce(n.progress, t.progress),
    result_data = coalesce(n.result_data, t.result_data),
    error_data = coalesce(n.error_data, t.error_data),
    started_at = CASE WHEN n.status = 'RUNNING' THEN coalesce(t.started_at, now()) ELSE t.started_at END,
    completed_at = CASE WHEN n.status IN ('COMPLETED', 'FAILED', 'CANCELLED') THEN now() END,
    lease_until = CASE WHEN n.status = 'RUNNING' THEN now() + make_interval(secs => n.lease_seconds) END,
    heartbeat_at = now()
FROM json_to_recordset(%(task_changes)s::json) AS n (
    id UUID, status task_status, execution_node TEXT, retry_count INT, progress NUMERIC, result_data JSONB,
    error_data JSONB, lease_seconds DOUBLE PRECISION
)
WHERE t.id = n.id AND t.status IN ('PENDING', 'RUNNING');

-- name: change_commands
-- Terminal states never change.
UPDATE command_inbox AS c
SET
    status = n.status,
    result = coalesce(n.result, c.result),
    error_message = coalesce(n.error_message, c.error_message),
    error_details = coalesce(n.error_details, c.error_details),
    started_at = coalesce(c.started_at, now()),
    completed_at = CASE WHEN n.status IN ('COMPLETED', 'FAILED') THEN now() END
FROM json_to_recordset(%(command_changes)s::json) AS n (
    id UUID, status command_status, result JSONB, error_message TEXT, error_details JSONB
)
WHERE c.id = n.id AND c.status IN ('RECEIVED', 'PROCESSING');

-- name: cancel_tasks
UPDATE async_tasks
SET status = 'CANCELLED', completed_at = now(), lease_until = NULL
WHERE triggered_by_command_id = ANY(%(cancelled_commands)s) AND status IN ('PENDING', 'RUNNING');
