"""What is said about a world: what was understood, and what could be done next."""

from collections.abc import Mapping, Sequence
from itertools import product

from services.contexts.genesis.engine.foundations import World
from services.contexts.genesis.engine.text import isolated, shortened
from services.contexts.genesis.engine.voice import phrase
from services.contexts.genesis.engine.worlds.ground import Ground
from services.contexts.genesis.engine.worlds.writing import Scribe

UNDERSTANDING_LENGTH = (100, 200)
_WISH_MAX = 60


def understood(ground: Ground, scribe: Scribe, world: World) -> str:
    """Return what the world was made of."""
    return _fitting(scribe, scribe.material.frames.understandings, _slots(ground, scribe, world))


def understood_side(ground: Ground, scribe: Scribe, world: World, side: str) -> str:
    """Return that one side was written anew."""
    slots = _slots(ground, scribe, world) | {"dimension": side_name(side, scribe)}
    return _fitting(scribe, scribe.material.frames.understandings_of_one, slots)


def understood_wish(ground: Ground, scribe: Scribe, world: World, wish: str) -> str:
    """Return that a wish was taken up."""
    slots = _slots(ground, scribe, world) | {"wish": isolated(phrase(shortened(wish, _WISH_MAX)))}
    return _fitting(scribe, scribe.material.frames.understandings_revised, slots)


def suggested(ground: Ground, scribe: Scribe, world: World) -> tuple[str, ...]:
    """Return three things to do next."""
    own = scribe.under("suggestions")
    side = own.choices.one("side", tuple(world.dimensions))
    slots = _slots(ground, scribe, world) | {"dimension": side_name(side, scribe)}
    templates = own.choices.several("suggestion", own.material.frames.suggestions, 3)
    return tuple(own.say(template, f"suggestion/{place}", slots) for place, template in enumerate(templates))


def side_name(side: str, scribe: Scribe) -> str:
    """Return what a person calls a side."""
    return scribe.material.dimension_names.get(side, (side,))[0]


def _slots(ground: Ground, scribe: Scribe, world: World) -> dict[str, str]:
    names = [entry.name for entry in world.entries]
    places = [entry.name for entry in world.entries if entry.entry_type == "LOCATION"]
    return {
        "story": ground.story,
        "names": _listed(names[1:3] or names, scribe),
        "place_name": places[-1] if places else scribe.names.fixed["city"],
    }


def _listed(names: Sequence[str], scribe: Scribe) -> str:
    return scribe.material.frames.last_joint.join(shortened(name, 40) for name in names)


def _fitting(scribe: Scribe, templates: Sequence[str], slots: Mapping[str, str]) -> str:
    """Return the first version of a comment that keeps to its length, else the nearest to it."""
    low, high = UNDERSTANDING_LENGTH
    own, fillers = scribe.under("understanding"), scribe.material.frames.fillers
    gap = "" if scribe.language == "zh" else " "
    ends = ((), *((filler,) for filler in fillers), fillers)
    versions = [
        gap.join(own.say(part, part, slots) for part in (template, *end))
        for end, template in product(ends, own.choices.ordered("template", templates))
    ]
    return shortened(min(versions, key=lambda text: max(low - len(text), len(text) - high, 0)), high)
