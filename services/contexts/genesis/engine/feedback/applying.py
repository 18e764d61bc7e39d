"""Obeying in any settings document what can be obeyed without knowing what it is about: other names, things left out.

Documents are plain JSON. Ids and the ends of edges are never touched: they say what belongs to what.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

import regex

from services.contexts.genesis.engine.directives import (
    ChangeAge,
    ChangeCount,
    ChangeLength,
    ChangeTone,
    ChangeTrait,
    Directive,
    Exclude,
    Include,
    Remark,
    Rename,
)
from services.contexts.genesis.engine.feedback.families import family_of
from services.contexts.genesis.engine.feedback.tone_words import TONE_WORDS
from services.contexts.genesis.engine.stage_requests import Object
from services.contexts.genesis.engine.text import Language

LIST_MINIMUM: Final = 3
"""A list of texts keeps so many of its items: what is in the way is said otherwise instead."""
NEUTRAL: Final[Mapping[Language, tuple[str, ...]]] = {
    "en": ("what nobody here has a word for", "the habit everyone pretends not to have", "an ordinary Tuesday, kept"),
    "zh": ("一件谁也没有名字的事", "人人装作没有的习惯", "一个照常过完的平常日子"),
}
NEUTRAL_SENTENCE: Final[Mapping[Language, str]] = {
    "en": "People here manage with what is at hand.", "zh": "这里的人靠手边的东西过日子。",
}  # fmt: skip

_SENTENCE: Final = regex.compile(r".+?(?:[.!?]+[”\"’]?(?=\s|$)|[。！？]+[”’』」]?|\n|$)\s*", regex.DOTALL)
_NAMES: Final = ("name", "title", "term")
_HERO: Final = "her|him|them|she|he|(?:the )?(?:hero(?:ine)?|protagonist|main character)|主角|主人公|她|他"
_VILLAIN: Final = "(?:the )?(?:villain|antagonist|enemy|rival)|反派|敌人|对手"
_PLACE: Final = (
    "(?:the )?(?:city|town|village|capital|harbou?r|port|place|island|kingdom|country)"
    "|城市|小镇|村子|都城|港口|地方|岛|王国|国家|城"
)
_BODY: Final = "(?:the )?(?:guild|order|organi[sz]ation|body|church|company|registry)|组织|公会|教会|机构|行会"
_KINDS: Final[tuple[tuple[str, str, str], ...]] = (
    (_HERO, "role_type", "protagonist"),
    (_VILLAIN, "role_type", "antagonist"),
    (_PLACE, "entry_type", "LOCATION"),
    (_BODY, "entry_type", "ORGANIZATION"),
    ("(?:the )?(?:law|rule)|法律|规矩", "entry_type", "LAW"),
    ("(?:the )?(?:novel|book|story|title)|书名|标题|小说", "title", ""),
)
"""What people call things by, and how a document marks them."""


def rename_in(document: Object, old: str, new: str) -> Object:
    """The document with one name for the other, whole words where words are spaced.

    Where nobody is called by the old name and it is a kind ("the city", "主角"), the first thing of that kind is meant.
    """
    name = old
    if not _holds(document, old):
        name = resolve_kind(document, old) or old
    pattern = _word(name)
    renamed: Object = _mapped(document, lambda text: pattern.sub(lambda _: new, text))
    return renamed


def resolve_kind(document: Any, kind: str) -> str | None:
    """The name of what is meant by a kind of thing in this document; None when there is nothing of the kind."""
    for pattern, where, value in _KINDS:
        if regex.fullmatch(pattern, kind.strip(), regex.I):
            return _first_named(document, where, value)
    return None


def exclude_from(document: Object, term: str, language: Language) -> Object:
    """The document without the thing: neither the word nor what belongs to it, in no sentence, item or entry.

    Nothing that has to be there goes away: a text that held nothing else is replaced, as is an item of a short list.
    """
    banned = _words(family_of(term))
    kept: Object = _without(document, banned, language)
    return kept


def shown_in(document: Any, directive: Directive, language: Language) -> bool:
    """Whether a document shows that a directive was obeyed, as far as a text can show it."""
    match directive:
        case Rename(old, new):
            return _holds(document, new) and (new in old or not _holds(document, old))
        case Exclude(term):
            banned = _words(family_of(term))
            return not any(banned.search(text) for text in texts_of(document))
        case Include(term) | Remark(term):
            return _holds(document, term)
        case ChangeTone(tone):
            words = TONE_WORDS[language][tone]
            told = "\n".join(texts_of(document)).casefold()
            return any(word in told for word in words)
        case ChangeTrait(_, trait, absent):
            return _holds(document, trait) is not absent
        case ChangeAge(_, _, years):
            ages = [one.get("age") for one in _objects(document)]
            return years is None or years in ages
        case ChangeCount() | ChangeLength():
            return True


def texts_of(value: Any, key: str = "") -> Iterator[str]:
    """Every text of a document but its ids."""
    match value:
        case str():
            if not _is_identity(key):
                yield value
        case Mapping():
            for name, part in value.items():
                yield from texts_of(part, str(name))
        case list() | tuple():
            for part in value:
                yield from texts_of(part, key)
        case _:
            return


# --- Taking out ----------------------------------------------------------------------------------------------------


def _without(value: Any, banned: regex.Pattern[str], language: Language) -> Any:
    match value:
        case str():
            return _text_without(value, banned, language)
        case Mapping():
            return {
                key: part if isinstance(part, str) and _is_identity(str(key)) else _without(part, banned, language)
                for key, part in value.items()
            }
        case list() | tuple():
            return _items_without(list(value), banned, language)
        case _:
            return value


def _text_without(text: str, banned: regex.Pattern[str], language: Language) -> str:
    if not banned.search(text):
        return text
    kept = "".join(part for part in _SENTENCE.findall(text) if not banned.search(part)).strip()
    return kept or NEUTRAL_SENTENCE[language]


def _items_without(items: list[Any], banned: regex.Pattern[str], language: Language) -> list[Any]:
    kept = [item for item in items if not _is_about(item, banned)]
    spare = (word for word in NEUTRAL[language] if word not in kept)
    missing = min(LIST_MINIMUM, len(items)) - len(kept)
    if missing > 0 and all(isinstance(item, str) for item in items):
        kept += [word for _, word in zip(range(missing), spare, strict=False)]
    return [_without(item, banned, language) for item in kept]


def _is_about(item: Any, banned: regex.Pattern[str]) -> bool:
    """A text that holds the thing, or an object that is called by it."""
    if isinstance(item, str):
        return banned.search(item) is not None
    if isinstance(item, Mapping):
        return any(isinstance(item.get(key), str) and banned.search(item[key]) for key in _NAMES)
    return False


# --- Finding -------------------------------------------------------------------------------------------------------


def _holds(document: Any, word: str) -> bool:
    pattern = _word(word)
    return any(pattern.search(text) for text in texts_of(document))


def _word(word: str) -> regex.Pattern[str]:
    return _words(frozenset({word.strip()}))


def _words(words: frozenset[str]) -> regex.Pattern[str]:
    spaced = [regex.escape(word) for word in sorted(words, key=len, reverse=True) if word.isascii()]
    others = [regex.escape(word) for word in sorted(words, key=len, reverse=True) if not word.isascii()]
    parts = ([rf"(?<![\p{{L}}\p{{N}}])(?:{'|'.join(spaced)})(?![\p{{L}}\p{{N}}])"] if spaced else []) + others
    return regex.compile("|".join(parts), regex.I)


def _first_named(document: Any, where: str, value: str) -> str | None:
    for one in _objects(document):
        name = one.get("name")
        if where == "title" and isinstance(one.get("title"), str):
            return str(one["title"])
        if not isinstance(name, str) or not name.strip():
            continue
        if one.get(where) == value:
            return name
    return None


def _objects(value: Any) -> Iterator[Mapping[str, Any]]:
    match value:
        case Mapping():
            yield value
            for part in value.values():
                yield from _objects(part)
        case list() | tuple():
            for part in value:
                yield from _objects(part)
        case _:
            return


def _mapped(value: Any, change: Callable[[str], str], key: str = "") -> Any:
    match value:
        case str():
            return value if _is_identity(key) else change(value)
        case Mapping():
            return {name: _mapped(part, change, str(name)) for name, part in value.items()}
        case list() | tuple():
            return [_mapped(part, change, key) for part in value]
        case _:
            return value


def _is_identity(key: str) -> bool:
    return key.endswith(("_id", "_ids")) or key in {"from", "to", "from_", "merged_from"}
