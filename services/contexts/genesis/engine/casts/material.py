"""The shapes of what casts are written from. The words are in the modules of each language.

Slots in braces: {name} who is described, {other} somebody of the cast whom it concerns most, {place}, {body} (an
institution), {custom}, {thing}: out of the confirmed world and concept. English has {they} {them} {their} (she or he,
capitalised {They} {Their}), Chinese {ta}.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from services.contexts.genesis.engine.directives import Tone
from services.contexts.genesis.engine.foundations import EdgeType, RoleType
from services.contexts.genesis.engine.text import Language


@dataclass(frozen=True, slots=True)
class Life:
    """One thing that happened to somebody, and all that follows from it; `adult` if a child cannot have done it."""

    wound: str
    want: str
    long: str
    block: str
    arc: str
    monologue: str
    adult: bool = False


@dataclass(frozen=True, slots=True)
class Manner:
    """What somebody is like, and how that sounds."""

    mbti: str
    summary: str
    traits: tuple[str, ...]
    strengths: tuple[str, ...]
    flaws: tuple[str, ...]
    sound: tuple[str, ...]
    dialogues: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ToneWords:
    """How a cast sounds in another key: a sentence about somebody, one about their looks, a thought, a line said."""

    natures: tuple[str, ...]
    looks: tuple[str, ...]
    monologues: tuple[str, ...]
    dialogues: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class EdgeWords:
    """What may be between two people ({a} and {b}); `strengths` are those it can have."""

    type: EdgeType
    strengths: tuple[int, ...]
    descriptions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Frames:
    """The sentences that carry somebody else's words, whatever those are, and what is said about the whole."""

    callings: tuple[str, ...]
    plain_callings: tuple[str, ...]
    rival_callings: tuple[str, ...]
    conflicts: tuple[str, ...]
    themes: tuple[str, ...]
    antitheses: tuple[str, ...]
    traits: tuple[str, ...]
    traits_lost: tuple[str, ...]
    roles: tuple[str, ...]
    givens: tuple[str, ...]
    inclusions: tuple[str, ...]
    remarks: tuple[str, ...]
    ages: Mapping[str, tuple[str, ...]]
    lengthenings: tuple[str, ...]
    edge_evidence: str
    edge_quotes: tuple[str, ...]
    isolated: str
    invented: str
    understanding: tuple[str, ...]
    understanding_added: tuple[str, ...]
    understanding_revised: tuple[str, ...]
    understanding_network: tuple[str, ...]
    fillers: tuple[str, ...]
    suggestions: tuple[str, ...]
    customs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CastMaterial:
    """All that is known about people in one language."""

    language: Language
    lives: tuple[Life, ...]
    rival_lives: tuple[Life, ...]
    manners: tuple[Manner, ...]
    looks: tuple[str, ...]
    origins: tuple[str, ...]
    adult_origins: tuple[str, ...]
    short_goals: tuple[str, ...]
    mid_goals: tuple[str, ...]
    rival_goals: tuple[str, ...]
    traits_shown: Mapping[str, str]
    opposites: Mapping[str, str]
    role_words: Mapping[str, RoleType]
    tones: Mapping[Tone, ToneWords]
    edges: tuple[EdgeWords, ...]
    frames: Frames
