"""The shapes of what details are made from. The words are in `words_*` and `names_*`."""

from collections.abc import Mapping
from dataclasses import dataclass

from services.contexts.genesis.engine.directives import Tone
from services.contexts.genesis.engine.foundations import Category


@dataclass(frozen=True, slots=True)
class NameGrammar:
    """How names of a category are put together: patterns of slots, and the words for each slot."""

    patterns: tuple[str, ...]
    words: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Kind:
    """A category's sentences: how a thing is, what is behind it; and its attributes, each a label with values.

    Sentences have the slots {name}, {stuff} and {mark}; no pronoun stands for anybody.
    """

    looks: tuple[str, ...]
    secrets: tuple[str, ...]
    attributes: tuple[tuple[str, tuple[str, ...]], ...]


@dataclass(frozen=True, slots=True)
class DetailMaterial:
    """All that details are made from in one language.

    Leads end in the slot {fact}, a clause of the confirmed settings in whatever form a person left it; those of
    `somebody` follow a sentence about a person, where no "it" may stand.
    """

    names: Mapping[Category, NameGrammar]
    kinds: Mapping[Category, Kind]
    labels: Mapping[Category, str]
    category_words: tuple[tuple[str, Category], ...]
    stuffs: tuple[str, ...]
    marks: tuple[str, ...]
    world_leads: tuple[str, ...]
    person_leads: tuple[str, ...]
    image_leads: tuple[str, ...]
    somebody_world_leads: tuple[str, ...]
    somebody_person_leads: tuple[str, ...]
    somebody_fillers: tuple[str, ...]
    attribute: str
    fillers: tuple[str, ...]
    included: tuple[str, ...]
    rhetoric: tuple[str, ...]
    dos: tuple[str, ...]
    donts: tuple[str, ...]
    do_value: str
    do_wish: str
    dont_taboo: str
    dont_term: str
    tones: Mapping[Tone, str]
    tone_joint: str
    neutral_tone: str
    meanings: Mapping[Category, str]
    understandings: tuple[str, ...]
    understanding_wish: str
    understanding_fillers: tuple[str, ...]
    suggestions: tuple[str, ...]


def row(text: str) -> tuple[str, ...]:
    """Return the words of a list that is written as a paragraph, in its order."""
    return tuple(text.split())
