"""The read models of one projection group in the database: events in, rows and checkpoints out, one transaction.

What a projection changes is its own; that it is written exactly once is settled here. A transaction
first moves the checkpoints of its lanes on, from where the caller believes them to be: whoever believes wrong
writes nothing. Events of a parked scope are written to `dead_letters` instead, behind the one that cannot be applied.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, NamedTuple

import orjson
import psycopg
from psycopg.pq import TransactionStatus
from psycopg.rows import DictRow

from services.kernel.context import Context, Projection
from services.kernel.events import RecordedEvent
from services.kernel.lanes import LANE_COUNT
from services.kernel.rows import RowChange
from services.runtime import crash_points
from services.runtime.database import CHECKPOINT_DOORBELL, REFUSED_AS_CHANGED, Connection, Pool
from services.runtime.logs import get_logger
from services.runtime.read_tables import load_read_tables
from services.runtime.recorded_events import Stored, event_of_row
from services.runtime.registry import Registry
from services.runtime.row_writes import RowWrites, Write
from services.runtime.sql_files import read_sql

PREPARED_MAX = 500
"""Prepared statements a connection: one for each shape that changes of a group come in."""
REASON_LENGTH_MAX = 2000

_SQL = read_sql("services.runtime", "projecting.sql")

_TRANSIENT_CLASSES = frozenset({"08", "40", "53", "55", "57", "58"})
"""SQLSTATE classes of what passes by itself: connection, serialization, resources, locks, shutdown, I/O."""
_TRANSIENT_STATES = frozenset({"25006", "25P03", "25P04"})
"""The server has become a standby; the transaction took too long, ours or that of whoever we waited for."""
_OPEN = frozenset({TransactionStatus.INTRANS, TransactionStatus.INERROR})
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


EventChanges = tuple[RecordedEvent, list[RowChange] | Poison]
"""An event with what the group's projections change for it, or why they cannot."""


class Prepared(NamedTuple):
    """Events on their way into the read models: `writes` as long as no scope of theirs is parked."""

    changed: Sequence[EventChanges]
    writes: list[Write] | Poison
    reached: dict[int, int]

    @property
    def events(self) -> list[RecordedEvent]:
        """In the order given."""
        return [event for event, _ in self.changed]

    @property
    def scope_ids(self) -> set[str]:
        """Of the events."""
        return {event.scope_id for event, _ in self.changed}


def nothing() -> None:
    """For those who do not wait for it."""


