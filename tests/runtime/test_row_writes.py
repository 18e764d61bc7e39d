"""Changes written in sets leave the same rows as the same changes one by one."""

import asyncio
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, assert_never
from uuid import NAMESPACE_URL, UUID, uuid5

import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from psycopg import sql
from psycopg.rows import dict_row
from psycopg.types.json import Jsonb

from services.kernel.rows import Delete, Insert, Merge, RowChange, Update
from services.runtime.read_tables import ReadTable, ReadTableError, load_read_tables
from services.runtime.row_writes import RowWrites
from services.runtime.sql_files import read_sql
from tests.kit.servers import fresh_database

SQL = read_sql("tests.kit", "shelves.sql")
TABLES = ("shelves", "books", "pages")
JSON_COLUMNS = {"note", "content"}
ROOMS = ("north", "south")
SOME_TIME = datetime(2026, 5, 4, 3, 2, 1, 123456, tzinfo=UTC)

Connection = psycopg.Connection[dict[str, Any]]
Change = tuple[str, RowChange]


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


names = st.sampled_from(["oak", "elm", None])
objects = st.dictionaries(st.sampled_from("ab"), st.none() | st.integers(0, 9) | st.lists(st.just("x")), max_size=2)
merges = st.builds(Merge, put=objects, remove=st.frozensets(st.sampled_from("ab"), max_size=2))
numbers = st.integers(0, 1)
shelf_values = {
    "name": names,
    "is_first": st.booleans(),
    "places": st.sampled_from([0, 1, 2, -1]),
    "price": st.none() | st.sampled_from([Decimal("1.50"), 2.25, 3]),
    "note": st.none() | objects,
    "changed_at": st.none() | st.just(SOME_TIME),
}
book_values = {"title": st.sampled_from("pq"), "tags": st.lists(st.just("t"), max_size=1)}


def _changes_in(room: str) -> st.SearchStrategy[Change]:
    """Any change that can be made in a room of two shelves, each with places for two books of two pages."""
    shelf_ids = st.integers(0, 1).map(lambda number: f"{room}-{number}")
    shelf = {"id": shelf_ids}
    book = {"shelf_id": shelf_ids, "number": numbers}
    page_ids = st.builds(_page_id, shelf_ids, numbers)
    page = {"id": page_ids | page_ids.map(str)}
    in_room = {"room": st.just(room)}
    named, first = {"name": names}, {"is_first": st.booleans()}
    noted, returned = {"note": st.none() | objects | merges}, {"returns_to": st.none() | shelf_ids}
    # Few columns each, so that changes of the same shape come back with others in between.
    changes = st.one_of(
        _inserts("shelves", {**shelf, **in_room}, shelf_values),
        *(_updates("shelves", shelf, values) for values in (named, first, noted, {"places": st.integers(-1, 1)})),
        _updates("shelves", {**shelf, **first}, named),
        _updates("shelves", {**shelf, **named}, noted),
        _updates("shelves", {**in_room, **first}, first),
        _updates("shelves", {**in_room, **named}, noted),
        _deletes("shelves", shelf),
        _deletes("shelves", {**in_room, **named}),
        _inserts("books", book, book_values),
        _updates("books", book, returned),
        _updates("books", book, {"number": numbers}),
        _updates("books", {"shelf_id": shelf_ids, **returned}, {"title": st.sampled_from("pq")}),
        _deletes("books", book),
        _inserts("pages", {**page, **book}, {"content": objects}),
        _updates("pages", page, {"content": objects | merges}),
    )
    return changes.map(lambda change: (room, change))


def _filled_room(room: str) -> list[Change]:
    """What is there when the changes begin."""
    made: list[Change] = []
    for number in (0, 1):
        shelf_id = f"{room}-{number}"
        made.append((room, Insert("shelves", {"id": shelf_id, "room": room, "is_first": number == 0, "note": {}})))
        made.append((room, Insert("books", {"shelf_id": shelf_id, "number": 0, "returns_to": f"{room}-0"})))
        made.append((room, Insert("pages", {"id": _page_id(shelf_id, 0), "shelf_id": shelf_id, "number": 0})))
    return made


def _page_id(shelf_id: str, number: int) -> UUID:
    return uuid5(NAMESPACE_URL, f"{shelf_id}/{number}")


def _updates(
    table: str, where: dict[str, st.SearchStrategy[Any]], values: dict[str, st.SearchStrategy[Any]]
) -> st.SearchStrategy[RowChange]:
    return st.builds(Update, st.just(table), st.fixed_dictionaries(where), st.fixed_dictionaries(values))


