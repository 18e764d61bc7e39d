-- Finding the event whose changes the database refuses.

-- name: make_scratch_table
-- With every check and key of the live one; foreign keys alone are not copied.
CREATE TEMPORARY TABLE {table} (LIKE {live}.{table} INCLUDING ALL) ON COMMIT DROP
