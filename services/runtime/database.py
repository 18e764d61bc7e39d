"""Connections to PostgreSQL, and the doorbells (LISTEN/NOTIFY) that wake whoever waits.

A doorbell only shortens a wait: everything that listens also polls, so a lost one costs time, never data.
"""

import asyncio
import random
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from contextlib import asynccontextmanager
from typing import Any, Final

import orjson
import psycopg
from psycopg.rows import DictRow, dict_row
from psycopg.types.json import set_json_loads
from psycopg_pool import AsyncConnectionPool

from services.runtime.logs import get_logger

OUTBOX_DOORBELL = "studio_outbox"
"""Rung after a batch of events was committed, for the relays and the event feeds. No payload."""
TASKS_DOORBELL = "studio_tasks"
"""Rung after tasks were committed. No payload."""
CHECKPOINT_DOORBELL = "studio_checkpoints"
"""Rung after a projector's commit: `group:lane=position,lane=position,…`."""
PROGRESS_DOORBELL = "studio_progress"
"""A task's progress as JSON: never stored, at most one a second and task."""

REFUSED_AS_CHANGED = "ST002"
"""SQLSTATE of `refuse_when_v1`."""

BELL_SECONDS = 0.01
"""From one doorbell to the next: at a hundred commands a second, whoever is woken for each spends more on being woken
than on what there is to do (ADR 3)."""
RECONNECT_SECONDS_MAX = 5.0
TRANSACTION_SECONDS_MAX = 10
"""A process that stands still in a transaction loses it after this long, and with it the locks that others need.

Not the limit of idle transactions: in a pipeline the server takes one for busy that waits for the next statement.
"""

_RING: Final = b"SELECT pg_notify(doorbell, '') FROM unnest(%s::TEXT[]) AS doorbell"

log = get_logger(__name__)

Connection = psycopg.AsyncConnection[DictRow]
Pool = AsyncConnectionPool[Connection]


BY_INDEX: Final = b"SET plan_cache_mode = force_generic_plan; SET enable_seqscan = off; SET enable_bitmapscan = off"
"""For connections that only look up."""


@asynccontextmanager
async def open_pool(
    database_url: str, *, size: int, name: str, role: str | None = None, by_index: bool = False
) -> AsyncIterator[Pool]:
    """A pool of autocommit connections: dict rows, times in UTC; `role` is taken on by each (row-level security).

    It has all of them from the start: a connection costs PostgreSQL 3 MB once it has seen every statement, and a pool
    that grows with each peak would look like a leak.

    `by_index` is for those who only look up. Each statement is planned once: planning it anew for each caller takes
    longer than running it, and half as long again under row-level security. And a plan made while a table is all but
    empty would be a scan of all of it, or gather all that is asked for before it gives the first row, and stay that
    until the table is analysed.
    """

    async def configure(connection: Connection) -> None:
        set_json_loads(orjson.loads, connection)
        await connection.execute("SET TIME ZONE 'UTC'")
        if by_index:
            await connection.execute(BY_INDEX)
        await connection.execute(f"SET transaction_timeout = '{TRANSACTION_SECONDS_MAX}s'".encode())
        if role is not None:
            await connection.execute(f"SET ROLE {role}".encode())

    pool: Pool = AsyncConnectionPool(
        database_url,
        connection_class=psycopg.AsyncConnection[DictRow],
        kwargs={"autocommit": True, "row_factory": dict_row, "application_name": name},
        min_size=size,
        max_size=size,
        configure=configure,
        timeout=5,
        reconnect_timeout=5,
        open=False,
    )
    await pool.open(wait=False)
    try:
        yield pool
    finally:
        await pool.close()


async def database_ready(pool: Pool) -> str | None:
    """A readiness check: None when PostgreSQL answers."""
    try:
        async with pool.connection(timeout=2) as connection:
            await connection.execute("SELECT 1")
    except (psycopg.Error, TimeoutError) as error:
        return str(error) or type(error).__name__
    return None


class Doorbells:
    """Rings for those who have no time to wait until it is done.

    The first bell rings at once. What is asked for while it is being rung, or soon after, is rung together by the next.
    """

    def __init__(self, pool: Pool) -> None:
        self._pool = pool
        self._asked: set[str] = set()
        self._ringing: asyncio.Task[None] | None = None

    def ring(self, doorbells: Iterable[str]) -> None:
        """Returns at once. Where it fails, polling makes up for it."""
        self._asked.update(doorbells)
        if self._asked and self._ringing is None:
            self._ringing = asyncio.create_task(self._ring_all())

    async def close(self) -> None:
        """Rings what was asked for."""
        if self._ringing is not None:
            await self._ringing

    async def _ring_all(self) -> None:
        try:
            while self._asked:
                asked, self._asked = self._asked, set()
                await self._ring_together(asked)
                await asyncio.sleep(BELL_SECONDS)
        finally:
            self._ringing = None

    async def _ring_together(self, asked: Iterable[str]) -> None:
        try:
            async with self._pool.connection() as connection:
                await connection.execute(_RING, [list(asked)], prepare=True)
        except psycopg.Error as error:
            log.warning("doorbell.not_rung", reason=str(error))


async def listen(
    database_url: str,
    channels: tuple[str, ...],
    heard: Callable[[str, str], None],
    *,
    connected: Callable[[], Awaitable[Any]] | None = None,
) -> None:
    """Listens for ever, reconnecting with back-off; `heard(channel, payload)` must return at once.

    `connected` runs after each (re)connection, for what may have been missed in between.
    """
    wait = 0.1
    while True:
        try:
            async with await psycopg.AsyncConnection.connect(database_url, autocommit=True) as connection:
                for channel in channels:
                    await connection.execute(f"LISTEN {channel}".encode())
                if connected is not None:
                    await connected()
                wait = 0.1
                async for notification in connection.notifies():
                    heard(notification.channel, notification.payload)
        except psycopg.OperationalError as error:
            log.warning("doorbell.lost", reason=str(error), retry_in_seconds=wait)
        await asyncio.sleep(wait * random.uniform(0.5, 1.0))
        wait = min(wait * 2, RECONNECT_SECONDS_MAX)
