"""The projector: events of every lane, in order, into the read models of one projection group.

The checkpoint of a lane is the truth about what is applied. What comes from the broker is only news: a position at or
below the checkpoint is a duplicate, a message whose `prev` is above it shows that something is missing, and that
is read from the store. So the broker may repeat, lose or forget everything; while it is silent the store is polled.
"""

import asyncio
import random
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial

import psycopg

from services.kernel.context import Context
from services.kernel.events import RecordedEvent
from services.runtime.database import Pool
from services.runtime.kafka import Message
from services.runtime.logs import get_logger
from services.runtime.metrics import DEAD_LETTERS_TOTAL, PROJECTED_EVENTS_TOTAL, PROJECTION_LAG_SECONDS
from services.runtime.pacing import Backoff, finish_unit
from services.runtime.read_models import Overtaken, Poison, Prepared, ReadModels, is_transient, nothing
from services.runtime.recorded_events import Incoming, NotAnEvent, Stored, incoming

STOP_GRACE_SECONDS = 5.0

log = get_logger(__name__)


class TooMuchPoison(Exception):
    """So many events cannot be applied that the build is more likely wrong than they: better to stop."""


@dataclass(frozen=True, slots=True)
class ProjectorOptions:
    """The projector's bounds. Times in seconds.

    With the broker at work a sweep looks for events older than `overdue_seconds` every `sweep_seconds`; while it is
    silent and events come all the same, every `silent_sweep_seconds` for events of any age.
    """

    chunk_events_max: int = 500
    poison_attempts: int = 3
    poison_retry_seconds: float = 0.05
    poison_max: int = 100
    poison_window_seconds: float = 600.0
    overdue_seconds: float = 1.0
    sweep_seconds: float = 1.0
    silent_sweep_seconds: float = 0.1
    silence_seconds: float = 2.0


