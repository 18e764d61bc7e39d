"""Obeying feedback in any settings document, and telling whether one obeys it."""

from collections.abc import Mapping
from typing import Any, assert_never

from services.contexts.genesis.engine.directives import (
    ChangeAge,
    ChangeCount,
    ChangeLength,
    ChangeMotive,
    ChangeNumber,
    ChangeTone,
    ChangeTrait,
    Directive,
    Exclude,
    Include,
    Remark,
    Rename,
)
from services.contexts.genesis.engine.documents import mapped, texts_of
from services.contexts.genesis.engine.feedback.counting import counts_of
from services.contexts.genesis.engine.feedback.excluding import Broom
from services.contexts.genesis.engine.feedback.kinds import is_kind, is_pronoun, kind_name
from services.contexts.genesis.engine.feedback.renaming import renaming, with_names
from services.contexts.genesis.engine.feedback.signs import (
    age_shown,
    length_shown,
    motive_shown,
    name_shown,
    number_shown,
    thing_shown,
    tone_taken,
    trait_shown,
    words_shown,
)
from services.contexts.genesis.engine.feedback.terms import holds
from services.contexts.genesis.engine.stage_requests import Object
from services.contexts.genesis.engine.text import Language, detect_language, storable


def rename_in(document: Object, old: str, new: str) -> Object:
    """Return the document with one name in the place of another, everywhere but in ids.

    Whole words only, in the spelling of each place. `old` may be a kind ("the city", 主角): then what it is called is
    renamed. A person is renamed by first and last name as well.
    """
    old, new = old.strip(), storable(new).strip()
    name = _name_meant(document, old) if is_kind(old) else old
    if not name or not new or name == new:
        return document
    names = renaming(document, name, new)
    renamed: Object = mapped(document, lambda text: with_names(text, names))
    return renamed


def resolve_kind(document: Mapping[str, Any], kind: str, language: Language) -> str | None:
    """Return the name of what people mean by a kind: the nearest entry or character; None if it has no name here."""
    return kind_name(document, kind, language)


def exclude_from(document: Object, term: str, language: Language) -> Object:
    """Return the document without the sentences and list items that hold the term or what belongs to it.

    Lists keep as many items as their shape asks for and no text is left empty: where nothing else remains stands
    something neutral.
    """
    swept: Object = Broom(storable(term), language).swept(document)
    return swept


def shown_in(
    document: Mapping[str, Any], directive: Directive, language: Language, before: Mapping[str, Any] | None = None
) -> bool:
    """Tell whether a document shows that a directive was obeyed.

    `before` is the document as it was: older, longer, darker than what? Without it, what only a comparison could tell
    is taken as obeyed, unless the document itself speaks against it.
    """
    texts = tuple(texts_of(document))
    match directive:
        case Rename(old=old, new=new):
            return name_shown(document, texts, old, new, tuple(texts_of(before)) if before else ())
        case Exclude(term=term):
            return not any(holds(text, term, language) for text in texts)
        case Include(term=term):
            return thing_shown(texts, term)
        case ChangeTone(tone=tone):
            return tone_taken(texts, tuple(texts_of(before)) if before else (), tone, language)
        case ChangeAge():
            return age_shown(document, before, directive)
        case ChangeTrait():
            return trait_shown(document, directive, language)
        case ChangeCount(what=what, count=count):
            return count in counts_of(document, what)
        case ChangeMotive():
            return motive_shown(document, before, directive)
        case ChangeNumber():
            return before is None or number_shown(document, before, directive)
        case ChangeLength(direction=direction):
            return before is None or length_shown(texts, tuple(texts_of(before)), direction)
        case Remark(text=text):
            return words_shown(texts, text)
        case _:
            assert_never(directive)


def _name_meant(document: Object, kind: str) -> str | None:
    """Return what a kind is called; without a name the kind itself, unless it is a mere "her"."""
    named = resolve_kind(document, kind, detect_language(*texts_of(document)))
    return named or (None if is_pronoun(kind) else kind)
