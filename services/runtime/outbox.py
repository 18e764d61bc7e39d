"""The outbox as the relay sees it: leases on lanes, messages to send, what became of them.

Writing the messages is the event store's work, and nobody changes them. What became of them is noted beside them: a
mark says that all of a lane up to a position is settled, an exception what is otherwise about one message. Both are
fenced by the lease of the lane.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from operator import attrgetter
from typing import NamedTuple

import orjson
from psycopg.rows import tuple_row
from psycopg.types.string import ByteaBinaryLoader

from services.kernel.lanes import LANE_COUNT
from services.runtime.database import OUTBOX_DOORBELL, Connection, Pool
from services.runtime.sql_files import read_sql

REDRIVEN = "redriven"
SETTLED_STATES = ("parked", "skipped")

_SQL = read_sql("services.runtime", "outbox.sql")


class OutboxRow(NamedTuple):
    """A message that is to be looked at. `payload` is JSON, `header_values` belong to the names in STORED_HEADERS.

    `state` is its exception's, if it has one. `wait_seconds` > 0: it was refused and is to be tried again only then.
    `parked`: an earlier message of its scope waits for an operator. `previous` is the position of the lane's event
    before this one (0: none).
    """

    position: int
    lane: int
    topic: str
    key: str
    payload: bytes
    header_values: list[bytes | None]
    state: str | None
    retry_count: int
    max_retries: int
    wait_seconds: float
    parked: bool
    previous: int


_position = attrgetter("position")


class Page(NamedTuple):
    """Messages in position order; every other one of the lanes up to `reached` is settled already.

    `more`: others may have been there when it was read. What came later is announced.
    """

    rows: list[OutboxRow]
    reached: int
    more: bool


@dataclass(frozen=True, slots=True)
class Failure:
    """A message that the broker refused: to be tried again after `wait_seconds`, or parked when that is None."""

    row: OutboxRow
    reason: str
    wait_seconds: float | None


@dataclass(frozen=True, slots=True)
class Settlement:
    """What became of a batch.

    `passed` maps a lane to its fence and the position up to which all of it is settled now. `behind` must wait behind
    an earlier message of their scope; `mended` are exceptions that were sent in the end.
    """

    passed: Mapping[int, tuple[int, int]] = field(default_factory=dict)
    failures: Sequence[Failure] = ()
    behind: Sequence[OutboxRow] = ()
    mended: Sequence[OutboxRow] = ()

    def exceptional(self) -> list[OutboxRow]:
        """The messages about which there is more to write than a mark."""
        return [*(failure.row for failure in self.failures), *self.behind, *self.mended]


class Outbox:
    """What one relay may do. `owner` is new for every start of a process, so that a lease never outlives it."""

    def __init__(self, pool: Pool, owner: str) -> None:
        self._pool = pool
        self._owner = owner

    async def epoch(self) -> str:
        """Which history this database holds."""
        async with self._pool.connection() as connection:
            row = await (await connection.execute(_SQL["read_epoch"])).fetchone()
        assert row is not None, "the migrations wrote the epoch"
        return str(row["epoch"])

    async def lease(self, lease_seconds: float) -> dict[int, int]:
        """Renews our lease, gives back what is over our share, takes what is free; fences by lane, of all we hold."""
        parameters = {"owner": self._owner, "lease_seconds": lease_seconds, "lane_count": LANE_COUNT}
        async with self._pool.connection() as connection, connection.pipeline(), connection.transaction():
            for block in ("announce_member", "forget_members", "give_back_surplus", "claim_lanes"):
                await connection.execute(_SQL[block], parameters)
            rows = await (await connection.execute(_SQL["read_lanes"], parameters)).fetchall()
        return {row["lane"]: row["fence"] for row in rows}

    async def release(self) -> None:
        """Lets others have our lanes at once."""
        async with self._pool.connection() as connection, connection.transaction():
            for block in ("release_lanes", "leave"):
                await connection.execute(_SQL[block], {"owner": self._owner})

    async def oldest_pending_seconds(self) -> float:
        """Age of the oldest message that waits to be sent; 0 when none does."""
        async with self._pool.connection() as connection:
            row = await (
                await connection.execute(_SQL["oldest_pending_seconds"], {"lane_count": LANE_COUNT})
            ).fetchone()
        return float(row["seconds"]) if row is not None else 0.0

    async def marks(self, lanes: Collection[int]) -> dict[int, int]:
        """How far each of the lanes is settled."""
        async with self._pool.connection() as connection:
            cursor = await connection.execute(_SQL["read_marks"], {"lanes": _array(lanes)})
            return {row["lane"]: row["position"] for row in await cursor.fetchall()}

    async def start_of(self, marks: Mapping[int, int]) -> int:
        """A position up to which everything of the lanes is settled, and as high as can be."""
        async with self._pool.connection() as connection:
            row = await (await connection.execute(_SQL["find_start"], {"marks": _by_lane(marks)})).fetchone()
        assert row is not None, "an aggregate has one row"
        return int(row["position"])

    async def read(
        self,
        *,
        after: int,
        marks: Mapping[int, int],
        rows_max: int,
        bytes_max: int,
        redriven: bool = False,
        deferred: Iterable[str] = (),
    ) -> Page:
        """The next messages of our lanes after the position, each above its lane's mark.

        With `redriven` those that an operator put back come first, those of deferred scopes left out.
        """
        parameters = {
            "owner": self._owner,
            "after": after,
            "marks": _by_lane(marks),
            "rows_max": rows_max,
            "bytes_max": bytes_max,
            "redriven": redriven,
            "deferred": list(deferred),
        }
        async with self._pool.connection() as connection, connection.cursor(row_factory=tuple_row) as cursor:
            # What only passes through stays bytes: decoding and encoding twenty headers costs more than sending them.
            cursor.adapters.register_loader("text", ByteaBinaryLoader)
            await cursor.execute(_SQL["read_messages"], parameters, prepare=True, binary=True)
            found = await cursor.fetchall()
        rows = [OutboxRow._make(row[2:]) for row in found if row[2] is not None]
        rows.sort(key=_position)
        return Page(rows, found[0][0], found[0][1])

    async def settle(self, settlement: Settlement) -> bool:
        """Writes what became of a batch. False when a lease was lost: of that lane nothing was written."""
        async with self._pool.connection() as connection:
            if not settlement.exceptional():
                return await self._mark(connection, settlement.passed)
            async with connection.transaction():
                await self._settle_exceptions(connection, settlement)
                return await self._mark(connection, settlement.passed)

    async def _settle_exceptions(self, connection: Connection, settlement: Settlement) -> None:
        lanes = {row.lane for row in settlement.exceptional()}
        held = await self._lock_lanes(connection, lanes)
        for failure in settlement.failures:
            if failure.row.lane in held:
                await self._settle_failure(connection, failure)
        behind = [row.position for row in settlement.behind if row.lane in held]
        if behind:
            await connection.execute(_SQL["park_behind"], {"positions": _array(behind)})
        mended = [row.position for row in settlement.mended if row.lane in held]
        if mended:
            await connection.execute(_SQL["forget_exceptions"], {"positions": _array(mended)})

    async def _lock_lanes(self, connection: Connection, lanes: set[int]) -> set[int]:
        parameters = {"owner": self._owner, "lanes": list(lanes)}
        rows = await (await connection.execute(_SQL["lock_lanes"], parameters)).fetchall()
        return {row["lane"] for row in rows}

    async def _settle_failure(self, connection: Connection, failure: Failure) -> None:
        row = failure.row
        parameters = {
            "position": row.position,
            "reason": failure.reason,
            "wait_seconds": failure.wait_seconds,
            "attempts": min(row.retry_count + 1, row.max_retries),
        }
        block = "park_unsendable" if failure.wait_seconds is None else "count_failure"
        await connection.execute(_SQL[block], parameters)

    async def _mark(self, connection: Connection, passed: Mapping[int, tuple[int, int]]) -> bool:
        if not passed:
            return True
        lanes = [{"lane": lane, "fence": fence, "position": position} for lane, (fence, position) in passed.items()]
        parameters = {"owner": self._owner, "passed": orjson.dumps(lanes).decode()}
        row = await (await connection.execute(_SQL["mark"], parameters, prepare=True)).fetchone()
        return row is not None and row["lanes"] == len(lanes)


async def redrive_outbox(pool: Pool, scope_id: str | None = None) -> int:
    """Puts parked messages, of one scope or of all, back to be sent in their order; returns how many."""
    async with pool.connection() as connection:
        async with connection.transaction():
            count = await _redrive(connection, scope_id)
        await connection.execute(f"NOTIFY {OUTBOX_DOORBELL}".encode())
    return count


async def skip_outbox(pool: Pool, position: int) -> int:
    """Gives a parked message up: it stays FAILED and is never sent; those behind it are put back, unless another one is
    parked before them. Returns how many were. Raises LookupError when no message is parked at the position.
    """
    async with pool.connection() as connection:
        async with connection.transaction():
            scope_id = await _scope_of_parked(connection, position)
            await connection.execute(_SQL["evict_for_redrive"], {"scope_id": scope_id})
            row = await (await connection.execute(_SQL["skip"], {"position": position})).fetchone()
            if row is None:
                raise LookupError(f"no message is parked at position {position}")
            count = 0 if row["waits_itself"] else await _redrive(connection, scope_id)
        await connection.execute(f"NOTIFY {OUTBOX_DOORBELL}".encode())
    return count


async def _scope_of_parked(connection: Connection, position: int) -> str:
    row = await (await connection.execute(_SQL["find_scope_of_parked"], {"position": position})).fetchone()
    if row is None:
        raise LookupError(f"no message is parked at position {position}")
    return str(row["scope_id"])


async def _redrive(connection: Connection, scope_id: str | None) -> int:
    parameters = {"scope_id": scope_id}
    await connection.execute(_SQL["evict_for_redrive"], parameters)
    return (await connection.execute(_SQL["redrive"], parameters)).rowcount


def _array(numbers: Iterable[int | None]) -> str:
    """A PostgreSQL array as text: dumping a list costs more than the look-up of its rows."""
    return "{" + ",".join("NULL" if number is None else str(number) for number in numbers) + "}"


def _by_lane(marks: Mapping[int, int]) -> str:
    """One entry a lane, NULL for those that are not ours."""
    return _array(marks.get(lane) for lane in range(LANE_COUNT))
