-- Undoes 0002.
DROP TABLE used_stream_tokens, flow_resume_handles;
DROP VIEW async_task_statistics;
DROP TABLE async_tasks;
