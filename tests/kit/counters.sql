-- The tables of the counters.

-- name: make_tables
CREATE TABLE applied (
    sequence BIGSERIAL,
    position BIGINT PRIMARY KEY,
    scope_id TEXT NOT NULL,
    number BIGINT
);
CREATE TABLE counters (
    scope_id TEXT PRIMARY KEY,
    number BIGINT NOT NULL,
    changed_at TIMESTAMPTZ NOT NULL,
    CONSTRAINT counters_number_not_negative CHECK (number >= 0)
);
