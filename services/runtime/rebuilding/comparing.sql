-- Whether two tables have the same rows, byte for byte.

-- name: digest
-- The rows in buckets by their key; the sum of their digests does not depend on their order.
SELECT
    ('x' || left(md5(ROW({key})::TEXT), 2))::BIT(8)::INT AS bucket,
    count(*) AS rows,
    sum(('x' || left(md5(t::TEXT), 16))::BIT(64)::BIGINT) AS digest
FROM {schema}.{table} AS t
GROUP BY 1

-- name: find_differences
-- Only the buckets that differ are read again.
WITH live AS (
    SELECT ROW({key})::TEXT AS key, t::TEXT AS bytes, to_jsonb(t) AS content
    FROM {live}.{table} AS t
    WHERE ('x' || left(md5(ROW({key})::TEXT), 2))::BIT(8)::INT = ANY(%(buckets)s::INT[])
),
other AS (
    SELECT ROW({key})::TEXT AS key, t::TEXT AS bytes, to_jsonb(t) AS content
    FROM {schema}.{table} AS t
    WHERE ('x' || left(md5(ROW({key})::TEXT), 2))::BIT(8)::INT = ANY(%(buckets)s::INT[])
)
SELECT key, live.content AS live, other.content AS rebuilt, count(*) OVER () AS total
FROM live
FULL JOIN other USING (key)
WHERE live.bytes IS DISTINCT FROM other.bytes
ORDER BY key
LIMIT %(shown_max)s
