"""The network asked for by itself: between some people of the newest cast, or all of them."""

from services.contexts.genesis.engine.casts.casting import add_character, kept_cast
from services.contexts.genesis.engine.casts.comments import suggested, understood
from services.contexts.genesis.engine.casts.ground import ground_of
from services.contexts.genesis.engine.casts.keeping import Cast
from services.contexts.genesis.engine.casts.library import cast_material
from services.contexts.genesis.engine.casts.seats import Wanted, complexity_of
from services.contexts.genesis.engine.casts.weaving import weave
from services.contexts.genesis.engine.choices import Choices
from services.contexts.genesis.engine.documents import words_in
from services.contexts.genesis.engine.foundations import Character, NetworkProposal, RoleType
from services.contexts.genesis.engine.stage_requests import StageRequest
from services.contexts.genesis.engine.voice import render


def write_network(request: StageRequest) -> NetworkProposal:
    """Return the network of `character_ids`, or of all; where there are not two people, somebody is made up."""
    choices, language = Choices(request.seed), request.language
    characters, invented = _people(request)
    network = weave(characters, choices.under("network"), language, complexity=complexity_of(request.config))
    frames = cast_material(language).frames
    warnings = (*(render(frames.invented, {"name": one.name}, language) for one in invented), *network.warnings)
    return NetworkProposal(
        understanding=understood(frames.understanding_network, {}, choices, language),
        suggestions=suggested(characters, choices, language),
        network=network.model_copy(update={"warnings": warnings}),
    )


def _people(request: StageRequest) -> tuple[tuple[Character, ...], tuple[Character, ...]]:
    """Return who is to be connected, and which of them had to be made up."""
    ground = ground_of(request)
    cast = kept_cast(request, ground)
    ids = words_in(request.options, "character_ids")
    chosen = tuple(one for one in cast.characters if one.character_id in ids) or cast.characters
    others = [one for one in cast.characters if one not in chosen]
    chosen = (*chosen, *others[: max(2 - len(chosen), 0)])
    whole = Cast(chosen)
    while len(whole.characters) < 2:
        role: RoleType = "supporting" if whole.characters else "protagonist"
        whole = add_character(request, ground, whole, Wanted(role_type=role))
    return whole.characters, whole.characters[len(chosen) :]
