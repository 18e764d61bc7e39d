"""Taking out of a world what somebody does not want: the word, and what belongs to it."""

from typing import Any

import regex

from services.contexts.genesis.engine.documents import object_in, objects_in, text_in, told_in
from services.contexts.genesis.engine.stage_requests import Object
from services.contexts.genesis.engine.worlds.bans import bans_magic, unwanted_words
from services.contexts.genesis.engine.worlds.naming import proper_names
from services.contexts.genesis.engine.worlds.sentences import sentences
from services.contexts.genesis.engine.worlds.writing import Scribe


def purged(document: Object, term: str, scribe: Scribe) -> Object:
    """Return the document without what speaks of the term or of anything that belongs to it.

    An entry goes as a whole where its name or all of its text does. Without magic there is no power system, nor
    anything that is known by the words of one.
    """
    is_magic = bans_magic((term,), scribe.material)
    terms = (term, *(_words_of_power(document, scribe) if is_magic else ()))
    pattern = unwanted_words(terms, scribe.material)
    if pattern is None:
        return dict(document)
    left = {key: _without(value, pattern) for key, value in document.items()}
    if is_magic:
        left["power_system"] = None
        left["entries"] = [entry for entry in objects_in(left, "entries") if not _is_of_art(entry, scribe)]
    left["entries"] = _whole(left, "entries", "name", "description", spared=scribe.names.fixed["city"])
    left["glossary"] = _whole(left, "glossary", "term", "meaning")
    return left


def _words_of_power(document: Object, scribe: Scribe) -> list[str]:
    """Return the names by which the power system is spoken of: its steps', and its own."""
    levels = [text_in(level, "name") for level in objects_in(object_in(document, "power_system"), "levels")]
    power, powers = "\n".join(told_in(object_in(document, "power_system"))), scribe.material.powers
    matters = [matter for matter in powers.matters if matter.casefold() in power.casefold()]
    names = "\n".join((*proper_names(scribe.names), *scribe.names.roots))
    arts = (art.format(matter=matter) for art in powers.arts for matter in matters)
    return [name for name in (*levels, *(art for art in arts if art not in names)) if name]


def _is_of_art(entry: Object, scribe: Scribe) -> bool:
    """Tell whether an entry is there because the impossible is, whatever words it uses for it."""
    told = text_in(entry, "description")
    return any(scribe.is_told(form.text, told) for forms in scribe.material.art_forms.values() for form in forms)


def _without(value: Any, pattern: regex.Pattern[str]) -> Any:
    """Return a value without the sentences and list items in which the pattern is found."""
    if isinstance(value, str):
        if not pattern.search(value):
            return value
        return "".join(part for part in sentences(value) if not pattern.search(part)).strip()
    if isinstance(value, dict):
        return {key: _without(item, pattern) for key, item in value.items()}
    if isinstance(value, list | tuple):
        kept = (_without(item, pattern) for item in value)
        return [item for item in kept if item != ""]
    return value


def _whole(document: Object, key: str, name: str, text: str, spared: str = "") -> list[Object]:
    """Return those items that still have a name and a text; what is spared may do with a name, and gets a new text."""
    found = (item for item in objects_in(document, key) if text_in(item, name))
    return [item for item in found if text_in(item, text) or item[name] == spared]
