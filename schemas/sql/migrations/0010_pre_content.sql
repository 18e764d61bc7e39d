-- What was found of each version that the AI has written: how good it is, and what does not fit. And what a task has
-- written so far, for whoever comes in the middle of it.

SET LOCAL lock_timeout = '5s';

CREATE TABLE genesis_stage_assessments (
    stage_id UUID NOT NULL REFERENCES genesis_stage_records ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED,
    version INT NOT NULL,
    user_id UUID NOT NULL,
    quality_score NUMERIC(4, 2) NOT NULL,
    quality JSONB NOT NULL,
    suggestions JSONB NOT NULL,
    needs_optimization BOOLEAN NOT NULL,
    consistency JSONB NOT NULL,
    generation_metadata JSONB NOT NULL,
    created_at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (stage_id, version),
    CONSTRAINT genesis_stage_assessments_score_in_range CHECK (quality_score BETWEEN 0 AND 10)
);

ALTER TABLE genesis_stage_assessments ENABLE ROW LEVEL SECURITY;
CREATE POLICY owner_only ON genesis_stage_assessments FOR SELECT TO studio_reader
USING (user_id = nullif(current_setting('studio.user_id', TRUE), '')::UUID);
GRANT SELECT ON genesis_stage_assessments TO studio_reader;

ALTER TABLE async_tasks ADD COLUMN partial_text TEXT NOT NULL DEFAULT '';
