"""Group commit: one writer thread per process takes everything that waits and commits it together.

No timer and no debounce: the next batch starts the moment the last commit returns, so an idle command waits
for nobody and a busy writer's batches grow by themselves.
"""

import asyncio
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from queue import Empty, SimpleQueue
from typing import Any

from services.runtime.command_handling import CommandHandler, Outcome, Result, Submission, Work
from services.runtime.logs import get_logger
from services.runtime.scope_snapshots import Snapshot
from services.runtime.task_steps import TaskOutcome, TaskStep

BATCH_SIZE_MAX = 256
QUEUE_SIZE_MAX = 4_096
"""Beyond this the process is overloaded and says so instead of queueing longer."""

_Waiting = tuple[Work, asyncio.Future[Any]]

log = get_logger(__name__)


class Overloaded(Exception):
    """More commands wait than the writer can take in reasonable time."""


class GroupCommit:
    """Hands work from the event loop to the writer thread and outcomes back.

    `ring` and `store` are called in the event loop, with the doorbells for what was committed and with snapshots of
    scopes, and must not wait until that is done.
    """

    def __init__(
        self,
        handler: CommandHandler,
        ring: Callable[[Iterable[str]], None],
        store: Callable[[Iterable[Snapshot]], None],
    ) -> None:
        self._handler = handler
        self._ring = ring
        self._store = store
        self._loop = asyncio.get_running_loop()
        # Written in C: an Event beside a list costs more than the rest of handing a command over.
        self._waiting: SimpleQueue[_Waiting | None] = SimpleQueue()
        self._closed = False
        self._thread = threading.Thread(target=self._run, name="writer", daemon=True)
        self._thread.start()

    async def submit(self, submission: Submission) -> Outcome:
        """The outcome of a command, after its commit. Raises what kept it from being had."""
        outcome = await self._enqueue(submission)
        assert isinstance(outcome, Outcome)
        return outcome

    async def step(self, step: TaskStep) -> TaskOutcome:
        """The outcome of a task's step, after its commit."""
        outcome = await self._enqueue(step)
        assert isinstance(outcome, TaskOutcome)
        return outcome

    async def close(self) -> None:
        """Finishes what waits, then ends the thread."""
        self._closed = True
        self._waiting.put(None)
        await asyncio.to_thread(self._thread.join)

    async def _enqueue(self, work: Work) -> Result:
        if self._closed or self._waiting.qsize() >= QUEUE_SIZE_MAX:
            raise Overloaded
        future: asyncio.Future[Result] = self._loop.create_future()
        self._waiting.put((work, future))
        return await future

    def _run(self) -> None:
        while (first := self._waiting.get()) is not None:
            batch = [first, *self._more(BATCH_SIZE_MAX - 1)]
            results = self._handler.handle([work for work, _ in batch])
            futures = [future for _, future in batch]
            self._loop.call_soon_threadsafe(self._committed, futures, results, self._handler.to_ring())
            # Only now: nobody waits for them.
            if snapshots := self._handler.take_snapshots():
                self._loop.call_soon_threadsafe(self._store, snapshots)

    def _committed(self, futures: list[asyncio.Future[Any]], results: list[Result], doorbells: Iterable[str]) -> None:
        _resolve(futures, results)
        self._ring(doorbells)

    def _more(self, count_max: int) -> Iterator[_Waiting]:
        """What waits already. Nothing is behind the None, so it may be left for the next look."""
        with suppress(Empty):
            for _ in range(count_max):
                if (waiting := self._waiting.get_nowait()) is None:
                    self._waiting.put(None)
                    return
                yield waiting


def _resolve(futures: list[asyncio.Future[Result]], results: list[Result]) -> None:
    for future, result in zip(futures, results, strict=True):
        if future.done():
            # The caller hung up; what was committed stays, and its key finds it again.
            continue
        if isinstance(result, Exception):
            future.set_exception(result)
        else:
            future.set_result(result)
