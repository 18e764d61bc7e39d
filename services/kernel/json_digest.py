"""Whether two JSON values say the same, without keeping them."""

from hashlib import blake2b
from typing import Any

import orjson

_EXACT_MAX = 2**53
"""Up to here a double holds every whole number."""


def json_digest(value: Any) -> str:
    """32 hexadecimal digits, the same for values that are equal, whichever way they were stored and read since.

    PostgreSQL writes 1e2 as 100 and -0.0 as 0.0, so numbers count as doubles (RFC 8785) and not as they are spelt.
    """
    canonical = orjson.dumps(_with_plain_numbers(value), option=orjson.OPT_SORT_KEYS)
    return blake2b(canonical, digest_size=16).hexdigest()


def _with_plain_numbers(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _with_plain_numbers(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_with_plain_numbers(item) for item in value]
    if isinstance(value, float) and value.is_integer() and abs(value) <= _EXACT_MAX:
        return int(value)
    if isinstance(value, int) and abs(value) > _EXACT_MAX:
        return float(value)
    return value
