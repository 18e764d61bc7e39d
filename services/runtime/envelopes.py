"""Answers and refusals in the form that the director's clients expect, of which accounts are a part.

An answer's `data` is wrapped with a code, a message and a time. What is wrong with a request is 400, with a number that
says how: 1000 for a value, 1001 for one that is missing, 1002 for one that can't be read.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any, Final

from services.kernel.decider import FieldError, Rejected

_MISSING: Final = 1001
_UNREADABLE: Final = 1002
_UNREADABLE_TYPES: Final = ("uuid", "datetime", "date", "json")


def envelope(data: Any, message: str, code: int = 200) -> dict[str, Any]:
    """The body of an answer."""
    return {"code": code, "message": message, "data": data, "timestamp": datetime.now(UTC)}


@contextmanager
def in_their_words(*, enveloped: bool = True) -> Iterator[None]:
    """Says a refusal of what is asked inside as these clients know it."""
    try:
        yield
    except Rejected as rejected:
        if not enveloped:
            raise
        raise translated(rejected) from rejected


def translated(rejected: Rejected) -> Rejected:
    """The refusal with their status and number, and the field that it is about."""
    extra = {"timestamp": datetime.now(UTC), **rejected.extra}
    if rejected.code not in ("VALIDATION_ERROR", "MALFORMED_JSON"):
        return Rejected(rejected.code, rejected.detail, errors=rejected.errors, **extra)
    first = rejected.errors[0] if rejected.errors else FieldError("", "", "")
    number = {"code": _number(rejected, first)}
    field = first.pointer.strip("/").split("/")[0]
    extra["error"] = number | ({"field": field} if field else {})
    return Rejected("INVALID_PARAMETER", rejected.detail, errors=rejected.errors, **extra)


def _number(rejected: Rejected, error: FieldError) -> int:
    if error.code == "missing":
        return _MISSING
    if rejected.code == "MALFORMED_JSON" or error.code.startswith(_UNREADABLE_TYPES):
        return _UNREADABLE
    return 1000
