-- Read models of the group `core`: conversations, genesis and novels. Every row, id and time comes from an
-- event; foreign keys are deferred because one transaction applies many events. Each row carries its owner,
-- and row-level security lets the role of the query API see nothing of anybody else.

SET LOCAL lock_timeout = '5s';

CREATE TABLE novels (
    id UUID PRIMARY KEY,
    user_id UUID NOT NULL,
    title VARCHAR(255) NOT NULL,
    theme TEXT,
    writing_style TEXT,
    description TEXT,
    status TEXT NOT NULL DEFAULT 'GENESIS',
    target_chapters INT NOT NULL DEFAULT 0,
    completed_chapters INT NOT NULL DEFAULT 0,
    version INT NOT NULL DEFAULT 1,
    created_at TIMESTAMPTZ NOT NULL,
    updated_at TIMESTAMPTZ NOT NULL,
    CONSTRAINT novels_status_known CHECK (status IN ('GENESIS', 'GENERATING', 'PAUSED', 'COMPLETED', 'FAILED')),
    CONSTRAINT novels_chapters_in_range CHECK (target_chapters <= 0 OR completed_chapters <= target_chapters)
);
CREATE INDEX idx_novels_user_updated ON novels (user_id, updated_at DESC, id);

CREATE TABLE characters (
    id UUID PRIMARY KEY,
    novel_id UUID NOT NULL REFERENCES novels ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED,
    user_id UUID NOT NULL,
    name TEXT NOT NULL,
    role TEXT,
    description TEXT,
    background_story TEXT,
    personality_traits TEXT[] NOT NULL DEFAULT '{}',
    goals TEXT[] NOT NULL DEFAULT '{}',
    profile JSONB NOT NULL DEFAULT '{}',
    version INT NOT NULL DEFAULT 1,
    created_at TIMESTAMPTZ NOT NULL,
    updated_at TIMESTAMPTZ NOT NULL
);
CREATE INDEX idx_characters_novel ON characters (novel_id);

CREATE TABLE character_relations (
    novel_id UUID NOT NULL REFERENCES novels ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED,
    user_id UUID NOT NULL,
    from_character_id UUID NOT NULL,
    to_character_id UUID NOT NULL,
    relation_type TEXT NOT NULL,
    strength INT NOT NULL DEFAULT 0,
    description TEXT,
    PRIMARY KEY (from_character_id, to_character_id, relation_type),
    CONSTRAINT character_relations_strength_in_range CHECK (strength BETWEEN -10 AND 10)
);
CREATE INDEX idx_character_relations_novel ON character_relations (novel_id);

CREATE TABLE worldview_entries (
    id UUID PRIMARY KEY,
    novel_id UUID NOT NULL REFERENCES novels ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED,
    user_id UUID NOT NULL,
    entry_type TEXT NOT NULL,
    name TEXT NOT NULL,
    description TEXT,
    tags TEXT[] NOT NULL DEFAULT '{}',
    data JSONB NOT NULL DEFAULT '{}',
    version INT NOT NULL DEFAULT 1,
    created_at TIMESTAMPTZ NOT NULL,
    updated_at TIMESTAMPTZ NOT NULL,
    CONSTRAINT worldview_entries_type_known CHECK (entry_type IN (
        'LOCATION', 'ORGANIZATION', 'TECHNOLOGY', 'LAW', 'CONCEPT', 'EVENT', 'ITEM', 'CULTURE', 'SPECIES', 'OTHER'
    )),
    CONSTRAINT worldview_entries_name_unique UNIQUE (novel_id, name, entry_type)
);

