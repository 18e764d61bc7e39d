"""Names of the kinds of slow work, as stored in `async_tasks.task_type`."""

SEED_TASK = "Outliner.Concept.Generation"
