"""The chosen projections as a rebuild needs them: events to changes of rows, and the shapes of their tables."""

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Self

import psycopg
from psycopg.rows import DictRow, dict_row
from psycopg.sql import SQL, Identifier

from services.kernel.context import Context
from services.kernel.events import RecordedEvent
from services.kernel.rows import RowChange
from services.runtime.read_tables import ReadTable, load_read_tables
from services.runtime.rebuilding.choice import projections_of_group
from services.runtime.rebuilding.record import Connection
from services.runtime.registry import Registry

REASON_LENGTH_MAX = 2_000


class NotProjected(Exception):
    """What the live tables do not leave out cannot be applied; the text names the event and the reason."""

    @classmethod
    def naming(cls, event: RecordedEvent, reason: Exception) -> Self:
        """An event, and what happened when it was applied."""
        words = f"{type(reason).__name__}: {reason}"[:REASON_LENGTH_MAX].strip()
        return cls(
            f"The event at position {event.position} ({event.type}, scope {event.scope_id}) can't be applied: {words}"
        )


class Models:
    """Projections of one group, without any table behind them."""

    def __init__(self, contexts: Sequence[Context], group: str, names: Sequence[str]) -> None:
        projections = projections_of_group(contexts, group)
        self._registry = Registry(contexts)
        self._by_type: dict[str, list[Any]] = {}
        for name in names:
            for event in projections[name].handles:
                self._by_type.setdefault(event.TYPE, []).append(projections[name].project)
        self.event_types = sorted(self._by_type)

    def changes(self, recorded: RecordedEvent) -> Iterable[RowChange]:
        """What the projections make of an event, exactly as a projector does. Raises NotProjected."""
        projects = self._by_type.get(recorded.type, ())
        if not projects:
            return ()
        try:
            event = self._registry.event_of(recorded)
            if event is None:
                return ()
            return [change for project in projects for change in project(event, recorded)]
        except Exception as error:
            raise NotProjected.naming(recorded, error) from error


def read_shapes(database_url: str, tables: Iterable[str]) -> dict[str, ReadTable]:
    """The shapes of live tables. Raises ReadTableError."""

    async def read() -> dict[str, ReadTable]:
        connecting = psycopg.AsyncConnection[DictRow].connect(database_url, row_factory=dict_row)
        async with await connecting as connection:
            return await load_read_tables(connection, tables)

    return asyncio.run(read())


def read_defaults(connection: Connection, tables: Mapping[str, ReadTable]) -> dict[str, dict[str, Any]]:
    """Every column of each table with its default, which is a constant; None where there is none."""
    return {name: _defaults(connection, table) for name, table in tables.items()}


def _defaults(connection: Connection, table: ReadTable) -> dict[str, Any]:
    values = [SQL("{} AS {}").format(SQL(c.default or "NULL"), Identifier(c.name)) for c in table.columns.values()]
    row = connection.execute(SQL("SELECT {}").format(SQL(", ").join(values))).fetchone()
    assert row is not None, "a row of constants"
    return row
