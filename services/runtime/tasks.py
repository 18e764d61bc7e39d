"""The task worker: claims tasks, runs them outside any transaction, and ends them by an internal command.

A crash leaves a lease that runs out; a duplicate claim, a late result or a result after a cancel changes
nothing, because each step is checked against the row as it stands. So a task has exactly one final event.
"""

import asyncio
import random
from collections.abc import Awaitable, Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from time import monotonic
from typing import Any, Protocol
from uuid import UUID

import orjson
import psycopg

from services.kernel.context import TaskFacts
from services.kernel.decider import Rejected
from services.kernel.text_models import TextModelError
from services.runtime.crash_points import reached
from services.runtime.database import PROGRESS_DOORBELL, Pool
from services.runtime.event_store import StoreUnavailable
from services.runtime.group_commit import GroupCommit
from services.runtime.json_gate import check_storable
from services.runtime.logs import get_logger
from services.runtime.metrics import TASK_SECONDS, TASKS_TOTAL
from services.runtime.sql_files import read_sql
from services.runtime.task_steps import LEASE_SECONDS, StepKind, TaskOutcome, TaskStep

ATTEMPT_DEADLINE_SECONDS = 120.0
HEARTBEAT_SECONDS = 15.0
POLL_SECONDS = 1.0
PROGRESS_INTERVAL_SECONDS = 1.0
TEXT_INTERVAL_SECONDS = 0.1
TEXT_BYTES_MAX = 6_500
"""Of one piece, as JSON: a notification holds 8,000 bytes, and says whose text it is as well."""
RETRY_WAITS_SECONDS = (1.0, 2.0, 4.0)

_SQL = read_sql("services.runtime", "tasks.sql")

log = get_logger(__name__)


class Report(Protocol):
    """How a task tells how far it is: percent and a few words, and what it writes while it is being written."""

    async def __call__(self, progress: int, message: str) -> None:
        """Reports; at most one a second reaches the streams."""

    async def text(self, piece: str) -> None:
        """Goes on with the text: told at most ten times a second, and kept with the task for whoever comes later."""

    async def anew(self) -> None:
        """Begins another text in the place of the one so far."""


TaskFunction = Callable[[TaskFacts, Report], Awaitable[Mapping[str, Any]]]
"""The work itself: a task and a way to report → result, as JSON. Raises TaskError, TextModelError or anything else to
fail."""


class TaskError(Exception):
    """A failure with a stable code (PROVIDER_ERROR, INVALID_OUTPUT, …); `retryable` False fails at once."""

    def __init__(self, code: str, message: str, *, retryable: bool = True) -> None:
        super().__init__(code, message)
        self.code = code
        self.message = message
        self.retryable = retryable


class TaskLost(Exception):
    """The task is no longer this worker's: cancelled, or its lease ran out."""


@dataclass(frozen=True, slots=True)
class _Held:
    """A task that this worker has claimed."""

    outcome: TaskOutcome
    scope_id: str

    @property
    def id(self) -> UUID:
        assert self.outcome.facts is not None, "a taken claim tells the task"
        return self.outcome.facts.task_id


