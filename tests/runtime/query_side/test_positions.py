"""Cursors and position tokens."""

import re
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.kernel.decider import Rejected
from services.runtime.positions import (
    POSITION_MAX,
    Cursor,
    PositionToken,
    decode_cursor,
    decode_position_token,
    encode_cursor,
    encode_position_token,
)

POSITIONS = st.integers(0, POSITION_MAX)


@given(st.uuids(), POSITIONS)
def test_a_cursor_comes_back_as_it_went(epoch: UUID, position: int) -> None:
    assert decode_cursor(encode_cursor(epoch, position)) == Cursor(epoch, position)


@given(st.uuids(), st.integers(0, 63), POSITIONS)
def test_a_token_comes_back_as_it_went_and_fits_a_header(epoch: UUID, lane: int, position: int) -> None:
    token = encode_position_token(epoch, lane, position)
    assert re.fullmatch("[A-Za-z0-9_-]{34}", token)
    assert decode_position_token(token) == PositionToken(epoch, lane, position)


@given(st.text())
def test_garbage_is_refused_with_the_code_of_its_kind(text: str) -> None:
    with pytest.raises(Rejected, match="INVALID_CURSOR"):
        decode_cursor(text)
    with pytest.raises(Rejected, match="INVALID_MIN_POSITION"):
        decode_position_token(text)


ZEROS = "0" * 32


@pytest.mark.parametrize("text", ["5", f"{ZEROS}-", f"{ZEROS}--1", f"{ZEROS}-{POSITION_MAX + 1}", f"{'G' * 32}-1"])
def test_an_almost_cursor_is_refused(text: str) -> None:
    with pytest.raises(Rejected, match="INVALID_CURSOR"):
        decode_cursor(text)
