-- How rows are written: the frames of the statements, whose names in braces are filled in for each shape of changes.
-- The rows come as one JSON parameter, because dumping Python lists into arrays costs more than the write itself.

-- name: insert
INSERT INTO {table} ({columns})
SELECT {columns} FROM json_to_recordset(%(rows)s::json) AS r ({fields})

-- name: update
UPDATE {table} AS t
SET {assignments}
FROM json_to_recordset(%(rows)s::json) AS r ({fields})
WHERE {matches}

-- name: merge
-- One assignment of an update: see `Merge`.
{column} = (coalesce(t.{column}, '{{}}') - r.{removed}) || r.{put}

-- name: delete
DELETE FROM {table} AS t
USING json_to_recordset(%(rows)s::json) AS r ({fields})
WHERE {matches}
