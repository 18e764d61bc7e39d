"""Changes folded in memory and copied in leave the same rows as the same changes made in the database."""

from collections.abc import Iterator
from uuid import UUID, uuid4

import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from psycopg.rows import dict_row
from psycopg.sql import SQL, Identifier

from services.kernel.rows import Delete, Insert, RowChange, Update
from services.runtime.read_tables import ReadTable
from services.runtime.rebuilding.copying import LineWriter
from services.runtime.rebuilding.folding import Fold, NotApplicable
from services.runtime.rebuilding.models import read_defaults, read_shapes
from services.runtime.rebuilding.record import Connection
from tests.kit.servers import fresh_database
from tests.kit.shelves import ROOMS, TABLES, done_alone, filled_room, rows, sequences
from tests.kit.shelves import SQL as SHELVES

UNUSUAL = 'A \\ back\\nslash, a\ttab,\r\na line, "quotes", {braces}, NULL, \\N, \\. and 漢字 🙂'


@pytest.fixture(scope="module")
def library(postgres: str) -> Iterator[tuple[Connection, dict[str, ReadTable]]]:
    """A connection to a database with the tables, and their shapes."""
    with fresh_database(postgres) as url, psycopg.connect(url, autocommit=True, row_factory=dict_row) as connection:
        connection.execute("SET synchronous_commit = off")
        connection.execute(SHELVES["make_tables"])
        yield connection, read_shapes(url, TABLES)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(changes=sequences)
def test_any_changes_leave_the_rows_that_the_database_would_have(
    library: tuple[Connection, dict[str, ReadTable]], changes: list[tuple[str, RowChange]]
) -> None:
    connection, shapes = library
    connection.execute(SHELVES["empty_tables"])
    begun = [change for room in ROOMS for change in filled_room(room)]
    possible = [change for change in [*begun, *changes] if done_alone(connection, change[1])]
    expected = rows(connection)
    connection.execute(SHELVES["empty_tables"])
    scopes = [[change for of_room, change in possible if of_room == room] for room in ROOMS]
    _fold_in(connection, shapes, scopes)
    assert rows(connection) == expected


def test_every_text_is_the_same_after_it_was_copied_in(library: tuple[Connection, dict[str, ReadTable]]) -> None:
    connection, shapes = library
    connection.execute(SHELVES["empty_tables"])
    shelf = {"id": UNUSUAL, "room": "", "note": {UNUSUAL: [UNUSUAL, None, True, 0.5]}}
    book = {"shelf_id": UNUSUAL, "number": 1, "title": UNUSUAL, "tags": [UNUSUAL, "", "NULL", "a,b"]}
    page = {"id": uuid4(), "shelf_id": UNUSUAL, "number": 1, "content": {}}
    _fold_in(connection, shapes, [[Insert("shelves", shelf), Insert("books", book), Insert("pages", page)]])

    found = rows(connection)
    for table, made in (("shelves", shelf), ("books", book), ("pages", page)):
        [row] = found[table]
        assert {name: row[name] for name in made} == made
    assert found["shelves"][0]["places"] == 3


def test_a_row_that_is_there_already_is_refused(library: tuple[Connection, dict[str, ReadTable]]) -> None:
    connection, shapes = library
    fold, page_id = Fold(shapes, read_defaults(connection, shapes)), uuid4()
    page = {"shelf_id": "s", "number": 1}
    fold.apply([Insert("pages", {"id": page_id, **page})])
    with pytest.raises(NotApplicable, match=f"pages has the row {page_id} already"):
        fold.apply([Insert("pages", {"id": str(page_id), **page})])


def test_a_column_that_is_not_there_is_refused(library: tuple[Connection, dict[str, ReadTable]]) -> None:
    connection, shapes = library
    fold = Fold(shapes, read_defaults(connection, shapes))
    with pytest.raises(NotApplicable, match="shelves has no column colour"):
        fold.apply([Insert("shelves", {"id": "s", "colour": "red"})])


def test_the_next_scope_begins_with_nothing(library: tuple[Connection, dict[str, ReadTable]]) -> None:
    connection, shapes = library
    fold = Fold(shapes, read_defaults(connection, shapes))
    fold.apply([Insert("shelves", {"id": "s", "room": "r"}), Update("shelves", {"room": "r"}, {"name": "n"})])
    assert [table for table, _ in fold.take()] == ["shelves"]
    fold.apply([Update("shelves", {"room": "r"}, {"name": "n"}), Delete("shelves", {"id": "s"})])
    assert list(fold.take()) == []


def test_an_id_is_the_same_as_text_and_as_uuid(library: tuple[Connection, dict[str, ReadTable]]) -> None:
    connection, shapes = library
    fold, page_id = Fold(shapes, read_defaults(connection, shapes)), str(UUID(int=7))
    fold.apply([Insert("pages", {"id": page_id, "shelf_id": "s", "number": 1})])
    fold.apply([Update("pages", {"id": UUID(page_id)}, {"number": 2})])
    assert [row["number"] for _, rows in fold.take() for row in rows] == [2]


def _fold_in(connection: Connection, shapes: dict[str, ReadTable], scopes: list[list[RowChange]]) -> None:
    fold = Fold(shapes, read_defaults(connection, shapes))
    lines: dict[str, list[str]] = {table: [] for table in shapes}
    for changes in scopes:
        fold.apply(changes)
        for table, final in fold.take():
            lines[table] += map(LineWriter(shapes[table]).line, final)
    with connection.transaction():
        for table, written in lines.items():
            with connection.cursor().copy(SQL("COPY {} FROM STDIN").format(Identifier(table))) as copy:
                copy.write("".join(written))