CREATE TABLE story_arcs (
    id UUID PRIMARY KEY,
    novel_id UUID NOT NULL REFERENCES novels ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED,
    user_id UUID NOT NULL,
    title TEXT NOT NULL,
    summary TEXT,
    start_chapter_number INT,
    end_chapter_number INT,
    status TEXT NOT NULL DEFAULT 'PLANNED',
    nodes JSONB NOT NULL DEFAULT '[]',
    version INT NOT NULL DEFAULT 1,
    created_at TIMESTAMPTZ NOT NULL,
    updated_at TIMESTAMPTZ NOT NULL,
    CONSTRAINT story_arcs_status_known CHECK (status IN ('PLANNED', 'ACTIVE', 'COMPLETED'))
);
CREATE INDEX idx_story_arcs_novel ON story_arcs (novel_id);

CREATE TABLE conversation_sessions (
    id UUID PRIMARY KEY,
    user_id UUID NOT NULL,
    scope_type VARCHAR(64) NOT NULL,
    scope_id TEXT,
    title VARCHAR(255),
    status VARCHAR(16) NOT NULL DEFAULT 'ACTIVE',
    round_sequence INT NOT NULL DEFAULT 0,
    metadata JSONB NOT NULL DEFAULT '{}',
    version INT NOT NULL DEFAULT 1,
    created_at TIMESTAMPTZ NOT NULL,
    updated_at TIMESTAMPTZ NOT NULL,
    CONSTRAINT conversation_sessions_status_known CHECK (status IN (
        'ACTIVE', 'PROCESSING', 'COMPLETED', 'FAILED', 'ABANDONED', 'PAUSED'
    ))
);
CREATE INDEX idx_conversation_sessions_scope ON conversation_sessions (scope_type, scope_id);
CREATE INDEX idx_conversation_sessions_user ON conversation_sessions (user_id);
CREATE INDEX idx_conversation_sessions_status ON conversation_sessions (status);
CREATE INDEX idx_conversation_sessions_updated ON conversation_sessions (updated_at);
CREATE INDEX idx_conversation_sessions_scope_status ON conversation_sessions (scope_type, scope_id, status);

CREATE TABLE conversation_rounds (
    id UUID PRIMARY KEY,
    session_id UUID NOT NULL REFERENCES conversation_sessions ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED,
    user_id UUID NOT NULL,
    round_path VARCHAR(64) NOT NULL,
    parent_path VARCHAR(64),
    sequence_number INT NOT NULL,
    role VARCHAR(16) NOT NULL,
    input JSONB,
    output JSONB,
    tool_calls JSONB,
    model VARCHAR(128),
    tokens_in INT,
    tokens_out INT,
    latency_ms INT,
    cost NUMERIC(10, 4),
    correlation_id VARCHAR(64),
    created_at TIMESTAMPTZ NOT NULL,
    CONSTRAINT conversation_rounds_role_known CHECK (role IN ('user', 'assistant', 'system', 'tool')),
    CONSTRAINT conversation_rounds_path_unique UNIQUE (session_id, round_path),
    CONSTRAINT conversation_rounds_sequence_unique UNIQUE (session_id, sequence_number)
);
CREATE UNIQUE INDEX ux_conversation_rounds_correlation_role
    ON conversation_rounds (session_id, correlation_id, role)
    WHERE correlation_id IS NOT NULL AND role IN ('user', 'assistant');
CREATE INDEX idx_conversation_rounds_session ON conversation_rounds (session_id);
CREATE INDEX idx_conversation_rounds_correlation ON conversation_rounds (correlation_id);
CREATE INDEX idx_conversation_rounds_created ON conversation_rounds (created_at);
CREATE INDEX idx_conversation_rounds_role ON conversation_rounds (role);
CREATE INDEX idx_conversation_rounds_session_created ON conversation_rounds (session_id, created_at);

