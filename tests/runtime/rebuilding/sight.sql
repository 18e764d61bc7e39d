-- What tests look at: rows and the catalogue, as text that can be compared.

-- name: rows
SELECT t::TEXT AS row FROM {schema}.{table} AS t ORDER BY 1

-- name: describe_everything
-- Every table and view that is live, with all that belongs to it, as the catalogue words it.
WITH ours AS (
    SELECT c.* FROM pg_class AS c WHERE c.relnamespace = 'public'::REGNAMESPACE AND c.relkind IN ('r', 'v')
)
SELECT format('%%s %%s %%s %%s', c.relkind, c.relname, c.reloptions, c.relowner::REGROLE) AS line FROM ours AS c
UNION ALL
SELECT format('%%s: row level security %%s %%s', relname, relrowsecurity, relforcerowsecurity) FROM ours
UNION ALL
SELECT format('%%s: comment %%s', relname, obj_description(oid, 'pg_class')) FROM ours
UNION ALL
SELECT format(
    '%%s.%%s: %%s %%s %%s %%s', ours.relname, a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull,
    pg_get_expr(d.adbin, d.adrelid), col_description(ours.oid, a.attnum)
)
FROM ours
JOIN pg_attribute AS a ON a.attrelid = ours.oid AND a.attnum > 0
LEFT JOIN pg_attrdef AS d ON d.adrelid = ours.oid AND d.adnum = a.attnum
UNION ALL
SELECT pg_get_indexdef(i.indexrelid) FROM ours JOIN pg_index AS i ON i.indrelid = ours.oid
UNION ALL
SELECT format('%%s: %%s %%s %%s', ours.relname, k.conname, pg_get_constraintdef(k.oid), k.convalidated)
FROM ours
JOIN pg_constraint AS k ON k.conrelid = ours.oid
UNION ALL
SELECT format('%%s: %%s %%s', tablename, policyname, row(p.*)) FROM pg_policies AS p WHERE schemaname = 'public'
UNION ALL
SELECT pg_get_triggerdef(t.oid) FROM ours JOIN pg_trigger AS t ON t.tgrelid = ours.oid AND NOT t.tgisinternal
UNION ALL
SELECT format('%%s: %%s to %%s', ours.relname, a.privilege_type, a.grantee::REGROLE)
FROM ours
CROSS JOIN LATERAL aclexplode(coalesce(ours.relacl, acldefault('r', ours.relowner))) AS a
UNION ALL
SELECT format('%%s reads %%s', relname, pg_get_viewdef(oid)) FROM ours WHERE relkind = 'v'
ORDER BY line

-- name: read_tables_by_id
SELECT c.relname AS name, c.oid AS id
FROM pg_class AS c
WHERE c.relnamespace = 'public'::REGNAMESPACE AND c.relkind = 'r'

-- name: schemas_set_aside
SELECT nspname AS name FROM pg_namespace WHERE nspname ~ '^(rebuild|retired)_'
