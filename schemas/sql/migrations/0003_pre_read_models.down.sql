-- Undoes 0003; the role stays, because other databases of the server may use it.
REVOKE ALL ON store_epoch, projection_checkpoints, domain_events, used_stream_tokens, command_inbox, async_tasks FROM studio_reader;
DROP POLICY owner_only ON command_inbox;
DROP POLICY owner_only ON async_tasks;
ALTER TABLE command_inbox DISABLE ROW LEVEL SECURITY;
ALTER TABLE async_tasks DISABLE ROW LEVEL SECURITY;
DROP VIEW
    command_overview, genesis_stage_session_overview, genesis_stage_record_overview, conversation_session_overview,
    genesis_sessions;
DROP TABLE
    genesis_branches, genesis_stage_transitions, genesis_stage_settings, genesis_stage_sessions,
    genesis_stage_records, genesis_flows, conversation_rounds, conversation_sessions,
    story_arcs, worldview_entries, character_relations, characters, novels;
