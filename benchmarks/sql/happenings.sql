-- The write side and the projector, played by hand for the benchmark of streams.

-- name: happen
-- One event for each user, all seen in the read models at once; how far each lane is now.
WITH users AS (
    SELECT user_id, lane, scope_id
    FROM json_to_recordset(%(users)s::JSON) AS users (user_id UUID, lane SMALLINT, scope_id TEXT)
),
happened AS (
    INSERT INTO domain_events (
        event_id, event_type, aggregate_type, aggregate_id, aggregate_version, scope_type, scope_id, lane, actor_id,
        payload, metadata
    )
    SELECT
        uuidv7(), 'Conversation.Round.Created', 'ConversationSession', gen_random_uuid(), 1, 'GENERAL', scope_id, lane,
        user_id, %(payload)s::JSONB, jsonb_build_object('user_id', user_id, 'session_id', scope_id)
    FROM users
    RETURNING id, lane
),
reached AS (
    SELECT lane, max(id) AS position FROM happened GROUP BY lane
),
moved AS (
    INSERT INTO projection_checkpoints (projection, lane, last_position)
    SELECT 'core', lane, position FROM reached
    ON CONFLICT (projection, lane) DO UPDATE SET last_position = excluded.last_position
)
SELECT 'core:' || string_agg(lane || '=' || position, ',') AS announcement FROM reached

-- name: ring
SELECT pg_notify('studio_checkpoints', %(announcement)s)
