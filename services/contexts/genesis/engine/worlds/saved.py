"""Taking over a world that is there already, word for word, whatever shape a person has given it."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar, get_args

from services.contexts.genesis.engine.documents import object_in, objects_in, text_in, text_of, texts_in, told_in
from services.contexts.genesis.engine.foundations import (
    REQUIRED_DIMENSIONS,
    Dimension,
    PowerLevel,
    PowerSystem,
    Term,
    World,
    WorldEntry,
)
from services.contexts.genesis.engine.stage_requests import Object
from services.contexts.genesis.engine.text import shortened
from services.contexts.genesis.engine.worlds.entries import ENTRIES_MIN, THREADED
from services.contexts.genesis.engine.worlds.material import EntryType
from services.contexts.genesis.engine.worlds.powers import LEVELS_MAX, LEVELS_MIN
from services.contexts.genesis.engine.worlds.sides import EXAMPLES_MAX, EXAMPLES_MIN

T = TypeVar("T")
TERMS_MIN = 3
SIDE_NAME_MAX = 60


def kept_world(document: Object, spare: World) -> World:
    """Return the world of a document; what is missing or of no use is taken from the spare one."""
    return World(
        dimensions=_sides(object_in(document, "dimensions"), spare),
        power_system=_power(document, spare),
        entries=_entries(document, spare),
        glossary=_glossary(document, spare),
    )


def holds_a_world(document: Object) -> bool:
    """Tell whether a document says anything of a world."""
    return any(
        text.strip()
        for key in ("dimensions", "power_system", "entries", "glossary")
        for text in told_in(document.get(key))
    )


def threads_in(document: Object) -> dict[str, str]:
    """Return the names of a document's entries by the slots under which other texts speak of them."""
    found: dict[str, str] = {}
    for slot, kind in THREADED.items():
        for entry in objects_in(document, "entries"):
            if _kind(entry) == kind and text_in(entry, "name"):
                found.setdefault(slot, text_in(entry, "name"))
    return found


def _sides(found: Object, spare: World) -> dict[str, Dimension]:
    kept = {name: side for name in found if (side := _side(found[name], spare.dimensions.get(name)))}
    missing = {name: spare.dimensions[name] for name in REQUIRED_DIMENSIONS if name not in kept}
    named = missing | {shortened(text_of(name), SIDE_NAME_MAX): side for name, side in kept.items()}
    order = [*REQUIRED_DIMENSIONS, *(name for name in named if name not in REQUIRED_DIMENSIONS)]
    return {name: named[name] for name in order if name}


def _side(found: Any, spare: Dimension | None) -> Dimension | None:
    """Return a side as found; None where nothing is said, or nothing is there to fill it up with."""
    core = text_in(found, "core_rule") or text_of(found)
    examples, boundaries = texts_in(found, "examples"), text_in(found, "boundaries")
    if spare is None:
        whole = core and boundaries and len(examples) >= EXAMPLES_MIN
        return Dimension(core_rule=core, examples=examples[:EXAMPLES_MAX], boundaries=boundaries) if whole else None
    if not (core or examples or boundaries):
        return None
    return Dimension(
        core_rule=core or spare.core_rule,
        examples=_filled(examples[:EXAMPLES_MAX], spare.examples, EXAMPLES_MIN, lambda text: text),
        boundaries=boundaries or spare.boundaries,
    )


def _power(document: Object, spare: World) -> PowerSystem | None:
    found = object_in(document, "power_system")
    if not any(text.strip() for text in told_in(found)):
        return None if "power_system" in document else spare.power_system
    other = spare.power_system
    if other is None:
        return None
    others = [*other.levels, *(other.levels[-1:] * LEVELS_MAX)]
    listed = zip(_listed(found, "levels"), others, strict=False)
    levels = tuple(level for one, spare_one in listed if (level := _level(one, spare_one)))
    return PowerSystem(
        source=text_in(found, "source") or other.source,
        cost=text_in(found, "cost") or other.cost,
        levels=_filled(levels, other.levels, LEVELS_MIN, lambda level: level.name),
        limits=_filled(texts_in(found, "limits")[:5], other.limits, 3, lambda text: text),
    )


def _level(found: Any, spare: PowerLevel) -> PowerLevel | None:
    name, told = text_in(found, "name") or text_of(found), text_in(found, "description")
    return PowerLevel(name=name or told, description=told or spare.description) if name or told else None


def _entries(document: Object, spare: World) -> tuple[WorldEntry, ...]:
    told = {entry.name: entry.description for entry in spare.entries}
    found = tuple(entry for one in objects_in(document, "entries") if (entry := _entry(one, told)))
    return _filled(found, spare.entries, ENTRIES_MIN, lambda entry: entry.name)


def _entry(found: Object, spare: Mapping[str, str]) -> WorldEntry | None:
    name = text_in(found, "name")
    told = text_in(found, "description") or spare.get(name, name)
    return (
        WorldEntry(entry_type=_kind(found), name=name, description=told, tags=texts_in(found, "tags")) if name else None
    )


def _kind(found: Object) -> EntryType:
    kind = text_in(found, "entry_type").upper()
    return next((known for known in get_args(EntryType) if known == kind), "OTHER")


def _glossary(document: Object, spare: World) -> tuple[Term, ...]:
    found = tuple(term for term in map(_term, objects_in(document, "glossary")) if term)
    return _filled(found, spare.glossary, TERMS_MIN, lambda term: term.term)


def _term(found: Object) -> Term | None:
    term, meaning = text_in(found, "term"), text_in(found, "meaning")
    return Term(term=term, meaning=meaning or term) if term else None


def _listed(found: Object, key: str) -> list[Any]:
    value = found.get(key)
    return list(value) if isinstance(value, list | tuple) else []


def _filled(found: Sequence[T], spare: Sequence[T], least: int, name: Callable[[T], str]) -> tuple[T, ...]:
    """Return what was found, with others of the spare ones until there are enough."""
    names = {name(one) for one in found}
    others = [one for one in spare if name(one) not in names]
    return (*found, *others[: max(0, least - len(found))])
