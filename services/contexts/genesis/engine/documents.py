"""Reading free JSON: what a person saved by hand may hold anything anywhere, and nothing of it may raise."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

import regex

from services.contexts.genesis.engine.feedback.numbers import number_in
from services.contexts.genesis.engine.stage_requests import Object
from services.contexts.genesis.engine.text import storable

AGE_MAX: Final = 100_000

_LIST_BREAK: Final = regex.compile(r"\s*[,;/、，；\n]\s*")
_NUMBER: Final = regex.compile(r"-?[0-9]{1,6}|[零〇一二两俩三四五六七八九十百]+")
# What holds a document together, and words that are one of a few: no reader reads these, no feedback is about them.
_FIXED: Final = frozenset({
    "id", "from", "from_", "to", "merged_from", "entry_type", "role_type", "importance", "stance", "type", "structure",
    "conflict_type", "function", "mbti", "path", "category",
})  # fmt: skip


# --- One thing under a key -----------------------------------------------------------------------------------------


def object_in(document: Any, key: str) -> Object:
    """Return the object under a key, an empty one if there is none."""
    value = document.get(key) if isinstance(document, Mapping) else None
    return value if isinstance(value, dict) else {}


def objects_in(document: Any, key: str) -> list[Object]:
    """Return the objects of the list under a key."""
    return objects_among(document.get(key)) if isinstance(document, Mapping) else []


def objects_among(value: Any) -> list[Object]:
    """Return the objects of a list, none if it is something else."""
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list | tuple) else []


def text_of(value: Any) -> str:
    """Return a value's words without blanks around them, "" if it is no text."""
    return storable(value).strip() if isinstance(value, str) else ""


def text_in(document: Any, *keys: str) -> str:
    """Return the first text with something in it under one of the keys, "" if there is none."""
    if isinstance(document, Mapping):
        for key in keys:
            if text := text_of(document.get(key)):
                return text
    return ""


def texts_in(document: Any, key: str) -> tuple[str, ...]:
    """Return the texts under a key, each once, be it one or a list of them."""
    return texts_among(document.get(key)) if isinstance(document, Mapping) else ()


def texts_among(value: Any) -> tuple[str, ...]:
    """Return the texts of a list, each once; a text is a list of one."""
    items = value if isinstance(value, list | tuple) else (value,)
    return tuple(dict.fromkeys(text for text in map(text_of, items) if text))


def words_in(document: Any, *keys: str) -> tuple[str, ...]:
    """Return the texts of the first list under one of the keys; a single text is read as a list of words."""
    for key in keys:
        value = document.get(key) if isinstance(document, Mapping) else None
        found = texts_among(_LIST_BREAK.split(value) if isinstance(value, str) else value)
        if found:
            return found
    return ()


def whole_number(value: Any, low: int, high: int) -> int | None:
    """Return what can be read as a whole number within bounds, however it was written down."""
    if isinstance(value, bool):
        return None
    if isinstance(value, str):
        digits = _NUMBER.search(value)
        value = _signed(digits.group()) if digits else None
    if isinstance(value, float):
        value = int(value) if abs(value) <= high else None
    return value if isinstance(value, int) and low <= value <= high else None


def name_of(value: Mapping[str, Any]) -> str:
    """Return the name of an object, "" if it has none."""
    return text_of(value.get("name") or value.get("term"))


def _signed(digits: str) -> int | None:
    number = number_in(digits.removeprefix("-"))
    return -number if number and digits.startswith("-") else number


# --- Going through all of it ---------------------------------------------------------------------------------------


def _open(_: str) -> bool:
    return False


def leaves_of(value: Any, key: str = "", *, closed: Callable[[str], bool] = _open) -> Iterator[tuple[str, Any]]:
    """Yield all that is neither object nor list, depth first, with its key; what a closed key holds is passed over."""
    if closed(key):
        return
    if isinstance(value, Mapping):
        for name, item in value.items():
            yield from leaves_of(item, str(name), closed=closed)
    elif isinstance(value, list | tuple):
        for item in value:
            yield from leaves_of(item, key, closed=closed)
    else:
        yield key, value


def told_in(value: Any, *, without: frozenset[str] = frozenset()) -> Iterator[str]:
    """Yield all texts of a document in order; what stands under a key that is left out is passed over."""
    # Read so often that it is one loop: a generator in each object would hand every text up through all of them.
    pending = [value]
    while pending:
        item = pending.pop()
        if isinstance(item, str):
            yield storable(item)
        elif isinstance(item, list | tuple):
            pending.extend(reversed(item))
        elif isinstance(item, Mapping):
            pending.extend([part for key, part in item.items() if key not in without][::-1])


def texts_of(value: Any) -> Iterator[str]:
    """Yield those texts of a document that a reader reads."""
    return (storable(leaf) for _, leaf in leaves_of(value, closed=is_fixed) if isinstance(leaf, str))


def objects_of(value: Any, key: str = "") -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Yield every object of a document with the key it stands under, the outer before the inner."""
    if isinstance(value, Mapping):
        yield key, value
        for name, item in value.items():
            yield from objects_of(item, str(name))
    elif isinstance(value, list | tuple):
        for item in value:
            yield from objects_of(item, key)


def mapped(value: Any, change: Callable[[str], str], key: str = "") -> Any:
    """Return a document with every text changed that a reader reads; keys and what is fixed stay."""
    if is_fixed(key):
        return value
    if isinstance(value, str):
        return change(value)
    if isinstance(value, Mapping):
        return {name: mapped(item, change, str(name)) for name, item in value.items()}
    if isinstance(value, list | tuple):
        return type(value)(mapped(item, change, key) for item in value)
    return value


def is_fixed(key: str) -> bool:
    """Tell whether what stands under a key is to stay as it is, whatever is asked."""
    return key in _FIXED or key.endswith(("_id", "_ids"))
