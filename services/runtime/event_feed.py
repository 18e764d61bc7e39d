"""The event feed: one tail of the log for a whole process, handing each event on when it can be seen.

An event goes to the audience once the read models of its lane have it, so that whoever reacts by reading
again sees its effect; the later events of the same user wait behind it, so that each user's come in
position order, over all lanes. Only the events of users who are there are read in full.

The log is read when something was appended, which is before the read models have it: so that the announcement that
they do finds the event in memory, and no query stands between it and the audience.
"""

import asyncio
from collections import deque
from collections.abc import Callable
from itertools import islice
from typing import Any, Protocol
from uuid import UUID

import psycopg
from psycopg.rows import tuple_row

from services.kernel.decider import Rejected
from services.kernel.events import RecordedEvent
from services.kernel.lanes import LANE_COUNT
from services.runtime.checkpoints import Checkpoints
from services.runtime.database import Pool
from services.runtime.logs import get_logger
from services.runtime.positions import encode_cursor
from services.runtime.recorded_events import event_of_row
from services.runtime.sql_files import read_sql

POLL_SECONDS = 1.0
TAIL_BATCH_SIZE = 1_000
EVENT_BATCH_SIZE = 100
UNPROJECTED_MAX = 50_000
"""Beyond this many events that wait for their read models, the tail stands still until some are projected."""
APPENDS_SHARE_SECONDS = 0.003
"""How long an append waits to be looked at, with those that follow it: less than its read models take."""
READ_AHEAD_MAX = 200
"""Events kept in full before they can be seen. What does not fit is read when it can."""

_SQL = read_sql("services.runtime", "event_feed.sql")

log = get_logger(__name__)


class StoreReplaced(Exception):
    """The database holds another history than before; the process must start again to read it."""


class Audience(Protocol):
    """Who the events are for."""

    def wants(self, user_id: str) -> bool:
        """Whether anybody listens for this user now."""

    def deliver(self, event: RecordedEvent) -> None:
        """Takes the next event of its user; must return at once."""

    def delivered(self) -> None:
        """Everything that could be seen so far has been handed over."""


