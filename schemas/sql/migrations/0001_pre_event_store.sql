-- The write side: what every accepted command leaves behind, in one transaction.
-- Positions (domain_events.id) are given out in commit order, because every append holds one
-- transaction-level advisory lock until it commits; a reader may therefore remember "the highest I saw".

SET LOCAL lock_timeout = '5s';

CREATE TYPE command_status AS ENUM ('RECEIVED', 'PROCESSING', 'COMPLETED', 'FAILED');
CREATE TYPE outbox_status AS ENUM ('PENDING', 'PROCESSING', 'SENT', 'FAILED');
CREATE TYPE task_status AS ENUM ('PENDING', 'RUNNING', 'COMPLETED', 'FAILED', 'CANCELLED');
CREATE TYPE handle_status AS ENUM ('PENDING_PAUSE', 'PAUSED', 'RESUMED', 'EXPIRED');

-- Made with the database: a cursor or message of another epoch is of another history.
CREATE TABLE store_epoch (
    only_row BOOLEAN PRIMARY KEY DEFAULT TRUE CHECK (only_row),
    epoch UUID NOT NULL DEFAULT gen_random_uuid(),
    created_at TIMESTAMPTZ NOT NULL DEFAULT now()
);
INSERT INTO store_epoch DEFAULT VALUES;

CREATE FUNCTION touch_updated_at() RETURNS TRIGGER LANGUAGE plpgsql AS $$
BEGIN
    NEW.updated_at := now();
    RETURN NEW;
END $$;

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
);
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
CREATE TRIGGER command_inbox_touch BEFORE UPDATE ON command_inbox
    FOR EACH ROW EXECUTE FUNCTION touch_updated_at();

CREATE TABLE domain_events (
    id BIGSERIAL PRIMARY KEY,
    event_id UUID NOT NULL UNIQUE,
    correlation_id UUID,
    causation_id UUID,
    event_type TEXT NOT NULL,
    event_version INT NOT NULL DEFAULT 1,
    aggregate_type TEXT NOT NULL,
    aggregate_id TEXT NOT NULL,
    aggregate_version INT NOT NULL,
    scope_type TEXT NOT NULL,
    scope_id TEXT NOT NULL,
    lane SMALLINT NOT NULL,
    actor_id TEXT NOT NULL,
    traceparent TEXT,
    payload JSONB,
    metadata JSONB,
    -- For diagnosis only: order is that of id.
    tx_id XID8 NOT NULL DEFAULT pg_current_xact_id(),
    created_at TIMESTAMPTZ NOT NULL DEFAULT now(),
    CONSTRAINT domain_events_version_positive CHECK (aggregate_version > 0),
    CONSTRAINT domain_events_lane_known CHECK (lane BETWEEN 0 AND 63),
    CONSTRAINT domain_events_aggregate_version_unique UNIQUE (aggregate_type, aggregate_id, aggregate_version)
);
CREATE INDEX idx_domain_events_aggregate ON domain_events (aggregate_type, aggregate_id);
CREATE INDEX idx_domain_events_type ON domain_events (event_type);
CREATE INDEX idx_domain_events_created ON domain_events (created_at);
CREATE INDEX idx_domain_events_correlation ON domain_events (correlation_id);
CREATE INDEX idx_domain_events_causation ON domain_events (causation_id);
CREATE INDEX idx_domain_events_aggregate_type_created ON domain_events (aggregate_type, created_at);
CREATE INDEX idx_domain_events_type_created ON domain_events (event_type, created_at);
CREATE INDEX idx_domain_events_user ON domain_events ((metadata ->> 'user_id'), id);
-- Loading a scope, filling a projector's gap or rebuilding a lane.
CREATE INDEX idx_domain_events_scope ON domain_events (scope_id, id);
CREATE INDEX idx_domain_events_lane ON domain_events (lane, id);
-- From a stage record's id to the scope that created it; the answer never changes.
CREATE INDEX idx_domain_events_stage_created ON domain_events ((payload ->> 'stage_id'))
    WHERE event_type = 'Genesis.Stage.Created';

CREATE FUNCTION refuse_change() RETURNS TRIGGER LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only: % refused', TG_TABLE_NAME, TG_OP USING ERRCODE = 'ST001';
END $$;
CREATE TRIGGER domain_events_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON domain_events
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

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

-- Who relays a lane, and how far it has been sent. `fence` rises with every change of owner:
-- a relay that lost its lease can still send (the same event ids again) but never mark.
CREATE TABLE relay_lanes (
    lane SMALLINT PRIMARY KEY,
    owner TEXT,
    fence BIGINT NOT NULL DEFAULT 0,
    lease_until TIMESTAMPTZ,
    sent_position BIGINT NOT NULL DEFAULT 0
);
INSERT INTO relay_lanes (lane) SELECT generate_series(0, 63);

CREATE TABLE relay_members (
    owner TEXT PRIMARY KEY,
    seen_until TIMESTAMPTZ NOT NULL
);

-- Every event of the lane up to last_position is in the projection, and none after it.
CREATE TABLE projection_checkpoints (
    projection TEXT NOT NULL,
    lane SMALLINT NOT NULL,
    last_position BIGINT NOT NULL DEFAULT 0,
    state TEXT NOT NULL DEFAULT 'running',
    updated_at TIMESTAMPTZ NOT NULL DEFAULT now(),
    PRIMARY KEY (projection, lane),
    CONSTRAINT projection_checkpoints_state_known CHECK (state IN ('running', 'rebuilding'))
);

-- Poison events and unsendable messages, with the later ones of their scope behind them, in order.
CREATE TABLE dead_letters (
    consumer TEXT NOT NULL,
    position BIGINT NOT NULL,
    event_id UUID NOT NULL,
    scope_id TEXT NOT NULL,
    lane SMALLINT NOT NULL,
    reason TEXT NOT NULL,
    attempts INT NOT NULL,
    created_at TIMESTAMPTZ NOT NULL DEFAULT now(),
    PRIMARY KEY (consumer, position)
);
CREATE INDEX idx_dead_letters_scope ON dead_letters (consumer, scope_id, position);

-- The event store as the event-sourcing library names it: its reads run on this view as they are.
-- `state` is the whole record as JSON, in the form in which the recorder hands it in.
CREATE VIEW stored_events AS
SELECT
    aggregate_id AS originator_id,
    aggregate_version::BIGINT AS originator_version,
    event_type AS topic,
    convert_to(jsonb_build_object(
        'event_id', event_id,
        'event_version', event_version,
        'aggregate_type', aggregate_type,
        'scope_type', scope_type,
        'scope_id', scope_id,
        'lane', lane,
        'correlation_id', correlation_id,
        'causation_id', causation_id,
        'actor_id', actor_id,
        'traceparent', traceparent,
        'created_at', created_at,
        'payload', payload,
        'metadata', metadata
    )::TEXT, 'UTF8') AS state,
    id AS notification_id
FROM domain_events;
