"""The built-in author of worlds: no network, no clock, no luck. Equal requests get equal answers."""

from services.contexts.genesis.engine.directives import Directive
from services.contexts.genesis.engine.documents import text_in
from services.contexts.genesis.engine.foundations import World, WorldProposal
from services.contexts.genesis.engine.stage_requests import StageRequest
from services.contexts.genesis.engine.wishes import directives_of, wishes_of
from services.contexts.genesis.engine.worlds.comments import suggested, understood, understood_side
from services.contexts.genesis.engine.worlds.composing import begin_world, compose_world, continue_world, spare_world
from services.contexts.genesis.engine.worlds.kinds import side_meant
from services.contexts.genesis.engine.worlds.library import world_material
from services.contexts.genesis.engine.worlds.obeying import obeyed
from services.contexts.genesis.engine.worlds.saved import SIDE_NAME_MAX, holds_a_world, kept_world
from services.contexts.genesis.engine.worlds.sides import write_side


def propose_world(request: StageRequest) -> WorldProposal:
    """Return a world for the confirmed concept; with `options.dimension` the newest world with this side anew."""
    side, directives = side_asked_for(request), directives_of(wishes_of(request))
    if side and holds_a_world(request.newest):
        return _with_side(request, side, directives)
    ground, scribe = begin_world(request, directives)
    world = obeyed(compose_world(ground, scribe, (side,) if side else ()), directives, ground, scribe)
    return WorldProposal(
        understanding=understood(ground, scribe, world), suggestions=suggested(ground, scribe, world), world=world
    )


def side_asked_for(request: StageRequest) -> str:
    """Return the side that alone is asked for, by its key, whatever a person called it; "" if there is none."""
    named = text_in(request.options, "dimension")
    every = {"dimensions": world_material(request.language).dimension_names}
    return side_meant(named, every, world_material(request.language)) or named[:SIDE_NAME_MAX].strip()


def _with_side(request: StageRequest, side: str, directives: tuple[Directive, ...]) -> WorldProposal:
    """Return the newest world, with one side written anew and as it was asked for."""
    ground, scribe = continue_world(request, (), directives)
    kept = kept_world(request.newest, spare_world(ground, scribe, request.newest))
    fresh = kept.model_copy(update={"dimensions": kept.dimensions | {side: write_side(side, ground, scribe)}})
    changed = obeyed(fresh, directives, ground, scribe)
    world = only_side(kept, changed, side)
    return WorldProposal(
        understanding=understood_side(ground, scribe, world, side),
        suggestions=suggested(ground, scribe, world),
        world=world,
    )


def only_side(before: World, after: World, side: str) -> World:
    """Return a world as it was, but for one side."""
    changed = {side: after.dimensions[side]} if side in after.dimensions else {}
    return World.model_validate(before.model_dump() | {"dimensions": before.model_dump()["dimensions"] | changed})
