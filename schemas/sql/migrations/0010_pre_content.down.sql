-- Undoes 0010.
DROP TABLE genesis_stage_assessments;
ALTER TABLE async_tasks DROP COLUMN partial_text;
