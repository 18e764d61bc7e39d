"""Positions as clients see them: the cursor of an event stream, and the token to wait for one's own write.

Both carry the store's epoch, so that one from another history (a restored backup) is noticed.
"""

import re
import struct
from base64 import b64decode, urlsafe_b64encode
from dataclasses import dataclass
from uuid import UUID

from services.kernel.decider import Rejected
from services.kernel.lanes import LANE_COUNT

POSITION_MAX = 2**63 - 1
"""What a bigint holds."""

_CURSOR = re.compile(r"([0-9a-f]{32})-([0-9]{1,19})")
_TOKEN = struct.Struct(">16sBQ")


@dataclass(frozen=True, slots=True)
class Cursor:
    """A place in the sequence of all events: everything up to `position` is behind it."""

    epoch: UUID
    position: int


@dataclass(frozen=True, slots=True)
class PositionToken:
    """A write that a reader wants to see: `position` in `lane`."""

    epoch: UUID
    lane: int
    position: int


def encode_cursor(epoch: UUID, position: int) -> str:
    """`<epoch in hexadecimal>-<position>`: the `id` of stream frames."""
    return f"{epoch.hex}-{position}"


def decode_cursor(text: str) -> Cursor:
    """Raises Rejected INVALID_CURSOR."""
    matched = _CURSOR.fullmatch(text.strip())
    if matched is None or int(matched[2]) > POSITION_MAX:
        raise Rejected("INVALID_CURSOR", "This is no cursor of an event stream.")
    return Cursor(UUID(matched[1]), int(matched[2]))


def encode_position_token(epoch: UUID, lane: int, position: int) -> str:
    """The value of `X-Event-Position`; clients hand it back as `X-Min-Position` and never look inside."""
    return urlsafe_b64encode(_TOKEN.pack(epoch.bytes, lane, position)).decode().rstrip("=")


def decode_position_token(text: str) -> PositionToken:
    """Raises Rejected INVALID_MIN_POSITION."""
    try:
        raw = b64decode(text.strip() + "==", altchars=b"-_", validate=True)
        epoch, lane, position = _TOKEN.unpack(raw)
    except (ValueError, struct.error) as error:
        raise _not_a_token() from error
    if lane >= LANE_COUNT or position > POSITION_MAX:
        raise _not_a_token()
    return PositionToken(UUID(bytes=epoch), lane, position)


def _not_a_token() -> Rejected:
    return Rejected("INVALID_MIN_POSITION", "X-Min-Position takes the X-Event-Position of a write, unchanged.")