def _deletes(table: str, where: dict[str, st.SearchStrategy[Any]]) -> st.SearchStrategy[RowChange]:
    return st.builds(Delete, st.just(table), st.fixed_dictionaries(where))


def _inserts(
    table: str, needed: dict[str, st.SearchStrategy[Any]], values: dict[str, st.SearchStrategy[Any]]
) -> st.SearchStrategy[RowChange]:
    return st.builds(Insert, st.just(table), st.fixed_dictionaries(needed, optional=values))


sequences = st.lists(st.one_of(*map(_changes_in, ROOMS)), min_size=5, max_size=40)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(changes=sequences, size=st.sampled_from([2, 5, 20, 100]))
def test_any_changes_in_batches_of_any_size_leave_the_rows_of_one_by_one(
    library: tuple[Connection, RowWrites], changes: list[Change], size: int
) -> None:
    connection, row_writes = library
    connection.execute(SQL["empty_tables"])
    begun = [change for room in ROOMS for change in _filled_room(room)]
    possible = [change for change in [*begun, *changes] if _done_alone(connection, change[1])]
    expected = _rows(connection)
    connection.execute(SQL["empty_tables"])
    for start in range(0, len(possible), size):
        _write(connection, row_writes, possible[start : start + size])
    assert _rows(connection) == expected


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
    assert {len(row["note"]) for row in _rows(connection)["shelves"]} == {10}


def test_what_one_row_frees_another_can_take_in_the_same_batch(library: tuple[Connection, RowWrites]) -> None:
    connection, row_writes = library
    _write(connection, row_writes, [("north", _shelf("north-0", is_first=True)), ("north", _shelf("north-1"))])
    passed_on = [
        ("north", Update("shelves", {"id": f"north-{number}"}, {"is_first": is_first}))
        for number, is_first in ((0, False), (1, True), (1, False), (0, True))
    ]
    _write(connection, row_writes, passed_on)
    assert {row["id"]: row["is_first"] for row in _rows(connection)["shelves"]} == {"north-0": True, "north-1": False}


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


def _done_alone(connection: Connection, change: RowChange) -> bool:
    """Makes a change by a plain statement in a transaction of its own; whether it was possible."""
    try:
        connection.execute(*_plain_statement(change))
    except psycopg.IntegrityError:
        return False
    return True


def _plain_statement(change: RowChange) -> tuple[sql.Composed, list[Any]]:
    table = sql.Identifier(change.table)
    match change:
        case Insert(row=row):
            names, marks = _joined(row, "{}", ", "), sql.SQL(", ").join(sql.Placeholder() * len(row))
            return sql.SQL("INSERT INTO {} ({}) VALUES ({})").format(table, names, marks), _values(row)
        case Update(where=where, changes=changes):
            merged = {name: value for name, value in changes.items() if isinstance(value, Merge)}
            plain = {name: value for name, value in changes.items() if name not in merged}
            parts = [sql.SQL("{} = %s").format(sql.Identifier(name)) for name in plain]
            merge = "{0} = (coalesce({0}, '{{}}') - %s::TEXT[]) || %s"
            parts += [sql.SQL(merge).format(sql.Identifier(name)) for name in merged]
            merge_values = [part for m in merged.values() for part in (list(m.remove), Jsonb(m.put))]
            text = sql.SQL("UPDATE {} SET {} WHERE {}").format(table, sql.SQL(", ").join(parts), _where(where))
            return text, [*_values(plain), *merge_values, *where.values()]
        case Delete(where=where):
            return sql.SQL("DELETE FROM {} WHERE {}").format(table, _where(where)), list(where.values())
        case _:
            assert_never(change)


def _where(where: Mapping[str, Any]) -> sql.Composed:
    return _joined(where, "{} IS NOT DISTINCT FROM %s", " AND ")


def _joined(names: Iterable[str], form: str, separator: str) -> sql.Composed:
    return sql.SQL(separator).join(sql.SQL(form).format(sql.Identifier(name)) for name in names)


def _values(row: Mapping[str, Any]) -> list[Any]:
    return [Jsonb(v) if name in JSON_COLUMNS and v is not None else v for name, v in row.items()]


def _rows(connection: Connection) -> dict[str, list[dict[str, Any]]]:
    return {
        table: sorted(connection.execute(f"SELECT * FROM {table}".encode()).fetchall(), key=str) for table in TABLES
    }
