-- Undoes 0013.
DROP TABLE scope_snapshots;
