"""Making something of a world as many as was asked for."""

from services.contexts.genesis.engine.foundations import WorldEntry
from services.contexts.genesis.engine.stage_requests import Object
from services.contexts.genesis.engine.worlds.entries import ENTRIES_MIN, write_kind
from services.contexts.genesis.engine.worlds.ground import Ground
from services.contexts.genesis.engine.worlds.kinds import counted_kind
from services.contexts.genesis.engine.worlds.material import EntryType
from services.contexts.genesis.engine.worlds.powers import LEVELS_MAX, LEVELS_MIN, matter_and_art, write_levels
from services.contexts.genesis.engine.worlds.writing import Scribe

ENTRIES_MAX, TERMS_MIN = 60, 3


def counted(document: Object, what: str, count: int, ground: Ground, scribe: Scribe) -> Object:
    """Return the document with so many of these, as far as its shape allows; what cannot be counted stays."""
    match counted_kind(what, scribe.material):
        case None:
            return document
        case "levels":
            return _with_levels(document, min(max(count, LEVELS_MIN), LEVELS_MAX), ground, scribe)
        case "terms":
            return document | {"glossary": document["glossary"][: max(count, TERMS_MIN)]}
        case "entries":
            return document | {"entries": _sized(document["entries"], max(count, ENTRIES_MIN), ground, scribe)}
        case kind:
            return document | {"entries": _of_kind(document["entries"], kind, count, ground, scribe)}


def _with_levels(document: Object, count: int, ground: Ground, scribe: Scribe) -> Object:
    """Return as many steps of power; those that are there already keep their places below the new ones."""
    power = document["power_system"]
    if not power:
        return document
    knowing = scribe if "Matter" in scribe.names.fixed else scribe.knowing(**matter_and_art(ground, scribe))
    names = {level["name"] for level in power["levels"]}
    fresh = [level.model_dump() for level in write_levels(knowing, LEVELS_MAX) if level.name not in names]
    levels = [*power["levels"], *fresh[-LEVELS_MAX:]]
    return document | {"power_system": power | {"levels": levels[:count]}}


def _sized(entries: list[Object], count: int, ground: Ground, scribe: Scribe) -> list[Object]:
    """Return so many entries; new ones of one kind after the other."""
    kept = entries[:count]
    for kind in scribe.material.forms:
        if len(kept) >= count:
            break
        kept += _fresh(kept, kind, count - len(kept), ground, scribe)
    return kept


def _of_kind(entries: list[Object], kind: str, count: int, ground: Ground, scribe: Scribe) -> list[Object]:
    """Return the entries with so many of one kind among them."""
    own = [entry for entry in entries if entry["entry_type"] == kind]
    dropped = {entry["name"] for entry in own[max(count, 0) :]}
    kept = [entry for entry in entries if entry["entry_type"] != kind or entry["name"] not in dropped]
    known = next((name for name in scribe.material.forms if name == kind), None)
    if known is None or len(own) >= count:
        return kept if len(kept) >= ENTRIES_MIN else entries
    return [*kept, *_fresh(kept, known, min(count, ENTRIES_MAX) - len(own), ground, scribe)]


def _fresh(entries: list[Object], kind: EntryType, count: int, ground: Ground, scribe: Scribe) -> list[Object]:
    """Return up to `count` new entries of a kind, under names that are not taken."""
    names = {entry["name"] for entry in entries}
    written: list[WorldEntry] = write_kind(kind, count + len(names), ground, scribe.under("more"))
    return [entry.model_dump(mode="json") for entry in written if entry.name not in names][:count]
