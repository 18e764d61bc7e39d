"""The relay: outbox messages of the lanes it leases, to the broker, each scope's in order (ADR 10).

Delivery is at least once: a lane is marked only up to what was acknowledged, and only while the lease holds, so a
crash in between sends some again with the same event ids. While the broker is away nothing is counted against a
message; the relay gives its lanes back and tries again, longer and longer apart. A message that the broker refuses by
itself holds up its scope only: it is tried a few times, then parked with the later ones of its scope behind it.
"""

import asyncio
import time
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple, cast
from uuid import uuid4

import psycopg

from services.runtime.crash_points import reached
from services.runtime.database import Pool
from services.runtime.kafka import BrokerAway, Delivery, Outgoing, Packed, Publisher, Refused
from services.runtime.logs import get_logger
from services.runtime.metrics import DEAD_LETTERS_TOTAL, OUTBOX_OLDEST_SECONDS, OUTBOX_SENT_TOTAL, RELAY_LANES
from services.runtime.outbox import REDRIVEN, SETTLED_STATES, Failure, Outbox, OutboxRow, Page, Settlement
from services.runtime.pacing import Backoff, finish_unit, nap
from services.runtime.recorded_events import EPOCH, PREVIOUS, STORED_HEADERS

STOP_GRACE_SECONDS = 3.0
"""For the batch in hand after SIGTERM. A broker that answers needs milliseconds; what one that does not leaves
unmarked is sent again by the next relay."""
RELEASE_SECONDS_MAX = 1.5
SENT_ABOVE_MAX = 10_000
"""Messages of one lane that are sent above one that waits to be tried again. More of the lane wait with it."""
HUNGRY_RENEW_SECONDS = 0.5
"""Between looks for free lanes while we have none of our share: somebody is about to give some back."""

log = get_logger(__name__)


@dataclass(frozen=True, slots=True)
class RelayOptions:
    """The relay's bounds. Times in seconds."""

    poll_seconds: float = 1.0
    rows_max: int = 4000
    bytes_max: int = 16 * 1024 * 1024
    retry_seconds: float = 1.0
    retry_seconds_max: float = 60.0
    retries_max: int = 5
    lease_seconds: float = 10.0
    renew_seconds: float = 3.0


class _Batch(NamedTuple):
    """A page as it was read, and its messages as the broker takes them."""

    page: Page
    messages: list[Outgoing]
    packed: Packed


