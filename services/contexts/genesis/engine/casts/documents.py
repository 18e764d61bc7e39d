"""Reading free JSON: what a person saved by hand may hold anything anywhere, and nothing of it may raise."""

from collections.abc import Iterator
from typing import Any

import regex

from services.contexts.genesis.engine.stage_requests import Object
from services.contexts.genesis.engine.text import storable

_LIST_BREAK = regex.compile(r"\s*[,;/、，；\n]\s*")
AGE_MAX = 100_000


def object_in(document: Any, key: str) -> Object:
    """Return the object under a key, an empty one if there is none."""
    value = document.get(key) if isinstance(document, dict) else None
    return value if isinstance(value, dict) else {}


def objects_in(document: Any, key: str) -> list[Object]:
    """Return the objects of the list under a key."""
    value = document.get(key) if isinstance(document, dict) else None
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list | tuple) else []


def text_in(document: Any, *keys: str) -> str:
    """Return the first text with something in it under one of the keys, storable and without blanks around it."""
    for key in keys:
        value = document.get(key) if isinstance(document, dict) else None
        if isinstance(value, str) and storable(value).strip():
            return storable(value).strip()
    return ""


def texts_in(document: Any, *keys: str) -> tuple[str, ...]:
    """Return the texts of the first list under one of the keys; a single text is read as a list of words."""
    for key in keys:
        value = document.get(key) if isinstance(document, dict) else None
        if isinstance(value, str):
            value = _LIST_BREAK.split(value)
        if isinstance(value, list | tuple):
            texts = (storable(item).strip() for item in value if isinstance(item, str))
            found = tuple(dict.fromkeys(text for text in texts if text))
            if found:
                return found
    return ()


def whole_number(value: Any, low: int, high: int) -> int | None:
    """Return what can be read as a whole number within bounds, however it was written down."""
    if isinstance(value, bool):
        return None
    if isinstance(value, str):
        digits = regex.search(r"-?[0-9]{1,9}", value)
        value = int(digits.group()) if digits else _chinese_number(value)
    if isinstance(value, float):
        value = int(value) if abs(value) <= high else None
    return value if isinstance(value, int) and low <= value <= high else None


def told_in(value: Any) -> Iterator[str]:
    """Yield all texts of a document, depth first."""
    if isinstance(value, str):
        yield storable(value)
    elif isinstance(value, dict):
        for item in value.values():
            yield from told_in(item)
    elif isinstance(value, list | tuple):
        for item in value:
            yield from told_in(item)


def _chinese_number(text: str) -> int | None:
    """Read numbers up to 999 as ages are written: 十七, 四十一, 一百零三."""
    written = regex.search(r"[零一二两三四五六七八九十百]+", text)
    if not written:
        return None
    total, digit = 0, 0
    for sign in written.group():
        if sign in "十百":
            total, digit = total + (digit or 1) * (10 if sign == "十" else 100), 0
        else:
            digit = "零一二三四五六七八九".find(sign.replace("两", "二"))
    return total + digit
