"""The outbox table as the relay sees it: leases on lanes, rows to send, what became of them.

Writing the rows is the event store's work. All that is changed here is fenced by the lease of the row's lane.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import orjson
from psycopg.rows import class_row

from services.kernel.lanes import LANE_COUNT
from services.runtime.database import OUTBOX_DOORBELL, Connection, Pool
from services.runtime.sql_files import read_sql

_SQL = read_sql("services.runtime", "outbox.sql")


class OutboxRow(NamedTuple):
    """A row that is to be sent. `payload` and `headers` are JSON texts.

    `previous` is the position of the lane's event before this one (0: none). `wait_seconds` > 0: it was refused
    and is to be tried again only then. `parked`: an earlier row of its scope waits for an operator.
    """

    id: str
    position: int
    lane: int
    topic: str
    key: str
    payload: str
    headers: str
    retry_count: int
    max_retries: int
    wait_seconds: float
    parked: bool
    previous: int


@dataclass(frozen=True, slots=True)
class Failure:
    """A row that the broker refused: to be tried again after `wait_seconds`, or parked when that is None."""

    row: OutboxRow
    reason: str
    wait_seconds: float | None


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
        """Renews our leases, gives back what is over our share, takes what is free; fences by lane, of all we hold."""
        parameters = {"owner": self._owner, "lease_seconds": lease_seconds, "lane_count": LANE_COUNT}
        async with self._pool.connection() as connection, connection.pipeline(), connection.transaction():
            for block in ("announce_member", "forget_members", "renew_lanes", "give_back_surplus", "claim_lanes"):
                await connection.execute(_SQL[block], parameters)
            rows = await (await connection.execute(_SQL["read_lanes"], parameters)).fetchall()
        return {row["lane"]: row["fence"] for row in rows}

    async def release(self) -> None:
        """Lets others have our lanes at once."""
        async with self._pool.connection() as connection, connection.transaction():
            for block in ("release_lanes", "leave"):
                await connection.execute(_SQL[block], {"owner": self._owner})

    async def oldest_pending_seconds(self) -> float:
        """Age of the oldest row that waits to be sent; 0 when none does."""
        async with self._pool.connection() as connection:
            row = await (await connection.execute(_SQL["oldest_pending_seconds"])).fetchone()
        return float(row["seconds"]) if row is not None else 0.0

    async def read(self, *, after: int, deferred: Sequence[str], rows_max: int, bytes_max: int) -> list[OutboxRow]:
        """The next pending rows of our lanes in position order, those of deferred scopes left out."""
        parameters = {
            "owner": self._owner,
            "after": after,
            "deferred": list(deferred),
            "rows_max": rows_max,
            "bytes_max": bytes_max,
        }
        async with self._pool.connection() as connection, connection.cursor(row_factory=class_row(OutboxRow)) as cursor:
            await cursor.execute(_SQL["read_pending"], parameters, prepare=True)
            return await cursor.fetchall()

    async def mark_sent(self, ids: Sequence[str], passed: Mapping[int, tuple[int, int]]) -> bool:
        """Marks rows SENT and notes how far each lane is: `passed` maps lane to (fence, position).

        False when a lease was lost: nothing of that lane was marked, somebody else sends it again.
        """
        lanes = [{"lane": lane, "fence": fence, "position": position} for lane, (fence, position) in passed.items()]
        parameters = {
            "owner": self._owner,
            "passed": orjson.dumps(lanes).decode(),
            "ids": _array(ids),
        }
        async with self._pool.connection() as connection:
            cursor = await connection.execute(_SQL["mark_sent"], parameters, prepare=True)
            row = await cursor.fetchone()
        return row is not None and row["lanes"] == len(lanes)

    async def settle_unsendable(self, failures: Sequence[Failure], behind: Sequence[OutboxRow]) -> None:
        """Counts or parks what was refused, and parks what must wait `behind` an earlier row of its scope."""
        lanes = {failure.row.lane for failure in failures} | {row.lane for row in behind}
        async with self._pool.connection() as connection, connection.transaction():
            held = await self._lock_lanes(connection, lanes)
            for failure in failures:
                if failure.row.lane in held:
                    await self._settle(connection, failure)
            waiting = [row.id for row in behind if row.lane in held]
            if waiting:
                await connection.execute(_SQL["park_behind"], {"ids": _array(waiting)})

    async def _lock_lanes(self, connection: Connection, lanes: set[int]) -> set[int]:
        parameters = {"owner": self._owner, "lanes": list(lanes)}
        rows = await (await connection.execute(_SQL["lock_lanes"], parameters)).fetchall()
        return {row["lane"] for row in rows}

    async def _settle(self, connection: Connection, failure: Failure) -> None:
        parameters = {"id": failure.row.id, "reason": failure.reason, "wait_seconds": failure.wait_seconds}
        block = "park_unsendable" if failure.wait_seconds is None else "count_failure"
        await connection.execute(_SQL[block], parameters)


async def redrive_outbox(pool: Pool, scope_id: str | None = None) -> int:
    """Puts parked rows, of one scope or of all, back to be sent in their order; returns how many."""
    parameters = {"scope_id": scope_id}
    async with pool.connection() as connection:
        async with connection.transaction():
            await connection.execute(_SQL["evict_for_redrive"], parameters)
            cursor = await connection.execute(_SQL["redrive"], parameters)
        await connection.execute(f"NOTIFY {OUTBOX_DOORBELL}".encode())
    return cursor.rowcount


async def skip_outbox(pool: Pool, position: int) -> int:
    """Gives up a parked row and puts those of its scope back to be sent in their order; returns how many.

    Raises LookupError when nothing is parked at the position.
    """
    parameters = {"position": position}
    async with pool.connection() as connection:
        async with connection.transaction():
            row = await (await connection.execute(_SQL["find_parked_scope"], parameters)).fetchone()
            if row is None:
                raise LookupError(f"no message is parked at position {position}")
            scope = {"scope_id": row["scope_id"]}
            await connection.execute(_SQL["evict_for_redrive"], scope)
            await connection.execute(_SQL["give_up"], parameters)
            cursor = await connection.execute(_SQL["redrive"], scope)
        await connection.execute(f"NOTIFY {OUTBOX_DOORBELL}".encode())
    return cursor.rowcount


def _array(ids: Sequence[str]) -> str:
    """A PostgreSQL array of uuids as text: dumping a list costs more than the look-up of its rows."""
    return "{" + ",".join(ids) + "}"
