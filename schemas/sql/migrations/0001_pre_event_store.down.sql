-- Undoes 0001: everything that has happened is gone with it.
DROP VIEW stored_events;
DROP TABLE dead_letters, projection_checkpoints, relay_members, relay_lanes, event_outbox, domain_events, command_inbox, store_epoch;
DROP FUNCTION refuse_change(), touch_updated_at();
DROP TYPE command_status, outbox_status, task_status, handle_status;
