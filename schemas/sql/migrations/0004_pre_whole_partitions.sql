-- The outbox is only ever inserted into, and its rows go by whole partitions.

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
