"""The shapes of read tables as the catalogue has them: what must be known to write rows without a statement for each.

Tables are made by migrations; a projection names the ones that it owns. Their shapes are read once, at start.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from services.runtime.database import Connection
from services.runtime.sql_files import read_sql

_SQL = read_sql("services.runtime", "read_tables.sql")


class ReadTableError(Exception):
    """A table is missing or of a shape that rows cannot be written to; the text says which and why."""


@dataclass(frozen=True, slots=True)
class Column:
    """`type` is the SQL type without a length; `default` the SQL expression, None where there is none."""

    name: str
    type: str
    nullable: bool
    default: str | None


@dataclass(frozen=True, slots=True)
class ForeignKey:
    """Columns that name a row of the table `referenced`; `on_delete` is in the words of SQL."""

    columns: tuple[str, ...]
    referenced: str
    referenced_columns: tuple[str, ...]
    on_delete: str


@dataclass(frozen=True, slots=True)
class ReadTable:
    """One table.

    `unique` are the columns, beside the primary key, that decide whether two rows may stand together; `guarded` are
    these and those that decide whether a row may stand at all.
    """

    name: str
    columns: Mapping[str, Column]
    primary_key: tuple[str, ...]
    unique: frozenset[str]
    guarded: frozenset[str]
    foreign_keys: tuple[ForeignKey, ...]


async def load_read_tables(connection: Connection, names: Iterable[str]) -> dict[str, ReadTable]:
    """The tables by name. Raises ReadTableError."""
    wanted = sorted(names)
    columns = await _by_table(connection, "list_columns", wanted)
    keys = await _by_table(connection, "list_primary_keys", wanted)
    unique = await _by_table(connection, "list_unique_columns", wanted)
    checked = await _by_table(connection, "list_checked_columns", wanted)
    foreign = await _by_table(connection, "list_foreign_keys", wanted)
    return {
        name: ReadTable(
            name=name,
            columns={row["name"]: _column(row) for row in _some(columns[name], f"there is no table {name}")},
            primary_key=tuple(_some(keys[name], f"{name} has no primary key")[0]["columns"]),
            unique=frozenset(row["name"] for row in unique[name]),
            guarded=frozenset(row["name"] for row in (*unique[name], *checked[name])),
            foreign_keys=tuple(_foreign_key(name, row) for row in foreign[name]),
        )
        for name in wanted
    }


def dependents(tables: Mapping[str, ReadTable], name: str) -> frozenset[str]:
    """The tables among these whose rows a deletion in `name` can change, directly or through others."""
    found: set[str] = set()
    open_names = [name]
    while open_names:
        parent = open_names.pop()
        for table in tables.values():
            if table.name not in found and any(key.referenced == parent for key in table.foreign_keys):
                found.add(table.name)
                open_names.append(table.name)
    return frozenset(found)


async def _by_table(connection: Connection, statement: str, names: list[str]) -> dict[str, list[Mapping[str, Any]]]:
    found: dict[str, list[Mapping[str, Any]]] = {name: [] for name in names}
    for row in await (await connection.execute(_SQL[statement], {"tables": names})).fetchall():
        found[row["table_name"]].append(row)
    return found


def _some(rows: list[Mapping[str, Any]], otherwise: str) -> list[Mapping[str, Any]]:
    if not rows:
        raise ReadTableError(otherwise)
    return rows


def _column(row: Mapping[str, Any]) -> Column:
    return Column(row["name"], row["type"], row["nullable"], row["default_expression"])


def _foreign_key(table: str, row: Mapping[str, Any]) -> ForeignKey:
    if not row["deferred"]:
        # A batch writes table by table, in whatever order is fastest.
        raise ReadTableError(f"{table}: the foreign key to {row['referenced']} is not INITIALLY DEFERRED")
    return ForeignKey(tuple(row["columns"]), row["referenced"], tuple(row["referenced_columns"]), str(row["on_delete"]))
