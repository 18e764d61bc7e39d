-- What a database looks like, as lines of text: the same for two that were migrated to the same state.

-- name: describe
SELECT format('column %s.%s %s %s', table_name, column_name, data_type, is_nullable) AS line
FROM information_schema.columns WHERE table_schema = 'public'
UNION ALL
SELECT indexdef FROM pg_indexes WHERE schemaname = 'public'
UNION ALL
SELECT format('constraint %s on %s: %s', conname, conrelid::REGCLASS, pg_get_constraintdef(oid))
FROM pg_constraint WHERE connamespace = 'public'::REGNAMESPACE
UNION ALL
SELECT format('policy %s on %s', policyname, tablename) FROM pg_policies WHERE schemaname = 'public'
UNION ALL
SELECT pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal
UNION ALL
SELECT format('function %s', oid::REGPROCEDURE) FROM pg_proc WHERE pronamespace = 'public'::REGNAMESPACE
UNION ALL
SELECT format('migrated %s %s', name, checksum) FROM schema_migrations
ORDER BY line
