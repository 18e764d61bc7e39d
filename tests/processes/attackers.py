"""Users who mean no good, in a process of their own, so that only what they do to the other end is measured."""

import multiprocessing
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from multiprocessing.connection import Connection
from multiprocessing.synchronize import Event

from tests.kit.raw_requests import RawConnection

PAUSE_SECONDS = 0.05


@contextmanager
def sending(port: int, requests: Sequence[bytes]) -> Iterator[list[int]]:
    """The requests are sent in turn, each on a connection of its own, while the block runs; what they were answered.

    0 stands for a connection that was closed in the middle.
    """
    spawning = multiprocessing.get_context("spawn")
    begun, over = spawning.Event(), spawning.Event()
    ours, theirs = spawning.Pipe(duplex=False)
    process = spawning.Process(target=_attack, args=(port, list(requests), begun, over, theirs))
    process.start()
    statuses: list[int] = []
    try:
        assert begun.wait(60), "the attack has begun"
        yield statuses
        over.set()
        statuses += ours.recv()
    finally:
        over.set()
        process.join(60)
        process.kill()


def _attack(port: int, requests: Sequence[bytes], begun: Event, over: Event, told: "Connection[list[int]]") -> None:
    statuses: list[int] = []
    begun.set()
    while not over.wait(PAUSE_SECONDS):
        with RawConnection(port) as connection:
            connection.send(requests[len(statuses) % len(requests)])
            answer = connection.answer()
            statuses.append(answer.status_code if answer is not None else 0)
    told.send(statuses)
