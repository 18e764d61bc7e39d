"""Writing the glossary: the words of a world that its own texts use, and what they mean."""

from collections.abc import Mapping

from services.contexts.genesis.engine.documents import told_in
from services.contexts.genesis.engine.foundations import Term, World
from services.contexts.genesis.engine.worlds.writing import Scribe

TERMS_MIN, TERMS_MAX = 6, 10
_KINDS = ("people", "coin", "law", "custom", "event", "body", "power", "thing", "river", "city", "founder")
# What can be said to be used by a sentence of its own: things that take an article.
_SAYABLE = frozenset({"law", "custom", "event", "body", "thing"})
_PLACES = ("culture", "society", "history", "rules", "geography")


def with_glossary(world: World, scribe: Scribe) -> World:
    """Return the world with a glossary of words that it uses; where it uses too few of its own, it says some more."""
    for side in _PLACES:
        if len(_used(world, scribe)) >= TERMS_MIN:
            break
        world = _with_use(world, side, scribe)
    terms = [
        Term(term=term, meaning=meaning)
        for kind, term in list(_used(world, scribe).items())[:TERMS_MAX]
        for meaning in scribe.under("term", kind).write("meaning", scribe.material.meanings[kind])
    ]
    return world.model_copy(update={"glossary": tuple(terms)})


def _terms(scribe: Scribe) -> dict[str, str]:
    return {kind: scribe.names.fixed[kind] for kind in _KINDS if scribe.names.fixed.get(kind)}


def _used(world: World, scribe: Scribe) -> Mapping[str, str]:
    """Return the terms, by kind, of which some text speaks."""
    texts = (
        world.model_dump()["dimensions"],
        world.power_system.model_dump() if world.power_system else None,
        [entry.description for entry in world.entries],
    )
    told = "\n".join(told_in(texts))
    return {kind: term for kind, term in _terms(scribe).items() if term in told}


def _with_use(world: World, side: str, scribe: Scribe) -> World:
    """Return the world with a sentence about a term that it does not use yet."""
    used = _used(world, scribe)
    unused = [term for kind, term in _terms(scribe).items() if kind in _SAYABLE and kind not in used]
    if not unused or side not in world.dimensions:
        return world
    said = scribe.under("use", side).write("use", scribe.material.frames.uses, given={"term": unused[0]})
    dimension = world.dimensions[side]
    gap = "" if scribe.language == "zh" else " "
    told = gap.join((dimension.boundaries, *said))
    return world.model_copy(
        update={"dimensions": world.dimensions | {side: dimension.model_copy(update={"boundaries": told})}}
    )
