"""The shapes of what the built-in author knows about themes. The words are in the modules that end in a language.

Slots in braces are filled from the concept (see `subject`): {hero} ({Hero}, {heros}), {thing} something definite that
may be plural and so is never a subject, {title} without quotation marks, {conflict} and {conflict2} whole sentences
without their full stop that are quoted, as is {told}, a sentence of the concept; {element} and {element2} noun phrases,
{idea} one of the concept's own themes, {stake} what can be lost, {rival} who is in the way, {body} an institution,
{place} where it happens, {rule} its law. {one} and {other} are the two sides of the argument ({One}, {Other} at the
beginning of a sentence).
"""

from collections.abc import Mapping
from dataclasses import dataclass

from services.contexts.genesis.engine.directives import Tone
from services.contexts.genesis.engine.text import Language


@dataclass(frozen=True, slots=True)
class Facet:
    """A side of an argument, with where it shows."""

    name: str
    description: str
    example: str


@dataclass(frozen=True, slots=True)
class Axis:
    """An argument that a whole novel can have with itself: `one` against `other`.

    `signs` are words by which a concept or a wish points at it; `arc` is opening, rising, climax, resolution.
    """

    key: str
    signs: frozenset[str]
    one: str
    other: str
    cores: tuple[str, ...]
    theses: tuple[str, ...]
    antitheses: tuple[str, ...]
    facets: tuple[Facet, ...]
    motifs: tuple[str, ...]
    taboos: tuple[str, ...]
    questions: tuple[str, ...]
    emotions: tuple[str, ...]
    impacts: tuple[str, ...]
    arc: tuple[str, str, str, str]


@dataclass(frozen=True, slots=True)
class Technique:
    """A way of telling."""

    name: str
    description: str


@dataclass(frozen=True, slots=True)
class ToneWords:
    """What a change of tone adds. None of these has a slot, so that the next change can find and replace them.

    `label` is the word people use for it; `tone` goes into a concept; `turn` is a sentence about how it is told.
    """

    label: str
    tone: str
    turn: str
    emotion: str
    impact: str
    ending: str
    technique: Technique
    element: str


@dataclass(frozen=True, slots=True)
class Phrases:
    """Sentences around the themes and around revisions, in one language. {wish}, {term}, {who}, {trait} are quoted."""

    untitled: str
    unknown_hero: str
    unknown_thing: str
    unknown_stake: str
    unknown_rival: str
    unknown_body: str
    unknown_place: str
    unknown_conflicts: tuple[str, ...]
    unknown_elements: tuple[str, ...]
    leads: tuple[str, ...]
    note_names: tuple[str, ...]
    notes: tuple[str, ...]
    included: tuple[Facet, ...]
    included_turns: tuple[str, ...]
    trait_turns: tuple[str, ...]
    untrait_turns: tuple[str, ...]
    motive_turns: tuple[str, ...]
    age_turns: Mapping[str, str]
    named_hero: str
    renamed_turns: tuple[str, ...]
    longer_sentences: tuple[str, ...]
    longer_premises: tuple[str, ...]
    understanding: tuple[str, ...]
    understanding_wish: str
    understanding_fillers: tuple[str, ...]
    understanding_revised: tuple[str, ...]
    understanding_kept: tuple[str, ...]
    suggestions: tuple[str, ...]
    revision_suggestions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ThemeMaterial:
    """All that the built-in author knows about themes in one language.

    `arcs`, `conflicts` and `symbols` are the three ways in which a theme becomes visible, `closers` sentences that any
    of them can end with, `scenes` examples that stand on the concept's own place and people.
    """

    language: Language
    axes: tuple[Axis, ...]
    arcs: tuple[str, ...]
    conflicts: tuple[str, ...]
    symbols: tuple[str, ...]
    closers: tuple[str, ...]
    scenes: tuple[str, ...]
    techniques: tuple[Technique, ...]
    taboos: tuple[str, ...]
    tones: Mapping[Tone, ToneWords]
    phrases: Phrases
