"""The relay: outbox rows of the lanes it leases, to the broker, each scope's in order.

Delivery is at least once: a row is marked only after its acknowledgement, and only while the lease holds, so a
crash in between sends it again with the same event id. While the broker is away nothing is counted against a
row; the relay gives its lanes back and tries again, longer and longer apart. A row that the broker refuses by itself
holds up its scope only: it is tried a few times, then parked with the later rows of its scope behind it.
"""

import asyncio
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import uuid4

import orjson
import psycopg

from services.runtime.crash_points import reached
from services.runtime.database import Pool
from services.runtime.kafka import BrokerAway, Delivery, Outgoing, Publisher, Refused
from services.runtime.logs import get_logger
from services.runtime.metrics import DEAD_LETTERS_TOTAL, OUTBOX_OLDEST_SECONDS, OUTBOX_SENT_TOTAL, RELAY_LANES
from services.runtime.outbox import Failure, Outbox, OutboxRow
from services.runtime.pacing import Backoff, finish_unit, nap
from services.runtime.recorded_events import EPOCH, PREVIOUS

STOP_GRACE_SECONDS = 3.0
"""For the batch in hand after SIGTERM. A broker that answers needs milliseconds; what one that does not leaves
unmarked is sent again by the next relay."""
RELEASE_SECONDS_MAX = 1.5
HUNGRY_RENEW_SECONDS = 0.5
"""Between looks for free lanes while we have none of our share: somebody is about to give some back."""

log = get_logger(__name__)


