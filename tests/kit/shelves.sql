-- Tables with everything that makes the order of changes matter: unique and partial indexes, checks, a key of two
-- columns, and foreign keys that delete or empty.

-- name: make_tables
CREATE TABLE shelves (
    id TEXT PRIMARY KEY,
    room TEXT NOT NULL,
    name TEXT,
    is_first BOOLEAN NOT NULL DEFAULT FALSE,
    places INT NOT NULL DEFAULT 3,
    price NUMERIC(6, 2),
    note JSONB,
    changed_at TIMESTAMPTZ,
    CONSTRAINT shelves_places_not_negative CHECK (places >= 0),
    CONSTRAINT shelves_name_unique UNIQUE (room, name)
);
CREATE UNIQUE INDEX ux_shelves_first ON shelves (room) WHERE is_first;
CREATE TABLE books (
    shelf_id TEXT NOT NULL REFERENCES shelves ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED,
    number INT,
    returns_to TEXT REFERENCES shelves ON DELETE SET NULL DEFERRABLE INITIALLY DEFERRED,
    title TEXT NOT NULL DEFAULT 'untitled',
    tags TEXT[] NOT NULL DEFAULT '{}',
    PRIMARY KEY (shelf_id, number)
);
CREATE TABLE pages (
    id UUID PRIMARY KEY,
    shelf_id TEXT NOT NULL,
    number INT NOT NULL,
    content JSONB,
    FOREIGN KEY (shelf_id, number) REFERENCES books ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED
)

-- name: empty_tables
DELETE FROM shelves
