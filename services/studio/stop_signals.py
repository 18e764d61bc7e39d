"""Ctrl-C, SIGTERM and a closed terminal as events instead of exceptions in the middle of something."""

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from types import FrameType
from typing import Final

SIGNALS: Final = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


@dataclass(frozen=True, slots=True)
class StopRequest:
    """`asked` at the first signal; `hurry` at the second: kill what has not stopped yet."""

    asked: threading.Event = field(default_factory=threading.Event)
    hurry: threading.Event = field(default_factory=threading.Event)


@contextmanager
def stop_on_signals() -> Iterator[StopRequest]:
    """Turn signals into a StopRequest while inside; only in the main thread."""
    request = StopRequest()

    def handle(_number: int, _frame: FrameType | None) -> None:
        (request.hurry if request.asked.is_set() else request.asked).set()

    before = {number: signal.signal(number, handle) for number in SIGNALS}
    try:
        yield request
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
