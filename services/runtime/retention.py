"""Housekeeping: partitions are made ahead of time and dropped whole, not emptied row by row (ADR 10 and 11).

Runs in every relay process, one at a time. It never makes others wait: what needs a lock that is not free within
`LOCK_WAIT` is left for the next round, and until then rows without a partition go to the default one.
"""

import asyncio
import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg
from psycopg import sql

from services.kernel.lanes import LANE_COUNT
from services.runtime.database import Connection, Pool
from services.runtime.logs import get_logger
from services.runtime.metrics import PARTITIONS_DROPPED_TOTAL
from services.runtime.sql_files import read_sql

ROUND_SECONDS = 60.0
LOCK_KEY = 7_410_003
LOCK_WAIT = "300ms"

SENT_KEPT = timedelta(days=7)
FAILED_KEPT = timedelta(days=30)
"""Of the outbox. A partition is kept for as long as the longest of its messages."""

EMPTY_AHEAD = 2
"""Partitions of the outbox that nothing has been written to: a day or more during which housekeeping may fail."""
WIDTH_MIN = 10_000
"""Positions. A quiet studio would otherwise make partitions of a few rows, each a look more for every read."""
WIDTH_MAX = 20_000_000
"""At ten times the measured rate of commands still some twenty partitions a day."""

_SQL = read_sql("services.runtime", "retention.sql")
_WEEKS_SINCE = datetime(2001, 1, 1, tzinfo=UTC)
"""A Monday; partitions of time begin a multiple of their width after it."""

log = get_logger(__name__)

Bound = int | datetime


@dataclass(frozen=True, slots=True)
class Partition:
    """A range of rows: from `lower` on, before `upper`."""

    name: str
    lower: Any
    upper: Any


@dataclass(frozen=True, slots=True)
class TimedTable:
    """Ended work by the time of its creation. What failed is rare and kept for long: fewer, wider partitions."""

    name: str
    width: timedelta
    kept: timedelta


TIMED_TABLES = (
    TimedTable("command_inbox_completed", timedelta(days=7), timedelta(days=30)),
    TimedTable("command_inbox_failed", timedelta(days=28), timedelta(days=90)),
    TimedTable("async_tasks_completed", timedelta(days=7), timedelta(days=30)),
    TimedTable("async_tasks_failed", timedelta(days=28), timedelta(days=90)),
)
POSITION_TABLES = ("outbox_messages", "relay_marks")
"""Partitioned alike: a mark goes with the messages it is about."""


@dataclass(frozen=True, slots=True)
class Progress:
    """Where everything stands. What is `unfinished` is the first event that was not sent or not applied everywhere."""

    at: datetime
    head: int
    position_a_day_ago: int | None
    unfinished_position: int | None
    unfinished_age: timedelta | None

    def is_past(self, position: int) -> bool:
        """Whether every event before the position was sent and applied everywhere."""
        return position <= (self.head if self.unfinished_position is None else self.unfinished_position)

    def is_past_time(self, time: datetime) -> bool:
        """Whether every event that was made before was sent and applied everywhere."""
        return self.unfinished_age is None or time <= self.at - self.unfinished_age


class Retention:
    """The housekeeping of one process."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def run(self) -> None:
        """A round a minute, for ever."""
        while True:
            try:
                await self.keep_house()
            except psycopg.OperationalError as error:
                log.warning("retention.unreachable", reason=str(error))
            except psycopg.Error:
                # The relay beside it goes on: messages matter more than what is kept too long.
                log.exception("retention.failed")
            await asyncio.sleep(ROUND_SECONDS * random.uniform(0.8, 1.2))

    async def keep_house(self) -> bool:
        """One round; False when another process is at it."""
        async with self._alone() as connection:
            if connection is None:
                return False
            progress = await _progress(connection)
            await self._keep_messages(connection, progress)
            for table in TIMED_TABLES:
                await self._keep_timed(connection, table, progress)
        return True

    @asynccontextmanager
    async def _alone(self) -> AsyncIterator[Connection | None]:
        async with self._pool.connection() as connection:
            row = await (await connection.execute(_SQL["try_lock"], {"lock_key": LOCK_KEY})).fetchone()
            assert row is not None, "a function has a result"
            if not row["is_ours"]:
                yield None
                return
            try:
                yield connection
            finally:
                # A connection that is lost has lost the lock with it.
                if not connection.broken:
                    await connection.execute(_SQL["unlock"], {"lock_key": LOCK_KEY})

    async def _keep_messages(self, connection: Connection, progress: Progress) -> None:
        partitions = await _partitions(connection, "list_position_partitions", "outbox_messages")
        width = _width(progress)
        upper = partitions[-1].upper if partitions else 0
        ahead = sum(partition.lower > progress.head for partition in partitions)
        for _ in range(EMPTY_AHEAD - ahead):
            lower, upper = upper, max(upper, progress.head + 1) + width
            if not await _made(connection, POSITION_TABLES, "position", lower, upper):
                break
        # In their order: a mark settles the messages of its lane in every partition before its own.
        for partition in partitions:
            if not progress.is_past(partition.upper) or not await _is_kept_long_enough(connection, partition):
                break
            if not await _dropped(connection, POSITION_TABLES, partition):
                break

    async def _keep_timed(self, connection: Connection, table: TimedTable, progress: Progress) -> None:
        partitions = await _partitions(connection, "list_time_partitions", table.name)
        this = _WEEKS_SINCE + (progress.at - _WEEKS_SINCE) // table.width * table.width
        for lower in sorted({this, this + table.width, *await _homeless(connection, table)}):
            if not any(partition.lower <= lower < partition.upper for partition in partitions):
                await _made(connection, (table.name,), "created_at", lower, lower + table.width)
        for partition in partitions:
            if partition.upper <= progress.at - table.kept and progress.is_past_time(partition.upper):
                await _dropped(connection, (table.name,), partition)


async def _progress(connection: Connection) -> Progress:
    row = await (await connection.execute(_SQL["read_progress"], {"lane_count": LANE_COUNT})).fetchone()
    assert row is not None, "a row of scalars"
    return Progress(**row)


async def _partitions(connection: Connection, block: str, parent: str) -> list[Partition]:
    cursor = await connection.execute(_SQL[block], {"parent": parent})
    return [Partition(**row) for row in await cursor.fetchall()]


def _width(progress: Progress) -> int:
    """About a day's worth."""
    if progress.position_a_day_ago is None:
        return WIDTH_MIN
    return min(max(progress.head - progress.position_a_day_ago, WIDTH_MIN), WIDTH_MAX)


