"""Choosing words nobody has used yet: what a cast or an earlier proposal has told already is told otherwise."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar

import regex

from services.contexts.genesis.engine.choices import Choices
from services.contexts.genesis.engine.text import Language
from services.contexts.genesis.engine.voice import typeset

T = TypeVar("T")
_SLOT = regex.compile(r"\{\w+\}")


@dataclass(frozen=True, slots=True)
class Chooser:
    """Choices that leave out what stands in `told`, as long as anything else is left."""

    choices: Choices
    told: str
    language: Language

    def pick(self, label: str, templates: Sequence[str]) -> str:
        """Return a template that has not been used."""
        return self.pick_by(label, templates, lambda template: template)

    def pick_by(self, label: str, options: Sequence[T], sample: Callable[[T], str]) -> T:
        """Return an option of whose sample nothing has been told."""
        ordered = self.choices.ordered(label, options)
        return next((option for option in ordered if not self._is_told(sample(option))), ordered[0])

    def _is_told(self, template: str) -> bool:
        """Look for the longest stretch of the template that stays the same whatever fills it."""
        longest = max(_SLOT.split(typeset(template, self.language)), key=len)
        return len(longest) > 1 and longest in self.told
