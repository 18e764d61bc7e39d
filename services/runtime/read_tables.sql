-- The shape of read tables, from the catalogue.

-- name: list_columns
SELECT
    t.name AS table_name,
    a.attname AS name,
    -- With -1 a type has its name without a length, and CHAR(n) is not mistaken for CHAR(1).
    format_type(a.atttypid, -1) AS type,
    NOT a.attnotnull AS nullable,
    pg_get_expr(d.adbin, d.adrelid) AS default_expression
FROM unnest(%(tables)s::TEXT[]) AS t (name)
JOIN pg_attribute AS a ON a.attrelid = to_regclass(quote_ident(t.name)) AND a.attnum > 0 AND NOT a.attisdropped
LEFT JOIN pg_attrdef AS d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
ORDER BY t.name, a.attnum

-- name: list_primary_keys
SELECT
    t.name AS table_name,
    ARRAY(
        SELECT a.attname::TEXT
        FROM unnest(i.indkey) WITH ORDINALITY AS k (attnum, ordinal)
        JOIN pg_attribute AS a ON a.attrelid = i.indrelid AND a.attnum = k.attnum
        WHERE k.ordinal <= i.indnkeyatts
        ORDER BY k.ordinal
    ) AS columns
FROM unnest(%(tables)s::TEXT[]) AS t (name)
JOIN pg_index AS i ON i.indrelid = to_regclass(quote_ident(t.name)) AND i.indisprimary

-- name: list_unique_columns
-- Columns that decide whether two rows may stand together, beside the primary key: those that a unique or exclusion
-- index names, and those that its expressions and its condition read. What is checked at the end of the transaction
-- does not count.
SELECT DISTINCT t.name AS table_name, a.attname AS name
FROM unnest(%(tables)s::TEXT[]) AS t (name)
JOIN pg_index AS i ON i.indrelid = to_regclass(quote_ident(t.name))
JOIN pg_attribute AS a ON a.attrelid = i.indrelid AND a.attnum > 0
WHERE
    (i.indisunique OR i.indisexclusion)
    AND i.indimmediate
    AND NOT i.indisprimary
    AND (
        a.attnum = ANY(i.indkey::SMALLINT[])
        OR EXISTS (
            SELECT FROM pg_depend AS d
            WHERE
                d.classid = 'pg_class'::REGCLASS AND d.objid = i.indexrelid
                AND d.refclassid = 'pg_class'::REGCLASS AND d.refobjid = i.indrelid AND d.refobjsubid = a.attnum
        )
    )

-- name: list_checked_columns
SELECT DISTINCT t.name AS table_name, a.attname AS name
FROM unnest(%(tables)s::TEXT[]) AS t (name)
JOIN pg_constraint AS c ON c.conrelid = to_regclass(quote_ident(t.name)) AND c.contype = 'c'
JOIN pg_attribute AS a ON a.attrelid = c.conrelid AND a.attnum = ANY(c.conkey)

-- name: list_foreign_keys
SELECT
    t.name AS table_name,
    referenced.relname AS referenced,
    ARRAY(
        SELECT a.attname::TEXT
        FROM unnest(f.conkey) WITH ORDINALITY AS k (attnum, ordinal)
        JOIN pg_attribute AS a ON a.attrelid = f.conrelid AND a.attnum = k.attnum
        ORDER BY k.ordinal
    ) AS columns,
    ARRAY(
        SELECT a.attname::TEXT
        FROM unnest(f.confkey) WITH ORDINALITY AS k (attnum, ordinal)
        JOIN pg_attribute AS a ON a.attrelid = f.confrelid AND a.attnum = k.attnum
        ORDER BY k.ordinal
    ) AS referenced_columns,
    CASE f.confdeltype
        WHEN 'a' THEN 'NO ACTION' WHEN 'r' THEN 'RESTRICT' WHEN 'c' THEN 'CASCADE' WHEN 'n' THEN 'SET NULL'
        ELSE 'SET DEFAULT'
    END AS on_delete,
    f.condeferred AS deferred
FROM unnest(%(tables)s::TEXT[]) AS t (name)
JOIN pg_constraint AS f ON f.conrelid = to_regclass(quote_ident(t.name)) AND f.contype = 'f'
JOIN pg_class AS referenced ON referenced.oid = f.confrelid
ORDER BY t.name, f.conname
