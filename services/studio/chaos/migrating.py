"""A migration killed on its way, and begun again: the database is then as if nothing had happened."""

import asyncio
from random import Random
from signal import SIGKILL
from time import monotonic
from typing import Final

from psycopg import AsyncConnection

from services.runtime.crash_points import ArmedCrashPoint, CrashPoint
from services.runtime.migrations import migrate, read_migrations
from services.runtime.sql_files import read_sql
from services.studio.chaos.checker import Finding
from services.studio.chaos.databases import empty_database
from services.studio.chaos.faults import Fault, Inject, Injury, Scene
from services.studio.chaos.own_commands import run_command
from services.studio.errors import StudioError

_SQL = read_sql("services.studio.chaos", "migrating.sql")


def _at_point(point: CrashPoint) -> Inject:
    async def inject(scene: Scene, random: Random) -> Injury:
        armed = ArmedCrashPoint(point, passing=random.randint(1, len(read_migrations())))
        server_url = scene.studio.state.database_url
        async with empty_database(server_url) as broken_url, empty_database(server_url) as quiet_url:
            command = ("migrate", f"--database-url={broken_url}")
            if (code := await run_command(*command, armed=armed)) != -SIGKILL:
                raise StudioError(f"A migration never came to {point}: exit code {code}.", remedy="See its output.")
            began = monotonic()
            code = await run_command(*command)
            took = monotonic() - began
            await asyncio.to_thread(migrate, quiet_url)
            return Injury(took, (*_failed(code), *await _differences(broken_url, quiet_url)))

    return inject


def _failed(code: int) -> list[Finding]:
    return [Finding(10, "stuck", f"the migration that was begun again ended with {code}")] if code else []


async def _differences(broken_url: str, quiet_url: str) -> list[Finding]:
    broken, quiet = await _describe(broken_url), await _describe(quiet_url)
    found = [Finding(10, "half done", f"only without the kill: {line}") for line in sorted(quiet - broken)]
    return [*found, *(Finding(10, "half done", f"only with the kill: {line}") for line in sorted(broken - quiet))]


async def _describe(database_url: str) -> set[str]:
    async with await AsyncConnection.connect(database_url) as connection:
        return {line for (line,) in await (await connection.execute(_SQL["describe"])).fetchall()}


MIGRATION_KILLS: Final = (
    Fault(
        "migration.inside",
        "`studio migrate` is killed with a migration done and its transaction open, and run again.",
        _at_point("migration.inside"),
        hits="migration",
    ),
    Fault(
        "migration.between",
        "`studio migrate` is killed between two migrations, and run again.",
        _at_point("migration.between"),
        hits="migration",
    ),
)
