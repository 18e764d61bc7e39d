"""What does not fit: where it is looked for, how it is told, and what it costs."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal, NamedTuple

from services.contexts.genesis.engine.concepts import ConsistencyIssue
from services.contexts.genesis.engine.documents import object_in, objects_in, text_in, told_in
from services.contexts.genesis.engine.quality.messages import MESSAGES
from services.contexts.genesis.engine.stage_requests import Object
from services.contexts.genesis.engine.text import Language, shortened

Level = Literal[1, 2, 3, 4]

PENALTY_OF_LEVEL: dict[Level, float] = {1: 0.2, 2: 0.5, 3: 1.0, 4: 2.0}
BLOCKING_LEVEL = 3
"""From here on an issue keeps a stage from being completed."""

_EVIDENCE_MAX = 120
_NOT_TOLD = frozenset(
    {"taboos", "donts", "theme_candidates", "concept_candidates", "candidates", "boundaries", "limits", "warnings"}
    | {"risks", "improvement_suggestions"}
)


def consistency_score(issues: Iterable[ConsistencyIssue]) -> float:
    """Return 10 less 0.2, 0.5, 1 or 2 for each issue by its level, not below 0."""
    return round(max(0.0, 10 - sum(PENALTY_OF_LEVEL[issue.level] for issue in issues)), 1)


class Finding(NamedTuple):
    """What does not fit, before it is told: of hundreds of a kind only a few ever are."""

    level: Level
    kind: str
    evidence: str
    slots: Mapping[str, object]

    def told(self, language: Language) -> ConsistencyIssue:
        """Return the issue in the language of the document; quoted words are kept short."""
        told = {name: shortened(str(value), _EVIDENCE_MAX) for name, value in self.slots.items()}
        message = MESSAGES[language][self.kind].format_map(told)
        evidence = shortened(self.evidence, _EVIDENCE_MAX)
        return ConsistencyIssue(level=self.level, type=self.kind, message=message, evidence=evidence)


def finding(level: Level, kind: str, evidence: str, **slots: object) -> Finding:
    """Return what has been found, with the words that fill the slots of its message."""
    return Finding(level, kind, evidence, slots)


# Without slots, so that what many checks read is put together once.
@dataclass(frozen=True)
class Case:
    """A settings document beside everything it must agree with. All of it may have been written by hand."""

    stage: str
    document: Object
    confirmed: Mapping[str, Object]
    config: Object
    language: Language

    @cached_property
    def told(self) -> tuple[str, ...]:
        """What the document tells of its story; what it forbids, and candidates not chosen, are not told."""
        return tuple(told_in(self.document, without=_NOT_TOLD))

    @cached_property
    def told_text(self) -> str:
        """All that is told, as one text to be searched at once.

        Between two texts stands what no text can hold, so that nothing is found across them.
        """
        return "\0".join(self.told)

    @cached_property
    def confirmed_text(self) -> str:
        """All that has been confirmed, as one text."""
        return "\n".join(told_in(list(self.confirmed.values())))

    @cached_property
    def confirmed_folded(self) -> str:
        """All that has been confirmed, without capitals."""
        return self.confirmed_text.casefold()

    def is_confirmed(self, words: str) -> bool:
        """Tell whether anything confirmed holds these words; mostly they are a name that it gives."""
        return words in self._confirmed_names or words in self.confirmed_text

    @cached_property
    def concept(self) -> Object:
        """The concept: of this document, else the confirmed one."""
        return object_in(self.document, "concept") or object_in(self.confirmed.get("INITIAL_PROMPT"), "concept")

    @cached_property
    def world(self) -> Object:
        """The world: this document or the confirmed one."""
        return self._of("WORLDVIEW")

    @cached_property
    def characters(self) -> list[Object]:
        """The cast, those with a name only: nothing can be said of the others."""
        return [one for one in objects_in(self._of("CHARACTERS"), "characters") if text_in(one, "name")]

    @cached_property
    def outline(self) -> Object:
        """The outline of this document."""
        return object_in(self.document, "outline")

    def setting(self, key: str) -> Any:
        """Return a field of the config, whether it is that of one stage or holds those of several."""
        if key in self.config:
            return self.config[key]
        return next((part[key] for part in self.config.values() if isinstance(part, dict) and key in part), None)

    @cached_property
    def _confirmed_names(self) -> frozenset[str]:
        world, cast = self.confirmed.get("WORLDVIEW"), self.confirmed.get("CHARACTERS")
        named = (*objects_in(world, "entries"), *objects_in(world, "glossary"), *objects_in(cast, "characters"))
        return frozenset(text_in(one, "name", "term") for one in named)

    def _of(self, stage: str) -> Object:
        found = self.document if self.stage == stage else self.confirmed.get(stage)
        return found if isinstance(found, dict) else {}


def number_of(value: Any) -> float | None:
    """Return what is a number in JSON; a boolean or a text is none."""
    return None if isinstance(value, bool) or not isinstance(value, int | float) else value
