"""Keeping a cast together: taking over who is there, adding somebody, connecting whoever stands alone."""

from collections.abc import Sequence
from dataclasses import replace

from services.contexts.genesis.engine.casts.ground import Ground, speaks_of_woman
from services.contexts.genesis.engine.casts.keeping import Cast, kept_characters, kept_network
from services.contexts.genesis.engine.casts.portraits import write_portrait
from services.contexts.genesis.engine.casts.seats import Seat, Wanted, complexity_of, new_seat, role_type_of
from services.contexts.genesis.engine.casts.weaving import weave
from services.contexts.genesis.engine.choices import Choices
from services.contexts.genesis.engine.documents import text_in, told_in
from services.contexts.genesis.engine.foundations import Character, RoleType
from services.contexts.genesis.engine.stage_requests import Object, StageRequest

NETWORK_FROM = 3
"""So many characters have a network without being asked."""
CHARACTERS_MAX = 40


def kept_cast(request: StageRequest, ground: Ground) -> Cast:
    """Return the newest cast as it is, gaps filled."""

    def portrayed(place: int, found: Object) -> Character:
        seat = seat_as_found(request, ground, place, found)
        return write_portrait(ground, seat, Choices(request.story_seed).under("kept", place), "")

    characters = kept_characters(request.newest, portrayed, CHARACTERS_MAX)
    return Cast(characters, kept_network(request.newest, characters))


def add_character(request: StageRequest, ground: Ground, cast: Cast, wanted: Wanted) -> Cast:
    """Return the cast with somebody more, connected to those who are there."""
    role_type: RoleType = wanted.role_type or "supporting"
    names = [one.name for one in cast.characters]
    seat = new_seat(request, ground, len(names), role_type, wanted, names, [cast.told])
    seat = replace(seat, other=other_of(role_type, cast.characters))
    told = "\n".join((cast.told, *told_in(list(request.avoid))))
    added = write_portrait(ground, seat, Choices(request.seed).under("added", len(names)), told)
    characters = (*cast.characters, added)[-CHARACTERS_MAX:]
    return connected(request, Cast(characters, cast.network))


def connected(request: StageRequest, cast: Cast) -> Cast:
    """Return the cast with its network: the lines that are there, and one to whoever has none."""
    if len(cast.characters) < NETWORK_FROM and not cast.network:
        return Cast(cast.characters)
    if len(cast.characters) < 2:
        return Cast(cast.characters)
    ids = {one.character_id for one in cast.characters}
    edges = cast.network.edges if cast.network else ()
    network = weave(
        cast.characters,
        Choices(request.seed).under("network"),
        request.language,
        complexity=complexity_of(request.config),
        kept=[edge for edge in edges if {edge.from_, edge.to} <= ids],
    )
    return Cast(cast.characters, network)


def seat_as_found(request: StageRequest, ground: Ground, place: int, found: Object) -> Seat:
    """Return the seat of somebody who is there already, as far as the document tells who it is."""
    role = text_in(found, "role_type")
    texts = "\n".join(
        told_in([found.get("background"), found.get("wounds"), found.get("motivation"), found.get("arc")])
    )
    is_woman = speaks_of_woman(texts, by_pronouns=True)
    seat = new_seat(
        request, ground, place, role_type_of(role, request.language), Wanted(name=text_in(found, "name")), ()
    )
    return seat if is_woman is None else replace(seat, is_woman=is_woman)


def other_of(role_type: RoleType, others: Sequence[Character]) -> str:
    """Return whom somebody of this role has most to do with."""
    wanted: RoleType = "antagonist" if role_type == "protagonist" else "protagonist"
    return next((one.name for one in others if one.role_type == wanted), others[0].name if others else "")
