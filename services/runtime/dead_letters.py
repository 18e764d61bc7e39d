"""What is parked: events that a projection group could not apply, messages that the broker would not take.

A scope is parked for a consumer, a group's name or `message-relay`: in front stands the one that could not be
handled, behind it wait the later ones of the scope. Here they are looked at; `redriving` settles them.
"""

import asyncio
import random
from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

import psycopg
from psycopg.rows import class_row

from services.kernel.events import RecordedEvent
from services.runtime.database import Pool
from services.runtime.logs import get_logger
from services.runtime.metrics import PARKED_SCOPES
from services.runtime.recorded_events import event_of_row
from services.runtime.sql_files import read_sql

RELAY = "message-relay"
"""The consumer of the outbox; every other is a projection group."""
BEHIND_SHOWN_MAX = 20
WATCH_SECONDS = 5.0

_SQL = read_sql("services.runtime", "dead_letters.sql")

log = get_logger(__name__)


class Parked(NamedTuple):
    """A parked event or message.

    `waits_behind` is the position that its scope waits for, None for the one in front. `waiting` is how many wait
    behind it; a thousand stand for more. `attempts` is 0 for one that was never tried.
    """

    consumer: str
    position: int
    scope_type: str
    scope_id: str
    lane: int
    event_id: UUID
    event_type: str
    aggregate_type: str
    aggregate_id: str
    reason: str
    attempts: int
    occurred_at: datetime
    parked_at: datetime
    waits_behind: int | None
    waiting: int


class Behind(NamedTuple):
    """One that waits."""

    position: int
    event_type: str
    occurred_at: datetime


class Examined(NamedTuple):
    """A parked event in full, and the first of those behind it."""

    parked: Parked
    event: RecordedEvent
    behind: Sequence[Behind]


async def list_parked(
    pool: Pool, *, consumer: str | None, scope_id: str | None, after: tuple[str, str], limit: int
) -> list[Parked]:
    """The one in front of each parked scope, by consumer and scope, strictly after the (consumer, scope id)."""
    # A consumer's first scope comes after the consumer with no scope at all.
    after = max(after, (consumer or "", ""))
    parameters = {
        "consumer": consumer,
        "scope_id": scope_id,
        "after_consumer": after[0],
        "after_scope_id": after[1],
        "limit": limit,
    }
    block = "list_parked" if scope_id is None else "list_parked_of_scope"
    async with pool.connection() as connection, connection.cursor(row_factory=class_row(Parked)) as cursor:
        await cursor.execute(_SQL[block], parameters)
        return await cursor.fetchall()


async def find_parked(pool: Pool, consumer: str, position: int) -> Parked | None:
    """A parked event; None when there is none at the position, or no longer."""
    parameters = {"consumer": consumer, "position": position}
    async with pool.connection() as connection, connection.cursor(row_factory=class_row(Parked)) as cursor:
        await cursor.execute(_SQL["read_parked"], parameters)
        return await cursor.fetchone()


async def examine(pool: Pool, consumer: str, position: int) -> Examined | None:
    """A parked event with all that helps to judge it."""
    parked = await find_parked(pool, consumer, position)
    if parked is None:
        return None
    parameters = {**parked._asdict(), "limit": BEHIND_SHOWN_MAX}
    async with pool.connection() as connection:
        row = await (await connection.execute(_SQL["read_event"], parameters)).fetchone()
        cursor = connection.cursor(row_factory=class_row(Behind))
        await cursor.execute(_SQL["read_behind"], parameters)
        behind = await cursor.fetchall()
    assert row is not None, "events are never deleted"
    return Examined(parked, event_of_row(row), behind)


async def is_parked(pool: Pool, consumer: str, position: int) -> bool:
    """Whether the consumer has passed the position without handling it."""
    parameters = {"consumer": consumer, "position": position}
    async with pool.connection() as connection:
        row = await (await connection.execute(_SQL["is_parked"], parameters, prepare=True)).fetchone()
    return row is not None and bool(row["parked"])


async def watch_parked(pool: Pool, consumer: str) -> None:
    """Keeps the gauge of a consumer's parked scopes current, for ever."""
    while True:
        try:
            async with pool.connection() as connection:
                rows = await (await connection.execute(_SQL["count_parked_scopes"])).fetchall()
        except psycopg.OperationalError as error:
            log.warning("parked.not_counted", reason=str(error))
        else:
            counted = {row["consumer"]: row["scopes"] for row in rows}
            PARKED_SCOPES.labels(consumer).set(counted.get(consumer, 0))
        await asyncio.sleep(WATCH_SECONDS * random.uniform(0.8, 1.0))
