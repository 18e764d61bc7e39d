"""So many of something: chapters, scenes, plans, subplots."""

from dataclasses import replace

import regex

from services.contexts.genesis.engine.directives import ChangeCount
from services.contexts.genesis.engine.foundations import Act, Node, Outline, Plan, PlotProposal
from services.contexts.genesis.engine.plots.brief import Brief, bounded_chapters
from services.contexts.genesis.engine.plots.outlines import (
    chapters_of,
    curve_of,
    seats_of,
    warnings_of,
    write_subplots,
)
from services.contexts.genesis.engine.plots.plans import PLANS_MAX, plan_choices, write_plans
from services.contexts.genesis.engine.plots.scenes import KEY_FUNCTIONS, tells, write_node
from services.contexts.genesis.engine.plots.structures import NODES_MAX, NODES_MIN, STRUCTURES, ends_of

_SUBPLOTS_MAX = 5
_CHAPTERS = regex.compile(r"chapter|章", regex.I)
_NODES = regex.compile(r"node|scene|节点|场景|场|情节点", regex.I)
_PLANS = regex.compile(r"plan|candidate|option|方案|候选", regex.I)
_SUBPLOTS = regex.compile(r"subplot|side plot|支线|副线", regex.I)


def with_count(brief: Brief, proposal: PlotProposal, directive: ChangeCount) -> PlotProposal | None:
    """Return the plot with so many of what is meant, None if a plot has no such thing."""
    what, count = directive.what, directive.count
    if _SUBPLOTS.search(what):
        choices = brief.choices.under("subplots")
        subplots = write_subplots(brief, choices, min(_SUBPLOTS_MAX, max(0, count)))
        kept = (*proposal.outline.subplots, *subplots[len(proposal.outline.subplots) :])[: max(0, count)]
        return proposal.model_copy(update={"outline": proposal.outline.model_copy(update={"subplots": kept})})
    if _CHAPTERS.search(what):
        return _over_chapters(brief, proposal, bounded_chapters(count))
    if _NODES.search(what):
        return proposal.model_copy(update={"outline": _with_nodes(brief, proposal, count)})
    return _with_plans(brief, proposal, count) if _PLANS.search(what) else None


def _over_chapters(brief: Brief, proposal: PlotProposal, chapters: int) -> PlotProposal:
    """Return the plot over so many chapters, everything in its place in proportion."""
    outline = proposal.outline
    before = len(outline.tension_curve)
    nodes = tuple(
        node.model_copy(update={"chapter": 1 + round((node.chapter - 1) / max(1, before - 1) * (chapters - 1))})
        for node in outline.nodes
    )
    curve = curve_of(brief, nodes, chapters)
    changed = outline.model_copy(
        update={
            "nodes": nodes,
            "acts": _acts_over(outline.acts, chapters),
            "tension_curve": curve,
            "warnings": warnings_of(brief, curve),
        }
    )
    plans = tuple(plan.model_copy(update={"acts": _acts_over(plan.acts, chapters)}) for plan in proposal.candidates)
    return proposal.model_copy(update={"outline": changed, "candidates": plans})


def _acts_over(acts: tuple[Act, ...], chapters: int) -> tuple[Act, ...]:
    """Return the acts over so many chapters; of more acts than chapters the last ones share the last chapter."""
    own = acts[: min(len(acts), chapters)]
    ends = ends_of([max(1, act.end_chapter - act.start_chapter + 1) for act in own], chapters)
    starts = [1, *(end + 1 for end in ends[:-1])]
    return tuple(
        act.model_copy(update={"start_chapter": start, "end_chapter": end})
        for act, start, end in zip(own, starts, ends, strict=True)
    )


def _with_nodes(brief: Brief, proposal: PlotProposal, count: int) -> Outline:
    outline = proposal.outline
    count = min(NODES_MAX, max(NODES_MIN, count))
    nodes = _fewer(outline.nodes, count) if count < len(outline.nodes) else _more(brief, proposal, count)
    curve = curve_of(brief, nodes, len(outline.tension_curve))
    return outline.model_copy(update={"nodes": nodes, "tension_curve": curve, "warnings": warnings_of(brief, curve)})


def _fewer(nodes: tuple[Node, ...], count: int) -> tuple[Node, ...]:
    """Return the scenes without the least tense of those the story does not turn on."""
    ordered = sorted(nodes, key=lambda node: (node.function not in KEY_FUNCTIONS, -node.tension))
    kept = {node.node_id for node in ordered[:count]}
    return tuple(node for node in nodes if node.node_id in kept)


def _more(brief: Brief, proposal: PlotProposal, count: int) -> tuple[Node, ...]:
    """Return the scenes and new ones, of those stations that need it most."""
    outline = proposal.outline
    plan = next((one for one in proposal.candidates if one.plan_id == outline.plan_id), proposal.candidates[0])
    seats = seats_of(replace(brief, chapters=len(outline.tension_curve)), plan, NODES_MAX)
    missing = [seat for seat in seats if not any(tells(brief, node, seat.station.beat) for node in outline.nodes)]
    wanted = sorted(missing, key=lambda seat: seat.station.rank)[: count - len(outline.nodes)]
    new = [write_node(brief, seat, plan_choices(brief, plan)) for seat in wanted]
    return tuple(sorted((*outline.nodes, *new), key=lambda node: node.chapter))


def _with_plans(brief: Brief, proposal: PlotProposal, count: int) -> PlotProposal:
    count = min(PLANS_MAX, max(1, count))
    plans = list(proposal.candidates)
    known = {plan.logline for plan in plans}
    more = write_plans(replace(brief, chapters=chapters_of(plans[0].acts)), STRUCTURES, PLANS_MAX)
    new = [plan.model_copy(update={"recommended": False}) for plan in more if plan.logline not in known]
    ordered = sorted((*plans, *new[: max(0, count - len(plans))]), key=lambda plan: not plan.recommended)
    kept: tuple[Plan, ...] = tuple(ordered[:count])
    return proposal.model_copy(update={"candidates": kept})
