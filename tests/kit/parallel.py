"""Doing the same thing many times at once."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import TypeVar

Value = TypeVar("Value")


def at_once(count: int, call: Callable[[int], Value]) -> list[Value]:
    """What `call(0)` … `call(count - 1)` give, each in a thread of its own, all let go at the same moment."""
    start = Barrier(count)

    def run(number: int) -> Value:
        start.wait()
        return call(number)

    with ThreadPoolExecutor(count) as threads:
        return list(threads.map(run, range(count)))
