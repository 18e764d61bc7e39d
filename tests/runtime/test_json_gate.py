"""Bodies that are refused before they are parsed: only those that would be refused behind it, too."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.kernel.decider import Rejected
from services.runtime.json_gate import KEYS_MAX, KEYS_PLAINLY_TOO_MANY, _colons_outside_texts, parse_json

TEXTS = st.text(alphabet='ab:"\\/{}[],\n中', max_size=8)
VALUES: st.SearchStrategy[Any] = st.recursive(
    TEXTS | st.integers() | st.none(), lambda inner: st.lists(inner) | st.dictionaries(TEXTS, inner), max_leaves=20
)


def count_keys(value: Any) -> int:
    match value:
        case dict():
            return len(value) + sum(map(count_keys, value.values()))
        case list():
            return sum(map(count_keys, value))
        case _:
            return 0


@given(VALUES, st.booleans())
def test_colons_outside_texts_are_keys(value: Any, ascii_only: bool) -> None:  # noqa: FBT001
    raw = json.dumps(value, ensure_ascii=ascii_only).encode()
    assert _colons_outside_texts(raw) == count_keys(value)


def test_colons_in_a_text_are_welcome() -> None:
    value = {"text": '12:30, she said: \\"now\\": ' * KEYS_MAX}
    assert parse_json(json.dumps(value).encode()) == value


@pytest.mark.parametrize("count", [KEYS_MAX + 1, KEYS_PLAINLY_TOO_MANY + 1, 20_000])
def test_too_many_keys_are_refused_by_the_same_code(count: int) -> None:
    with pytest.raises(Rejected) as refused:
        parse_json(json.dumps(dict.fromkeys(map(str, range(count)))).encode())
    assert [error.code for error in refused.value.errors] == ["TOO_MANY_KEYS"]
