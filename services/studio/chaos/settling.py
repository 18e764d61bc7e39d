"""The end of a round: everything that was begun comes to its end by itself, or somebody would have to see to it."""

from typing import Final
from uuid import UUID

import psycopg

from services.runtime.sql_files import read_sql
from services.studio.chaos.faults import Scene
from services.studio.chaos.studio_under_test import StudioUnderTest, until
from services.studio.chaos.workload import Workload

SETTLE_SECONDS_MAX: Final = 120.0
TASKS_SECONDS_MAX: Final = 240.0
"""A task whose worker died is free again when its lease has run out, after a minute; it may then fail and be tried
again."""

PROJECTOR_GROUP: Final = "core"
"""What a projector keeps current that is not told otherwise."""

_SQL = read_sql("services.studio.chaos", "collecting.sql")


async def settle(scene: Scene, workload: Workload) -> int:
    """Returns the last position when all up to it is sent, applied and heard by those who listen.

    Raises StudioError when that does not come by itself.
    """
    head = await read_head(scene.studio)
    async with await scene.studio.connect() as connection:
        await until_zero(connection, "count_unsent", "everything is sent", head=head)
        for group in sorted({projection.group for context in workload.contexts for projection in context.projections}):
            await until_zero(connection, "count_unshown", f"{group} shows everything", head=head, group=group)
        users = [str(listened.user_id) for listened in scene.listeners.listened]
        asked = await connection.execute(_SQL["read_last_positions"], {"users": users, "head": head})
        last: dict[UUID, int] = dict(await asked.fetchall())

    async def all_heard() -> bool:
        return all(
            listened.heard and listened.heard[-1].position >= last.get(listened.user_id, 0)
            for listened in scene.listeners.listened
            if listened.user_id in last
        )

    await until(all_heard, seconds_max=SETTLE_SECONDS_MAX, what="everybody who listens has heard everything")
    return head


async def all_shown(studio: StudioUnderTest, group: str) -> None:
    """Returns when the group's read models show everything that there is now. Raises StudioError."""
    head = await read_head(studio)
    async with await studio.connect() as connection:
        await until_zero(connection, "count_unshown", f"{group} shows everything", head=head, group=group)


async def read_head(studio: StudioUnderTest) -> int:
    """The last position of the store."""
    async with await studio.connect() as connection:
        return await _number(connection, "read_head")


async def finish_tasks(studio: StudioUnderTest) -> None:
    """Returns when no command is open any more. Raises StudioError."""
    async with await studio.connect() as connection:
        await until_zero(connection, "count_open_commands", "no command is open", seconds_max=TASKS_SECONDS_MAX)


async def until_zero(
    connection: psycopg.AsyncConnection,
    block: str,
    what: str,
    *,
    seconds_max: float = SETTLE_SECONDS_MAX,
    **named: object,
) -> None:
    """Returns when this count is. Raises StudioError."""
    count = 0

    async def look() -> bool:
        nonlocal count
        count = await _number(connection, block, **named)
        return count == 0

    await until(look, seconds_max=seconds_max, what=lambda: f"{what}; {count} are left")


async def _number(connection: psycopg.AsyncConnection, block: str, **named: object) -> int:
    row = await (await connection.execute(_SQL[block], named)).fetchone()
    assert row is not None, "a count has one row"
    return int(row[0])
