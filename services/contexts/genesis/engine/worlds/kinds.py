"""What a person means by a kind of thing: the name it has in this world, the side it belongs to, the type of entry."""

from collections.abc import Iterable, Mapping

import regex

from services.contexts.genesis.engine.documents import told_in
from services.contexts.genesis.engine.stage_requests import Object
from services.contexts.genesis.engine.worlds.bans import bare
from services.contexts.genesis.engine.worlds.material import EntryType, WorldMaterial
from services.contexts.genesis.engine.worlds.writing import Scribe

_THIS = regex.compile(r"^(?:这座|这个|那座|那个|那条|这条|该)")


def name_meant(old: str, document: Object, scribe: Scribe) -> str:
    """Return the name that somebody means: the words themselves where they stand in the world, else what is called so.

    "the city" is the town of this world although the word "city" occurs in it, too: a kind is looked for first.
    """
    wanted, told = _bare(old), "\n".join(told_in(document))
    slot = slot_meant(old, scribe.material)
    if slot:
        name = scribe.names.fixed.get(slot, "")
        found = name if name and name in told else _named_first(slot, document)
        if found:
            return found
    if old in told:
        return old
    return next((name for name in _entry_names(document) if wanted and wanted in name.casefold()), old)


def slot_meant(old: str, material: WorldMaterial) -> str | None:
    """Return the slot of the name that goes by a kind of thing, None if the words are no kind."""
    wanted = _bare(old)
    return next((slot for slot, words in material.kinds.items() if wanted in words), None)


def side_meant(text: str, document: Object, material: WorldMaterial) -> str | None:
    """Return the side of the world that a text is about, None if it names none."""
    sides = ((side, names) for side, names in material.dimension_names.items() if side in document["dimensions"])
    return _first_named(sides, text)


def entry_type_of(term: str, material: WorldMaterial) -> EntryType:
    """Return what kind of entry something is."""
    found = _first_named(material.things.items(), term)
    return next((kind for kind in material.things if kind == found), "OTHER")


def counted_kind(what: str, material: WorldMaterial) -> str | None:
    """Return what is counted."""
    wanted = what.casefold()
    return next((kind for kind, words in material.counted.items() if any(word in wanted for word in words)), None)


def _bare(words: str) -> str:
    return _THIS.sub("", bare(words)).casefold()


def _first_named(named: Iterable[tuple[str, tuple[str, ...]]], text: str) -> str | None:
    folded = text.casefold()
    return next((kind for kind, words in named if any(_stands_in(word, folded) for word in words)), None)


def _stands_in(word: str, text: str) -> bool:
    return bool(regex.search(rf"\b{regex.escape(word)}s?\b", text)) if word.isascii() else word in text


_TYPES: Mapping[str, EntryType] = {
    "city": "LOCATION",
    "body": "ORGANIZATION",
    "law": "LAW",
    "custom": "CULTURE",
    "event": "EVENT",
    "thing": "ITEM",
}


def _named_first(slot: str, document: Object) -> str:
    """Return the name of the first entry of the kind that a slot stands for."""
    kind = _TYPES.get(slot)
    return next((entry["name"] for entry in document["entries"] if entry["entry_type"] == kind), "")


def _entry_names(document: Object) -> list[str]:
    return [entry["name"] for entry in document["entries"]]
