"""The read models of one projection group in the database: events in, statements and checkpoints out, one transaction.

What a projection chooses to write is its own; that it is written exactly once is settled here. A transaction
first moves the checkpoints of its lanes on, from where the caller believes them to be: whoever believes wrong
writes nothing. Events of a parked scope are written to `dead_letters` instead, behind the one that cannot be applied.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from typing import Any, NamedTuple

import orjson
import psycopg
from psycopg import AsyncCursor
from psycopg.rows import DictRow

from services.kernel.context import Context, Projection
from services.kernel.events import RecordedEvent
from services.kernel.lanes import LANE_COUNT
from services.runtime import crash_points
from services.runtime.database import CHECKPOINT_DOORBELL, Connection, Pool
from services.runtime.logs import get_logger
from services.runtime.recorded_events import Stored, event_of_row
from services.runtime.registry import Registry
from services.runtime.sql_files import read_sql

PREPARED_MAX = 500
"""Prepared statements a connection: every one of a group, in each combination of types it is called with."""
REASON_LENGTH_MAX = 2000

_SQL = read_sql("services.runtime", "projecting.sql")

_TRANSIENT_CLASSES = frozenset({"08", "40", "53", "55", "57", "58"})
"""SQLSTATE classes of what passes by itself: connection, serialization, resources, locks, shutdown, I/O."""
_TRANSIENT_STATES = frozenset({"25006", "25P03", "25P04"})
"""The server has become a standby; the transaction took too long, ours or that of whoever we waited for."""
_WRONG_SCHEMA = frozenset({"42P01", "42703", "42501"})
"""A table, column or right is missing: no event's fault, and no reason to park one after the other."""

log = get_logger(__name__)


class Overtaken(Exception):
    """A checkpoint is not where it was believed to be: another projector was there. Nothing was written."""


class Poison(Exception):
    """An event, or one of several, cannot be applied and never will be as things are. Nothing was written."""


class Behind(NamedTuple):
    """Lanes with events to apply: their checkpoints, and the age of the oldest such event in seconds."""

    checkpoints: dict[int, int]
    oldest_seconds: float


class Write(NamedTuple):
    """One statement to run."""

    sql: bytes
    parameters: Mapping[str, Any]