class EventFeed:
    """The tail, and what of it waits for its read models."""

    def __init__(self, pool: Pool, checkpoints: Checkpoints, audience: Audience) -> None:
        self._pool = pool
        self._checkpoints = checkpoints
        self._audience = audience
        self._waiting = Unprojected()
        # Visible already, on their way to the audience; kept until handed over, so that a lost connection loses none.
        self._visible: deque[tuple[int, str]] = deque()
        # Only of events that are still to be handed over; None while one is being read.
        self._read_ahead: dict[int, RecordedEvent | None] = {}
        self._epoch: UUID | None = None
        self._tail = 0
        self._tail_is_old = True
        self._look: asyncio.TimerHandle | None = None
        self._woken = asyncio.Event()
        checkpoints.changed = self._checkpoints_moved

    @property
    def epoch(self) -> UUID:
        """Which history is being read. Raises Rejected STORE_UNAVAILABLE before the first contact."""
        if self._epoch is None:
            raise Rejected("STORE_UNAVAILABLE", "The log has not been reached yet; try again.")
        return self._epoch

    @property
    def tail(self) -> int:
        """The last position read."""
        return self._tail

    @property
    def unprojected_count(self) -> int:
        """How many events wait for their read models."""
        return len(self._waiting)

    def settled(self, user_id: str | None) -> int:
        """Up to where all events of the user (None: of everybody) are in the read models."""
        first = self._waiting.first() if user_id is None else self._waiting.first_of(user_id)
        return self._tail if first is None else first - 1

    def cursor(self, user_id: str | None) -> str:
        """Where to start a stream for somebody who is about to read state: nothing before it will be missing there."""
        return encode_cursor(self.epoch, self.settled(user_id))

    def wake(self) -> None:
        """What the audience waits for may have changed."""
        self._woken.set()

    def heard_append(self) -> None:
        """There are new events, most likely none that can be seen yet."""
        self._tail_is_old = True
        if self._look is None:
            self._look = asyncio.get_running_loop().call_later(APPENDS_SHARE_SECONDS, self._look_now)

    async def run(self) -> None:
        """Feeds for ever. Raises StoreReplaced."""
        while True:
            self._woken.clear()
            try:
                await self._follow()
            except psycopg.OperationalError as error:
                log.warning("feed.unreachable", reason=str(error))
                self._tail_is_old = True
                await asyncio.sleep(POLL_SECONDS)
            await self._wait()

    async def check_history(self) -> None:
        """After a reconnection: still the database that was being read? Raises StoreReplaced if not."""
        if self._epoch is None:
            return
        epoch, head = await self._read_head()
        if epoch != self._epoch or head < self._tail:
            raise StoreReplaced(f"epoch {self._epoch} at {self._tail} became epoch {epoch} at {head}")
        self.heard_append()

    async def ready(self) -> str | None:
        """A readiness check: None once the log has been reached."""
        return None if self._epoch is not None else "the log has not been reached yet"

    async def _follow(self) -> None:
        if self._epoch is None:
            await self._load()
        await self._hand_over()
        while self._tail_is_old and len(self._waiting) < UNPROJECTED_MAX:
            # Before the read: what is appended during it may be missing in it.
            self._tail_is_old = False
            if await self._read_tail() == TAIL_BATCH_SIZE:
                self._tail_is_old = True
            await self._hand_over()

    def _look_now(self) -> None:
        self._look = None
        self._woken.set()

    def _checkpoints_moved(self) -> None:
        if self._epoch is None:
            return
        # At once: the loop may be in the middle of reading what nobody can see yet.
        self._hand_over_what_is_here()
        # Whatever is in the read models is in the log: the doorbell of its append was lost, or is on its way.
        if self._checkpoints.furthest > self._tail:
            self._tail_is_old = True
        if self._visible or self._tail_is_old:
            self._woken.set()

    async def _load(self) -> None:
        await self._checkpoints.refresh()
        epoch, head = await self._read_head()
        first = (await self._rows("read_first_unprojected", group=self._checkpoints.group))[0][0]
        # From there on everything is read, also what is projected: it may have to wait behind its user's first.
        self._tail = head if first is None else min(head, first - 1)
        self._epoch = epoch

    async def _read_head(self) -> tuple[UUID, int]:
        rows: list[tuple[UUID, int]] = await self._rows("read_head")
        return rows[0]

    async def _read_tail(self) -> int:
        rows = await self._rows("read_tail", after=self._tail, limit=TAIL_BATCH_SIZE)
        for position, lane, user_id in rows:
            self._waiting.add(position, lane, user_id)
        if rows:
            self._tail = rows[-1][0]
        await self._look_ahead([position for position, _, user_id in rows if self._audience.wants(user_id or "")])
        return len(rows)

    async def _look_ahead(self, positions: list[int]) -> None:
        """Reads some of the events in full while their read models are still being written."""
        room = READ_AHEAD_MAX - len(self._read_ahead)
        if positions and room > 0:
            await self._read_events(positions[:room])

    async def _hand_over(self) -> None:
        """Hands over everything that can be seen; reads first what is not here."""
        self._hand_over_what_is_here()
        while self._visible:
            first = islice(self._visible, EVENT_BATCH_SIZE)
            wanted = [position for position, user_id in first if self._audience.wants(user_id)]
            await self._read_events([position for position in wanted if self._read_ahead.get(position) is None])
            self._hand_over_what_is_here()

    def _hand_over_what_is_here(self) -> None:
        """Hands over what can be seen, in order, up to the first event that has to be read."""
        self._visible.extend(self._waiting.release(self._checkpoints.reached))
        while self._visible:
            position, user_id = self._visible[0]
            if self._audience.wants(user_id):
                event = self._read_ahead.get(position)
                if event is None:
                    return
                self._audience.deliver(event)
            self._read_ahead.pop(position, None)
            self._visible.popleft()
        self._audience.delivered()

    async def _read_events(self, positions: list[int]) -> None:
        self._read_ahead |= dict.fromkeys(positions)
        async with self._pool.connection() as connection:
            cursor = await connection.execute(_SQL["read_events"], {"positions": positions})
            rows = await cursor.fetchall()
        if len(rows) < len(positions):
            raise StoreReplaced(f"{len(positions) - len(rows)} of the events {positions} are no longer there")
        for row in rows:
            # Whoever it is for may have gone meanwhile, and the event with them.
            if (position := row["position"]) in self._read_ahead:
                self._read_ahead[position] = event_of_row(row)

    async def _rows(self, block: str, **parameters: object) -> list[tuple[Any, ...]]:
        async with self._pool.connection() as connection:
            cursor = connection.cursor(row_factory=tuple_row)
            await cursor.execute(_SQL[block], parameters)
            return await cursor.fetchall()

    async def _wait(self) -> None:
        try:
            async with asyncio.timeout(POLL_SECONDS):
                await self._woken.wait()
        except TimeoutError:
            self._tail_is_old = True


class Unprojected:
    """Events that were read before their lane's read models had them; added in position order."""

    def __init__(self) -> None:
        self._by_lane: list[deque[tuple[int, str]]] = [deque() for _ in range(LANE_COUNT)]
        self._by_user: dict[str, deque[tuple[int, int]]] = {}
        self._count = 0

    def __len__(self) -> int:
        return self._count

    def add(self, position: int, lane: int, user_id: str | None) -> None:
        """One more event. One that belongs to no user is for nobody's stream, yet holds the common mark back."""
        user_id = user_id or ""
        self._by_lane[lane].append((position, user_id))
        self._by_user.setdefault(user_id, deque()).append((position, lane))
        self._count += 1

    def first(self) -> int | None:
        """The first position that is not visible yet."""
        return min((positions[0][0] for positions in self._by_user.values()), default=None)

    def first_of(self, user_id: str) -> int | None:
        """The same among one user's events."""
        events = self._by_user.get(user_id)
        return events[0][0] if events else None

    def release(self, reached: Callable[[int, int], bool]) -> list[tuple[int, str]]:
        """Takes out what has become visible, in position order: no event overtakes an earlier one of its user."""
        touched: set[str] = set()
        for lane, events in enumerate(self._by_lane):
            while events and reached(lane, events[0][0]):
                touched.add(events.popleft()[1])
        released: list[tuple[int, str]] = []
        for user_id in touched:
            released += self._release_user(user_id, reached)
        self._count -= len(released)
        return sorted(released)

    def _release_user(self, user_id: str, reached: Callable[[int, int], bool]) -> list[tuple[int, str]]:
        events = self._by_user.get(user_id, deque())
        released: list[tuple[int, str]] = []
        while events and reached(events[0][1], events[0][0]):
            released.append((events.popleft()[0], user_id))
        if not events:
            self._by_user.pop(user_id, None)
        return released
