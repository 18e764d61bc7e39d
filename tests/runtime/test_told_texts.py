"""Texts are told in pieces that notifications hold, and that make up the text again."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.runtime.tasks import TEXT_BYTES_MAX, _pieces

SHORTEST = TEXT_BYTES_MAX // 6 - 1


@given(
    st.lists(st.tuples(st.sampled_from(["a", "é", "长", "😀", "\x01", '"', "\n"]), st.integers(1, 9_000)), max_size=5),
    st.integers(0, 3_000),
)
def test_pieces_are_small_enough_and_make_up_the_text(runs: list[tuple[str, int]], offset: int) -> None:
    text = "".join(character * times for character, times in runs)
    offset = min(offset, len(text))
    pieces = list(_pieces(text, offset))
    assert "".join(piece["text"] for piece in pieces) == text[offset:]
    for piece in pieces:
        assert text[piece["offset"] :].startswith(piece["text"])
        assert len(json.dumps(piece["text"], ensure_ascii=False).encode()) <= TEXT_BYTES_MAX
    assert all(len(piece["text"]) >= SHORTEST for piece in pieces[:-1]), "they are no smaller than need be"


@pytest.mark.parametrize(("text", "count"), [("", 0), ("a", 1), ("a" * 6_498, 1), ("a" * 6_499, 2), ("长" * 6_498, 3)])
def test_there_are_as_few_pieces_as_can_be(text: str, count: int) -> None:
    assert len(list(_pieces(text, 0))) == count
