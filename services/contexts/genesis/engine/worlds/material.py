"""The shapes of what worlds are made from. The words are in the modules of each language.

A template takes words from three places: the world's own names ({land}, {city}, {law} …), the pools of the language
({good}, {maker2} …: any noun that fits there), and what a kind of sentence brings with it ({element}, {term} …).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from services.contexts.genesis.engine.directives import Tone

EntryType = Literal[
    "LOCATION", "ORGANIZATION", "TECHNOLOGY", "LAW", "CONCEPT", "EVENT", "ITEM", "CULTURE", "SPECIES", "OTHER"
]
Era = Literal["old", "now", "next"]


@dataclass(frozen=True, slots=True)
class Side:
    """What can be said of one side of a world.

    A rule is a core and a turn; `settings` take up the stage configuration's own word ({setting}).
    """

    cores: tuple[str, ...]
    turns: tuple[str, ...]
    examples: tuple[str, ...]
    boundaries: tuple[str, ...]
    settings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Form:
    """An entry to be: what it is called and what is told of it."""

    name: str
    text: str


@dataclass(frozen=True, slots=True)
class Powers:
    """What the impossible is made of. It works on a matter; `ranks` and `gifts` go from the lowest step upwards.

    `named` are for a system that the person has named.
    """

    matters: tuple[str, ...]
    arts: tuple[str, ...]
    sources: tuple[str, ...]
    named: tuple[str, ...]
    costs: tuple[str, ...]
    ranks: tuple[tuple[str, ...], ...]
    gifts: tuple[tuple[str, ...], ...]
    steps: tuple[str, ...]
    limits: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Flavour:
    """How names sound: beginnings, middles and ends of a root."""

    eras: tuple[Era, ...]
    firsts: tuple[str, ...]
    middles: tuple[str, ...]
    ends: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ToneWords:
    """How the sides of a world sound otherwise: a turn for each required side, and what an entry ends on."""

    turns: Mapping[str, str]
    tails: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ConceptForms:
    """Sentences and entries round the words of the confirmed concept and theme."""

    places: tuple[str, ...]
    towns: tuple[str, ...]
    plain_towns: tuple[str, ...]
    rules: tuple[str, ...]
    premises: tuple[str, ...]
    bodies: tuple[str, ...]
    elements: tuple[Form, ...]
    titles: tuple[Form, ...]
    conflicts: tuple[Form, ...]
    motifs: tuple[str, ...]
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Frames:
    """Sentences around the world: what was understood, what to do next, how wishes are taken up."""

    understandings: tuple[str, ...]
    understandings_of_one: tuple[str, ...]
    understandings_revised: tuple[str, ...]
    fillers: tuple[str, ...]
    suggestions: tuple[str, ...]
    included: tuple[Form, ...]
    included_sentences: tuple[str, ...]
    remarks: tuple[str, ...]
    renamed: tuple[str, ...]
    traits: tuple[str, ...]
    untraits: tuple[str, ...]
    uses: tuple[str, ...]
    lengthenings: tuple[str, ...]
    last_joint: str


@dataclass(frozen=True, slots=True)
class WorldMaterial:
    """All that is known of worlds in one language.

    `meanings` explain a term of a kind for the glossary; `bans` are the words that go together with an unwanted one;
    `dimension_names` are what a person calls the sides, `kinds` what they call something that has a name here, `things`
    by what words an entry's kind is known, `counted` what there can be so many of.
    """

    pools: Mapping[str, tuple[str, ...]]
    era_pools: Mapping[Era, Mapping[str, tuple[str, ...]]]
    flavours: tuple[Flavour, ...]
    sides: Mapping[str, Side]
    built_side: Side
    forms: Mapping[EntryType, tuple[Form, ...]]
    built_places: tuple[Form, ...]
    art_forms: Mapping[EntryType, tuple[Form, ...]]
    powers: Powers
    concept: ConceptForms
    meanings: Mapping[str, tuple[str, ...]]
    tones: Mapping[Tone, ToneWords]
    bans: tuple[tuple[str, ...], ...]
    frames: Frames
    dimension_names: Mapping[str, tuple[str, ...]]
    kinds: Mapping[str, tuple[str, ...]]
    things: Mapping[EntryType, tuple[str, ...]]
    counted: Mapping[str, tuple[str, ...]]


def items(text: str) -> tuple[str, ...]:
    """Return the items of a list written as a paragraph, to keep long lists readable in the source."""
    separator = "、" if "、" in text else ","
    return tuple(" ".join(part.split()) for part in text.split(separator) if part.strip())
