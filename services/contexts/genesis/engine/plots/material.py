"""The shapes of what plots are written from. The words are in `events_*` and `phrases_*`."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from services.contexts.genesis.engine.directives import Tone
from services.contexts.genesis.engine.foundations import ConflictType, NodeFunction, Structure

BeatKey = Literal[
    "ordinary",
    "disturbance",
    "refusal",
    "ally",
    "threshold",
    "test",
    "bond",
    "discovery",
    "rival_move",
    "midpoint",
    "cost",
    "betrayal",
    "pursuit",
    "confession",
    "abyss",
    "resolve",
    "approach",
    "climax",
    "sacrifice",
    "aftermath",
    "farewell",
]
Fate = Literal["dies", "survives", "happy", "sad", "open", "twist", "reconcile", "together", "bittersweet"]


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happens, and the title of the scene in which it does."""

    title: str
    text: str


@dataclass(frozen=True, slots=True)
class Beat:
    """A place in every story and what may happen there; `gists` tell it in half a sentence.

    At least two events of each need nobody but {hero}: not every cast has a {rival} or an {ally}.
    """

    events: tuple[Event, ...]
    gists: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Angle:
    """A way to tell a story: what it is called, how it sums up, what speaks for and against it."""

    loglines: tuple[str, ...]
    strengths: tuple[str, ...]
    risks: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Phrases:
    """Sentences of a scene besides its event, and sentences about the plot, in one language.

    Leads end in the slot {fact}: words of the confirmed settings, in whatever form a person left them, so that only a
    colon or quotation marks may come before.
    """

    times: tuple[str, ...]
    senses: tuple[str, ...]
    openings: tuple[str, ...]
    openings_nowhere: tuple[str, ...]
    world_leads: tuple[str, ...]
    goal_leads: tuple[str, ...]
    wound_leads: tuple[str, ...]
    motive_leads: tuple[str, ...]
    obstacle_leads: tuple[str, ...]
    value_leads: tuple[str, ...]
    motif_leads: tuple[str, ...]
    conflicts: Mapping[ConflictType, tuple[str, ...]]
    closings: Mapping[NodeFunction, tuple[str, ...]]
    angles: tuple[Angle, ...]
    act_titles: Mapping[Structure, tuple[tuple[str, ...], ...]]
    act_title: str
    act_links: tuple[str, ...]
    subplots: tuple[Event, ...]
    tones: Mapping[Tone, tuple[str, ...]]
    fates: Mapping[Fate, tuple[str, ...]]
    inclusions: tuple[str, ...]
    remarks: tuple[str, ...]
    traits: tuple[str, ...]
    absent_traits: tuple[str, ...]
    reasons: tuple[str, ...]
    ages: Mapping[str, tuple[str, ...]]
    nobody: str
    untitled: str
    drives: tuple[str, ...]
    values: tuple[str, ...]
    understandings: tuple[str, ...]
    understandings_revised: tuple[str, ...]
    understanding_wish: str
    understanding_fillers: tuple[str, ...]
    suggestions: tuple[str, ...]
    warning_pacing: str
    warning_no_cast: str
    warning_no_world: str


@dataclass(frozen=True, slots=True)
class PlotMaterial:
    """All that plots are written from in one language."""

    beats: Mapping[BeatKey, Beat]
    phrases: Phrases
