"""Changing a world as somebody wishes, and nothing else of it."""

from services.contexts.genesis.engine.foundations import WorldProposal
from services.contexts.genesis.engine.stage_requests import StageRequest
from services.contexts.genesis.engine.wishes import directives_of, earlier_wishes, wish_of
from services.contexts.genesis.engine.worlds.comments import suggested, understood_wish
from services.contexts.genesis.engine.worlds.composing import continue_world, spare_world
from services.contexts.genesis.engine.worlds.obeying import obeyed
from services.contexts.genesis.engine.worlds.proposing import only_side, propose_world, side_asked_for
from services.contexts.genesis.engine.worlds.saved import holds_a_world, kept_world


def revise_world(request: StageRequest) -> WorldProposal:
    """Return the newest world with the last feedback obeyed; without a world, a new one that obeys all of it."""
    if not holds_a_world(request.newest):
        return propose_world(request)
    wish = wish_of(request.feedback[-1] if request.feedback else request.user_input or "", request.language)
    ground, scribe = continue_world(request, directives_of(earlier_wishes(request)), wish.directives)
    before = kept_world(request.newest, spare_world(ground, scribe, request.newest))
    after, side = obeyed(before, wish.directives, ground, scribe), side_asked_for(request)
    world = only_side(before, after, side) if side else after
    return WorldProposal(
        understanding=understood_wish(ground, scribe, world, wish.text),
        suggestions=suggested(ground, scribe, world),
        world=world,
    )
