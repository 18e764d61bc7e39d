"""Group commit: one writer thread per process takes everything that waits and commits it together.

No timer and no debounce: the next batch starts the moment the last commit returns, so an idle command waits
for nobody and a busy writer's batches grow by themselves.
"""

import asyncio
import threading
from collections import deque
from typing import Any

from services.runtime.command_handling import CommandHandler, Outcome, Result, Submission, Work
from services.runtime.logs import get_logger
from services.runtime.task_steps import TaskOutcome, TaskStep

BATCH_SIZE_MAX = 256
QUEUE_SIZE_MAX = 4_096
"""Beyond this the process is overloaded and says so instead of queueing longer."""

log = get_logger(__name__)


class Overloaded(Exception):
    """More commands wait than the writer can take in reasonable time."""


class GroupCommit:
    """Hands work from the event loop to the writer thread and outcomes back."""

    def __init__(self, handler: CommandHandler) -> None:
        self._handler = handler
        self._loop = asyncio.get_running_loop()
        self._waiting: deque[tuple[Work, asyncio.Future[Any]]] = deque()
        self._wake = threading.Event()
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
        self._wake.set()
        await asyncio.to_thread(self._thread.join)

    async def _enqueue(self, work: Work) -> Result:
        if self._closed or len(self._waiting) >= QUEUE_SIZE_MAX:
            raise Overloaded
        future: asyncio.Future[Result] = self._loop.create_future()
        self._waiting.append((work, future))
        self._wake.set()
        return await future

    def _run(self) -> None:
        while True:
            self._wake.wait()
            self._wake.clear()
            while batch := [self._waiting.popleft() for _ in range(min(len(self._waiting), BATCH_SIZE_MAX))]:
                results = self._handler.handle([work for work, _ in batch])
                self._loop.call_soon_threadsafe(_resolve, [future for _, future in batch], results)
            if self._closed:
                return


def _resolve(futures: list[asyncio.Future[Result]], results: list[Result]) -> None:
    for future, result in zip(futures, results, strict=True):
        if future.done():
            # The caller hung up; what was committed stays, and its key finds it again.
            continue
        if isinstance(result, Exception):
            future.set_exception(result)
        else:
            future.set_result(result)
