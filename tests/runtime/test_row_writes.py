"""Changes written in sets leave the same rows as the same changes one by one."""

import asyncio
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from psycopg.rows import dict_row

from services.kernel.rows import Insert, Merge, Update
from services.runtime.read_tables import ReadTable, ReadTableError, load_read_tables
from services.runtime.row_writes import RowWrites
from tests.kit.servers import fresh_database
from tests.kit.shelves import ROOMS, SQL, TABLES, Change, Connection, done_alone, filled_room, rows, sequences


@pytest.fixture(scope="module")
def library(postgres: str) -> Iterator[tuple[Connection, RowWrites]]:
    """A connection to a database with the tables, and what writes to them."""
    with fresh_database(postgres) as url, psycopg.connect(url, autocommit=True, row_factory=dict_row) as connection:
        connection.execute("SET synchronous_commit = off")
        connection.execute(SQL["make_tables"])
        yield connection, RowWrites(asyncio.run(_shapes(url, TABLES)))


@pytest.fixture(autouse=True)
def _empty(library: tuple[Connection, RowWrites]) -> None:
    library[0].execute(SQL["empty_tables"])


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(changes=sequences, size=st.sampled_from([2, 5, 20, 100]))
def test_any_changes_in_batches_of_any_size_leave_the_rows_of_one_by_one(
    library: tuple[Connection, RowWrites], changes: list[Change], size: int
) -> None:
    connection, row_writes = library
    connection.execute(SQL["empty_tables"])
    begun = [change for room in ROOMS for change in filled_room(room)]
    possible = [change for change in [*begun, *changes] if done_alone(connection, change[1])]
    expected = rows(connection)
    connection.execute(SQL["empty_tables"])
    for start in range(0, len(possible), size):
        _write(connection, row_writes, possible[start : start + size])
    assert rows(connection) == expected


def test_many_changes_of_many_scopes_take_few_statements(library: tuple[Connection, RowWrites]) -> None:
    connection, row_writes = library
    rooms = [f"room {number}" for number in range(20)]
    made = [(room, Insert("shelves", {"id": room, "room": room, "name": room})) for room in rooms]
    noted = [
        (room, Update("shelves", {"id": room}, {"note": Merge(put={str(number): number})}))
        for number in range(10)
        for room in rooms
    ]
    assert len(row_writes.statements([*made, *noted])) == 2
    assert _write(connection, row_writes, [*made, *noted[:20]]) == 2
    assert _write(connection, row_writes, noted[20:]) == 1
    assert {len(row["note"]) for row in rows(connection)["shelves"]} == {10}


def test_what_one_row_frees_another_can_take_in_the_same_batch(library: tuple[Connection, RowWrites]) -> None:
    connection, row_writes = library
    _write(connection, row_writes, [("north", _shelf("north-0", is_first=True)), ("north", _shelf("north-1"))])
    passed_on = [
        ("north", Update("shelves", {"id": f"north-{number}"}, {"is_first": is_first}))
        for number, is_first in ((0, False), (1, True), (1, False), (0, True))
    ]
    _write(connection, row_writes, passed_on)
    assert {row["id"]: row["is_first"] for row in rows(connection)["shelves"]} == {"north-0": True, "north-1": False}


@pytest.mark.parametrize("column", ["places", "note", "name", "is_first"])
def test_the_last_of_many_changes_of_a_row_stands(library: tuple[Connection, RowWrites], column: str) -> None:
    connection, row_writes = library
    values: dict[str, list[Any]] = {
        "places": [1, 0, 2],
        "note": [{"a": 1}, None, {}],
        "name": ["p", "q", None],
        "is_first": [True, False],
    }
    updates = [("north", Update("shelves", {"id": "north-0"}, {column: value})) for value in values[column]]
    _write(connection, row_writes, [("north", _shelf("north-0")), *updates])
    _write(connection, row_writes, updates)
    assert [row[column] for row in rows(connection)["shelves"]] == values[column][-1:]


@pytest.mark.parametrize("bad", [{"places": -1}, {"is_first": None}, {"is_first": True}], ids=str)
def test_what_a_constraint_refuses_is_not_hidden_by_a_later_change(
    library: tuple[Connection, RowWrites], bad: dict[str, Any]
) -> None:
    connection, row_writes = library
    _write(connection, row_writes, [("north", _shelf("north-0", is_first=True)), ("north", _shelf("north-1"))])
    good = {"places": 1, "is_first": False}
    healed = [("north", Update("shelves", {"id": "north-1"}, changes)) for changes in (bad, good)]
    with pytest.raises(psycopg.IntegrityError):
        _write(connection, row_writes, healed)


def test_a_value_that_is_none_of_a_row_is_refused(library: tuple[Connection, RowWrites]) -> None:
    _, row_writes = library
    with pytest.raises(TypeError):
        row_writes.statements([("north", Insert("shelves", {"id": "north-0", "room": object()}))])


def test_a_column_that_is_not_there_is_our_mistake_and_no_events(library: tuple[Connection, RowWrites]) -> None:
    _, row_writes = library
    with pytest.raises(ReadTableError, match="shelves has no column colour"):
        row_writes.statements([("north", Insert("shelves", {"id": "north-0", "colour": "red"}))])


@pytest.mark.parametrize(
    ("made", "reason"),
    [
        ("CREATE TABLE other (id INT PRIMARY KEY)", "there is no table wanted"),
        ("CREATE TABLE wanted (id INT)", "wanted has no primary key"),
        ("CREATE TABLE wanted (id INT PRIMARY KEY, shelf_id TEXT REFERENCES shelves)", "is not INITIALLY DEFERRED"),
    ],
)
def test_a_table_that_rows_cannot_be_written_to_is_refused(
    library: tuple[Connection, RowWrites], made: str, reason: str
) -> None:
    connection, _ = library
    connection.execute(made.encode())
    try:
        with pytest.raises(ReadTableError, match=reason):
            asyncio.run(_shapes(connection.info.dsn + f" password={connection.info.password}", ("wanted",)))
    finally:
        connection.execute("DROP TABLE IF EXISTS wanted, other")


async def _shapes(url: str, names: Iterable[str]) -> dict[str, ReadTable]:
    async with await psycopg.AsyncConnection.connect(url, row_factory=dict_row) as connection:
        return await load_read_tables(connection, names)


def _shelf(shelf_id: str, **values: Any) -> Insert:
    return Insert("shelves", {"id": shelf_id, "room": shelf_id.partition("-")[0], **values})


def _write(connection: Connection, row_writes: RowWrites, changes: Sequence[Change]) -> int:
    """Writes them in one transaction and returns the number of statements."""
    writes = row_writes.statements(changes)
    with connection.transaction():
        for write in writes:
            connection.execute(write.sql, write.parameters, prepare=True)
    return len(writes)
