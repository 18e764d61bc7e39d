"""Many writers at once, each taking a genesis from its idea to a foundation, in a process of their own."""

import multiprocessing
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any
from uuid import uuid4

import psycopg

from tests.journeys.genesis_conversations import IDEA, with_plot
from tests.kit.other_machines import give_way_to_the_studio
from tests.kit.studio import Client, Studio

LOOK_SECONDS = 0.1
GENESIS_SECONDS_MAX = 900.0
BEGIN_SECONDS = 0.1
"""From one writer's beginning to the next one's."""


@contextmanager
def writing(studio: Studio, count: int) -> Iterator["Callable[[], list[str] | None]"]:
    """So many writers, one after the other; gives what tells the statuses of their flows once all have ended."""
    spawning = multiprocessing.get_context("spawn")
    ours, theirs = spawning.Pipe(duplex=False)
    where = (studio.directory, studio.command_urls, studio.query_urls, studio.database_url, studio.secret)
    process = spawning.Process(target=_write, args=(*where, count, theirs))
    process.start()

    def statuses() -> list[str] | None:
        if not ours.poll():
            assert process.is_alive(), "somebody could not go on: see the output"
            return None
        found: list[str] = ours.recv()
        return found

    try:
        yield statuses
    finally:
        process.kill()
        process.join()


def _write(
    directory: Path,
    command_urls: tuple[str, ...],
    query_urls: tuple[str, ...],
    database_url: str,
    secret: bytes,
    count: int,
    told: "Connection[list[str]]",
) -> None:
    give_way_to_the_studio()
    # Each has connections of their own: hundreds would wait for those of one client.
    studios = [Studio(directory, command_urls, query_urls, database_url, "", secret) for _ in range(count)]
    ends = _Ends(database_url)
    begins = [time.monotonic() + number * BEGIN_SECONDS for number in range(count)]
    with ends.watched(), ThreadPoolExecutor(count) as threads:
        told.send(list(threads.map(partial(_from_idea_to_foundation, ends), studios, begins)))


def _from_idea_to_foundation(ends: "_Ends", studio: Studio, begins: float) -> str:
    ends.wait_until(begins)
    with studio.http:
        writer = with_plot(_PatientClient(studio, f"writer-{uuid4().hex[:12]}", ends=ends), IDEA).goes_on()
        writer.send("Details.Request")
        writer.send("Details.Confirm")
        writer.send("Finish")
        return str(writer.state_of_flow()["status"])


@dataclass
class _PatientClient(Client):
    """A client that asks for a command's status when it is over."""

    ends: "_Ends" = field(kw_only=True)

    def finished_command(self, command_id: str) -> dict[str, Any]:
        self.ends.wait(command_id)
        return super().finished_command(command_id)


class _Ends:
    """Where hundreds wait for the ends of their commands, while one looks."""

    def __init__(self, database_url: str) -> None:
        self._database_url = database_url
        self._waiting: dict[str, threading.Event] = {}
        self._lock = threading.Lock()
        self._over = threading.Event()

    def wait_until(self, moment: float) -> None:
        """Until that time of the monotonic clock, or until all is over."""
        self._over.wait(max(0.0, moment - time.monotonic()))

    def wait(self, command_id: str) -> None:
        """Until the command has come to its end."""
        ended = threading.Event()
        with self._lock:
            self._waiting[command_id] = ended
        assert ended.wait(GENESIS_SECONDS_MAX), f"command {command_id} has not come to an end"

    @contextmanager
    def watched(self) -> Iterator[None]:
        """Looks until the block ends."""
        watcher = threading.Thread(target=self._watch, daemon=True)
        watcher.start()
        try:
            yield
        finally:
            self._over.set()
            watcher.join()

    def _watch(self) -> None:
        ended = "SELECT id::TEXT FROM command_inbox WHERE id = ANY(%s::UUID[]) AND status IN ('COMPLETED', 'FAILED')"
        # One connection for all looks: to open one takes the server longer than to answer.
        with psycopg.connect(self._database_url, autocommit=True) as connection:
            while not self._over.wait(LOOK_SECONDS):
                with self._lock:
                    waiting = list(self._waiting)
                for (command_id,) in connection.execute(ended, [waiting]) if waiting else ():
                    with self._lock:
                        self._waiting.pop(command_id).set()
