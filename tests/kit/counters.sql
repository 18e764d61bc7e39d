-- The read model of the counters.

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

-- name: note_applied
INSERT INTO applied (position, scope_id, number) VALUES (%(position)s, %(scope_id)s, %(number)s)

-- name: set_counter
INSERT INTO counters (scope_id, number, changed_at)
VALUES (%(scope_id)s, %(number)s, %(at)s)
ON CONFLICT (scope_id) DO UPDATE SET number = excluded.number, changed_at = excluded.changed_at
