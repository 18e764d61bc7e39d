"""The built-in author of casts: no network, no clock, no luck. Equal requests get equal answers.

A cast is read out of the confirmed concept and world: the concept's hero carries it, its rival stands against, and the
others have trades of this kind of story and lives that meet at this world's places, bodies and customs.
"""

from dataclasses import replace

from services.contexts.genesis.engine.casts.casting import add_character, connected, kept_cast, other_of, seat_as_found
from services.contexts.genesis.engine.casts.comments import name_slots, suggested, understood
from services.contexts.genesis.engine.casts.ground import Ground, ground_of
from services.contexts.genesis.engine.casts.keeping import Cast
from services.contexts.genesis.engine.casts.library import cast_material
from services.contexts.genesis.engine.casts.obeying import obey
from services.contexts.genesis.engine.casts.portraits import write_portrait
from services.contexts.genesis.engine.casts.seats import Wanted, seats_of, wanted_of
from services.contexts.genesis.engine.choices import Choices
from services.contexts.genesis.engine.directives import ChangeTone, Exclude
from services.contexts.genesis.engine.documents import text_in, told_in
from services.contexts.genesis.engine.feedback.applying import rename_in
from services.contexts.genesis.engine.feedback.reading import read_feedback
from services.contexts.genesis.engine.foundations import CastProposal, Character
from services.contexts.genesis.engine.stage_requests import StageRequest


def propose_cast(request: StageRequest) -> CastProposal:
    """Return a whole cast; with `requirements` the newest and somebody more; with `character_id` one written anew."""
    ground = ground_of(request)
    kept = kept_cast(request, ground)
    target = text_in(request.options, "character_id")
    place = next((at for at, one in enumerate(kept.characters) if one.character_id == target), None)
    wanted = wanted_of(request.requirements, request.language)
    if place is not None:
        return _rewritten(request, ground, kept, place, wanted)
    if kept.characters and request.requirements:
        return _added(request, ground, kept, wanted)
    return _whole(request, ground, wanted)


def _whole(request: StageRequest, ground: Ground, wanted: Wanted) -> CastProposal:
    choices = Choices(request.seed)
    earlier = "\n".join(told_in([*request.avoid, request.newest]))
    characters: list[Character] = []
    for seat in seats_of(request, ground, wanted):
        told = f"{earlier}\n{Cast(tuple(characters)).told}"
        characters.append(write_portrait(ground, seat, choices, told))
    cast = connected(request, Cast(tuple(characters)))
    for said in (*request.feedback, request.user_input or ""):
        for directive in read_feedback(said, request.language):
            cast = obey(request, ground, cast, directive)
    cast = connected(request, cast)
    frames = cast_material(request.language).frames
    slots = {"story": ground.story} | name_slots(cast.characters, request.language)
    return CastProposal(
        understanding=understood(frames.understanding, slots, choices, request.language),
        suggestions=suggested(cast.characters, choices, request.language),
        characters=cast.characters,
        network=cast.network,
    )


def _added(request: StageRequest, ground: Ground, kept: Cast, wanted: Wanted) -> CastProposal:
    said = (request.user_input.strip(),) if request.user_input and request.user_input.strip() else ()
    cast = add_character(request, ground, kept, replace(wanted, givens=(*wanted.givens, *said)))
    return _answer(request, cast, cast.characters[-1])


def _rewritten(request: StageRequest, ground: Ground, kept: Cast, place: int, wanted: Wanted) -> CastProposal:
    old = kept.characters[place]
    seat = seat_as_found(request, ground, place, old.model_dump())
    seat = replace(
        seat,
        name=wanted.name or old.name,
        role_type=wanted.role_type or old.role_type,
        age=old.age if wanted.age is None else wanted.age,
        is_woman=seat.is_woman if wanted.is_woman is None else wanted.is_woman,
        other=other_of(old.role_type, [one for one in kept.characters if one is not old]),
        wanted=wanted,
    )
    told = "\n".join((kept.told, *told_in(list(request.avoid))))
    fresh = write_portrait(ground, seat, Choices(request.seed).under("anew"), told)
    characters = list(kept.characters)
    characters[place] = fresh.model_copy(update={"character_id": old.character_id, "importance": old.importance})
    cast = Cast(tuple(characters), kept.network)
    if fresh.name != old.name:
        cast = _renamed(cast, old.name, fresh.name)
    for directive in read_feedback(request.user_input or "", request.language):
        cast = obey(request, ground, cast, directive, old.character_id)
    for said in request.feedback:
        for directive in read_feedback(said, request.language):
            # What was asked of the whole story holds for the new portrait; what was asked of the old one is gone.
            if isinstance(directive, Exclude | ChangeTone):
                cast = obey(request, ground, cast, directive, old.character_id)
    cast = connected(request, cast)
    now = next((one for one in cast.characters if one.character_id == old.character_id), cast.characters[0])
    return _answer(request, cast, now)


def _answer(request: StageRequest, cast: Cast, about: Character) -> CastProposal:
    choices, language = Choices(request.seed), request.language
    mark = "、" if language == "zh" else ", "
    given = mark.join(dict.fromkeys(told_in(request.requirements))) or request.user_input or about.name
    slots = {"given": given, "first": about.name}
    return CastProposal(
        understanding=understood(cast_material(language).frames.understanding_added, slots, choices, language),
        suggestions=suggested((about, *(one for one in cast.characters if one is not about)), choices, language),
        characters=cast.characters,
        network=cast.network,
    )


def _renamed(cast: Cast, old: str, new: str) -> Cast:
    characters = tuple(
        Character.model_validate(rename_in(one.model_dump(), old, new)) if one.name != new else one
        for one in cast.characters
    )
    return replace(cast, characters=characters)
