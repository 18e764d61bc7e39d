"""Writing one scene: where, what happens, what somebody wants, what stands against it, what it says about the theme.

Every scene draws on another clause of the confirmed settings, so that they turn up all over the plot and hardly a
sentence comes twice.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import regex

from services.contexts.genesis.engine.choices import Choices
from services.contexts.genesis.engine.foundations import ConflictType, Node
from services.contexts.genesis.engine.plots.brief import Brief, fill, id_of, next_of, slots_needed, slots_of
from services.contexts.genesis.engine.plots.fits import fit
from services.contexts.genesis.engine.plots.material import BeatKey, Event
from services.contexts.genesis.engine.plots.structures import Station
from services.contexts.genesis.engine.settled import Person
from services.contexts.genesis.engine.text import Language, length_of
from services.contexts.genesis.engine.voice import capitalised, paragraph, typeset

SCENE_LENGTH: dict[Language, tuple[int, int]] = {"en": (90, 150), "zh": (200, 300)}
KEY_FUNCTIONS = frozenset({"climax", "turn", "resolution"})
_ARC_STAGES = {"setup": "opening", "resolution": "resolution"}
# What a scene can do without if it is too long, the most dispensable last.
_DISPENSABLE = ("closing", "conflict", "motif", "lore")


@dataclass(frozen=True, slots=True)
class Seat:
    """A scene's place in the plot: which it is of all, in which chapter, at which station."""

    index: int
    chapter: int
    station: Station


def write_node(brief: Brief, seat: Seat, choices: Choices) -> Node:
    """Write the scene of a seat. `choices` are the whole plot's: each seat takes the next of every row."""
    conflict = brief.conflicts[seat.index % len(brief.conflicts)]
    slots = slots_of(brief, choices, seat.index)
    event = _event(brief, seat, choices, slots)
    scene = _scene(brief, seat, choices, event, slots, conflict)
    lift = brief.lift if seat.station.function == "development" else 0
    return Node(
        node_id=id_of(brief, choices.seed, seat.station.beat),
        chapter=seat.chapter,
        title=capitalised(fill(event.title, slots, brief.language)),
        scene=scene,
        characters=people_in(brief, scene),
        place=slots.get("place"),
        conflict_type=conflict,
        function=seat.station.function,
        tension=seat.station.tension + lift,
        motivation_fit=motivation_fit(brief, scene),
        theme_fit=theme_fit(brief, scene),
    )


def tells(brief: Brief, node: Node, beat: BeatKey) -> bool:
    """Tell whether a scene, by its title, is one of a beat."""
    titles = (typeset(event.title, brief.language) for event in brief.material.beats[beat].events)
    patterns = (regex.sub(r"\\\{\w+\\\}", ".+", regex.escape(title)) for title in titles)
    return any(regex.fullmatch(pattern, node.title, regex.I) for pattern in patterns)


def people_in(brief: Brief, text: str) -> tuple[str, ...]:
    """Return who of the cast is named in a text; the hero if nobody is."""
    return tuple(person.name for person in brief.settled.people if person.name in text) or (brief.hero.name,)


def motivation_fit(brief: Brief, scene: str) -> int:
    """Return how far a scene shows what moves those who are in it."""
    present = [person for person in brief.settled.people if person.name in scene]
    drives = [drive for person in present for drive in person.drives]
    return fit(scene, (*drives, *brief.hero.drives))


def theme_fit(brief: Brief, scene: str) -> int:
    """Return how far a scene shows the theme: one of its claims, its images, its way through the story."""
    settled = brief.settled
    claims = (*values_of(brief), *settled.motifs, *settled.arc.values())
    return fit(scene, claims)


def values_of(brief: Brief) -> Sequence[str]:
    """Return what the story argues about."""
    return brief.settled.values or brief.material.phrases.values


# --- The parts of a scene ------------------------------------------------------------------------------------------


def _event(brief: Brief, seat: Seat, choices: Choices, slots: Mapping[str, str]) -> Event:
    """Return what happens: something for which everybody is there, and not what was proposed before."""
    events = brief.material.beats[seat.station.beat].events
    possible = [event for event in events if slots_needed(event.title + event.text) <= slots.keys()] or list(events)
    ordered = choices.ordered(f"events/{seat.station.beat}", possible)
    return min(ordered, key=lambda event: fill(event.title, slots, brief.language) in brief.shown_titles)


