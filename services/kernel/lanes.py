"""Lanes: the fixed number of ordered sub-streams that every scope is spread over."""

from zlib import crc32

LANE_COUNT = 64
"""Never changes for a database that has events: the lane of an event is stored with it."""


def lane_of(scope_id: str) -> int:
    """The lane (0 … 63) of a scope: the same for every process, Python version and machine."""
    return crc32(scope_id.encode()) % LANE_COUNT
