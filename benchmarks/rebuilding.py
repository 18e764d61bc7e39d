"""Rebuilding read models from a long history, beside what COPY needs for the same events and the same rows.

The limit is the slower of two: COPY of the events out of the database, and COPY of the final rows into tables that have
their keys and indexes. Both are counted in events a second, as we are.
"""

import os
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import psycopg
from psycopg.sql import SQL, Identifier

from benchmarks.figures import Figure, Goal, Limit, Results
from benchmarks.samples import Sample
from benchmarks.servers import running_postgres
from services.catalogue import CONTEXTS
from services.kernel.lanes import LANE_COUNT
from services.runtime.rebuilding.filling import fill_slices
from services.runtime.rebuilding.models import Models, read_shapes
from services.runtime.rebuilding.rebuilder import Phase, Progress, Rebuilder
from services.runtime.rebuilding.record import Rebuild, begin, connected
from services.runtime.rebuilding.tables import make_tables
from tests.kit.histories import tell_story, write_histories

CONTEXTS_NAME = "services.catalogue:CONTEXTS"
GROUP = "core"
COPIES = "copies"
"""Schema of the tables that COPY fills."""
SETTLE = b"CHECKPOINT"


@dataclass(frozen=True, slots=True)
class Length:
    """How often everything is measured, and of how many novels the history is."""

    repeats: int
    scopes: int


@dataclass
class _Times:
    """Seconds, run by run."""

    rows: list[float] = field(default_factory=list)
    one: list[float] = field(default_factory=list)
    all: list[float] = field(default_factory=list)
    copy_out: list[float] = field(default_factory=list)
    copy_in: list[float] = field(default_factory=list)


def measure_rebuilding(length: Length, tell: Callable[[str], None]) -> Results:
    """Runs everything and returns the figures."""
    times, cores = _Times(), os.cpu_count() or 1
    with running_postgres() as database:
        tell("writing a long history")
        events = write_histories(database.url, tell_story(), scopes=length.scopes)
        _settle(database.url, events)
        for number in range(1, length.repeats + 1):
            tell(f"rebuilding, {number} of {length.repeats}")
            times.rows.append(_rows_seconds(database.url))
            lines = _lines_written(database.url)
            Rebuilder(database.url, CONTEXTS_NAME).cancel()
            times.one.append(_whole_seconds(database.url, workers=1))
            times.all.append(_whole_seconds(database.url, workers=cores))
            tell(f"copying, {number} of {length.repeats}")
            times.copy_out.append(_copy_out_seconds(database.url))
            times.copy_in.append(_copy_in_seconds(database.url, lines))
    return _results(events, cores, times)


def _settle(database_url: str, events: int) -> None:
    """The live tables are taken to be as far as the history goes, and what was just written is on disk and analysed."""
    with psycopg.connect(database_url, autocommit=True) as connection:
        lanes = range(LANE_COUNT)
        connection.cursor().executemany(
            "INSERT INTO projection_checkpoints (projection, lane, last_position) VALUES (%s, %s, %s)",
            [(GROUP, lane, events) for lane in lanes],
        )
        connection.execute("VACUUM ANALYZE domain_events")
        connection.execute(SETTLE)


def _rows_seconds(database_url: str) -> float:
    """How long one process takes to fill the new tables; they stay there."""
    rebuild = _begun(database_url)
    models, shapes = Models(CONTEXTS, GROUP, rebuild.projections), read_shapes(database_url, rebuild.tables)
    with _stopwatch() as seconds:
        fill_slices(database_url, rebuild, models, shapes)
    return seconds[0]


def _begun(database_url: str) -> Rebuild:
    choice = Rebuilder(database_url, CONTEXTS_NAME).choice([])
    with connected(database_url, one_snapshot=True) as connection, connection.transaction():
        rebuild = begin(connection, GROUP, choice.projections, choice.tables)
        make_tables(connection, rebuild.tables, rebuild.building)
    return rebuild


