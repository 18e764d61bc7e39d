"""Plans: ways the story could go, each from another angle, and their acts."""

from collections.abc import Sequence

from services.contexts.genesis.engine.choices import Choices
from services.contexts.genesis.engine.foundations import Act, Plan, Structure
from services.contexts.genesis.engine.plots.brief import Brief, fill, id_of, next_of, slots_needed, slots_of
from services.contexts.genesis.engine.plots.material import Angle, BeatKey
from services.contexts.genesis.engine.plots.structures import Span, chapter_at, spans_of, stations_of
from services.contexts.genesis.engine.text import Language
from services.contexts.genesis.engine.voice import capitalised, phrase, typeset

PLANS_MIN, PLANS_MAX = 3, 5
_GISTS_MAX = 3
_ALL = 99


def write_plans(brief: Brief, structures: Sequence[Structure], count: int) -> tuple[Plan, ...]:
    """Write plans, each of another angle and, as far as they go round, another structure; the first is recommended."""
    ordered = brief.choices.ordered("structures", structures)
    angles = brief.choices.ordered("angles", brief.material.phrases.angles)
    return tuple(
        write_plan(brief, ordered[seat % len(ordered)], angles[seat % len(angles)], seat) for seat in range(count)
    )


def write_plan(brief: Brief, structure: Structure, angle: Angle, seat: int) -> Plan:
    """Write one plan."""
    choices, language = brief.choices.under("plan", seat), brief.language
    return Plan(
        plan_id=id_of(brief, "plan", seat),
        logline=_logline(brief, angle, choices),
        structure=structure,
        acts=write_acts(brief, structure, choices),
        strengths=tuple(typeset(text, language) for text in angle.strengths),
        risks=tuple(typeset(text, language) for text in angle.risks),
        recommended=seat == 0,
    )


def plan_choices(brief: Brief, plan: Plan) -> Choices:
    """Return the choices for everything that is written for a plan."""
    return brief.choices.under("outline", plan.plan_id)


def write_acts(brief: Brief, structure: Structure, choices: Choices) -> tuple[Act, ...]:
    """Write the acts of a structure over the chapters."""
    spans = spans_of(structure, brief.chapters)
    return tuple(_act(brief, structure, span, index, choices) for index, span in enumerate(spans))


# --- The parts of a plan -------------------------------------------------------------------------------------------


def _logline(brief: Brief, angle: Angle, choices: Choices) -> str:
    own = slots_of(brief, choices, 0)
    lead = choices.one("drive_lead", brief.material.phrases.motive_leads)
    drive = choices.one("drive", brief.hero.drives)
    slots = {
        # Where nobody stands in the way an institution does; where no place is known the story itself is one.
        "rival": own["body"],
        "place": brief.settled.title or own["thing"],
        "drive": phrase(fill(lead, {"who": brief.hero.name, "fact": drive}, brief.language)),
        **own,
    }
    return fill(choices.one("logline", angle.loglines), slots, brief.language)


def _act(brief: Brief, structure: Structure, span: Span, index: int, choices: Choices) -> Act:
    phrases, language = brief.material.phrases, brief.language
    titles = [choices.one(f"act/{stage}", phrases.act_titles[structure][stage]) for stage in span.stages]
    slots = slots_of(brief, choices, index)
    mark = slots.get("place") or next_of(choices, "emblems", brief.settled.genre.emblems, index).word
    title = phrases.act_title.format(title=typeset(" / ".join(titles), language), mark=mark)
    return Act(
        title=title,
        summary=_summary(brief, structure, span, choices),
        start_chapter=span.start,
        end_chapter=span.end,
    )


def _summary(brief: Brief, structure: Structure, span: Span, choices: Choices) -> str:
    """Return in one sentence what happens in an act: a few of the beats that fall into it."""
    beats = [
        station.beat
        for station in stations_of(structure, _ALL)
        if span.start <= chapter_at(station.at, brief.chapters) <= span.end
    ]
    step = max(1, len(beats) // _GISTS_MAX)
    gists = [_gist(brief, beat, index, choices) for index, beat in enumerate(beats[::step][:_GISTS_MAX])]
    return _joined(brief, gists or [_gist(brief, "bond", span.start, choices)], choices, span.start)


def _gist(brief: Brief, beat: BeatKey, index: int, choices: Choices) -> str:
    slots = slots_of(brief, choices, index)
    gists = brief.material.beats[beat].gists
    possible = [gist for gist in gists if slots_needed(gist) <= slots.keys()]
    return fill(choices.one(f"gist/{beat}", possible), slots, brief.language)


def _joined(brief: Brief, gists: Sequence[str], choices: Choices, turn: int) -> str:
    links = brief.material.phrases.act_links
    text = gists[0]
    for index, gist in enumerate(gists[1:]):
        text += links[(turn + index) % len(links)] + gist
    return capitalised(text) + _stop(brief.language)


def _stop(language: Language) -> str:
    return "。" if language == "zh" else "."
