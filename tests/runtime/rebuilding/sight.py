"""The read models of a database with a history, and what a test sees of them."""

import asyncio
import re
from collections.abc import Mapping
from typing import Any

import psycopg
from psycopg.rows import dict_row
from psycopg.sql import SQL, Identifier

from services.catalogue import CONTEXTS
from services.runtime.database import open_pool
from services.runtime.dead_letters import list_parked
from services.runtime.projecting import Projector, ProjectorOptions
from services.runtime.redriving import Redriving
from services.runtime.sql_files import read_sql

CONTEXTS_NAME = "services.catalogue:CONTEXTS"
TABLES = tuple(sorted(table for context in CONTEXTS for one in context.projections for table in one.tables))

_CASTS = re.compile(r"::(text|character varying)(\[\])?|[()]")

_SQL = read_sql("tests.runtime.rebuilding", "sight.sql")


def project(database_url: str) -> None:
    """Brings the live tables up to date, as a projector does that hears nothing from the broker."""

    async def sweep() -> None:
        async with open_pool(database_url, size=2, name="test") as pool:
            options = ProjectorOptions(overdue_seconds=0.0, poison_retry_seconds=0.001)
            projector = Projector("core", CONTEXTS, pool, options=options)
            await projector.open()
            while await projector.sweep():
                pass

    asyncio.run(sweep())


def redrive(database_url: str, scope_id: str) -> int:
    """Applies what is parked of a scope; how many events."""

    async def drive() -> int:
        async with open_pool(database_url, size=2, name="test") as pool:
            [front] = await list_parked(pool, consumer="core", scope_id=scope_id, after=("", ""), limit=1)
            settled = await Redriving(pool, CONTEXTS).redrive("core", front.position, actor="test")
            return settled.redriven

    return asyncio.run(drive())


def skip(database_url: str, position: int) -> None:
    """Gives up a parked event, as an admin does."""

    async def give_up() -> None:
        async with open_pool(database_url, size=2, name="test") as pool:
            await Redriving(pool, CONTEXTS).skip("core", position, actor="test")

    asyncio.run(give_up())


def rows(database_url: str, schema: str = "public") -> dict[str, list[str]]:
    """Every row of every read table."""
    with psycopg.connect(database_url) as connection:
        return {
            table: [
                row
                for (row,) in connection.execute(
                    SQL(_SQL["rows"].decode()).format(schema=Identifier(schema), table=Identifier(table))
                )
            ]
            for table in TABLES
        }


def description(database_url: str) -> list[str]:
    """Everything the catalogue says of what is live.

    Without casts and parentheses: PostgreSQL itself writes those of an IN list in another way once it has read its own
    words back, as it does after every dump and restore.
    """
    return sorted(_CASTS.sub("", row["line"]) for row in _look(database_url, "describe_everything", {}))


def table_ids(database_url: str) -> dict[str, int]:
    """Which table has which name now."""
    return {row["name"]: row["id"] for row in _look(database_url, "read_tables_by_id", {})}


def schemas_set_aside(database_url: str) -> list[str]:
    """The schemas that rebuilds have made and not removed."""
    return [row["name"] for row in _look(database_url, "schemas_set_aside", {})]


def change(database_url: str, statement: str, *parameters: object) -> None:
    """Does something to the database by hand."""
    with psycopg.connect(database_url, autocommit=True) as connection:
        connection.execute(statement.encode(), parameters or None)


def _look(database_url: str, block: str, parameters: Mapping[str, Any]) -> list[dict[str, Any]]:
    with psycopg.connect(database_url, row_factory=dict_row) as connection:
        return connection.execute(_SQL[block], parameters).fetchall()
