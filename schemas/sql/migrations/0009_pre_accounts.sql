-- Users, their logins, and what has been taken back from them.

SET LOCAL lock_timeout = '5s';

-- Written in the transaction of the command, not by a projector: it guards that names are unique, and only it knows
-- the hash of the password, which no event ever holds. So it is not rebuilt.
CREATE TABLE users (
    id UUID PRIMARY KEY,
    username VARCHAR(50) NOT NULL,
    -- In lower case: addresses are compared without regard to it.
    email VARCHAR(255) NOT NULL CHECK (email = lower(email)),
    password_hash VARCHAR(255) NOT NULL,
    avatar_url TEXT,
    is_active BOOLEAN NOT NULL DEFAULT TRUE,
    is_admin BOOLEAN NOT NULL DEFAULT FALSE,
    created_at TIMESTAMPTZ NOT NULL DEFAULT now(),
    updated_at TIMESTAMPTZ NOT NULL DEFAULT now()
);
CREATE UNIQUE INDEX idx_users_username ON users (username);
CREATE UNIQUE INDEX idx_users_email ON users (email);

-- A login is a family of refresh tokens, of which the newest counts. `id` of the family is the session in the access
-- tokens. A rotated token that comes again was stolen or copied, and ends its family.
CREATE TABLE refresh_tokens (
    id UUID PRIMARY KEY,
    user_id UUID NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    token_hash CHAR(64) NOT NULL,
    family_id UUID NOT NULL,
    expires_at TIMESTAMPTZ NOT NULL,
    rotated_at TIMESTAMPTZ,
    revoked_at TIMESTAMPTZ,
    created_at TIMESTAMPTZ NOT NULL DEFAULT now()
);
CREATE UNIQUE INDEX idx_refresh_tokens_token_hash ON refresh_tokens (token_hash);
CREATE INDEX idx_refresh_tokens_user_id ON refresh_tokens (user_id);
CREATE INDEX idx_refresh_tokens_family_id ON refresh_tokens (family_id);
CREATE INDEX idx_refresh_tokens_expires_at ON refresh_tokens (expires_at);

-- Access tokens that do not count although they have not expired: those of a user or of a session (`subject`) that were
-- issued up to `revoked_at`. `reason` is the error number that their bearer is told. Gone when all of them have expired.
CREATE TABLE access_revocations (
    subject UUID PRIMARY KEY,
    revoked_at TIMESTAMPTZ NOT NULL,
    reason INT NOT NULL CHECK (reason IN (2000, 2001, 2004)),
    expires_at TIMESTAMPTZ NOT NULL
);
CREATE INDEX idx_access_revocations_expires_at ON access_revocations (expires_at);

-- Logins that failed, by a hash of what was given as the address: it is kept whether or not such a user exists, so that
-- the answers do not tell.
CREATE TABLE failed_logins (
    subject CHAR(64) PRIMARY KEY,
    failures INT NOT NULL CHECK (failures > 0),
    last_at TIMESTAMPTZ NOT NULL
);
CREATE INDEX idx_failed_logins_last_at ON failed_logins (last_at);

-- A user's own keys for providers, encrypted. The query API may only see which there are.
CREATE TABLE user_api_keys (
    user_id UUID NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    name TEXT NOT NULL CHECK (name IN ('glm', 'tuzi', 'gemini', 'doubao')),
    ciphertext BYTEA NOT NULL,
    updated_at TIMESTAMPTZ NOT NULL DEFAULT now(),
    PRIMARY KEY (user_id, name)
);

ALTER TABLE users ENABLE ROW LEVEL SECURITY;
ALTER TABLE user_api_keys ENABLE ROW LEVEL SECURITY;
CREATE POLICY owner_or_admin ON users FOR SELECT TO studio_reader
USING (
    id = nullif(current_setting('studio.user_id', TRUE), '')::UUID
    OR current_setting('studio.user_role', TRUE) = 'admin'
);
CREATE POLICY owner_only ON user_api_keys FOR SELECT TO studio_reader
USING (user_id = nullif(current_setting('studio.user_id', TRUE), '')::UUID);

GRANT SELECT (id, username, email, avatar_url, is_active, is_admin, created_at, updated_at) ON users TO studio_reader;
GRANT SELECT (user_id, name, updated_at) ON user_api_keys TO studio_reader;
GRANT SELECT ON access_revocations TO studio_reader;
