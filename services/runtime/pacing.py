"""Tools for loops that run for ever: growing waits, naps that can be cut short, work finished before stopping."""

import asyncio
import random
from collections.abc import Awaitable, Coroutine
from typing import Any, TypeVar

Result = TypeVar("Result")


class Backoff:
    """Waits that double from `first_seconds` to `seconds_max`, each shortened at random so that replicas spread out."""

    def __init__(self, first_seconds: float, seconds_max: float) -> None:
        self._first_seconds = first_seconds
        self._seconds_max = seconds_max
        self._next_seconds = first_seconds

    def next_seconds(self) -> float:
        """How long to wait before the next attempt."""
        seconds = self._next_seconds
        self._next_seconds = min(seconds * 2, self._seconds_max)
        return seconds * random.uniform(0.5, 1.0)

    def reset(self) -> None:
        """After a success: the next wait is the first again."""
        self._next_seconds = self._first_seconds


async def nap(seconds: float, *, until: asyncio.Event) -> bool:
    """Waits until the event is set or the time is over; whether it was set."""
    try:
        await within(seconds, until.wait())
    except TimeoutError:
        return False
    return True


async def within(seconds: float, waited: Awaitable[Result]) -> Result:
    """What is waited for; raises TimeoutError after `seconds`.

    Unlike `asyncio.wait_for` before Python 3.12 it never loses a cancellation that arrives together with the result:
    a loop that lost its own would run on while everything else has stopped.
    """
    async with asyncio.timeout(seconds):
        return await waited


async def finish_unit(work: Coroutine[Any, Any, Result], *, grace_seconds: float) -> Result:
    """Awaits the work to its end even when the caller is cancelled, then passes the cancellation on.

    Stopping a process cancels its loops; a batch half done would only be done again by the next one. Work that
    takes longer than `grace_seconds` after the cancellation is cancelled too.
    """
    task = asyncio.ensure_future(work)
    try:
        return await asyncio.shield(task)
    except asyncio.CancelledError:
        await asyncio.wait([task], timeout=grace_seconds)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        raise
