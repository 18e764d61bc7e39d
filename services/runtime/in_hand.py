"""The requests that a process has in hand: a bounded number of them, none for longer than its route allows."""

import asyncio
from types import TracebackType
from typing import Final

from services.kernel.decider import Rejected

SWEEP_SECONDS: Final = 1.0
"""How often it is looked for who is overdue. A timer for each request would cost it more than all the rest here."""


class InHand:
    """All requests in hand but streams, which have bounds of their own."""

    def __init__(self, count_max: int) -> None:
        self._count_max = count_max
        self._requests: set[_Request] = set()
        self._sweeping: asyncio.TimerHandle | None = None

    def one(self, seconds_max: float) -> "_Request":
        """One more, for as long as it is a context.

        Raises Rejected: OVERLOADED when there are too many already, TIMED_OUT in the request when its time is over.
        """
        if len(self._requests) >= self._count_max:
            raise Rejected("OVERLOADED", "Too many requests are in hand; try again.")
        return _Request(self, seconds_max)

    def begin(self, request: "_Request") -> None:
        """From now on it is looked at."""
        self._requests.add(request)
        if self._sweeping is None:
            self._sweeping = asyncio.get_running_loop().call_later(SWEEP_SECONDS, self._sweep)

    def end(self, request: "_Request") -> None:
        """It is done."""
        self._requests.discard(request)

    def _sweep(self) -> None:
        loop = asyncio.get_running_loop()
        now = loop.time()
        for request in self._requests:
            request.end_if_overdue(now)
        self._sweeping = loop.call_later(SWEEP_SECONDS, self._sweep) if self._requests else None


class _Request:
    __slots__ = ("_deadline", "_in_hand", "_is_overdue", "_seconds_max", "_task")

    def __init__(self, in_hand: InHand, seconds_max: float) -> None:
        self._in_hand = in_hand
        self._seconds_max = seconds_max
        self._is_overdue = False

    def __enter__(self) -> None:
        task = asyncio.current_task()
        assert task is not None, "the server runs each request in a task"
        self._task = task
        self._deadline = asyncio.get_running_loop().time() + self._seconds_max
        self._in_hand.begin(self)

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None) -> None:
        self._in_hand.end(self)
        if self._is_overdue and self._task.uncancel() == 0 and kind is asyncio.CancelledError:
            raise Rejected("TIMED_OUT", f"This took longer than {self._seconds_max:g} s.") from error

    def end_if_overdue(self, now: float) -> None:
        """Cancels it once."""
        if now >= self._deadline and not self._is_overdue:
            self._is_overdue = True
            self._task.cancel()
