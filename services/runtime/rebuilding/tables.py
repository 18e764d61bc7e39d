"""New tables beside the live ones, alike to the last detail, and the exchange of the two.

Everything here belongs into a transaction of the caller.
"""

from collections.abc import Sequence
from typing import Any

import psycopg

from services.runtime.rebuilding.errors import RebuildError
from services.runtime.rebuilding.record import Connection
from services.runtime.sql_files import read_sql

LIVE_SCHEMA = "public"

_SQL = read_sql("services.runtime.rebuilding", "tables.sql")


def check_rebuildable(connection: Connection, tables: Sequence[str]) -> None:
    """Raises RebuildError when a copy of a table could not be the same, or not take its place."""
    rows = _rows(connection, "list_what_cannot_be_rebuilt", tables)
    if rows:
        raise RebuildError(
            f"These tables can't be rebuilt: {'; '.join(row['reason'] for row in rows)}.",
            remedy="Change that with a migration first.",
        )


def make_tables(connection: Connection, tables: Sequence[str], schema: str) -> None:
    """Empty tables of the same shape, still without keys, indexes and everything that only readers need."""
    _run(connection, "make_schema", tables, schema=schema)
    _run(connection, "make_tables", tables, schema=schema)


def finish_tables(connection: Connection, tables: Sequence[str], schema: str) -> None:
    """Keys, indexes, foreign keys, triggers, policies, grants and statistics, as the live tables have them.

    Raises RebuildError when the rows break a key.
    """
    look_into(connection, LIVE_SCHEMA)
    statements = [row["statement"] for row in _rows(connection, "finish_tables", tables)]
    look_into(connection, schema)
    try:
        for statement in statements:
            connection.execute(statement)
    except psycopg.IntegrityError as error:
        raise RebuildError(
            f"The rebuilt rows break {error.diag.constraint_name} of {error.diag.table_name}: "
            f"{error.diag.message_detail or error.diag.message_primary}",
            remedy="No event breaks it by itself: look at what the projection writes for that key.",
        ) from error


def exchange(connection: Connection, tables: Sequence[str], *, incoming: str, outgoing: str) -> None:
    """The live tables go to the schema `outgoing`, which is made, and those in `incoming` take their place.

    Views and the foreign keys of other tables follow; `settle` is left to do.
    """
    look_into(connection, LIVE_SCHEMA)
    views = _rows(connection, "make_views_again", tables)
    foreign_keys = _rows(connection, "list_foreign_keys_from_elsewhere", tables)
    # What the last events have left to be checked at the end would be in the way.
    connection.execute("SET CONSTRAINTS ALL IMMEDIATE")
    for key in foreign_keys:
        connection.execute(key["drop_statement"])
    _run(connection, "make_schema", tables, schema=outgoing)
    _run(connection, "move_tables", tables, from_schema=LIVE_SCHEMA, to_schema=outgoing)
    _run(connection, "move_tables", tables, from_schema=incoming, to_schema=LIVE_SCHEMA)
    for key in foreign_keys:
        connection.execute(key["add_statement"])
    for view in views:
        connection.execute(view["statement"])
    _run(connection, "drop_tables", tables, schema=incoming)


def settle(connection: Connection, tables: Sequence[str]) -> None:
    """Checks the foreign keys that `exchange` made. Raises RebuildError when rows refer to what is not there."""
    try:
        _run(connection, "validate_foreign_keys", tables)
    except psycopg.errors.ForeignKeyViolation as error:
        raise RebuildError(
            f"{error.diag.table_name} refers to rows that are not there any more: {error.diag.message_detail}",
            remedy="Rebuild its projection too, or undo this rebuild: `studio rebuild --undo`.",
        ) from error


def drop_tables(connection: Connection, tables: Sequence[str], schema: str) -> None:
    """The tables of the schema, and the schema. Raises RebuildError when something depends on them."""
    try:
        _run(connection, "drop_tables", tables, schema=schema)
    except psycopg.errors.DependentObjectsStillExist as error:
        raise RebuildError(
            f"The tables in {schema} are still needed: {error.diag.message_detail}.",
            remedy="Drop what depends on them first.",
        ) from error


def look_into(connection: Connection, schema: str) -> None:
    """For the rest of the transaction a table's name means the one in this schema, if it is there."""
    connection.execute(_SQL["look_into"], {"first": schema, "live": LIVE_SCHEMA, "only_now": True})


def _run(connection: Connection, block: str, tables: Sequence[str], **parameters: Any) -> None:
    for row in _rows(connection, block, tables, **parameters):
        connection.execute(row["statement"])


def _rows(connection: Connection, block: str, tables: Sequence[str], **parameters: Any) -> list[Any]:
    return connection.execute(_SQL[block], {"tables": list(tables), "live": LIVE_SCHEMA, **parameters}).fetchall()
