"""The deep comparison: read models beside what a quiet fold of the same events makes, row by row.

The same events are copied into an empty database of the same server, and the projections run over them once, with
nothing breaking.
"""

import asyncio
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

import orjson
from psycopg import AsyncConnection, sql

from services.runtime.database import open_pool
from services.runtime.migrations import migrate
from services.runtime.projecting import Projector, ProjectorOptions
from services.runtime.sql_files import read_sql
from services.studio.chaos.databases import empty_database
from services.studio.chaos.evidence import Difference
from services.studio.chaos.workload import Workload

_SQL = read_sql("services.studio.chaos", "collecting.sql")
_AT_ONCE = ProjectorOptions(overdue_seconds=0.0)


async def find_differences(
    live: AsyncConnection, workload: Workload, database_url: str, users: list[str] | None
) -> list[Difference]:
    """What the read models show otherwise than a quiet fold of the events that they have applied.

    `live` is inside a transaction with a snapshot of its own, so that traffic does not matter.
    """
    async with empty_database(database_url) as quiet_url:
        await asyncio.to_thread(migrate, quiet_url)
        async with await AsyncConnection.connect(quiet_url, autocommit=True) as quiet:
            await _copy_events(live, quiet, users)
            await _fold(quiet_url, workload)
            projections = [projection for context in workload.contexts for projection in context.projections]
            tables = [table for projection in projections for table in projection.tables]
            return [row for table in tables for row in await _compare(table, live, quiet, users)]


async def _copy_events(live: AsyncConnection, quiet: AsyncConnection, users: list[str] | None) -> None:
    asked = _formatted("copy_shown_events", users=sql.Literal(users))
    async with (
        live.cursor() as source,
        quiet.cursor() as target,
        source.copy(asked) as reading,
        target.copy(_SQL["take_events"]) as writing,
    ):
        async for data in reading:
            await writing.write(data)


async def _fold(database_url: str, workload: Workload) -> None:
    groups = {projection.group for context in workload.contexts for projection in context.projections}
    for group in sorted(groups):
        async with open_pool(database_url, size=2, name="studio chaos") as pool:
            projector = Projector(group, workload.contexts, pool, options=_AT_ONCE)
            await projector.open()
            while await projector.sweep():
                pass


async def _compare(
    table: str, live: AsyncConnection, quiet: AsyncConnection, users: list[str] | None
) -> list[Difference]:
    if await _rows("digest_rows", table, live, users) == await _rows("digest_rows", table, quiet, users):
        return []
    shown = Counter(row for (row,) in await _rows("read_rows", table, live, users))
    due = Counter(row for (row,) in await _rows("read_rows", table, quiet, users))
    return _paired(table, [*(shown - due).elements()], [*(due - shown).elements()])


def _paired(table: str, shown: Iterable[str], due: Iterable[str]) -> list[Difference]:
    """Rows of one id are the two sides of one difference."""
    wrong, missing = [orjson.loads(row) for row in shown], [orjson.loads(row) for row in due]
    by_id = {row.get("id"): row for row in missing}
    found = [Difference(table, row, by_id.pop(row.get("id"), None)) for row in wrong]
    return [*found, *(Difference(table, None, row) for row in by_id.values())]


async def _rows(
    block: str, table: str, connection: AsyncConnection, users: list[str] | None
) -> Sequence[tuple[Any, ...]]:
    cursor = await connection.execute(_formatted(block, table=sql.Identifier(table)), {"users": users})
    return await cursor.fetchall()


def _formatted(block: str, **parts: sql.Composable) -> sql.Composed:
    # Only names of tables and what COPY takes no parameter for are put in, both by the driver.
    return sql.SQL(_SQL[block].decode()).format(**parts)
