-- The rows of 64 commands in one transaction: what PostgreSQL can take when commits are shared.
WITH inbox AS (
    INSERT INTO command_inbox (
        id, user_id, session_id, command_type, idempotency_key, request_hash, payload, status, scope_id,
        result, http_status, response_headers, completed_at, created_at
    )
    SELECT
        gen_random_uuid(), :user_id::UUID, gen_random_uuid(), 'Command.Novel.Create', gen_random_uuid()::TEXT,
        :request_hash, :payload::JSONB, 'COMPLETED', gen_random_uuid()::TEXT, :result::JSONB, 201,
        :response_headers::JSONB, now(), now()
    FROM generate_series(1, 64)
    RETURNING id, scope_id
),
events AS (
    INSERT INTO domain_events (
        event_id, correlation_id, causation_id, event_type, event_version, aggregate_type, aggregate_id,
        aggregate_version, scope_type, scope_id, lane, actor_id, payload, metadata, created_at
    )
    SELECT
        uuidv7(), id, id, 'Novel.Created', 1, 'Novel', scope_id, 1, 'GENESIS', scope_id, floor(random() * 64),
        :user_id, :event::JSONB, :metadata::JSONB, now()
    FROM inbox
    RETURNING id, event_id, lane, scope_id
)
INSERT INTO outbox_messages (id, position, lane, topic, key, partition_key, payload, header_values)
SELECT event_id, id, lane, 'studio.events', scope_id, lane::TEXT, :event::JSONB, :header_values::TEXT[]
FROM events;
