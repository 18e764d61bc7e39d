-- What the first events of a scope come to when they are folded, for those who decide about it.

SET LOCAL lock_timeout = '5s';

-- A cache: all of it may be deleted at any time, and must be when events are changed by hand.
CREATE TABLE scope_snapshots (
    scope_id TEXT PRIMARY KEY,
    -- Of the last event that is in it.
    position BIGINT NOT NULL CHECK (position > 0),
    -- SHA-256 of the code that folded it; any other passes it over.
    code CHAR(64) NOT NULL,
    -- Lines of JSON.
    document TEXT NOT NULL,
    created_at TIMESTAMPTZ NOT NULL DEFAULT now()
);
ALTER TABLE scope_snapshots ALTER COLUMN document SET STORAGE EXTERNAL;
