-- Tables made again after others: the statements for it, written by the catalogue itself, in the order in which they
-- are to be run. Every one is read where the live tables come first in the search path, so that it names them without
-- a schema, and run where the new ones come first: then the same words mean the new tables.

-- name: list_what_cannot_be_rebuilt
-- A default that moves would give other rows each time; what depends on a table by anything but a view, a foreign key,
-- a policy or a trigger would stay with the old one.
WITH ours AS MATERIALIZED (
    SELECT c.oid, c.relname, c.relkind, c.relispartition
    FROM pg_class AS c
    WHERE c.relnamespace = %(live)s::REGNAMESPACE AND c.relname = ANY(%(tables)s::TEXT[])
)
SELECT format('%%I is not an ordinary table', relname) AS reason
FROM ours
WHERE relkind <> 'r' OR relispartition OR EXISTS (SELECT FROM pg_inherits WHERE ours.oid IN (inhrelid, inhparent))
UNION ALL
SELECT format('the default of %%I.%%I is not a constant', ours.relname, a.attname)
FROM ours
JOIN pg_attrdef AS d ON d.adrelid = ours.oid
JOIN pg_attribute AS a ON a.attrelid = ours.oid AND a.attnum = d.adnum
WHERE
    d.adbin::TEXT ~ 'SQLVALUEFUNCTION|NEXTVALUEEXPR'
    OR EXISTS (
        SELECT
        FROM regexp_matches(d.adbin::TEXT, ':funcid (\d+)', 'g') AS called (ids)
        JOIN pg_proc AS p ON p.oid = called.ids[1]::OID
        WHERE p.provolatile <> 'i'
    )
UNION ALL
SELECT format('%%I.%%I numbers itself', ours.relname, a.attname)
FROM ours
JOIN pg_attribute AS a ON a.attrelid = ours.oid AND a.attidentity <> ''
UNION ALL
SELECT format('%%s depends on %%I', pg_describe_object(d.classid, d.objid, 0), ours.relname)
FROM ours
JOIN pg_depend AS d ON d.refclassid = 'pg_class'::REGCLASS AND d.refobjid = ours.oid AND d.deptype = 'n'
LEFT JOIN pg_rewrite AS r ON d.classid = 'pg_rewrite'::REGCLASS AND r.oid = d.objid
LEFT JOIN pg_class AS reader ON reader.oid = r.ev_class
WHERE
    d.classid NOT IN ('pg_constraint'::REGCLASS, 'pg_policy'::REGCLASS, 'pg_trigger'::REGCLASS, 'pg_class'::REGCLASS)
    AND reader.relkind IS DISTINCT FROM 'v'
ORDER BY reason

-- name: make_tables
SELECT format(
    'CREATE TABLE %%I.%%I (LIKE %%I INCLUDING ALL EXCLUDING INDEXES)%%s',
    %(schema)s::TEXT, c.relname, c.relname, ' WITH (' || array_to_string(c.reloptions, ', ') || ')'
) AS statement
FROM pg_class AS c
WHERE c.relnamespace = %(live)s::REGNAMESPACE AND c.relname = ANY(%(tables)s::TEXT[])
ORDER BY c.relname

-- name: finish_tables
-- What is made after the rows: an index is built faster at once than row by row.
WITH ours AS MATERIALIZED (
    SELECT c.*
    FROM pg_class AS c
    WHERE c.relnamespace = %(live)s::REGNAMESPACE AND c.relname = ANY(%(tables)s::TEXT[])
),
statements (step, statement) AS (
    SELECT 1, pg_get_indexdef(i.indexrelid, 0, TRUE)
    FROM ours
    JOIN pg_index AS i ON i.indrelid = ours.oid
    WHERE NOT EXISTS (SELECT FROM pg_constraint AS k WHERE k.conindid = i.indexrelid AND k.contype IN ('p', 'u', 'x'))
    UNION ALL
    -- Foreign keys need the keys that they refer to.
    SELECT
        CASE k.contype WHEN 'f' THEN 3 ELSE 2 END,
        format('ALTER TABLE %%I ADD CONSTRAINT %%I %%s', ours.relname, k.conname, pg_get_constraintdef(k.oid, TRUE))
    FROM ours
    JOIN pg_constraint AS k ON k.conrelid = ours.oid AND k.contype IN ('p', 'u', 'x', 'f')
    UNION ALL
    SELECT 4, pg_get_triggerdef(t.oid, TRUE)
    FROM ours
    JOIN pg_trigger AS t ON t.tgrelid = ours.oid AND NOT t.tgisinternal
    UNION ALL
    SELECT 5, format('ALTER TABLE %%I ENABLE ROW LEVEL SECURITY', relname) FROM ours WHERE relrowsecurity
    UNION ALL
    SELECT 5, format('ALTER TABLE %%I FORCE ROW LEVEL SECURITY', relname) FROM ours WHERE relforcerowsecurity
    UNION ALL
    SELECT
        6,
        format(
            'CREATE POLICY %%I ON %%I AS %%s FOR %%s TO %%s%%s%%s',
            p.polname,
            ours.relname,
            CASE WHEN p.polpermissive THEN 'PERMISSIVE' ELSE 'RESTRICTIVE' END,
            CASE p.polcmd
                WHEN 'r' THEN 'SELECT' WHEN 'a' THEN 'INSERT' WHEN 'w' THEN 'UPDATE' WHEN 'd' THEN 'DELETE' ELSE 'ALL'
            END,
            (
                SELECT string_agg(CASE role WHEN 0 THEN 'PUBLIC' ELSE role::REGROLE::TEXT END, ', ')
                FROM unnest(p.polroles) AS roles (role)
            ),
            ' USING (' || pg_get_expr(p.polqual, p.polrelid) || ')',
            ' WITH CHECK (' || pg_get_expr(p.polwithcheck, p.polrelid) || ')'
        )
    FROM ours
    JOIN pg_policy AS p ON p.polrelid = ours.oid
    UNION ALL
    SELECT
        7,
        format(
            'GRANT %%s ON %%I TO %%s%%s', a.privilege_type, ours.relname,
            CASE a.grantee WHEN 0 THEN 'PUBLIC' ELSE a.grantee::REGROLE::TEXT END,
            CASE WHEN a.is_grantable THEN ' WITH GRANT OPTION' END
        )
    FROM ours
    CROSS JOIN LATERAL aclexplode(ours.relacl) AS a
    WHERE a.grantee <> ours.relowner
    UNION ALL
    SELECT 8, format('COMMENT ON TABLE %%I IS %%L', relname, obj_description(oid, 'pg_class'))
    FROM ours
    WHERE obj_description(oid, 'pg_class') IS NOT NULL
    UNION ALL
    SELECT 9, format('ALTER TABLE %%I OWNER TO %%s', relname, relowner::REGROLE)
    FROM ours
    WHERE relowner <> current_user::REGROLE
    UNION ALL
    -- So that the first queries after the swap are planned as well as the last before it.
    SELECT 10, format('ANALYZE %%I', relname) FROM ours
)
SELECT statement FROM statements ORDER BY step, statement

