"""Filling the new tables: a slice of the scopes at a time, from the first event to where the rebuild began.

A slice is one transaction: its events are read, its final rows are made in memory and copied in, and it is marked.
"""

import gc
import threading
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from itertools import groupby
from operator import attrgetter

import psycopg
from psycopg.rows import tuple_row
from psycopg.sql import SQL, Identifier

from services.kernel.events import RecordedEvent
from services.runtime.crash_points import reached
from services.runtime.read_tables import ReadTable
from services.runtime.rebuilding.copying import LineWriter
from services.runtime.rebuilding.diagnosing import REFUSALS, find_culprit
from services.runtime.rebuilding.folding import Fold, NotApplicable
from services.runtime.rebuilding.models import Models, NotProjected, read_defaults
from services.runtime.rebuilding.record import Connection, Rebuild, connected
from services.runtime.rebuilding.tables import look_into
from services.runtime.sql_files import read_sql

FETCHED_AT_ONCE = 500
SLICES_AT_ONCE = 2
"""By one process: the server reads or writes one while we fold the other."""

_SQL = read_sql("services.runtime.rebuilding", "filling.sql")


class Filler:
    """Fills slices of one rebuild over one connection, as does every other worker."""

    def __init__(
        self, connection: Connection, rebuild: Rebuild, models: Models, shapes: Mapping[str, ReadTable]
    ) -> None:
        self._connection = connection
        self._rebuild = rebuild
        self._models = models
        self._shapes = shapes
        self._fold = Fold(shapes, read_defaults(connection, shapes))
        self._writers = {name: LineWriter(shape) for name, shape in shapes.items()}

    def fill_next(self) -> bool:
        """Fills a slice that nobody is at; False when there is none. Raises NotProjected, which is noted."""
        taken: dict[str, object] = {}
        try:
            with self._connection.transaction():
                for setting in ("trust_the_store", "sort_in_memory"):
                    self._connection.execute(_SQL[setting])
                row = self._connection.execute(_SQL["take_slice"], {"rebuild_id": self._rebuild.id}).fetchone()
                if row is None:
                    return False
                taken = {"rebuild_id": self._rebuild.id, "event_types": self._models.event_types, **row}
                self._fill(taken)
                reached("rebuild.slice_copied")
                self._connection.execute(_SQL["mark_filled"], taken)
        except NotProjected as failure:
            self._connection.execute(_SQL["mark_failed"], {**taken, "failure": str(failure)})
            raise
        except REFUSALS as refused:
            # Rows were refused, and which event they come from is found out by trying one by one.
            culprit = find_culprit(self._connection, self._models, self._shapes, self._events(taken), refused)
            self._connection.execute(_SQL["mark_failed"], {**taken, "failure": str(culprit)})
            raise culprit from refused
        return True

    def _fill(self, taken: Mapping[str, object]) -> None:
        lines: dict[str, list[str]] = {name: [] for name in self._shapes}
        with closing(self._events(taken)) as events:
            for _, of_scope in groupby(events, key=attrgetter("scope_id")):
                self._fold_scope(of_scope)
                for table, rows in self._fold.take():
                    lines[table] += map(self._writers[table].line, rows)
        look_into(self._connection, self._rebuild.building)
        for table, written in lines.items():
            with self._connection.cursor().copy(_copy_into(table)) as copy:
                copy.write("".join(written))

    def _fold_scope(self, events: Iterable[RecordedEvent]) -> None:
        for event in events:
            try:
                self._fold.apply(self._models.changes(event))
            except NotApplicable as error:
                raise NotProjected.naming(event, error) from error

    def _events(self, taken: Mapping[str, object]) -> Generator[RecordedEvent, None, None]:
        with psycopg.ServerCursor(self._connection, "events", row_factory=tuple_row) as cursor:
            cursor.execute(_SQL["read_events"], taken)
            while rows := cursor.fetchmany(FETCHED_AT_ONCE):
                yield from map(RecordedEvent._make, rows)


def fill_slices(
    database_url: str,
    rebuild: Rebuild,
    models: Models,
    shapes: Mapping[str, ReadTable],
    *,
    to_stop: Callable[[], bool] = lambda: False,
) -> None:
    """Fills slices until none is left or it is time to stop.

    Raises NotProjected, when no slice is in hand any more.
    """
    failed = threading.Event()

    def fill() -> None:
        with connected(database_url) as connection:
            filler = Filler(connection, rebuild, models, shapes)
            try:
                while not (failed.is_set() or to_stop()) and filler.fill_next():
                    pass
            except BaseException:
                failed.set()
                raise

    with _uncollected(), ThreadPoolExecutor(SLICES_AT_ONCE) as threads:
        for filling in [threads.submit(fill) for _ in range(SLICES_AT_ONCE)]:
            filling.result()


def _copy_into(table: str) -> bytes:
    return SQL(_SQL["write_rows"].decode()).format(table=Identifier(table)).as_bytes(None)


@contextmanager
def _uncollected() -> Iterator[None]:
    """No search for cycles, of which filling makes none: looking for them takes a quarter of its time."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()