def _scene(
    brief: Brief,
    seat: Seat,
    choices: Choices,
    event: Event,
    slots: Mapping[str, str],
    conflict: ConflictType,
) -> str:
    phrases, language = brief.material.phrases, brief.language
    blank = "" if language == "zh" else " "
    closings = phrases.closings[seat.station.function]
    parts = {
        "opening": _opening(brief, seat, choices, slots),
        "lore": _lore(brief, seat, choices, slots, always=False),
        "event": fill(event.text, slots, language),
        "drive": _drive(brief, seat, choices, _focus(brief, seat, event, slots), 0),
        "conflict": _conflict(brief, seat, choices, conflict, 0),
        "value": _value(brief, seat, choices, always=False),
        "motif": _motif(brief, seat, choices),
        "closing": fill(next_of(choices, f"closings/{seat.station.function}", closings, seat.index), {}, language),
    }
    more = {
        "conflict": f"{parts['conflict']}{blank}{_conflict(brief, seat, choices, conflict, 1)}",
        "drive": f"{parts['drive']}{blank}{_drive(brief, seat, choices, brief.hero, 1)}",
        "value": _value(brief, seat, choices, always=True),
        "lore": _lore(brief, seat, choices, slots, always=True),
    }
    return paragraph(list(_fitting(parts, more, language).values()), language)


def _fitting(parts: dict[str, str], more: Mapping[str, str], language: Language) -> dict[str, str]:
    """Say more where it is too little, and leave out what is too much: lore first, what happens and why never."""
    low, high = SCENE_LENGTH[language]
    for name, text in more.items():
        if length_of(paragraph(list(parts.values()), language), language) < low:
            parts = {**parts, name: text}
    for name in reversed(_DISPENSABLE):
        if length_of(paragraph(list(parts.values()), language), language) > high:
            parts = {key: text for key, text in parts.items() if key != name}
    return parts


def _opening(brief: Brief, seat: Seat, choices: Choices, slots: Mapping[str, str]) -> str:
    phrases = brief.material.phrases
    templates = phrases.openings if "place" in slots else phrases.openings_nowhere
    filled = {
        **slots,
        "when": next_of(choices, "times", phrases.times, seat.index),
        "sense": next_of(choices, "senses", phrases.senses, seat.index),
    }
    return fill(next_of(choices, "openings", templates, seat.index), filled, brief.language)


def _lore(brief: Brief, seat: Seat, choices: Choices, slots: Mapping[str, str], *, always: bool) -> str:
    """Return something of the world that has not been told yet, "" once all has been and it need not be more."""
    lore = brief.settled.lore
    if not lore or (seat.index >= len(lore) and not always):
        return ""
    entry = next_of(choices, "lore", lore, seat.index)
    filled = {**slots, "name": entry.name, "fact": entry.fact}
    return fill(next_of(choices, "leads/lore", brief.material.phrases.world_leads, seat.index), filled, brief.language)


def _focus(brief: Brief, seat: Seat, event: Event, slots: Mapping[str, str]) -> Person:
    """Return whose heart is looked into: one of those whom the event brings together."""
    needed = slots_needed(event.title + event.text)
    names = [slots[role] for role in ("rival", "ally") if role in needed and role in slots]
    others = [person for person in brief.settled.people if person.name in names and person.drives]
    return (brief.hero, *others)[seat.index % (1 + len(others))]


def _conflict(brief: Brief, seat: Seat, choices: Choices, conflict: ConflictType, more: int) -> str:
    texts = brief.material.phrases.conflicts[conflict]
    return fill(next_of(choices, f"conflicts/{conflict}", texts, seat.index + more), {}, brief.language)


def _drive(brief: Brief, seat: Seat, choices: Choices, person: Person, more: int) -> str:
    phrases = brief.material.phrases
    kinds = (
        (person.goals, "goal", phrases.goal_leads),
        (person.wounds, "wound", phrases.wound_leads),
        (person.motives, "motive", phrases.motive_leads),
        (person.obstacles, "obstacle", phrases.obstacle_leads),
    )
    known = list({fact: (fact, kind, leads) for facts, kind, leads in kinds for fact in facts}.values())
    fact, kind, leads = next_of(choices, f"drives/{person.name}", known, seat.index + more)
    lead = next_of(choices, f"leads/{kind}", leads, seat.index + more)
    return fill(lead, {"who": person.name, "fact": fact}, brief.language)


def _value(brief: Brief, seat: Seat, choices: Choices, *, always: bool) -> str:
    """Return what the scene argues: always where the story turns, elsewhere if there is no image to stand for it."""
    if seat.station.function not in KEY_FUNCTIONS and brief.settled.motifs and not always:
        return ""
    arc = brief.settled.arc.get(_ARC_STAGES.get(seat.station.function, ""))
    claim = arc or next_of(choices, "values", values_of(brief), seat.index)
    lead = next_of(choices, "leads/value", brief.material.phrases.value_leads, seat.index)
    return fill(lead, {"fact": claim}, brief.language)


def _motif(brief: Brief, seat: Seat, choices: Choices) -> str:
    images = brief.settled.motifs
    if seat.station.function in KEY_FUNCTIONS:
        images = brief.settled.elements or images
    if not images:
        return ""
    lead = next_of(choices, "leads/motif", brief.material.phrases.motif_leads, seat.index)
    return fill(lead, {"fact": next_of(choices, "motifs", images, seat.index)}, brief.language)
