"""A library for tests of row changes: shelves, books and pages, any changes of them, and what each does by itself."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, assert_never
from uuid import NAMESPACE_URL, UUID, uuid5

import psycopg
from hypothesis import strategies as st
from psycopg import sql
from psycopg.types.json import Jsonb

from services.kernel.rows import Delete, Insert, Merge, RowChange, Update
from services.runtime.sql_files import read_sql

SQL = read_sql("tests.kit", "shelves.sql")
TABLES = ("shelves", "books", "pages")
JSON_COLUMNS = {"note", "content"}
ROOMS = ("north", "south")
SOME_TIME = datetime(2026, 5, 4, 3, 2, 1, 123456, tzinfo=UTC)

Connection = psycopg.Connection[dict[str, Any]]
Change = tuple[str, RowChange]


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


def filled_room(room: str) -> list[Change]:
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


def done_alone(connection: Connection, change: RowChange) -> bool:
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


def rows(connection: Connection) -> dict[str, list[dict[str, Any]]]:
    """Every row of every table, in an order that depends on the rows alone."""
    return {
        table: sorted(connection.execute(f"SELECT * FROM {table}".encode()).fetchall(), key=str) for table in TABLES
    }
