"""The rebuilt tables against the live ones, in one snapshot of both, row by row."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from psycopg.sql import SQL, Composed, Identifier

from services.runtime.read_tables import ReadTable
from services.runtime.rebuilding.record import Connection
from services.runtime.rebuilding.tables import LIVE_SCHEMA
from services.runtime.sql_files import read_sql

SHOWN_MAX = 20

_SQL = read_sql("services.runtime.rebuilding", "comparing.sql")

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Difference:
    """A row that is not the same. `live` or `rebuilt` is None where there is no such row."""

    key: str
    live: Row | None
    rebuilt: Row | None

    def columns(self) -> list[str]:
        """The columns that differ of a row that is in both."""
        if self.live is None or self.rebuilt is None:
            return []
        return [name for name, value in self.live.items() if value != self.rebuilt[name]]


@dataclass(frozen=True, slots=True)
class TableComparison:
    """One table: how many rows there are and how many differ, with the first of these."""

    table: str
    live_rows: int
    rebuilt_rows: int
    differing: int
    shown: tuple[Difference, ...]


def compare(connection: Connection, shape: ReadTable, schema: str) -> TableComparison:
    """Compares a live table with the one of its name in the schema; the caller's transaction is the moment."""
    live = _digests(connection, shape, LIVE_SCHEMA)
    rebuilt = _digests(connection, shape, schema)
    buckets = [bucket for bucket in live.keys() | rebuilt.keys() if live.get(bucket) != rebuilt.get(bucket)]
    found = _differences(connection, shape, schema, buckets) if buckets else []
    return TableComparison(
        shape.name,
        sum(rows for rows, _ in live.values()),
        sum(rows for rows, _ in rebuilt.values()),
        found[0]["total"] if found else 0,
        tuple(Difference(row["key"], row["live"], row["rebuilt"]) for row in found),
    )


def _digests(connection: Connection, shape: ReadTable, schema: str) -> dict[int, tuple[int, Any]]:
    rows = connection.execute(_filled("digest", shape, schema)).fetchall()
    return {row["bucket"]: (row["rows"], row["digest"]) for row in rows}


def _differences(connection: Connection, shape: ReadTable, schema: str, buckets: Iterable[int]) -> list[Any]:
    parameters = {"buckets": list(buckets), "shown_max": SHOWN_MAX}
    return connection.execute(_filled("find_differences", shape, schema), parameters).fetchall()


def _filled(block: str, shape: ReadTable, schema: str) -> Composed:
    return SQL(_SQL[block].decode()).format(
        key=SQL(", ").join(SQL("t.{}").format(Identifier(column)) for column in shape.primary_key),
        table=Identifier(shape.name),
        schema=Identifier(schema),
        live=Identifier(LIVE_SCHEMA),
    )