class Relay:
    """One relay process's loop. `wake` is for the doorbell; `waiting_for` for readiness."""

    def __init__(self, pool: Pool, bootstrap: str, *, name: str, options: RelayOptions | None = None) -> None:
        self._outbox = Outbox(pool, f"{name}-{uuid4().hex[:12]}")
        self._bootstrap = bootstrap
        self._name = name
        self._options = options or RelayOptions()
        self._doorbell = asyncio.Event()
        self._publisher: Publisher | None = None
        self._trouble: str | None = "not connected yet"
        self._epoch = b""
        self._lanes: dict[int, int] = {}
        """Lane → fence."""
        self._lease_due = 0.0
        self._marks: dict[int, int] = {}
        """Lane → position up to which all of it is settled."""
        self._sent_above: defaultdict[int, set[int]] = defaultdict(set)
        """Lane → positions above its mark that are settled, while one before them is not."""
        self._held_up: set[int] = set()
        """Lanes whose mark cannot move before they are looked at from there again."""
        self._full: set[int] = set()
        """Those of them of which nothing more is sent till then."""
        self._after: int | None = None
        """Everything of our lanes up to this position has been looked at; None: to begin again at the marks."""
        self._redriven = False
        """Whether there may be messages to send below the marks."""
        self._deferred: dict[str, float] = {}
        """Scope → when its refused message may be tried again, by the monotonic clock."""
        self._reading: asyncio.Task[Page] | None = None
        """Of what follows what is being prepared."""
        self._preparing: asyncio.Task[_Batch] | None = None
        """Of what follows what is being sent."""
        self._settling: asyncio.Task[None] | None = None
        self._alone: set[int] = set()
        """Positions that were refused together with others: each is sent by itself, to find the one."""

    @property
    def lanes(self) -> frozenset[int]:
        """The lanes that this relay holds."""
        return frozenset(self._lanes)

    def wake(self) -> None:
        """Looks for rows now instead of at the next poll."""
        self._doorbell.set()

    async def waiting_for(self) -> str | None:
        """None while the broker answers."""
        publisher = self._publisher
        return self._trouble if publisher is None else await publisher.waiting_for()

    async def run(self) -> None:
        """Relays until cancelled; then finishes the batch in hand and gives the lanes back."""
        backoff = Backoff(0.1, 5.0)
        try:
            while True:
                try:
                    await self._relay_with_one_publisher(backoff)
                except (BrokerAway, psycopg.OperationalError, psycopg.InterfaceError) as error:
                    self._trouble = str(error)
                    seconds = backoff.next_seconds()
                    log.warning("relay.waiting", reason=self._trouble, retry_in_seconds=round(seconds, 2))
                    await self._stand_down()
                    await asyncio.sleep(seconds)
        finally:
            await self._stand_down()

    async def _relay_with_one_publisher(self, backoff: Backoff) -> None:
        """Returns when a refused message has spoilt the publisher; raises when something is away."""
        publisher = await Publisher.connect(self._bootstrap, name=self._name)
        try:
            self._epoch = (await self._outbox.epoch()).encode()
            self._publisher, self._trouble = publisher, None
            while True:
                self._doorbell.clear()
                more = await finish_unit(self._work(publisher, backoff), grace_seconds=STOP_GRACE_SECONDS)
                if more is None:
                    return
                if not more:
                    await nap(self._idle_seconds(), until=self._doorbell)
        finally:
            self._publisher = None
            await asyncio.gather(self._settled(), publisher.close(), return_exceptions=True)

    async def _work(self, publisher: Publisher, backoff: Backoff) -> bool | None:
        """One batch. True: there may be more at once; None: the publisher is of no use any more."""
        if time.monotonic() >= self._lease_due:
            await self._lease()
        if not self._lanes:
            return False
        await self._retry_deferred()
        (rows, self._after, more), messages, packed = await self._next_batch(publisher)
        if not rows:
            await self._settled()
            backoff.reset()
            return False
        chosen = [index for index, row in enumerate(rows) if self._may_be_sent(row)]
        reached("relay.read")
        if len(chosen) < len(rows):
            packed = await publisher.pack([messages[index] for index in chosen])
        delivery = await publisher.publish(packed)
        reached("relay.sent_unmarked")
        await self._settled()
        settlement = self._settle(rows, [rows[index] for index in chosen], delivery)
        self._settling = asyncio.create_task(self._write(settlement))
        if self._redriven:
            # They are found by what is noted of them, not by the cursor.
            await self._settled()
        if delivery.went_well:
            backoff.reset()
            # Looking again for what has not been announced would cost as much as what was just sent.
            return more or self._redriven
        await self._begin_again()
        if delivery.refused:
            return None if delivery.trouble is not None else True
        raise BrokerAway(delivery.trouble)

    async def _next_batch(self, publisher: Publisher) -> _Batch:
        """What has been prepared; what follows it is while this is being sent."""
        preparing, self._preparing = self._preparing, None
        if preparing is None:
            after = await self._start() if self._after is None else self._after
            batch = await self._prepare(publisher, after)
        else:
            batch = await preparing
        if self._redriven:
            self._redriven = any(row.state == REDRIVEN for row in batch.page.rows)
        elif self._is_full(batch.page):
            self._preparing = asyncio.create_task(self._prepare(publisher, batch.page.reached))
        return batch

    async def _start(self) -> int:
        self._held_up.clear()
        self._full.clear()
        self._redriven = True
        return await self._outbox.start_of(self._marks)

    async def _prepare(self, publisher: Publisher, after: int) -> _Batch:
        """Messages ready to be sent; what follows them is read while they are made."""
        reading, self._reading = self._reading, None
        page = await (reading or self._read(after))
        if self._is_full(page) and not self._redriven:
            self._reading = asyncio.create_task(self._read(page.reached))
            await asyncio.sleep(0)
        messages = [self._message(row) for row in page.rows]
        return _Batch(page, messages, await publisher.pack(messages))

    async def _read(self, after: int) -> Page:
        return await self._outbox.read(
            after=after,
            marks=self._marks,
            rows_max=self._options.rows_max,
            bytes_max=self._options.bytes_max,
            redriven=self._redriven,
            deferred=self._deferred,
        )

    def _is_full(self, page: Page) -> bool:
        """Whether to work ahead. Of pages that are cut by their bytes three at once would be much to hold."""
        return len(page.rows) == self._options.rows_max

    async def _settled(self) -> None:
        """Waits until the batch before is marked, which goes on while the next is sent."""
        settling, self._settling = self._settling, None
        if settling is not None:
            await settling

    async def _begin_again(self) -> None:
        """Forgets what was read ahead: the next read begins at the first message that is still to be sent."""
        await self._settled()
        self._after = None
        ahead = [task for task in (self._preparing, self._reading) if task is not None]
        self._preparing = self._reading = None
        for task in ahead:
            task.cancel()
        await asyncio.gather(*ahead, return_exceptions=True)

    async def _lease(self) -> None:
        # No lane may be given back while messages of it are on their way.
        await self._settled()
        lanes = await self._outbox.lease(self._options.lease_seconds)
        if lanes != self._lanes:
            log.info("lanes.held", count=len(lanes), gained=len(lanes.keys() - self._lanes.keys()))
            RELAY_LANES.set(len(lanes))
            await self._change_lanes(lanes)
        pause = self._options.renew_seconds if lanes else min(HUNGRY_RENEW_SECONDS, self._options.renew_seconds)
        self._lease_due = time.monotonic() + pause
        OUTBOX_OLDEST_SECONDS.set(await self._outbox.oldest_pending_seconds())

    async def _change_lanes(self, lanes: dict[int, int]) -> None:
        """Forgets lanes that are another's now. Of one that was, perhaps for a moment, its mark is read."""
        await self._begin_again()
        kept = {lane for lane, fence in lanes.items() if self._lanes.get(lane) == fence}
        for lane in self._lanes.keys() - kept:
            self._marks.pop(lane, None)
            self._sent_above.pop(lane, None)
        self._lanes = lanes
        self._marks |= await self._outbox.marks(lanes.keys() - kept)

    async def _stand_down(self) -> None:
        """Somebody who reaches the broker may have the lanes; what we knew of them is forgotten."""
        self._lanes = {}
        self._lease_due = 0.0
        self._marks.clear()
        self._sent_above.clear()
        self._deferred.clear()
        self._alone.clear()
        RELAY_LANES.set(0)
        try:
            await self._begin_again()
            async with asyncio.timeout(RELEASE_SECONDS_MAX):
                await self._outbox.release()
                OUTBOX_OLDEST_SECONDS.set(await self._outbox.oldest_pending_seconds())
        except (psycopg.Error, TimeoutError) as error:
            log.warning("lanes.not_released", reason=str(error))

    def _idle_seconds(self) -> float:
        now = time.monotonic()
        due = min([self._lease_due, *self._deferred.values()], default=now)
        return max(0.0, min(self._options.poll_seconds, due - now))

    async def _retry_deferred(self) -> None:
        now = time.monotonic()
        due = [scope_id for scope_id, at in self._deferred.items() if at <= now]
        for scope_id in due:
            del self._deferred[scope_id]
        if due:
            await self._begin_again()

    def _may_be_sent(self, row: OutboxRow) -> bool:
        if row.parked or row.state in SETTLED_STATES or row.key in self._deferred:
            return False
        if row.lane in self._full and row.state != REDRIVEN:
            return False
        if row.position in self._sent_above[row.lane]:
            return False
        if row.wait_seconds > 0:
            # Refused before, perhaps by another relay; its scope waits with it.
            self._deferred[row.key] = time.monotonic() + row.wait_seconds
            return False
        return True

    def _message(self, row: OutboxRow) -> Outgoing:
        named = cast("Iterable[tuple[str, bytes]]", zip(STORED_HEADERS, row.header_values, strict=True))
        # Taking the pairs apart and making them anew would cost as much again as all else here.
        headers = [header for header in named if header[1] is not None]
        headers += ((PREVIOUS, b"%d" % row.previous), (EPOCH, self._epoch))
        return Outgoing(row.topic, row.lane, row.key.encode(), row.payload, headers, alone=row.position in self._alone)

    def _settle(self, rows: Sequence[OutboxRow], sent: Sequence[OutboxRow], delivery: Delivery) -> Settlement:
        """Takes note of what became of a batch; what is to be written of it."""
        outcomes = list(zip(sent, delivery.outcomes, strict=True))
        acknowledged = [row for row, outcome in outcomes if outcome is True]
        OUTBOX_SENT_TOTAL.inc(len(acknowledged))
        if self._alone:
            self._alone.difference_update(row.position for row in acknowledged)
        failures = [
            self._failure(row, outcome.reason)
            for row, outcome in outcomes
            if isinstance(outcome, Refused) and self._is_to_blame(row, outcome)
        ]
        behind = [row for row in rows if row.parked and row.state not in SETTLED_STATES]
        settled = {row.position for row in [*acknowledged, *behind]}
        settled |= {failure.row.position for failure in failures if failure.wait_seconds is None}
        settled |= {row.position for row in rows if row.state in SETTLED_STATES}
        return Settlement(
            self._passed(rows, settled), failures, behind, [row for row in acknowledged if row.state is not None]
        )

    def _passed(self, rows: Iterable[OutboxRow], settled: set[int]) -> dict[int, tuple[int, int]]:
        """Moves the marks, each to before the first message of its lane that is still to be sent."""
        passed: dict[int, tuple[int, int]] = {}
        for row in rows:
            lane, position = row.lane, row.position
            if lane not in self._lanes or position <= self._marks[lane]:
                continue
            sent_above = self._sent_above[lane]
            if position not in settled and position not in sent_above:
                self._held_up.add(lane)
            elif lane in self._held_up:
                sent_above.add(position)
                if len(sent_above) >= SENT_ABOVE_MAX:
                    self._full.add(lane)
            else:
                sent_above.discard(position)
                self._marks[lane] = position
                passed[lane] = (self._lanes[lane], position)
        return passed

    async def _write(self, settlement: Settlement) -> None:
        if not await self._outbox.settle(settlement):
            log.warning("lanes.lost")
            self._lease_due = 0.0

    def _is_to_blame(self, row: OutboxRow, refused: Refused) -> bool:
        if refused.certain:
            self._alone.discard(row.position)
        else:
            self._alone.add(row.position)
        return refused.certain

    def _failure(self, row: OutboxRow, reason: str) -> Failure:
        attempts = row.retry_count + 1
        if attempts >= min(self._options.retries_max, row.max_retries):
            log.error("outbox.parked", position=row.position, scope_id=row.key, lane=row.lane, reason=reason)
            DEAD_LETTERS_TOTAL.labels("message-relay").inc()
            return Failure(row, reason, None)
        wait_seconds = min(self._options.retry_seconds * 2 ** (attempts - 1), self._options.retry_seconds_max)
        self._deferred[row.key] = time.monotonic() + wait_seconds
        log.warning("outbox.refused", position=row.position, scope_id=row.key, lane=row.lane, reason=reason)
        return Failure(row, reason, wait_seconds)
