-- One command's rows as pgbench writes them: inbox, event and outbox in one transaction, with the columns that the
-- command API writes and JSON of the same sizes, which pgbench sends as parameters. No lock, no look-up, no decision:
-- what PostgreSQL itself can take from clients that come one by one.
\set lane random(0, 63)
BEGIN;
INSERT INTO command_inbox (
    id, user_id, session_id, command_type, idempotency_key, request_hash, payload, status, scope_id,
    result, http_status, response_headers, completed_at, created_at
)
VALUES (
    gen_random_uuid(), :user_id, gen_random_uuid(), 'Command.Novel.Create', gen_random_uuid()::TEXT, :request_hash,
    :payload, 'COMPLETED', gen_random_uuid()::TEXT, :result, 201, :response_headers, now(), now()
)
RETURNING id AS command_id, scope_id AS scope_id \gset
INSERT INTO domain_events (
    event_id, correlation_id, causation_id, event_type, event_version, aggregate_type, aggregate_id,
    aggregate_version, scope_type, scope_id, lane, actor_id, payload, metadata, created_at
)
VALUES (
    uuidv7(), :command_id, :command_id, 'Novel.Created', 1, 'Novel', :scope_id, 1, 'GENESIS', :scope_id, :lane,
    :user_id, :event, :metadata, now()
)
RETURNING id AS position, event_id AS event_id \gset
INSERT INTO outbox_messages (id, position, lane, topic, key, partition_key, payload, header_values)
VALUES (:event_id, :position, :lane, 'studio.events', :scope_id, :lane::TEXT, :event, :header_values);
COMMIT;
