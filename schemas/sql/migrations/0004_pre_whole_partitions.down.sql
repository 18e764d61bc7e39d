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
