-- Undoes 0010.
DROP TABLE genesis_stage_assessments;
