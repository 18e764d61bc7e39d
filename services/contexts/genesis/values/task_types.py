"""Names of the kinds of slow work, as stored in `async_tasks.task_type`."""

CONCEPT_TASK = "Outliner.Concept.Generation"
THEME_TASK = "Outliner.Theme.Generation"
WORLD_TASK = "Worldbuilder.World.Generation"
CHARACTER_TASK = "Character.Design.Generation"
NETWORK_TASK = "Character.Relationship.Generation"
PLOT_TASK = "Plot.Structure.Generation"
DETAILS_TASK = "Writer.Content.Generation"
CONSISTENCY_TASK = "Review.Consistency.Check"
EXPORT_TASK = "Writer.Export"

WRITING_TASKS = (CONCEPT_TASK, THEME_TASK, WORLD_TASK, CHARACTER_TASK, NETWORK_TASK, PLOT_TASK, DETAILS_TASK)
"""Those that an author works on."""
