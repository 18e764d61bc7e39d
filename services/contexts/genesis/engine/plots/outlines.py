"""Working a plan out: its scenes, its subplots, its tension, and what a reader should be warned of."""

from collections.abc import Sequence

from services.contexts.genesis.engine.choices import Choices
from services.contexts.genesis.engine.foundations import Act, Node, Outline, Plan, Subplot, TensionPoint
from services.contexts.genesis.engine.plots.brief import Brief, fill, slots_of
from services.contexts.genesis.engine.plots.plans import plan_choices
from services.contexts.genesis.engine.plots.scenes import Seat, people_in, write_node
from services.contexts.genesis.engine.plots.structures import (
    NODES_MAX,
    NODES_MIN,
    chapter_at,
    sagging,
    stations_of,
    tension_curve,
)
from services.contexts.genesis.engine.voice import capitalised, phrase


def write_outline(brief: Brief, plan: Plan) -> Outline:
    """Work out a plan."""
    choices = plan_choices(brief, plan)
    nodes = tuple(write_node(brief, seat, choices) for seat in seats_of(brief, plan, brief.node_count))
    curve = curve_of(brief, nodes, brief.chapters)
    return Outline(
        plan_id=plan.plan_id,
        structure=plan.structure,
        logline=plan.logline,
        acts=plan.acts,
        nodes=nodes,
        subplots=write_subplots(brief, choices, brief.subplot_count),
        tension_curve=curve,
        warnings=warnings_of(brief, curve),
    )


def seats_of(brief: Brief, plan: Plan, count: int) -> list[Seat]:
    """Return the seats of so many scenes over the chapters."""
    stations = stations_of(plan.structure, min(NODES_MAX, max(NODES_MIN, count)))
    return [Seat(index, chapter_at(station.at, brief.chapters), station) for index, station in enumerate(stations)]


def curve_of(brief: Brief, nodes: Sequence[Node], chapters: int) -> tuple[TensionPoint, ...]:
    """Return the tension of every chapter; of several scenes in one the tensest counts."""
    peaks: dict[int, int] = {}
    for node in nodes:
        peaks[node.chapter] = max(node.tension, peaks.get(node.chapter, 0))
    return tension_curve(peaks, chapters, dip=brief.dip)


def chapters_of(acts: Sequence[Act]) -> int:
    """Return how many chapters the acts cover."""
    return max(act.end_chapter for act in acts)


def warnings_of(brief: Brief, curve: Sequence[TensionPoint]) -> tuple[str, ...]:
    """Return what sags, and what is missing in the confirmed settings."""
    phrases = brief.material.phrases
    found = [phrases.warning_pacing.format(first=first, last=last) for first, last in sagging(curve)]
    found += [] if brief.settled.people else [phrases.warning_no_cast.format(nobody=phrases.nobody)]
    found += [] if brief.settled.places else [phrases.warning_no_world]
    return tuple(found)


def write_subplots(brief: Brief, choices: Choices, count: int) -> tuple[Subplot, ...]:
    """Write smaller stories, each about another pair of the cast; none without a cast."""
    people = [person.name for person in brief.settled.people]
    if not people:
        return ()
    ordered = choices.ordered("subplots", brief.material.phrases.subplots)
    others = [*choices.ordered("subplot_people", people[1:]), people[0]]
    return tuple(
        _subplot(brief, choices, ordered[index % len(ordered)].title, ordered[index % len(ordered)].text, others, index)
        for index in range(count)
        if len(people) > 1 or index == 0
    )


def _subplot(brief: Brief, choices: Choices, title: str, text: str, people: Sequence[str], index: int) -> Subplot:
    one, two = people[index % len(people)], people[(index + 1) % len(people)]
    person = next(person for person in brief.settled.people if person.name == one)
    drives = person.drives or brief.hero.drives
    lead = choices.one(f"subplot_lead/{index}", brief.material.phrases.motive_leads)
    drive = fill(lead, {"who": one, "fact": choices.one(f"subplot_drive/{index}", drives)}, brief.language)
    slots = slots_of(brief, choices, index) | {"one": one, "two": two, "drive": phrase(drive)}
    summary = fill(text, slots, brief.language)
    return Subplot(
        title=capitalised(fill(title, slots, brief.language)), summary=summary, characters=people_in(brief, summary)
    )