class Projector:
    """One process's projector of one group. Any number may run at once: a lane's checkpoint decides who was first."""

    def __init__(
        self, group: str, contexts: Sequence[Context], pool: Pool, *, options: ProjectorOptions | None = None
    ) -> None:
        self.group = group
        self._read_models = ReadModels(group, contexts, pool)
        self._options = options or ProjectorOptions()
        self._epoch = ""
        self._checkpoints: dict[int, int] = {}
        self._turn = asyncio.Lock()
        self._heard_at = float("-inf")
        self._found_at = float("-inf")

    async def open(self) -> None:
        """Reads where the group is; waits for the database as long as need be."""
        backoff = Backoff(0.1, 5.0)
        while True:
            try:
                self._epoch = await self._read_models.open()
                self._checkpoints = await self._read_models.checkpoints()
            except psycopg.Error as error:
                await self._wait_out(error, backoff)
            else:
                return

    async def handle(self, messages: Iterable[Message]) -> None:
        """Applies what the broker delivered; done with it when it returns, also when cancelled."""
        await finish_unit(self.apply(self._ours(messages)), grace_seconds=STOP_GRACE_SECONDS)

    async def apply(self, steps: Sequence[Incoming | Stored]) -> None:
        """Applies events, in order per lane, each once; reads from the store what is missing between them."""
        async with self._turn:
            backoff = Backoff(0.05, 5.0)
            while steps:
                try:
                    holes = await self._apply_in_chunks(steps)
                    if not holes:
                        return
                    # A checkpoint in memory may be old: another projector had the lane meanwhile.
                    self._checkpoints = await self._read_models.checkpoints()
                    if not await self._fill(holes):
                        return
                except Overtaken:
                    self._checkpoints = await self._read_models.checkpoints()
                except psycopg.Error as error:
                    await self._wait_out(error, backoff)

    async def _apply_in_chunks(self, steps: Sequence[Incoming | Stored]) -> dict[int, int]:
        """Applies what can be; the lanes with a hole. A chunk is made ready while the one before is being written."""
        reached = dict(self._checkpoints)
        holes: dict[int, int] = {}
        writing: asyncio.Task[None] | None = None
        try:
            for start in range(0, len(steps), self._options.chunk_events_max):
                ready = self._sort_out(steps[start : start + self._options.chunk_events_max], reached, holes)
                prepared = self._read_models.prepare(ready)
                if writing is not None:
                    await writing
                sent = asyncio.Event()
                writing = asyncio.create_task(self._commit(prepared, "broker", when_sent=sent.set))
                writing.add_done_callback(partial(_set, sent))
                await sent.wait()
            if writing is not None:
                await writing
        finally:
            if writing is not None and not writing.done():
                writing.cancel()
                await asyncio.gather(writing, return_exceptions=True)
        return holes

    async def sweep_for_ever(self) -> None:
        """Finds what the broker did not bring: the whole flow while it is away, else next to nothing."""
        backoff = Backoff(0.1, 5.0)
        while True:
            try:
                found = await finish_unit(self.sweep(), grace_seconds=STOP_GRACE_SECONDS)
                backoff.reset()
            except psycopg.Error as error:
                await self._wait_out(error, backoff)
                continue
            if not found:
                on_its_own = self._on_its_own()
                seconds = self._options.silent_sweep_seconds if on_its_own else self._options.sweep_seconds
                await asyncio.sleep(seconds * random.uniform(0.8, 1.0))

    async def sweep(self) -> bool:
        """Applies a chunk of what is overdue in the store; whether there was any."""
        age_seconds = 0.0 if self._on_its_own() else self._options.overdue_seconds
        behind = await self._read_models.behind(age_seconds)
        if not behind.checkpoints:
            return False
        # Set here as well as after a commit: an event that cannot be applied makes no commit and ages.
        PROJECTION_LAG_SECONDS.labels(self.group).set(behind.oldest_seconds)
        async with self._turn:
            self._checkpoints.update(behind.checkpoints)
            try:
                await self._read_and_commit(behind.checkpoints)
            except Overtaken:
                self._checkpoints = await self._read_models.checkpoints()
        self._found_at = time.monotonic()
        return True

    def _on_its_own(self) -> bool:
        """Whether events come although the broker is silent."""
        now = time.monotonic()
        silent = now - self._heard_at > self._options.silence_seconds
        return silent and now - self._found_at < 5 * self._options.silence_seconds

    def _ours(self, messages: Iterable[Message]) -> list[Incoming]:
        self._heard_at = time.monotonic()
        found = []
        for message in messages:
            try:
                step = incoming(message.headers, message.value)
            except NotAnEvent as error:
                log.warning("message.ignored", partition=message.partition, offset=message.offset, reason=str(error))
                continue
            if step.epoch != self._epoch:
                log.warning("message.of_other_epoch", position=step.position, epoch=step.epoch)
                continue
            found.append(step)
        return found

    def _sort_out(
        self, steps: Sequence[Incoming | Stored], reached: dict[int, int], holes: dict[int, int]
    ) -> list[RecordedEvent]:
        """The events that can be applied next.

        `reached` is moved on by them; `holes` gets the lanes that something is missing in, each with how far it must
        be filled.
        """
        ready: list[RecordedEvent] = []
        for step in steps:
            if step.lane in holes:
                holes[step.lane] = max(holes[step.lane], step.position)
            elif step.position <= reached.get(step.lane, 0):
                continue
            elif step.previous > reached.get(step.lane, 0) or (event := _readable(step)) is None:
                holes[step.lane] = step.position
            else:
                ready.append(event)
                reached[step.lane] = step.position
        return ready

    async def _fill(self, holes: dict[int, int]) -> bool:
        """Reads lanes from the store up to the given positions; False when the store does not go so far."""
        log.info("holes.filled_from_store", group=self.group, lanes=len(holes))
        while behind := {
            lane: self._checkpoints[lane] for lane, position in holes.items() if self._checkpoints[lane] < position
        }:
            if not await self._read_and_commit(behind):
                # The broker knows of events that the store does not have: it belongs to another history.
                log.error("events.not_in_store", group=self.group, lanes=sorted(behind))
                return False
        return True

    async def _read_and_commit(self, behind: dict[int, int]) -> bool:
        stored = await self._read_models.missing(behind, self._options.chunk_events_max)
        holes: dict[int, int] = {}
        ready = self._sort_out(stored, dict(self._checkpoints), holes)
        assert not holes, "what the store returns has no holes"
        await self._commit(self._read_models.prepare(ready), "store")
        return bool(ready)

    async def _commit(self, prepared: Prepared, source: str, *, when_sent: Callable[[], None] = nothing) -> None:
        events = prepared.events
        if not events:
            return
        try:
            commit = self._read_models.commit(prepared, self._checkpoints, when_sent=when_sent)
            self._checkpoints.update(await commit)
        except Poison:
            for event in events:
                await self._commit_one(event)
        PROJECTED_EVENTS_TOTAL.labels(self.group, source).inc(len(events))
        age = datetime.now(UTC) - events[-1].occurred_at
        PROJECTION_LAG_SECONDS.labels(self.group).set(max(0.0, age.total_seconds()))

    async def _commit_one(self, event: RecordedEvent) -> None:
        """Applies an event by itself, or parks it when that fails again and again."""
        backoff = Backoff(self._options.poison_retry_seconds, 1.0)
        for attempt in range(1, self._options.poison_attempts + 1):
            try:
                alone = self._read_models.prepare([event])
                self._checkpoints.update(await self._read_models.commit(alone, self._checkpoints))
            except Poison as poison:
                if attempt == self._options.poison_attempts:
                    await self._park(event, str(poison), attempt)
                    return
                await asyncio.sleep(backoff.next_seconds())
            else:
                return

    async def _park(self, event: RecordedEvent, reason: str, attempts: int) -> None:
        if await self._read_models.recent_poison(self._options.poison_window_seconds) >= self._options.poison_max:
            raise TooMuchPoison(f"{self._options.poison_max} events parked, the next at {event.position}: {reason}")
        await self._read_models.park(event, self._checkpoints[event.lane], reason, attempts)
        self._checkpoints[event.lane] = event.position
        DEAD_LETTERS_TOTAL.labels(self.group).inc()
        log.error(
            "event.parked",
            group=self.group,
            position=event.position,
            scope_id=event.scope_id,
            type=event.type,
            reason=reason,
        )

    async def _wait_out(self, error: psycopg.Error, backoff: Backoff) -> None:
        """Waits before the next attempt; raises what no waiting helps against."""
        if not is_transient(error):
            raise error
        seconds = backoff.next_seconds()
        log.warning("database.trouble", group=self.group, reason=str(error), retry_in_seconds=round(seconds, 2))
        await asyncio.sleep(seconds)


def _set(event: asyncio.Event, _: asyncio.Task[None]) -> None:
    event.set()


def _readable(step: Incoming | Stored) -> RecordedEvent | None:
    try:
        return step.event()
    except NotAnEvent as error:
        log.warning("message.unreadable", position=step.position, reason=str(error))
        return None