class ReadModels:
    """All projections of a group, and the group's checkpoints and parked events."""

    def __init__(self, group: str, contexts: Sequence[Context], pool: Pool) -> None:
        self.group = group
        self._pool = pool
        self._registry = Registry(contexts)
        self._by_type = _projections_by_event_type(group, contexts)

    async def open(self) -> str:
        """Makes the checkpoints that are missing and returns the store's epoch."""
        async with self._pool.connection() as connection:
            await connection.execute(_SQL["make_checkpoints"], {"group": self.group, "lane_count": LANE_COUNT})
            row = await (await connection.execute(_SQL["read_epoch"])).fetchone()
        assert row is not None, "the migrations wrote the epoch"
        return str(row["epoch"])

    async def checkpoints(self) -> dict[int, int]:
        """Per lane the position up to which everything is applied."""
        async with self._pool.connection() as connection:
            cursor = await connection.execute(_SQL["read_checkpoints"], {"group": self.group})
            return {row["lane"]: row["last_position"] for row in await cursor.fetchall()}

    async def behind(self, age_seconds: float) -> Behind:
        """The lanes whose next event is at least so old."""
        parameters = {"group": self.group, "age_seconds": age_seconds}
        async with self._pool.connection() as connection:
            cursor = await connection.execute(_SQL["find_behind"], parameters, prepare=True)
            rows = await cursor.fetchall()
        oldest_seconds = max((float(row["age_seconds"]) for row in rows), default=0.0)
        return Behind({row["lane"]: row["last_position"] for row in rows}, oldest_seconds)

    async def missing(self, checkpoints: Mapping[int, int], rows_max: int) -> list[Stored]:
        """What the store has after the checkpoints, at most about `rows_max` events, in position order."""
        lanes = [{"lane": lane, "after": position} for lane, position in checkpoints.items()]
        parameters = {"lanes": _json(lanes), "lane_rows_max": max(1, rows_max // len(lanes))}
        async with self._pool.connection() as connection:
            cursor = await connection.execute(_SQL["read_missing"], parameters, prepare=True)
            return list(_chained(checkpoints, await cursor.fetchall()))

    async def commit(self, events: Sequence[RecordedEvent], expected: Mapping[int, int]) -> dict[int, int]:
        """Applies events, in order per lane, and returns the lanes' new checkpoints.

        Raises Overtaken or Poison; psycopg's own errors when the database is away (`is_transient`) or not made for
        this build. Nothing was written then, or, after a lost connection, everything, which the next attempt notices.
        """
        planned = [(event, list(self._writes(event))) for event in events]
        reached = {event.lane: event.position for event in events}
        try:
            async with self._pool.connection() as connection:
                connection.prepared_max = PREPARED_MAX
                async with connection.pipeline(), connection.transaction():
                    parked = await self._enter(connection, expected, reached, {e.scope_id for e in events})
                    await _run(connection, _choose(self.group, planned, parked))
                    crash_points.reached("projector.before_commit")
                crash_points.reached("projector.after_commit")
                await self._ring(connection, reached)
        except psycopg.Error as error:
            if is_transient(error) or error.sqlstate in _WRONG_SCHEMA:
                raise
            raise Poison(_words(error)) from error
        return reached

    async def park(self, event: RecordedEvent, expected: int, reason: str, attempts: int) -> None:
        """Puts an event aside and moves the checkpoint past it; its scope waits from now on. Raises Overtaken."""
        reached = {event.lane: event.position}
        async with self._pool.connection() as connection:
            async with connection.transaction():
                await self._enter(connection, {event.lane: expected}, reached, set())
                write = _parking(self.group, event, reason, attempts)
                await connection.execute(write.sql, write.parameters)
            await self._ring(connection, reached)

    async def recent_poison(self, seconds: float) -> int:
        """How many events were found poisonous in the last so many seconds."""
        parameters = {"group": self.group, "seconds": seconds}
        async with self._pool.connection() as connection:
            row = await (await connection.execute(_SQL["count_recent_poison"], parameters)).fetchone()
        return int(row["events"]) if row is not None else 0

    async def redrive(self, scope_id: str) -> int:
        """Applies the parked events of a scope in order and returns how many; the scope then flows again.

        Raises Poison at the first that still cannot be applied; it and those behind it stay parked.
        """
        applied = 0
        while await self._redrive_first(scope_id):
            applied += 1
        return applied

    async def _redrive_first(self, scope_id: str) -> bool:
        parameters = {"group": self.group, "scope_id": scope_id}
        try:
            async with self._pool.connection() as connection:
                async with connection.transaction():
                    lane = await (await connection.execute(_SQL["lock_lane_of_scope"], parameters)).fetchone()
                    if lane is None:
                        return False
                    # Somebody else may have emptied the scope while the lock was waited for.
                    row = await (await connection.execute(_SQL["take_first_parked"], parameters)).fetchone()
                    if row is None:
                        return False
                    await _run(connection, self._writes(event_of_row(row)))
                await self._ring(connection, {lane["lane"]: lane["last_position"]})
        except psycopg.Error as error:
            if is_transient(error) or error.sqlstate in _WRONG_SCHEMA:
                raise
            raise Poison(_words(error)) from error
        return True

    async def _enter(
        self, connection: Connection, expected: Mapping[int, int], reached: Mapping[int, int], scope_ids: set[str]
    ) -> dict[str, int]:
        """Moves the checkpoints; the parked ones of the scopes, each with the position that it waits for."""
        moves = [{"lane": lane, "expected": expected[lane], "reached": reached[lane]} for lane in reached]
        parameters = {"group": self.group, "moves": _json(moves), "scope_ids": list(scope_ids)}
        await connection.execute(_SQL["trust_the_store"])
        advanced = await connection.execute(_SQL["advance"], parameters, prepare=True)
        parked = await connection.execute(_SQL["read_parked_scopes"], parameters, prepare=True)
        if len(await advanced.fetchall()) != len(moves):
            raise Overtaken(f"lanes {sorted(reached)} of {self.group}")
        return {row["scope_id"]: row["position"] for row in await parked.fetchall()}

    async def _ring(self, connection: Connection, reached: Mapping[int, int]) -> None:
        moves = ",".join(f"{lane}={position}" for lane, position in reached.items())
        parameters = {"channel": CHECKPOINT_DOORBELL, "announcement": f"{self.group}:{moves}"}
        try:
            await connection.execute(_SQL["ring"], parameters, prepare=True)
        except psycopg.Error as error:
            # The commit stands; whoever listens also polls.
            log.warning("doorbell.not_rung", reason=str(error))

    def _writes(self, recorded: RecordedEvent) -> Iterator[Write]:
        """What the group's projections write for an event. Raises Poison."""
        kind = self._registry.events.get(recorded.type)
        if kind is None or recorded.version > kind.VERSION:
            log.warning("event.unknown", type=recorded.type, version=recorded.version, position=recorded.position)
            return
        projections = self._by_type.get(recorded.type, ())
        try:
            event = self._registry.event_of(recorded) if projections else None
            for projection, blocks in projections:
                for statement in projection.project(event, recorded):
                    yield Write(blocks[statement.name], statement.parameters)
        except Exception as error:
            raise Poison(_words(error)) from error


def is_transient(error: psycopg.Error) -> bool:
    """Whether the same transaction may succeed later, without anything being wrong with what it writes."""
    if error.sqlstate is None:
        return isinstance(error, psycopg.OperationalError | psycopg.InterfaceError)
    return error.sqlstate[:2] in _TRANSIENT_CLASSES or error.sqlstate in _TRANSIENT_STATES


def _projections_by_event_type(
    group: str, contexts: Iterable[Context]
) -> dict[str, list[tuple[Projection, dict[str, bytes]]]]:
    """Which projections see an event type, each with the statements of its SQL file. Raises SqlFileError."""
    found: dict[str, list[tuple[Projection, dict[str, bytes]]]] = {}
    for context in contexts:
        for projection in context.projections:
            if projection.group == group:
                blocks = read_sql(*projection.sql)
                for event in projection.handles:
                    found.setdefault(event.TYPE, []).append((projection, blocks))
    return found


def _choose(
    group: str, planned: Iterable[tuple[RecordedEvent, list[Write]]], parked: Mapping[str, int]
) -> Iterator[Write]:
    for event, writes in planned:
        if event.scope_id in parked:
            yield _parking(group, event, f"waits behind the event at position {parked[event.scope_id]}", 0)
        else:
            yield from writes


def _parking(group: str, event: RecordedEvent, reason: str, attempts: int) -> Write:
    return Write(
        _SQL["park"],
        {
            "group": group,
            "position": event.position,
            "event_id": event.event_id,
            "scope_id": event.scope_id,
            "lane": event.lane,
            "reason": reason,
            "attempts": attempts,
        },
    )


async def _run(connection: Connection, writes: Iterable[Write]) -> None:
    """Runs the statements in order; neighbours that are the same statement go over together."""
    cursor: AsyncCursor[DictRow] = connection.cursor()
    for sql, same in groupby(writes, key=lambda write: write.sql):
        parameters = [write.parameters for write in same]
        if len(parameters) == 1:
            await cursor.execute(sql, parameters[0], prepare=True)
        else:
            await cursor.executemany(sql, parameters)


def _chained(checkpoints: Mapping[int, int], rows: Iterable[DictRow]) -> Iterator[Stored]:
    previous = dict(checkpoints)
    for row in rows:
        recorded = event_of_row(row)
        yield Stored(recorded.lane, recorded.position, previous[recorded.lane], recorded)
        previous[recorded.lane] = recorded.position


def _json(value: Any) -> str:
    return orjson.dumps(value).decode()


def _words(error: BaseException) -> str:
    return f"{type(error).__name__}: {error}"[:REASON_LENGTH_MAX]
