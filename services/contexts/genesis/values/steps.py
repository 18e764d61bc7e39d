"""What can be written of a foundation."""

from enum import StrEnum
from typing import Final


class Step(StrEnum):
    """A piece of a stage's content."""

    CONCEPT = "concept"
    THEME = "theme"
    WORLD = "world"
    CHARACTER = "character"
    NETWORK = "network"
    PLOT = "plot"
    DETAILS = "details"


REVISABLE: Final = frozenset({Step.CONCEPT, Step.THEME, Step.WORLD, Step.CHARACTER, Step.PLOT})
"""What can be changed by feedback; anything else is only written anew."""