CREATE TABLE genesis_flows (
    id UUID PRIMARY KEY,
    novel_id UUID NOT NULL REFERENCES novels ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED,
    user_id UUID NOT NULL,
    status TEXT NOT NULL DEFAULT 'IN_PROGRESS',
    current_stage TEXT,
    current_stage_id UUID,
    mode TEXT,
    navigation TEXT NOT NULL DEFAULT 'guided',
    version INT NOT NULL DEFAULT 1,
    state JSONB,
    created_at TIMESTAMPTZ NOT NULL,
    updated_at TIMESTAMPTZ NOT NULL,
    completed_at TIMESTAMPTZ,
    CONSTRAINT genesis_flows_status_known CHECK (status IN ('IN_PROGRESS', 'COMPLETED', 'ABANDONED', 'PAUSED')),
    CONSTRAINT genesis_flows_stage_known CHECK (current_stage IN (
        'INITIAL_PROMPT', 'WORLDVIEW', 'CHARACTERS', 'PLOT_OUTLINE', 'FINISHED'
    )),
    CONSTRAINT genesis_flows_mode_known CHECK (mode IN ('inspiration', 'refinement')),
    CONSTRAINT genesis_flows_navigation_known CHECK (navigation IN ('guided', 'free_form'))
);
CREATE UNIQUE INDEX ux_genesis_flows_novel ON genesis_flows (novel_id);
CREATE INDEX idx_genesis_flows_novel_status ON genesis_flows (novel_id, status);
CREATE INDEX idx_genesis_flows_current_stage ON genesis_flows (current_stage);
CREATE INDEX idx_genesis_flows_user ON genesis_flows (user_id);
CREATE INDEX idx_genesis_flows_status ON genesis_flows (status);

CREATE TABLE genesis_stage_records (
    id UUID PRIMARY KEY,
    flow_id UUID NOT NULL REFERENCES genesis_flows ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED,
    user_id UUID NOT NULL,
    stage TEXT NOT NULL,
    status TEXT NOT NULL DEFAULT 'RUNNING',
    config JSONB,
    result JSONB,
    iteration_count INT NOT NULL DEFAULT 0,
    metrics JSONB,
    sequence_number INT NOT NULL DEFAULT 1,
    is_current BOOLEAN NOT NULL DEFAULT TRUE,
    latest_version INT NOT NULL DEFAULT 0,
    confirmed_version INT,
    notes TEXT,
    started_at TIMESTAMPTZ,
    completed_at TIMESTAMPTZ,
    created_at TIMESTAMPTZ NOT NULL,
    updated_at TIMESTAMPTZ NOT NULL,
    CONSTRAINT genesis_stage_records_stage_known CHECK (stage IN (
        'INITIAL_PROMPT', 'WORLDVIEW', 'CHARACTERS', 'PLOT_OUTLINE', 'FINISHED'
    )),
    CONSTRAINT genesis_stage_records_status_known CHECK (status IN ('RUNNING', 'COMPLETED', 'FAILED', 'PAUSED')),
    CONSTRAINT genesis_stage_records_sequence_unique UNIQUE (flow_id, stage, sequence_number)
);
CREATE INDEX idx_stage_records_flow_stage ON genesis_stage_records (flow_id, stage, created_at DESC);
CREATE INDEX idx_stage_records_status ON genesis_stage_records (status);
CREATE UNIQUE INDEX idx_unique_current_stage_instance ON genesis_stage_records (flow_id, stage) WHERE is_current;
CREATE UNIQUE INDEX ux_stage_records_one_running ON genesis_stage_records (flow_id) WHERE status = 'RUNNING';

CREATE TABLE genesis_stage_sessions (
    id UUID PRIMARY KEY,
    stage_id UUID NOT NULL REFERENCES genesis_stage_records ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED,
    session_id UUID NOT NULL REFERENCES conversation_sessions ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED,
    user_id UUID NOT NULL,
    status TEXT NOT NULL DEFAULT 'ACTIVE',
    is_primary BOOLEAN NOT NULL DEFAULT FALSE,
    session_kind VARCHAR(64),
    created_at TIMESTAMPTZ NOT NULL,
    updated_at TIMESTAMPTZ NOT NULL,
    CONSTRAINT genesis_stage_sessions_status_known CHECK (status IN ('ACTIVE', 'ARCHIVED', 'CLOSED'))
);
CREATE UNIQUE INDEX ux_stage_sessions_stage_session ON genesis_stage_sessions (stage_id, session_id);
CREATE INDEX idx_stage_sessions_stage ON genesis_stage_sessions (stage_id);
CREATE INDEX idx_stage_sessions_session ON genesis_stage_sessions (session_id);
CREATE UNIQUE INDEX ux_stage_primary ON genesis_stage_sessions (stage_id) WHERE is_primary;
CREATE INDEX idx_stage_sessions_stage_primary ON genesis_stage_sessions (stage_id, is_primary);

