"""Waiting for something to become true, with a deadline; the only place where tests pass time."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import TypeVar

POLL_SECONDS = 0.01
DEADLINE_SECONDS = 20.0

Value = TypeVar("Value")


async def eventually(look: Callable[[], Awaitable[Value]], *, what: str, seconds: float = DEADLINE_SECONDS) -> Value:
    """The first true value that `look` gives; fails with `what` and the last value when the time is over."""
    deadline = time.monotonic() + seconds
    while True:
        value = await look()
        if value:
            return value
        if time.monotonic() > deadline:
            raise AssertionError(f"not within {seconds} s: {what}; last seen: {value!r}")
        await asyncio.sleep(POLL_SECONDS)


def eventually_sync(look: Callable[[], Value], *, what: str, seconds: float = DEADLINE_SECONDS) -> Value:
    """The same where there is no event loop."""
    deadline = time.monotonic() + seconds
    while True:
        value = look()
        if value:
            return value
        if time.monotonic() > deadline:
            raise AssertionError(f"not within {seconds} s: {what}; last seen: {value!r}")
        time.sleep(POLL_SECONDS)
