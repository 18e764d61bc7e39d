"""How far a projection group has come, lane by lane: a copy in memory that readers can wait on.

Kept current by the projectors' doorbell, with polling behind it. A copy never runs ahead of the table, and
never goes back: a lost doorbell costs a wait, nothing else.
"""

import asyncio
from collections.abc import Callable

import psycopg

from services.kernel.lanes import LANE_COUNT
from services.runtime.database import Pool
from services.runtime.logs import get_logger
from services.runtime.sql_files import read_sql

CORE_GROUP = "core"
"""The group of every context so far; a second group gets a second `Checkpoints`."""
POLL_SECONDS = 1.0

_SQL = read_sql("services.runtime", "event_feed.sql")

log = get_logger(__name__)


class Checkpoints:
    """The checkpoints of one group. `changed` is called after any of them has moved."""

    def __init__(self, pool: Pool, *, group: str = CORE_GROUP) -> None:
        self.group = group
        self.changed: Callable[[], None] = lambda: None
        self._pool = pool
        self._positions = [0] * LANE_COUNT
        self._waiters: dict[asyncio.Future[None], tuple[int, int]] = {}

    def reached(self, lane: int, position: int) -> bool:
        """Whether the group's read models have everything of the lane up to the position."""
        return self._positions[lane] >= position

    @property
    def furthest(self) -> int:
        """The last position that any lane's read models have."""
        return max(self._positions)

    async def wait_for(self, lane: int, position: int, seconds: float) -> bool:
        """Waits until the position is reached, at most so long; False when it was not."""
        if self.reached(lane, position):
            return True
        waiter = asyncio.get_running_loop().create_future()
        self._waiters[waiter] = (lane, position)
        try:
            async with asyncio.timeout(seconds):
                await waiter
        except TimeoutError:
            return False
        finally:
            del self._waiters[waiter]
        return True

    def heard(self, announcement: str) -> None:
        """Takes a doorbell's payload: `core:12=345,13=400`. Another group's is not for us."""
        group, _, moves = announcement.partition(":")
        if group != self.group:
            return
        try:
            pairs = [(int(lane), int(position)) for lane, position in (move.split("=") for move in moves.split(","))]
        except ValueError:
            log.warning("checkpoints.unreadable", announcement=announcement[:200])
            return
        self._advance(pairs)

    async def refresh(self) -> None:
        """Reads the table."""
        async with self._pool.connection() as connection:
            cursor = await connection.execute(_SQL["read_checkpoints"], {"group": self.group})
            self._advance([(row["lane"], row["last_position"]) for row in await cursor.fetchall()])

    async def poll(self) -> None:
        """Reads the table again and again, for doorbells that were lost."""
        while True:
            try:
                await self.refresh()
            except psycopg.OperationalError as error:
                log.warning("checkpoints.unreachable", reason=str(error))
            await asyncio.sleep(POLL_SECONDS)

    def _advance(self, pairs: list[tuple[int, int]]) -> None:
        moved = [(lane, position) for lane, position in pairs if position > self._positions[lane]]
        if not moved:
            return
        for lane, position in moved:
            self._positions[lane] = position
        for waiter, (lane, position) in self._waiters.items():
            if self.reached(lane, position) and not waiter.done():
                waiter.set_result(None)
        self.changed()
