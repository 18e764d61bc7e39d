"""What may be stored: the one gate that every body and every provider's answer passes.

Parsing is jiter's, which is fast and refuses duplicate keys; when it refuses, or a value is not storable,
a slower second look finds the place, so that the caller gets a pointer.
"""

import json
import math
import re
from typing import Any

import jiter

from services.kernel.decider import FieldError, Rejected

BODY_BYTES_MAX = 256 * 1024
DEPTH_MAX = 32
KEYS_MAX = 1_000
KEYS_PLAINLY_TOO_MANY = 2 * KEYS_MAX
"""So many are refused without being parsed, which would hold up everybody else's requests, and without a pointer."""
STRING_BYTES_MAX = 100 * 1024
INTEGER_MAX = 2**53 - 1

_SURROGATE = re.compile("[\ud800-\udfff]")


def parse_json(raw: bytes) -> Any:
    """The value of a JSON text that may be stored. Raises Rejected MALFORMED_JSON or VALIDATION_ERROR."""
    if raw.count(b":") > KEYS_PLAINLY_TOO_MANY and _colons_outside_texts(raw) > KEYS_PLAINLY_TOO_MANY:
        raise _too_many_keys("")
    try:
        value = jiter.from_json(raw, catch_duplicate_keys=True, allow_inf_nan=False, cache_mode="keys")
    except ValueError as error:
        raise _located(raw, str(error)) from None
    check_storable(value)
    return value


def check_storable(value: Any) -> None:
    """Raises Rejected VALIDATION_ERROR with a pointer for the first thing that may not be stored."""
    _Check().visit(value, "", 1)


class _Check:
    """One walk over a value, counting keys as it goes."""

    def __init__(self) -> None:
        self.keys = 0

    def visit(self, value: Any, pointer: str, depth: int) -> None:
        if isinstance(value, str):
            _check_string(value, pointer)
        elif isinstance(value, dict):
            self._visit_object(value, pointer, depth)
        elif isinstance(value, list):
            _check_depth(depth, pointer)
            for index, item in enumerate(value):
                # Nothing is wrong with most of what makes an array long.
                if type(item) is not int or not -INTEGER_MAX <= item <= INTEGER_MAX:
                    self.visit(item, f"{pointer}/{index}", depth + 1)
        elif isinstance(value, int):
            if not -INTEGER_MAX <= value <= INTEGER_MAX:
                raise _refused(pointer, "INTEGER_TOO_LARGE", "An integer may be at most 2^53 − 1 in size.")
        elif isinstance(value, float) and not math.isfinite(value):
            raise _refused(pointer, "NUMBER_NOT_FINITE", "NaN and Infinity are no JSON numbers.")

    def _visit_object(self, value: dict[str, Any], pointer: str, depth: int) -> None:
        _check_depth(depth, pointer)
        self.keys += len(value)
        if self.keys > KEYS_MAX:
            raise _too_many_keys(pointer)
        for key, item in value.items():
            inner = f"{pointer}/{_escaped(key)}"
            _check_string(key, inner)
            self.visit(item, inner, depth + 1)


class _Doubled(dict[str, Any]):
    """An object of a text in which `key` is there twice."""

    key = ""


class _LocatingCheck(_Check):
    """The same walk over what `_pairs` made of a text, to the first key that is there twice."""

    def _visit_object(self, value: dict[str, Any], pointer: str, depth: int) -> None:
        if isinstance(value, _Doubled):
            inner = f"{pointer}/{_escaped(value.key)}"
            raise _refused(inner, "DUPLICATE_KEY", f"The key {value.key!r} is there twice in one object.")
        super()._visit_object(value, pointer, depth)


def _check_depth(depth: int, pointer: str) -> None:
    if depth > DEPTH_MAX:
        raise _refused(pointer, "TOO_DEEP", f"A body may be nested at most {DEPTH_MAX} deep.")


def _check_string(value: str, pointer: str) -> None:
    if "\x00" in value:
        raise _refused(pointer, "NUL_CHARACTER", "The character NUL cannot be stored.")
    if len(value) * 4 > STRING_BYTES_MAX and len(value.encode("utf-8", "surrogatepass")) > STRING_BYTES_MAX:
        raise _refused(pointer, "STRING_TOO_LONG", f"A text may have at most {STRING_BYTES_MAX // 1024} KiB.")
    if not value.isascii() and _SURROGATE.search(value):
        raise _refused(pointer, "LONE_SURROGATE", "The text has half of a surrogate pair.")


def _located(raw: bytes, reason: str) -> Rejected:
    """The refusal for a text that jiter did not accept, with a pointer where the trouble is inside a value."""
    try:
        value = json.loads(raw.decode(), object_pairs_hook=_pairs)
        _LocatingCheck().visit(value, "", 1)
    except Rejected as rejected:
        return rejected
    except UnicodeDecodeError as error:
        reason = f"The body is not UTF-8 at byte {error.start}."
    except RecursionError:
        return _refused("", "TOO_DEEP", f"A body may be nested at most {DEPTH_MAX} deep.")
    except ValueError:
        reason = reason if raw.strip() else "The body is empty."
    return Rejected("MALFORMED_JSON", reason, errors=(FieldError("", "MALFORMED_JSON", reason),))


def _pairs(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    value: dict[str, Any] = {}
    for key, item in pairs:
        if key in value:
            doubled = _Doubled(pairs)
            doubled.key = key
            return doubled
        value[key] = item
    return value


def _colons_outside_texts(raw: bytes) -> int:
    """One behind each key, if it is JSON."""
    pieces = raw.replace(rb"\\", b"").replace(rb"\"", b"").split(b'"')
    return b"".join(pieces[::2]).count(b":")


def _too_many_keys(pointer: str) -> Rejected:
    return _refused(pointer, "TOO_MANY_KEYS", f"A body may have at most {KEYS_MAX} keys.")


def _refused(pointer: str, code: str, message: str) -> Rejected:
    return Rejected("VALIDATION_ERROR", message, errors=(FieldError(pointer, code, message),))


def _escaped(key: str) -> str:
    """A key as a step of an RFC 6901 pointer, itself free of what cannot be encoded."""
    return key.replace("~", "~0").replace("/", "~1").encode("utf-8", "replace").decode()