def _whole_seconds(database_url: str, *, workers: int) -> float:
    """From starting the workers until the new tables have their rows, keys and indexes."""
    at: dict[Phase, float] = {}

    def note(progress: Progress) -> None:
        at.setdefault(progress.phase, time.perf_counter())

    rebuilder = Rebuilder(database_url, CONTEXTS_NAME, workers=workers, tell=note)
    # The live tables are empty, so it stops before the swap.
    rebuilder.run([])
    rebuilder.cancel()
    return at[Phase.CATCHING_UP] - at[Phase.FILLING]


def _lines_written(database_url: str) -> dict[str, bytes]:
    """What the new tables hold, as COPY takes it."""
    found = Rebuilder(database_url, CONTEXTS_NAME).status()
    assert found is not None, "the tables are still there"
    rebuild, _ = found
    with psycopg.connect(database_url) as connection:
        lines = {}
        for table in rebuild.tables:
            statement = SQL("COPY {}.{} TO STDOUT").format(Identifier(rebuild.building), Identifier(table))
            with connection.cursor().copy(statement) as copy:
                lines[table] = b"".join(map(bytes, copy))
    return lines


def _copy_out_seconds(database_url: str) -> float:
    with (
        psycopg.connect(database_url) as connection,
        _stopwatch() as seconds,
        connection.cursor().copy("COPY domain_events TO STDOUT") as copy,
    ):
        _exhaust(copy)
    return seconds[0]


def _copy_in_seconds(database_url: str, lines: dict[str, bytes]) -> float:
    with psycopg.connect(database_url, autocommit=True) as connection:
        connection.execute(SQL("CREATE SCHEMA {}").format(Identifier(COPIES)))
        for table in lines:
            names = {"schema": Identifier(COPIES), "table": Identifier(table)}
            connection.execute(SQL("CREATE TABLE {schema}.{table} (LIKE {table} INCLUDING ALL)").format(**names))
        with _stopwatch() as seconds, connection.transaction():
            for table, text in lines.items():
                statement = SQL("COPY {}.{} FROM STDIN").format(Identifier(COPIES), Identifier(table))
                with connection.cursor().copy(statement) as copy:
                    copy.write(text)
        connection.execute(SQL("DROP SCHEMA {} CASCADE").format(Identifier(COPIES)))
    return seconds[0]


def _results(events: int, cores: int, times: _Times) -> Results:
    slower = [max(pair) for pair in zip(times.copy_out, times.copy_in, strict=True)]
    limit = Limit("the slower of COPY out and COPY in", _rates(events, slower))
    goals = (Goal("≥ 0.5 ×", 0.5, "ratio", "more"), Goal("≥ 0.6 ×", 0.6, "ratio", "more"))
    copied_out, copied_in = _rates(events, times.copy_out), _rates(events, times.copy_in)
    note = f"COPY out {copied_out.median:,.0f} /s · COPY in {copied_in.median:,.0f} /s"
    return Results(
        "rebuild of read models",
        (
            Figure(
                "one process, rows alone", "events/s", _rates(events, times.rows),
                goals=(Goal("≥ 40,000 /s", 40_000.0, "value", "more"),),
            ),
            Figure("one process, with keys and indexes", "events/s", _rates(events, times.one), limit),
            Figure(
                f"{cores} processes, with keys and indexes", "events/s", _rates(events, times.all), limit, goals,
                note=note,
            ),
        ),
        {"events": events, "processes": cores, "seconds": times.__dict__},
    )  # fmt: skip


def _rates(events: int, seconds: Iterable[float]) -> Sample:
    return Sample(tuple(events / one for one in seconds))


def _exhaust(blocks: Iterable[object]) -> None:
    for _ in blocks:
        pass


@contextmanager
def _stopwatch() -> Iterator[list[float]]:
    """The seconds that the block has taken, once it is over."""
    seconds: list[float] = []
    started = time.perf_counter()
    yield seconds
    seconds.append(time.perf_counter() - started)