CREATE TABLE genesis_stage_settings (
    id UUID PRIMARY KEY,
    stage_id UUID NOT NULL REFERENCES genesis_stage_records ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED,
    user_id UUID NOT NULL,
    version INT NOT NULL,
    settings JSONB NOT NULL,
    summary TEXT,
    is_confirmed BOOLEAN NOT NULL DEFAULT FALSE,
    source TEXT NOT NULL,
    branch_id UUID,
    quality_score NUMERIC(4, 2),
    command_id UUID,
    created_by UUID REFERENCES conversation_sessions ON DELETE SET NULL DEFERRABLE INITIALLY DEFERRED,
    created_at TIMESTAMPTZ NOT NULL,
    CONSTRAINT genesis_stage_settings_source_known CHECK (source IN ('ai', 'user', 'carryover', 'branch', 'merge')),
    CONSTRAINT genesis_stage_settings_version_unique UNIQUE (stage_id, version)
);
CREATE UNIQUE INDEX ux_stage_settings_confirmed ON genesis_stage_settings (stage_id) WHERE is_confirmed;
CREATE INDEX idx_stage_settings_stage_confirmed ON genesis_stage_settings (stage_id, is_confirmed);
CREATE INDEX idx_stage_settings_stage_version ON genesis_stage_settings (stage_id, version DESC);
CREATE INDEX idx_stage_settings_created_by ON genesis_stage_settings (created_by);

CREATE TABLE genesis_stage_transitions (
    id UUID PRIMARY KEY,
    from_stage_id UUID,
    to_stage_id UUID NOT NULL REFERENCES genesis_stage_records ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED,
    user_id UUID NOT NULL,
    transition_data JSONB NOT NULL,
    created_at TIMESTAMPTZ NOT NULL,
    CONSTRAINT genesis_stage_transitions_moves CHECK (from_stage_id <> to_stage_id)
);
CREATE INDEX idx_stage_transitions_from ON genesis_stage_transitions (from_stage_id);
CREATE INDEX idx_stage_transitions_to ON genesis_stage_transitions (to_stage_id);

CREATE TABLE genesis_branches (
    id UUID PRIMARY KEY,
    stage_id UUID NOT NULL REFERENCES genesis_stage_records ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED,
    session_id UUID NOT NULL,
    parent_session_id UUID,
    user_id UUID NOT NULL,
    label TEXT NOT NULL,
    description TEXT,
    base_version INT,
    base_round_path TEXT,
    settings_version INT,
    merged_version INT,
    created_at TIMESTAMPTZ NOT NULL,
    CONSTRAINT genesis_branches_label_unique UNIQUE (stage_id, label)
);

-- One row a flow, under the name that readers of the first design know. Nothing writes to it.
CREATE VIEW genesis_sessions WITH (security_invoker = TRUE) AS
SELECT
    f.id,
    f.user_id,
    f.novel_id,
    f.status,
    f.current_stage,
    coalesce((
        SELECT jsonb_object_agg(newest.stage, newest.settings)
        FROM (
            SELECT DISTINCT ON (r.stage) r.stage, s.settings
            FROM genesis_stage_records AS r
            JOIN genesis_stage_settings AS s ON s.stage_id = r.id AND s.is_confirmed
            WHERE r.flow_id = f.id
            ORDER BY r.stage, r.sequence_number DESC
        ) AS newest
    ), '{}') AS confirmed_data,
    f.state AS session_metadata,
    (
        SELECT l.session_id FROM genesis_stage_sessions AS l
        WHERE l.stage_id = f.current_stage_id AND l.is_primary
    ) AS primary_session_id,
    f.version,
    f.created_at,
    f.updated_at
