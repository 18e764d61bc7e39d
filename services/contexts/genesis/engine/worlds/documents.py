"""Reading free JSON: what a person saved by hand may hold anything anywhere, and nothing of it may raise."""

from collections.abc import Iterator, Mapping
from typing import Any

from services.contexts.genesis.engine.stage_requests import Object
from services.contexts.genesis.engine.text import storable

_DEPTH_MAX = 12


def object_in(document: Any, key: str) -> Object:
    """Return the object under a key, an empty one if there is none."""
    value = document.get(key) if isinstance(document, Mapping) else None
    return dict(value) if isinstance(value, Mapping) else {}


def objects_in(document: Any, key: str) -> list[Object]:
    """Return the objects of the list under a key."""
    value = document.get(key) if isinstance(document, Mapping) else None
    return [dict(item) for item in value if isinstance(item, Mapping)] if isinstance(value, list | tuple) else []


def text_in(document: Any, key: str) -> str:
    """Return the text under a key, "" if there is none."""
    return text_of(document.get(key)) if isinstance(document, Mapping) else ""


def texts_in(document: Any, key: str) -> tuple[str, ...]:
    """Return the texts under a key, be it one or a list of them."""
    value = document.get(key) if isinstance(document, Mapping) else None
    listed = value if isinstance(value, list | tuple) else (value,)
    return tuple(dict.fromkeys(text for text in map(text_of, listed) if text))


def text_of(value: Any) -> str:
    """Return a value's words, "" if it is no text."""
    return storable(value).strip() if isinstance(value, str) else ""


def told_in(value: Any, depth: int = 0) -> Iterator[str]:
    """Yield all texts of a value, those of its parts included."""
    if isinstance(value, str):
        yield storable(value)
    elif depth < _DEPTH_MAX and isinstance(value, Mapping):
        for item in value.values():
            yield from told_in(item, depth + 1)
    elif depth < _DEPTH_MAX and isinstance(value, list | tuple):
        for item in value:
            yield from told_in(item, depth + 1)
