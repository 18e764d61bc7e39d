"""The built-in author of plots: several plans, one of them worked out.

Equal requests get equal answers. Wishes (feedback, requirements, what the person typed) are obeyed on the finished
plot, by the same rules as in a revision.
"""

from collections.abc import Sequence
from dataclasses import replace

from services.contexts.genesis.engine.directives import Directive
from services.contexts.genesis.engine.feedback.reading import read_feedback
from services.contexts.genesis.engine.foundations import Node, Outline, Plan, PlotProposal
from services.contexts.genesis.engine.plots.brief import Brief, brief_of, structures_of
from services.contexts.genesis.engine.plots.newest import outline_in, plans_in
from services.contexts.genesis.engine.plots.obeying import obey
from services.contexts.genesis.engine.plots.outlines import (
    chapters_of,
    seats_of,
    write_outline,
)
from services.contexts.genesis.engine.plots.plans import PLANS_MAX, PLANS_MIN, write_plans
from services.contexts.genesis.engine.plots.scenes import Seat, write_node
from services.contexts.genesis.engine.plots.structures import NODES_MAX
from services.contexts.genesis.engine.plots.words import suggestions, understanding, understood
from services.contexts.genesis.engine.settled import line_of
from services.contexts.genesis.engine.stage_requests import StageRequest
from services.contexts.genesis.engine.wishes import directives_of, wishes_of


def propose_plot(request: StageRequest) -> PlotProposal:
    """Return three to five plans and the outline of the recommended one.

    With `options.plan_id` that plan of the newest candidates becomes the outline, with `options.node_id` one scene of
    the newest outline is written anew; where there is no such plan or scene, all is proposed anew.
    """
    brief = brief_of(request)
    newest = plans_in(request.newest)
    node = _scene_anew(brief, newest, outline_in(request.newest), line_of(request.options.get("node_id")))
    if node:
        return node
    plan = _chosen(newest, line_of(request.options.get("plan_id")))
    plans = _recommending(newest, plan) if plan else _plans_anew(brief)
    brief = replace(brief, chapters=chapters_of(plan.acts)) if plan else brief
    return _answer(brief, plans, write_outline(brief, plan or plans[0]), _wishes(request), _last(request))


def revise_plot(request: StageRequest) -> PlotProposal:
    """Return the newest plot with the last feedback obeyed; what nobody spoke of stays as it is."""
    brief = brief_of(request)
    outline = outline_in(request.newest)
    if outline is None:
        return propose_plot(request)
    plans = plans_in(request.newest) or (_plan_of(outline),)
    brief = replace(brief, chapters=len(outline.tension_curve))
    said = request.feedback[-1] if request.feedback else request.user_input or ""
    return _answer(brief, plans, outline, read_feedback(said, request.language), said)


# --- What there is to start from -----------------------------------------------------------------------------------


def _plans_anew(brief: Brief) -> tuple[Plan, ...]:
    count = brief.choices.one("plans", range(PLANS_MIN, PLANS_MAX + 1))
    return write_plans(brief, structures_of(brief.request), count)


def _chosen(plans: Sequence[Plan], plan_id: str) -> Plan | None:
    return next((plan for plan in plans if plan.plan_id == plan_id), None)


def _recommending(plans: Sequence[Plan], chosen: Plan) -> tuple[Plan, ...]:
    return tuple(plan.model_copy(update={"recommended": plan.plan_id == chosen.plan_id}) for plan in plans)


def _plan_of(outline: Outline) -> Plan:
    """Return the plan that an outline follows, where the candidates are gone."""
    reason = outline.logline
    return Plan(
        plan_id=outline.plan_id,
        logline=outline.logline,
        structure=outline.structure,
        acts=outline.acts,
        strengths=(reason,),
        risks=outline.warnings or (reason,),
        recommended=True,
    )


def _scene_anew(brief: Brief, plans: tuple[Plan, ...], outline: Outline | None, node_id: str) -> PlotProposal | None:
    """Return the newest plot with one scene written anew, in the same place and with the same weight."""
    index = next((i for i, node in enumerate(outline.nodes) if node.node_id == node_id), None) if outline else None
    if outline is None or index is None:
        return None
    kept = plans or (_plan_of(outline),)
    old = outline.nodes[index]
    node = write_node(brief, _seat_of(brief, kept[0], outline, old), brief.choices.under("anew", node_id))
    same = {"node_id": old.node_id, "chapter": old.chapter, "function": old.function, "tension": old.tension}
    nodes = (*outline.nodes[:index], node.model_copy(update=same), *outline.nodes[index + 1 :])
    changed = _answer(brief, kept, outline.model_copy(update={"nodes": nodes}), _wishes(brief.request))
    # Wishes were obeyed in the other scenes long ago; they stay as they are.
    obeyed = next((one for one in changed.outline.nodes if one.node_id == node_id), nodes[index])
    only = (*outline.nodes[:index], obeyed, *outline.nodes[index + 1 :])
    return changed.model_copy(update={"candidates": kept, "outline": outline.model_copy(update={"nodes": only})})


def _seat_of(brief: Brief, plan: Plan, outline: Outline, node: Node) -> Seat:
    """Return the seat that fits a scene best: of its function, nearest to its chapter."""
    seats = seats_of(replace(brief, chapters=len(outline.tension_curve)), plan, NODES_MAX)
    return min(
        seats, key=lambda seat: (seat.station.function != node.function, abs(seat.chapter - node.chapter), seat.index)
    )


def _last(request: StageRequest) -> str:
    return next((wish.text for wish in reversed(wishes_of(request))), "")


def _wishes(request: StageRequest) -> tuple[Directive, ...]:
    return directives_of(wishes_of(request))


# --- The answer ----------------------------------------------------------------------------------------------------


def _answer(
    brief: Brief, plans: tuple[Plan, ...], outline: Outline, wishes: Sequence[Directive], said: str = ""
) -> PlotProposal:
    """Return the plot after all wishes, with what is said about it; what was said last is quoted."""
    proposal = PlotProposal(
        understanding=understood(brief, plans, outline),
        suggestions=suggestions(brief, outline),
        candidates=plans,
        outline=outline,
    )
    for directive in wishes:
        proposal = obey(brief, proposal, directive)
    return proposal.model_copy(update={"understanding": understanding(brief, proposal.understanding, said)})
