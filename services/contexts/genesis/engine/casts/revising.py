"""Changing a cast as somebody wishes, and nothing else of it."""

from services.contexts.genesis.engine.casts.casting import connected, kept_cast
from services.contexts.genesis.engine.casts.comments import suggested, understood
from services.contexts.genesis.engine.casts.ground import ground_of
from services.contexts.genesis.engine.casts.library import cast_material
from services.contexts.genesis.engine.casts.obeying import obey
from services.contexts.genesis.engine.casts.proposing import propose_cast
from services.contexts.genesis.engine.choices import Choices
from services.contexts.genesis.engine.documents import text_in
from services.contexts.genesis.engine.feedback.reading import read_feedback
from services.contexts.genesis.engine.foundations import CastProposal
from services.contexts.genesis.engine.stage_requests import StageRequest


def revise_cast(request: StageRequest) -> CastProposal:
    """Return the newest cast with the last feedback obeyed; without a cast, one that obeys all of it."""
    ground, choices, language = ground_of(request), Choices(request.seed), request.language
    cast = kept_cast(request, ground)
    if not cast.characters:
        return propose_cast(request)
    said = request.feedback[-1] if request.feedback else request.user_input or ""
    target = text_in(request.options, "character_id") or None
    for directive in read_feedback(said, language):
        cast = obey(request, ground, cast, directive, target)
    cast = connected(request, cast)
    frames = cast_material(language).frames
    return CastProposal(
        understanding=understood(frames.understanding_revised, {"wish": said}, choices, language),
        suggestions=suggested(cast.characters, choices, language),
        characters=cast.characters,
        network=cast.network,
    )
