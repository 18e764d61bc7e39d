"""The processes that fill slices, as whoever runs the rebuild starts, replaces and stops them."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

from services.runtime.rebuilding.errors import RebuildError

REPLACED_MAX = 20
"""Workers that died or found nothing to do are replaced so often: what kills each of them will kill the next too."""
STOP_SECONDS_MAX = 30.0
"""A worker that is asked to stop first finishes its slice."""


class Workers:
    """So many workers at a time."""

    def __init__(self, database_url: str, contexts: str, count: int) -> None:
        self._environment = {
            **os.environ,
            "STUDIO_DATABASE_URL": database_url,
            "STUDIO_REBUILD_CONTEXTS": contexts,
        }
        self._running = [self._start() for _ in range(count)]
        self._replaced = 0

    def replace_the_dead(self) -> None:
        """Starts a worker for each that has ended before its time. Raises RebuildError when that does not help."""
        ended = [worker for worker in self._running if worker.poll() not in (None, 0)]
        if not ended and any(worker.poll() is None for worker in self._running):
            return
        # Also when all have ended well while slices are left: those were in the hands of a worker that died.
        for worker in ended or self._running[:1]:
            self._replaced += 1
            if self._replaced > REPLACED_MAX:
                raise RebuildError(
                    f"{self._replaced} workers have died; the last with exit code {worker.returncode}.",
                    remedy="Is there enough memory? Fewer workers need less: --workers 1.",
                )
            self._running.remove(worker)
            self._running.append(self._start())

    def pids(self) -> list[int]:
        """The workers that run."""
        return [worker.pid for worker in self._running if worker.poll() is None]

    def stop(self) -> None:
        """Returns when none runs any more; they finish their slices if that does not take long."""
        for worker in self._running:
            worker.terminate()
        deadline = time.monotonic() + STOP_SECONDS_MAX
        for worker in self._running:
            try:
                worker.wait(max(0.0, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                worker.kill()
                worker.wait()

    def _start(self) -> "subprocess.Popen[bytes]":
        # A session of its own: Ctrl-C is for whoever runs the rebuild, who then stops the workers.
        return subprocess.Popen(
            [sys.executable, "-m", "services.runtime.rebuilding.worker"], env=self._environment, start_new_session=True
        )


@contextmanager
def working(database_url: str, contexts: str, count: int) -> Iterator[Workers]:
    """Workers until the block ends, however it ends."""
    workers = Workers(database_url, contexts, count)
    try:
        yield workers
    finally:
        workers.stop()
