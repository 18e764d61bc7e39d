"""How PostgreSQL answers a statement: what it scans, by which index, and how many pages it touches."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

import psycopg

from services.runtime.database import BY_INDEX


class Scan(NamedTuple):
    """One table, or partition, in a plan."""

    table: str
    node: str
    index_name: str | None


@dataclass(frozen=True, slots=True)
class Plan:
    """A statement that was run: `pages` are those that it touched, wherever they were."""

    pages: int
    scans: list[Scan]

    def of(self, prefix: str) -> list[Scan]:
        """The scans of tables whose names begin so, of those that were run at all."""
        return [scan for scan in self.scans if scan.table.startswith(prefix)]


def explain(database_url: str, statement: bytes, parameters: Mapping[str, Any], *, by_index: bool = True) -> Plan:
    """Runs the statement, in a transaction that is rolled back; `by_index` as relays and the query API have it."""
    with psycopg.connect(database_url) as connection:
        if by_index:
            connection.execute(BY_INDEX)
        explained = b"EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) " + statement
        row = connection.execute(explained, parameters).fetchone()
        connection.rollback()
    assert row is not None
    top = row[0][0]["Plan"]
    return Plan(top["Shared Hit Blocks"] + top["Shared Read Blocks"], list(_scans(top)))


def _scans(node: Mapping[str, Any]) -> Iterator[Scan]:
    if "Relation Name" in node and "Scan" in node["Node Type"] and node["Actual Loops"] > 0:
        yield Scan(node["Relation Name"], node["Node Type"], node.get("Index Name"))
    for child in node.get("Plans", ()):
        yield from _scans(child)