async def _homeless(connection: Connection, table: TimedTable) -> list[datetime]:
    """Beginnings of the partitions that rows in the default one belong to: somebody's clock was far off."""
    statement = sql.SQL(_SQL["find_homeless"].decode()).format(default=sql.Identifier(f"{table.name}_default"))
    cursor = await connection.execute(statement, {"width": table.width, "since": _WEEKS_SINCE})
    return [row["lower"] for row in await cursor.fetchall()]


async def _is_kept_long_enough(connection: Connection, partition: Partition) -> bool:
    parameters = {
        "lower": partition.lower,
        "upper": partition.upper,
        "sent_kept": SENT_KEPT,
        "failed_kept": FAILED_KEPT,
    }
    row = await (await connection.execute(_SQL["is_kept_long_enough"], parameters)).fetchone()
    assert row is not None, "an aggregate has one row"
    return bool(row["is_kept_long_enough"])


async def _made(connection: Connection, parents: tuple[str, ...], column: str, lower: Bound, upper: Bound) -> bool:
    """Makes a partition of each of the tables, with the rows that are waiting for it in the default one."""
    async with _changing(connection, parents, lower) as changing:
        for parent in parents:
            names = {
                "parent": sql.Identifier(parent),
                "default": sql.Identifier(f"{parent}_default"),
                "partition": sql.Identifier(f"{parent}_from_{_suffix(lower)}"),
                "column": sql.Identifier(column),
                "lower": sql.Literal(lower),
                "upper": sql.Literal(upper),
            }
            for block in ("make_partition", "fill_partition", "lock_default", "fill_partition", "attach_partition"):
                await connection.execute(sql.SQL(_SQL[block].decode()).format(**names))
    if changing.done:
        log.info("partition.made", tables=parents, lower=str(lower), upper=str(upper))
    return changing.done


async def _dropped(connection: Connection, parents: tuple[str, ...], partition: Partition) -> bool:
    """Drops the partition, and its like of the other tables."""
    async with _changing(connection, parents, partition.lower) as changing:
        for parent in parents:
            name = partition.name.replace(parents[0], parent)
            await connection.execute(sql.SQL(_SQL["drop_partition"].decode()).format(partition=sql.Identifier(name)))
        if parents == POSITION_TABLES:
            bounds = {"lower": partition.lower, "upper": partition.upper}
            await connection.execute(_SQL["forget_exceptions"], bounds)
    if changing.done:
        log.info("partition.dropped", tables=parents, lower=str(partition.lower), upper=str(partition.upper))
        PARTITIONS_DROPPED_TOTAL.labels(parents[0]).inc()
    return changing.done


@dataclass(slots=True)
class _Change:
    done: bool = False


@asynccontextmanager
async def _changing(connection: Connection, parents: tuple[str, ...], lower: Bound) -> AsyncIterator[_Change]:
    """A transaction that changes tables; given up when somebody holds them."""
    change = _Change()
    try:
        async with connection.transaction():
            await connection.execute(_SQL["bound_waits"], {"lock_timeout": LOCK_WAIT})
            yield change
        change.done = True
    except psycopg.errors.LockNotAvailable:
        log.info("partition.waits", tables=parents, lower=str(lower))


def _suffix(lower: Bound) -> str:
    return str(lower) if isinstance(lower, int) else f"{lower:%Y%m%d}"
