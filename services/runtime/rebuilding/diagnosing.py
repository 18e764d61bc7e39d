"""Which event it was: the final rows of many were refused, and rows do not know their events."""

from collections.abc import Iterable, Mapping

import psycopg
from psycopg.sql import SQL, Identifier

from services.kernel.events import RecordedEvent
from services.kernel.rows import RowChange
from services.runtime.read_tables import ReadTable
from services.runtime.rebuilding.models import Models, NotProjected
from services.runtime.rebuilding.record import Connection
from services.runtime.rebuilding.tables import LIVE_SCHEMA
from services.runtime.row_writes import RowWrites
from services.runtime.sql_files import read_sql

REFUSALS = (psycopg.DataError, psycopg.IntegrityError, KeyError, TypeError, ValueError)
"""How it shows that rows cannot be written, by the database or before it."""

_SQL = read_sql("services.runtime.rebuilding", "diagnosing.sql")


def find_culprit(
    connection: Connection,
    models: Models,
    shapes: Mapping[str, ReadTable],
    events: Iterable[RecordedEvent],
    refused: Exception,
) -> NotProjected:
    """Applies the events one by one to empty tables and names the first that can't be; `refused` is why at all."""
    with connection.transaction(force_rollback=True):
        for table in shapes:
            names = {"table": Identifier(table), "live": Identifier(LIVE_SCHEMA)}
            connection.execute(SQL(_SQL["make_scratch_table"].decode()).format(**names))
        try:
            apply_one_by_one(connection, models, RowWrites(shapes), list(events))
        except NotProjected as found:
            return found
    return NotProjected(f"Each event can be applied, but not all together: {refused}")


def apply_one_by_one(
    connection: Connection, models: Models, writes: RowWrites, events: Iterable[RecordedEvent]
) -> None:
    """Applies events to the tables that are looked into. Raises NotProjected at the first that can't be."""
    for event in events:
        try:
            with connection.transaction():
                write_checked(connection, writes, ((event.scope_id, change) for change in models.changes(event)))
        except REFUSALS as error:
            raise NotProjected.naming(event, error) from error


def write_checked(connection: Connection, writes: RowWrites, changes: Iterable[tuple[str, RowChange]]) -> None:
    """Writes changes, each with its scope's id, and checks at once what would be checked at the end."""
    for write in writes.statements(changes):
        connection.execute(write.sql, write.parameters)
    connection.execute("SET CONSTRAINTS ALL IMMEDIATE")
    connection.execute("SET CONSTRAINTS ALL DEFERRED")