-- name: move_tables
SELECT format('ALTER TABLE %%I.%%I SET SCHEMA %%I', %(from_schema)s::TEXT, t.name, %(to_schema)s::TEXT) AS statement
FROM unnest(%(tables)s::TEXT[]) AS t (name)

-- name: list_foreign_keys_from_elsewhere
-- They follow a table wherever it goes, so they are made again. Not checked at once: that would keep everybody waiting
-- while a whole table is read.
SELECT
    format('ALTER TABLE %%s DROP CONSTRAINT %%I', k.conrelid::REGCLASS, k.conname) AS drop_statement,
    format(
        'ALTER TABLE %%s ADD CONSTRAINT %%I %%s NOT VALID',
        k.conrelid::REGCLASS, k.conname, replace(pg_get_constraintdef(k.oid, TRUE), ' NOT VALID', '')
    ) AS add_statement
FROM pg_constraint AS k
JOIN pg_class AS referenced ON referenced.oid = k.confrelid
JOIN pg_class AS referring ON referring.oid = k.conrelid
WHERE
    k.contype = 'f'
    AND referenced.relnamespace = %(live)s::REGNAMESPACE
    AND referenced.relname = ANY(%(tables)s::TEXT[])
    AND NOT (referring.relnamespace = %(live)s::REGNAMESPACE AND referring.relname = ANY(%(tables)s::TEXT[]))

-- name: validate_foreign_keys
SELECT format('ALTER TABLE %%s VALIDATE CONSTRAINT %%I', k.conrelid::REGCLASS, k.conname) AS statement
FROM pg_constraint AS k
JOIN pg_class AS referenced ON referenced.oid = k.confrelid
WHERE
    k.contype = 'f'
    AND NOT k.convalidated
    AND referenced.relnamespace = %(live)s::REGNAMESPACE
    AND referenced.relname = ANY(%(tables)s::TEXT[])

-- name: make_views_again
-- A view reads the tables that it was made of, whatever they are called now. Its owner, its grants and the views that
-- are made of it stay.
SELECT DISTINCT format(
    'CREATE OR REPLACE VIEW %%s%%s AS %%s',
    v.oid::REGCLASS, ' WITH (' || array_to_string(v.reloptions, ', ') || ')', pg_get_viewdef(v.oid, TRUE)
) AS statement
FROM pg_class AS t
JOIN pg_depend AS d ON d.refclassid = 'pg_class'::REGCLASS AND d.refobjid = t.oid AND d.classid = 'pg_rewrite'::REGCLASS
JOIN pg_rewrite AS r ON r.oid = d.objid
JOIN pg_class AS v ON v.oid = r.ev_class AND v.relkind = 'v'
WHERE t.relnamespace = %(live)s::REGNAMESPACE AND t.relname = ANY(%(tables)s::TEXT[])

-- name: drop_tables
-- All at once, because they refer to each other; refused when anything else has come to depend on one.
SELECT 'DROP TABLE ' || string_agg(format('%%I.%%I', n.nspname, c.relname), ', ') AS statement
FROM pg_class AS c
JOIN pg_namespace AS n ON n.oid = c.relnamespace
WHERE n.nspname = %(schema)s AND c.relname = ANY(%(tables)s::TEXT[])
HAVING count(*) > 0
UNION ALL
SELECT format('DROP SCHEMA IF EXISTS %%I', %(schema)s::TEXT)

-- name: make_schema
SELECT format('CREATE SCHEMA %%I', %(schema)s::TEXT) AS statement

-- name: look_into
SELECT set_config('search_path', concat_ws(', ', quote_ident(%(first)s::TEXT), quote_ident(%(live)s::TEXT)), %(only_now)s)