class TaskWorker:
    """Works on tasks of the given types, up to `slots` at once. `node` is unique among running workers."""

    def __init__(
        self,
        node: str,
        pool: Pool,
        writer: GroupCommit,
        functions: Mapping[str, TaskFunction],
        *,
        slots: int,
        heartbeat_seconds: float = HEARTBEAT_SECONDS,
    ) -> None:
        self._node = node
        self._pool = pool
        self._writer = writer
        self._functions = functions
        self._slots = slots
        self._heartbeat_seconds = heartbeat_seconds
        self._running: set[asyncio.Task[None]] = set()
        self._bell = asyncio.Event()

    def ring(self) -> None:
        """There may be something to do."""
        self._bell.set()

    async def run(self) -> None:
        """Claims and runs tasks until it is cancelled; then gives back what it holds."""
        try:
            while True:
                self._bell.clear()
                try:
                    await self._claim_some()
                except (psycopg.OperationalError, StoreUnavailable, TimeoutError) as error:
                    log.warning("tasks.unreachable", reason=str(error))
                await _wait(self._bell, POLL_SECONDS * random.uniform(0.8, 1.2))
        finally:
            for task in self._running:
                task.cancel()
            await asyncio.gather(*self._running, return_exceptions=True)

    async def _claim_some(self) -> None:
        free = self._slots - len(self._running)
        if free == 0:
            return
        async with self._pool.connection() as connection:
            parameters = {"task_types": list(self._functions), "limit": free}
            rows = await (await connection.execute(_SQL["find_claimable"], parameters)).fetchall()
        for row in rows:
            outcome = await self._step(StepKind.CLAIM, row["id"], row["scope_id"])
            if outcome.taken:
                reached("worker.claimed")
                work = asyncio.create_task(self._work(_Held(outcome, row["scope_id"])), name=f"task {row['id']}")
                self._running.add(work)
                work.add_done_callback(self._ended)

    def _ended(self, work: asyncio.Task[None]) -> None:
        self._running.discard(work)
        self._bell.set()
        if not work.cancelled() and (error := work.exception()) is not None:
            # The lease runs out and somebody tries again.
            log.error("task.broken", task=work.get_name(), exc_info=error)

    async def _work(self, held: _Held) -> None:
        facts = held.outcome.facts
        assert facts is not None, "a taken claim tells the task"
        started = monotonic()
        await self._tell_status(held, "PENDING", "RUNNING")
        try:
            result = await self._attempt(held)
            reached("worker.provider_answered")
            ended = await self._step(StepKind.FINISH, held.id, held.scope_id, attempt=held.outcome.attempt, data=result)
            reached("worker.result_committed")
            outcome = "completed" if ended.taken else "late"
            if ended.taken:
                await self._tell_status(held, "RUNNING", "COMPLETED")
        except TaskLost:
            outcome = "lost"
        except asyncio.CancelledError:
            await self._give_back(held)
            raise
        except TaskError as error:
            outcome = await self._failed(held, error)
        TASKS_TOTAL.labels(facts.task_type, outcome).inc()
        TASK_SECONDS.labels(facts.task_type).observe(monotonic() - started)
        log.info("task.ended", task_id=str(held.id), outcome=outcome, attempt=held.outcome.attempt)

    async def _attempt(self, held: _Held) -> Mapping[str, Any]:
        """The result of one attempt, checked for what may be stored. Raises TaskError or TaskLost."""
        facts = held.outcome.facts
        assert facts is not None, "a taken claim tells the task"
        if held.outcome.attempt > held.outcome.attempts_max:
            raise TaskError("TIMEOUT", "No attempt came to an end.", retryable=False)
        reporter = self._reporter(held)
        work = asyncio.create_task(_bounded(self._functions[facts.task_type](facts, reporter)))
        heartbeat = asyncio.create_task(self._keep_lease(held))
        try:
            await asyncio.wait((work, heartbeat), return_when=asyncio.FIRST_COMPLETED)
            if heartbeat.done():
                raise TaskLost
            result = work.result()
            check_storable(result)
            await reporter.tell_rest()
            return result
        except Rejected as rejected:
            raise TaskError("INVALID_OUTPUT", rejected.detail) from rejected
        except (TaskError, TaskLost):
            raise
        except TextModelError as error:
            raise TaskError(error.CODE, error.message, retryable=error.IS_RETRYABLE) from error
        except TimeoutError:
            raise TaskError("TIMEOUT", f"No result within {ATTEMPT_DEADLINE_SECONDS:.0f} s.") from None
        except Exception as error:
            log.exception("task.raised", task_id=str(held.id))
            raise TaskError("PROVIDER_ERROR", f"The provider failed: {type(error).__name__}.") from error
        finally:
            work.cancel()
            heartbeat.cancel()
            await asyncio.gather(work, heartbeat, return_exceptions=True)

    async def _keep_lease(self, held: _Held) -> None:
        """Returns when the task is no longer ours."""
        while True:
            await asyncio.sleep(self._heartbeat_seconds)
            try:
                if not await self._change(held, "keep_lease", lease_seconds=LEASE_SECONDS):
                    return
            except psycopg.OperationalError as error:
                log.warning("task.heartbeat_missed", task_id=str(held.id), reason=str(error))

    async def _failed(self, held: _Held, error: TaskError) -> str:
        attempt, attempts_max = held.outcome.attempt, held.outcome.attempts_max
        data = {
            "code": error.code,
            "message": error.message,
            "retryable": error.retryable,
            "attempts": min(attempt, attempts_max),
        }
        if error.retryable and attempt < attempts_max:
            wait = RETRY_WAITS_SECONDS[min(attempt, len(RETRY_WAITS_SECONDS)) - 1] * random.uniform(0.8, 1.2)
            await self._change(held, "try_again", wait_seconds=wait, error=orjson.dumps(data).decode())
            return "tried again"
        await self._step(StepKind.FAIL, held.id, held.scope_id, attempt=attempt, data=data)
        await self._tell_status(held, "RUNNING", "FAILED", reason=error.message)
        return "failed"

    async def _give_back(self, held: _Held) -> None:
        try:
            await self._change(held, "give_back")
        except psycopg.OperationalError as error:
            log.warning("task.not_given_back", task_id=str(held.id), reason=str(error))

    async def _step(
        self, kind: StepKind, task_id: UUID, scope_id: str, *, attempt: int = 0, data: Mapping[str, Any] | None = None
    ) -> TaskOutcome:
        step = TaskStep(kind, task_id, scope_id, self._node, datetime.now(UTC), attempt, data or {})
        return await self._writer.step(step)

    async def _change(self, held: _Held, block: str, **parameters: Any) -> bool:
        """Runs a statement on the task if it is still ours; tells whether it was."""
        ours = {"task_id": held.id, "node": self._node, "attempt": held.outcome.attempt}
        async with self._pool.connection() as connection:
            try:
                cursor = await connection.execute(_SQL[block], {**ours, **parameters})
            except psycopg.errors.SerializationFailure:
                # While we waited for its row the task ended, which moves it to another partition.
                return False
            return cursor.rowcount == 1

    def _reporter(self, held: _Held) -> "_Reporter":
        async def keep(progress: int, text: str) -> bool:
            return await self._change(held, "report_progress", progress=progress, partial_text=text)

        return _Reporter(partial(self._tell, held), keep)

    async def _tell_status(self, held: _Held, old: str, new: str, reason: str | None = None) -> None:
        await self._tell(held, "task.status-changed", {"old_status": old, "new_status": new, "reason": reason})

    async def _tell(self, held: _Held, event: str, *told: Mapping[str, Any]) -> None:
        """Tells the streams something that is never stored, behind the event that began the work.

        All at once: whoever listens to the database for anything is woken by each transaction that notifies.
        """
        facts = held.outcome.facts
        assert facts is not None, "a taken claim tells the task"
        about = {name: facts.input[name] for name in ("session_id", "stage_id") if name in facts.input}
        common = {"task_id": facts.task_id, "command_id": facts.command_id, "task_type": facts.task_type, **about}
        frame = {"user_id": facts.user_id, "after_position": held.outcome.position, "event": event}
        payloads = orjson.dumps([{**frame, "data": {**common, **data}} for data in told]).decode()
        try:
            async with self._pool.connection() as connection:
                await connection.execute(_SQL["ring"], {"channel": PROGRESS_DOORBELL, "payloads": payloads})
        except psycopg.OperationalError as error:
            log.warning("progress.not_told", reason=str(error))