class ReadModels:
    """All projections of a group, and the group's checkpoints and parked events."""

    def __init__(self, group: str, contexts: Sequence[Context], pool: Pool) -> None:
        self.group = group
        self._pool = pool
        self._registry = Registry(contexts)
        self._projections = [one for one in self._registry.projections.values() if one.group == group]
        self._by_type = _by_event_type(self._projections)
        self._row_writes = RowWrites({})

    async def open(self) -> str:
        """Learns the tables' shapes, makes the checkpoints that are missing and returns the store's epoch.

        Raises ReadTableError when the database is not made for this build.
        """
        tables = [table for projection in self._projections for table in projection.tables]
        async with self._pool.connection() as connection:
            self._row_writes = RowWrites(await load_read_tables(connection, tables))
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

    def prepare(self, events: Sequence[RecordedEvent]) -> Prepared:
        """What is to be written for events, in order per lane: all that can be done without the database."""
        changed = [(event, self._changes(event)) for event in events]
        try:
            writes: list[Write] | Poison = self._writes(changed, {})
        except Poison as poison:
            writes = poison
        return Prepared(changed, writes, {event.lane: event.position for event in events})

    async def commit(
        self, prepared: Prepared, expected: Mapping[int, int], *, when_sent: Callable[[], None] = nothing
    ) -> dict[int, int]:
        """Applies events and returns the lanes' new checkpoints.

        `when_sent` is called when there is nothing left to do but to wait for the database. Raises Overtaken or
        Poison; psycopg's own errors when the database is away (`is_transient`) or not made for this build. Nothing was
        written then, or, after a lost connection, everything, which the next attempt notices.
        """
        with refusals_as_poison():
            async with self._pool.connection() as connection:
                connection.prepared_max = PREPARED_MAX
                told = await self._write_at_once(connection, prepared, expected, when_sent)
                if not told:
                    await self._write_with_care(connection, prepared, expected)
                crash_points.reached("projector.after_commit")
                if not told:
                    await self._ring(connection, prepared.reached)
        return prepared.reached

    async def park(self, event: RecordedEvent, expected: int, reason: str, attempts: int) -> None:
        """Puts an event aside and moves the checkpoint past it; its scope waits from now on. Raises Overtaken."""
        reached = {event.lane: event.position}
        async with self._pool.connection() as connection:
            async with connection.transaction():
                await self._enter(connection, {event.lane: expected}, reached)
                await _run(connection, [_parking(self.group, event, reason, attempts)])
            await self._ring(connection, reached)

    async def recent_poison(self, seconds: float) -> int:
        """How many events were found poisonous in the last so many seconds."""
        parameters = {"group": self.group, "seconds": seconds}
        async with self._pool.connection() as connection:
            row = await (await connection.execute(_SQL["count_recent_poison"], parameters)).fetchone()
        return int(row["events"]) if row is not None else 0

    async def write(self, connection: Connection, event: RecordedEvent) -> None:
        """Writes what the group's projections make of one event, in the caller's transaction.

        Raises Poison; wrap the transaction in `refusals_as_poison`, because some constraints speak at its end.
        """
        await _run(connection, self._writes([(event, self._changes(event))], {}))

    async def _write_at_once(
        self,
        connection: Connection,
        prepared: Prepared,
        expected: Mapping[int, int],
        when_sent: Callable[[], None],
    ) -> bool:
        """Everything, the doorbell too, in one round trip; False, and nothing is written, when anything is not as it
        mostly is.

        The library's own transaction block would wait for the server four times. Between two such waits the server
        skips all that follows an error, COMMIT and doorbell too.
        """
        if isinstance(prepared.writes, Poison):
            return False
        parameters = self._moves(expected, prepared.reached) | {"scope_ids": list(prepared.scope_ids)}
        try:
            async with connection.pipeline():
                await connection.execute(_SQL["begin"])
                await connection.execute(_SQL["prepare_to_write"])
                await connection.execute(_SQL["advance"], parameters, prepare=True)
                await connection.execute(_SQL["refuse_parked_scopes"], parameters, prepare=True)
                await _run(connection, prepared.writes)
                crash_points.reached("projector.before_commit")
                await connection.execute(_SQL["commit"])
                await connection.execute(_SQL["ring"], self._announcement(prepared.reached), prepare=True)
                when_sent()
        except psycopg.Error as error:
            if error.sqlstate != REFUSED_AS_CHANGED:
                raise
            return False
        finally:
            if connection.info.transaction_status in _OPEN:
                await connection.rollback()
        return True

    async def _write_with_care(self, connection: Connection, prepared: Prepared, expected: Mapping[int, int]) -> None:
        """The same step by step: events of parked scopes are put aside. Raises Overtaken or Poison."""
        async with connection.transaction():
            await self._enter(connection, expected, prepared.reached)
            parameters = {"group": self.group, "scope_ids": list(prepared.scope_ids)}
            cursor = await connection.execute(_SQL["read_parked_scopes"], parameters, prepare=True)
            parked = {row["scope_id"]: row["position"] for row in await cursor.fetchall()}
            await _run(connection, self._writes(prepared.changed, parked))

    async def _enter(self, connection: Connection, expected: Mapping[int, int], reached: Mapping[int, int]) -> None:
        """Moves the checkpoints. Raises Overtaken."""
        await connection.execute(_SQL["prepare_to_write"])
        try:
            await connection.execute(_SQL["advance"], self._moves(expected, reached), prepare=True)
        except psycopg.Error as error:
            if error.sqlstate != REFUSED_AS_CHANGED:
                raise
            raise Overtaken(f"lanes {sorted(reached)} of {self.group}") from error

    def _moves(self, expected: Mapping[int, int], reached: Mapping[int, int]) -> dict[str, Any]:
        moves = [{"lane": lane, "expected": expected[lane], "reached": reached[lane]} for lane in reached]
        return {"group": self.group, "moves": _json(moves)}

    def _announcement(self, reached: Mapping[int, int]) -> dict[str, str]:
        moves = ",".join(f"{lane}={position}" for lane, position in reached.items())
        return {"channel": CHECKPOINT_DOORBELL, "announcement": f"{self.group}:{moves}"}

    async def _ring(self, connection: Connection, reached: Mapping[int, int]) -> None:
        try:
            await connection.execute(_SQL["ring"], self._announcement(reached), prepare=True)
        except psycopg.Error as error:
            # The commit stands; whoever listens also polls.
            log.warning("doorbell.not_rung", reason=str(error))

    def _changes(self, recorded: RecordedEvent) -> list[RowChange] | Poison:
        """What the group's projections change for an event, or the Poison to raise when it is its turn."""
        kind = self._registry.events.get(recorded.type)
        if kind is None or recorded.version > kind.VERSION:
            log.warning("event.unknown", type=recorded.type, version=recorded.version, position=recorded.position)
            return []
        changes: list[RowChange] = []
        projections = self._by_type.get(recorded.type, ())
        try:
            event = self._registry.event_of(recorded) if projections else None
            for projection in projections:
                changes += projection.project(event, recorded)
        except Exception as error:  # noqa: BLE001  (whatever a projection cannot stand is the event's fault)
            return Poison(_words(error))
        for change in changes:
            owner = self._registry.tables.get(change.table)
            assert owner in projections, f"no projection of {recorded.type} owns {change.table}"
        return changes

    def _writes(self, changed: Sequence[EventChanges], parked: Mapping[str, int]) -> list[Write]:
        """The statements for all events; those of parked scopes are put aside. Raises Poison."""
        flowing: list[tuple[str, RowChange]] = []
        for event, changes in changed:
            if event.scope_id in parked:
                continue
            if isinstance(changes, Poison):
                raise changes
            flowing += ((event.scope_id, change) for change in changes)
        try:
            writes = self._row_writes.statements(flowing)
        except (TypeError, ValueError) as error:
            raise Poison(_words(error)) from error
        for event, _ in changed:
            if event.scope_id in parked:
                reason = f"waits behind the event at position {parked[event.scope_id]}"
                writes.append(_parking(self.group, event, reason, 0))
        return writes


@contextmanager
def refusals_as_poison() -> Iterator[None]:
    """Poison for what the database refuses to take; what passes by itself or is no event's fault goes on as it is."""
    try:
        yield
    except psycopg.Error as error:
        if is_transient(error) or error.sqlstate in _WRONG_SCHEMA:
            raise
        raise Poison(_words(error)) from error


def is_transient(error: psycopg.Error) -> bool:
    """Whether the same transaction may succeed later, without anything being wrong with what it writes."""
    if error.sqlstate is None:
        return isinstance(error, psycopg.OperationalError | psycopg.InterfaceError)
    return error.sqlstate[:2] in _TRANSIENT_CLASSES or error.sqlstate in _TRANSIENT_STATES


def _by_event_type(projections: Iterable[Projection]) -> dict[str, list[Projection]]:
    found: dict[str, list[Projection]] = {}
    for projection in projections:
        for event in projection.handles:
            found.setdefault(event.TYPE, []).append(projection)
    return found


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
    cursor = connection.cursor()
    for write in writes:
        await cursor.execute(write.sql, write.parameters, prepare=True)


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