FROM genesis_flows AS f;

-- A session with what is derived: the stage of the newest record it is linked to, whether a command of it is open
-- (true at once, because it comes from the inbox), and the status that is shown for it.
CREATE VIEW conversation_session_overview WITH (security_invoker = TRUE) AS
SELECT
    s.*,
    (
        SELECT r.stage
        FROM genesis_stage_sessions AS l JOIN genesis_stage_records AS r ON r.id = l.stage_id
        WHERE l.session_id = s.id
        ORDER BY r.created_at DESC, r.sequence_number DESC
        LIMIT 1
    ) AS stage,
    b.is_busy,
    CASE WHEN s.status = 'ACTIVE' AND b.is_busy THEN 'PROCESSING' ELSE s.status END AS shown_status
FROM conversation_sessions AS s
CROSS JOIN LATERAL (
    SELECT EXISTS (
        SELECT FROM command_inbox AS c WHERE c.session_id = s.id AND c.status IN ('RECEIVED', 'PROCESSING')
    ) AS is_busy
) AS b;

-- A stage record with its number of sessions and its primary one.
CREATE VIEW genesis_stage_record_overview WITH (security_invoker = TRUE) AS
SELECT
    r.*,
    (SELECT count(*) FROM genesis_stage_sessions AS l WHERE l.stage_id = r.id) AS session_count,
    (SELECT l.session_id FROM genesis_stage_sessions AS l WHERE l.stage_id = r.id AND l.is_primary) AS primary_session_id
FROM genesis_stage_records AS r;

-- A link with a few words about its session.
CREATE VIEW genesis_stage_session_overview WITH (security_invoker = TRUE) AS
SELECT
    l.*,
    jsonb_build_object(
        'id', s.id, 'title', s.title, 'status', s.status, 'version', s.version, 'round_count', s.round_sequence
    ) AS session
FROM genesis_stage_sessions AS l
JOIN conversation_sessions AS s ON s.id = l.session_id;

-- A command with its tasks, as its sender follows it.
CREATE VIEW command_overview WITH (security_invoker = TRUE) AS
SELECT
    c.*,
    coalesce((
        SELECT jsonb_agg(jsonb_build_object(
            'task_id', t.id, 'task_type', t.task_type, 'status', t.status, 'progress', t.progress
        ) ORDER BY t.created_at)
        FROM async_tasks AS t WHERE t.triggered_by_command_id = c.id
    ), '[]') AS tasks
FROM command_inbox AS c;

-- The role the query API reads with. Roles belong to the whole server, so another database may have made it.
DO $$
BEGIN
    CREATE ROLE studio_reader NOLOGIN;
EXCEPTION WHEN duplicate_object OR unique_violation THEN
    NULL;
END $$;

DO $$
DECLARE
    owned TEXT;
BEGIN
    FOREACH owned IN ARRAY ARRAY[
        'novels', 'characters', 'character_relations', 'worldview_entries', 'story_arcs',
        'conversation_sessions', 'conversation_rounds', 'genesis_flows', 'genesis_stage_records',
        'genesis_stage_sessions', 'genesis_stage_settings', 'genesis_stage_transitions', 'genesis_branches',
        'command_inbox', 'async_tasks'
    ] LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', owned);
        EXECUTE format(
            'CREATE POLICY owner_only ON %I FOR SELECT TO studio_reader '
            'USING (user_id = nullif(current_setting(''studio.user_id'', TRUE), '''')::uuid)', owned
        );
        EXECUTE format('GRANT SELECT ON %I TO studio_reader', owned);
    END LOOP;
END $$;
GRANT SELECT ON
    genesis_sessions, conversation_session_overview, genesis_stage_record_overview, genesis_stage_session_overview,
    command_overview, store_epoch, projection_checkpoints, domain_events
TO studio_reader;
GRANT SELECT, INSERT, DELETE ON used_stream_tokens TO studio_reader;