class _Tell(Protocol):
    async def __call__(self, event: str, *told: Mapping[str, Any]) -> None: ...


class _Reporter:
    """What one attempt tells: `tell` reaches the streams, `keep` the task's row, unless the task is lost."""

    def __init__(self, tell: _Tell, keep: Callable[[int, str], Awaitable[bool]]) -> None:
        self._tell = tell
        self._keep = keep
        self._progress = 0
        self._kept_at = -PROGRESS_INTERVAL_SECONDS
        self._text = ""
        self._text_told = 0
        self._text_told_at = -TEXT_INTERVAL_SECONDS

    async def __call__(self, progress: int, message: str) -> None:
        self._progress = progress
        if await self._kept():
            await self.tell_rest()
            await self._tell("task.progress-updated", {"progress": progress, "message": message})

    async def text(self, piece: str) -> None:
        self._text += piece
        if monotonic() - self._text_told_at >= TEXT_INTERVAL_SECONDS:
            await self.tell_rest()
            await self._kept()

    async def anew(self) -> None:
        await self.tell_rest()
        self._text, self._text_told = "", 0

    async def tell_rest(self) -> None:
        """Tells what of the text has not been told yet. Each telling wakes everybody who listens to the database."""
        self._text_told_at = monotonic()
        if pieces := list(_pieces(self._text, self._text_told)):
            self._text_told = len(self._text)
            await self._tell("llm.delta", *pieces)
            reached("worker.text_told")

    async def _kept(self) -> bool:
        """Keeps how far it is, unless that was done a moment ago. Raises TaskLost."""
        if monotonic() - self._kept_at < PROGRESS_INTERVAL_SECONDS:
            return False
        self._kept_at = monotonic()
        if not await self._keep(self._progress, self._text):
            raise TaskLost
        reached("worker.progress_kept")
        return True


def _pieces(text: str, offset: int) -> Iterator[dict[str, Any]]:
    """What stands in a text from the offset on, in as few pieces as notifications hold."""
    while offset < len(text):
        length = min(TEXT_BYTES_MAX, len(text) - offset)
        # Each time it becomes shorter; a character takes six bytes at most.
        while (size := len(orjson.dumps(text[offset : offset + length]))) > TEXT_BYTES_MAX:
            length = length * TEXT_BYTES_MAX // size
        yield {"offset": offset, "text": text[offset : offset + length]}
        offset += length


async def _bounded(work: Awaitable[Mapping[str, Any]]) -> Mapping[str, Any]:
    async with asyncio.timeout(ATTEMPT_DEADLINE_SECONDS):
        return await work


async def _wait(event: asyncio.Event, seconds: float) -> None:
    try:
        async with asyncio.timeout(seconds):
            await event.wait()
    except TimeoutError:
        return