@dataclass(frozen=True, slots=True)
class RelayOptions:
    """The relay's bounds. Times in seconds."""

    poll_seconds: float = 1.0
    rows_max: int = 1000
    bytes_max: int = 16 * 1024 * 1024
    retry_seconds: float = 1.0
    retry_seconds_max: float = 60.0
    retries_max: int = 5
    lease_seconds: float = 10.0
    renew_seconds: float = 3.0


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
        self._after = 0
        """All pending rows of our lanes up to this position are done with or deferred."""
        self._deferred: dict[str, float] = {}
        """Scope → when its refused row may be tried again, by the monotonic clock."""
        self._ahead: asyncio.Task[list[OutboxRow]] | None = None
        self._settling: asyncio.Task[None] | None = None
        self._alone: set[str] = set()
        """Rows that were refused together with others: each is sent by itself, to find the one."""

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
                full = await finish_unit(self._work(publisher, backoff), grace_seconds=STOP_GRACE_SECONDS)
                if full is None:
                    return
                if not full:
                    await nap(self._idle_seconds(), until=self._doorbell)
        finally:
            self._publisher = None
            await asyncio.gather(self._settled(), publisher.close(), return_exceptions=True)

    async def _work(self, publisher: Publisher, backoff: Backoff) -> bool | None:
        """One batch. True: there is more at once; None: the publisher is of no use any more."""
        if time.monotonic() >= self._lease_due:
            await self._lease()
        await self._retry_deferred()
        rows = await self._next_rows()
        if not rows:
            await self._settled()
            backoff.reset()
            return False
        reached("relay.read")
        to_send = [row for row in rows if self._may_be_sent(row)]
        delivery = await publisher.publish([self._message(row) for row in to_send])
        reached("relay.sent_unmarked")
        await self._settled()
        self._settling = asyncio.create_task(self._settle(rows, to_send, delivery))
        if delivery.went_well:
            self._after = rows[-1].position
            backoff.reset()
            return True
        await self._begin_again()
        if delivery.refused:
            return None if delivery.trouble is not None else True
        raise BrokerAway(delivery.trouble)

    async def _next_rows(self) -> list[OutboxRow]:
        """Reads, or has read already, and begins to read what follows while these are being sent."""
        ahead, self._ahead = self._ahead, None
        rows = await (ahead or self._read(self._after))
        if len(rows) == self._options.rows_max:
            self._ahead = asyncio.create_task(self._read(rows[-1].position))
        return rows

    async def _read(self, after: int) -> list[OutboxRow]:
        return await self._outbox.read(
            after=after,
            deferred=tuple(self._deferred),
            rows_max=self._options.rows_max,
            bytes_max=self._options.bytes_max,
        )

    async def _settled(self) -> None:
        """Waits until the batch before is marked, which goes on while the next is sent."""
        settling, self._settling = self._settling, None
        if settling is not None:
            await settling

    async def _begin_again(self) -> None:
        """Forgets what was read ahead: the next read begins at the first row that is still to be sent."""
        await self._settled()
        self._after = 0
        ahead, self._ahead = self._ahead, None
        if ahead is not None:
            ahead.cancel()
            await asyncio.wait([ahead])

    async def _lease(self) -> None:
        # Now and then all pending rows are looked at afresh, though nothing is known to need it. No lane may be
        # given back while rows of it are on their way.
        await self._begin_again()
        lanes = await self._outbox.lease(self._options.lease_seconds)
        if lanes != self._lanes:
            log.info("lanes.held", count=len(lanes), gained=len(lanes.keys() - self._lanes.keys()))
            RELAY_LANES.set(len(lanes))
        self._lanes = lanes
        pause = self._options.renew_seconds if lanes else min(HUNGRY_RENEW_SECONDS, self._options.renew_seconds)
        self._lease_due = time.monotonic() + pause
        OUTBOX_OLDEST_SECONDS.set(await self._outbox.oldest_pending_seconds())

    async def _stand_down(self) -> None:
        """Somebody who reaches the broker may have the lanes; what we knew of them is forgotten."""
        self._lanes = {}
        self._lease_due = 0.0
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
        if row.parked or row.key in self._deferred:
            return False
        if row.wait_seconds > 0:
            # Refused before, perhaps by another relay; its scope waits with it.
            self._deferred[row.key] = time.monotonic() + row.wait_seconds
            return False
        return True

    def _message(self, row: OutboxRow) -> Outgoing:
        headers = [(name, value.encode()) for name, value in orjson.loads(row.headers).items()]
        headers.append((PREVIOUS, str(row.previous).encode()))
        headers.append((EPOCH, self._epoch))
        return Outgoing(
            row.topic, row.lane, row.key.encode(), row.payload.encode(), headers, alone=row.id in self._alone
        )

    async def _settle(self, rows: Sequence[OutboxRow], sent: Sequence[OutboxRow], delivery: Delivery) -> None:
        acknowledged = [row.id for row, outcome in zip(sent, delivery.outcomes, strict=True) if outcome is True]
        unsent = {
            row.id
            for row, outcome in zip(sent, delivery.outcomes, strict=True)
            if outcome is False or (isinstance(outcome, Refused) and not outcome.certain)
        }
        passed = self._passed(rows, unsent)
        if passed and not await self._outbox.mark_sent(acknowledged, passed):
            log.warning("lanes.lost")
            self._lease_due = 0.0
        OUTBOX_SENT_TOTAL.inc(len(acknowledged))
        self._alone.difference_update(acknowledged)
        failures = list(self._failures(sent, delivery))
        behind = [row for row in rows if row.parked]
        if failures or behind:
            await self._outbox.settle_unsendable(failures, behind)

    def _passed(self, rows: Iterable[OutboxRow], unsent: set[str]) -> dict[int, tuple[int, int]]:
        """Per lane its fence and the position before its first row that is still to be sent."""
        passed: dict[int, tuple[int, int]] = {}
        stopped: set[int] = set()
        for row in rows:
            if row.id in unsent:
                stopped.add(row.lane)
            elif row.lane not in stopped and row.lane in self._lanes:
                passed[row.lane] = (self._lanes[row.lane], row.position)
        return passed

    def _failures(self, sent: Sequence[OutboxRow], delivery: Delivery) -> Iterable[Failure]:
        for row, outcome in zip(sent, delivery.outcomes, strict=True):
            if not isinstance(outcome, Refused):
                continue
            if not outcome.certain:
                self._alone.add(row.id)
                continue
            self._alone.discard(row.id)
            yield self._failure(row, outcome.reason)

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
