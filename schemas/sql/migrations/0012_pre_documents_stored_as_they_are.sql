-- Documents are stored without compression: compressing them took most of the time that an append holds the lock which
-- all appends wait for. For values from now on; what is stored already is read as before.

SET LOCAL lock_timeout = '5s';

ALTER TABLE domain_events ALTER COLUMN payload SET STORAGE EXTERNAL;
ALTER TABLE outbox_messages ALTER COLUMN payload SET STORAGE EXTERNAL;
ALTER TABLE async_tasks ALTER COLUMN input_data SET STORAGE EXTERNAL, ALTER COLUMN result_data SET STORAGE EXTERNAL;
