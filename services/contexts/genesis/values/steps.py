"""What can be written of a foundation."""

from enum import StrEnum


class Step(StrEnum):
    """A piece of a stage's content."""

    CONCEPT = "concept"
    THEME = "theme"
    WORLD = "world"
    CHARACTER = "character"
    NETWORK = "network"
    PLOT = "plot"
    DETAILS = "details"
