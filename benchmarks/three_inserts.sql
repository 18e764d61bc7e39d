-- One command's rows as pgbench writes them: inbox, event, outbox, in one transaction, with the columns and about the
-- sizes of a new novel's. No lock, no look-up, no decision: what PostgreSQL itself can take.
\set lane random(0, 63)
BEGIN;
INSERT INTO command_inbox (
    id, user_id, session_id, command_type, idempotency_key, request_hash, payload, status, scope_id,
    result, http_status, response_headers, completed_at, created_at
)
VALUES (
    gen_random_uuid(), '00000000-0000-0000-0000-00000000000a', gen_random_uuid(), 'Command.Novel.Create',
    gen_random_uuid()::TEXT, '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08',
    '{"title": "The Lighthouse at the End of the Map", "theme": "What we owe to the people who kept the light before us", "writing_style": "Close third person, past tense, long quiet sentences broken by short ones", "description": "A surveyor is sent to the last island of an archipelago to strike its lighthouse off the charts, and finds that somebody still lights it every night for a ship that went down forty years ago.", "target_chapters": 24}',
    'COMPLETED', gen_random_uuid()::TEXT,
    '{"id": "00000000-0000-0000-0000-00000000000b", "user_id": "00000000-0000-0000-0000-00000000000a", "title": "The Lighthouse at the End of the Map", "theme": "What we owe to the people who kept the light before us", "writing_style": "Close third person, past tense, long quiet sentences broken by short ones", "description": "A surveyor is sent to the last island of an archipelago to strike its lighthouse off the charts, and finds that somebody still lights it every night for a ship that went down forty years ago.", "status": "GENESIS", "target_chapters": 24, "completed_chapters": 0, "version": 1, "created_at": "2026-01-01T00:00:00.000000+00:00", "updated_at": "2026-01-01T00:00:00.000000+00:00", "genesis": null}',
    201, '{"version": 1, "location": "/api/v1/novels/00000000-0000-0000-0000-00000000000b"}', now(), now()
)
RETURNING id AS command_id, scope_id AS scope_id \gset
INSERT INTO domain_events (
    event_id, correlation_id, causation_id, event_type, event_version, aggregate_type, aggregate_id,
    aggregate_version, scope_type, scope_id, lane, actor_id, payload, metadata, created_at
)
VALUES (
    uuidv7(), :command_id, :command_id, 'Novel.Created', 1, 'Novel', :scope_id, 1, 'novel', :scope_id, :lane,
    '00000000-0000-0000-0000-00000000000a',
    '{"novel_id": "00000000-0000-0000-0000-00000000000b", "user_id": "00000000-0000-0000-0000-00000000000a", "title": "The Lighthouse at the End of the Map", "theme": "What we owe to the people who kept the light before us", "writing_style": "Close third person, past tense, long quiet sentences broken by short ones", "description": "A surveyor is sent to the last island of an archipelago to strike its lighthouse off the charts, and finds that somebody still lights it every night for a ship that went down forty years ago.", "target_chapters": 24}',
    '{"user_id": "00000000-0000-0000-0000-00000000000a", "source": "command-api", "schema_version": 1, "command": {"id": "00000000-0000-0000-0000-00000000000c", "type": "Command.Novel.Create", "status": "COMPLETED", "old_status": null}, "novel_id": "00000000-0000-0000-0000-00000000000b"}',
    now()
)
RETURNING id AS position, event_id AS event_id \gset
INSERT INTO event_outbox (id, position, lane, topic, key, partition_key, payload, headers)
VALUES (
    :event_id, :position, :lane, 'studio.events', :scope_id, '17',
    '{"novel_id": "00000000-0000-0000-0000-00000000000b", "user_id": "00000000-0000-0000-0000-00000000000a", "title": "The Lighthouse at the End of the Map", "theme": "What we owe to the people who kept the light before us", "writing_style": "Close third person, past tense, long quiet sentences broken by short ones", "description": "A surveyor is sent to the last island of an archipelago to strike its lighthouse off the charts, and finds that somebody still lights it every night for a ship that went down forty years ago.", "target_chapters": 24}',
    '{"ce_specversion": "1.0", "ce_id": "00000000-0000-0000-0000-00000000000d", "ce_type": "Novel.Created", "ce_source": "command-api", "ce_time": "2026-01-01T00:00:00.000000+00:00", "ce_dataversion": "1", "content-type": "application/json", "ce_position": "123456", "ce_lane": "17", "ce_aggregatetype": "Novel", "ce_aggregateid": "00000000-0000-0000-0000-00000000000b", "ce_aggregateversion": "1", "ce_scopetype": "novel", "ce_scopeid": "00000000-0000-0000-0000-00000000000b", "ce_actorid": "00000000-0000-0000-0000-00000000000a", "ce_correlationid": "00000000-0000-0000-0000-00000000000c", "ce_causationid": "00000000-0000-0000-0000-00000000000c", "ce_metadata": "{\"user_id\": \"00000000-0000-0000-0000-00000000000a\", \"source\": \"command-api\", \"schema_version\": 1, \"command\": {\"id\": \"00000000-0000-0000-0000-00000000000c\", \"type\": \"Command.Novel.Create\", \"status\": \"COMPLETED\", \"old_status\": null}, \"novel_id\": \"00000000-0000-0000-0000-00000000000b\"}"}'
);
COMMIT;
