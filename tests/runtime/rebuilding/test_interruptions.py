"""Whoever dies in the middle of a rebuild, the same command again brings it to its end."""

import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import psutil
import psycopg
import pytest

from services.catalogue import CONTEXTS
from services.runtime.rebuilding import record
from services.runtime.rebuilding.filling import Filler
from services.runtime.rebuilding.models import Models, read_shapes
from services.runtime.rebuilding.rebuilder import Rebuilder
from services.runtime.rebuilding.record import State, connected
from tests.kit.recording import query
from tests.kit.waiting import eventually_sync
from tests.runtime.rebuilding.sight import CONTEXTS_NAME, rows, schemas_set_aside

SLICE_EVENTS = 100
END_SECONDS_MAX = 60.0


@pytest.fixture
def half_way(told: str, monkeypatch: pytest.MonkeyPatch) -> str:
    """A rebuild of which a slice is filled."""
    monkeypatch.setattr(record, "SLICE_EVENTS", SLICE_EVENTS)
    rebuilder = Rebuilder(told, CONTEXTS_NAME)
    rebuild = rebuilder._begin(rebuilder.choice([]))
    with connected(told) as connection:
        models = Models(CONTEXTS, rebuild.group, rebuild.projections)
        assert Filler(connection, rebuild, models, read_shapes(told, rebuild.tables)).fill_next()
    return told


@contextmanager
def nobody_fills(database_url: str) -> Iterator[Callable[[], None]]:
    """A worker gets no further than to the rows of its slice, until the block ends or what it is given is called."""
    with psycopg.connect(database_url) as other:
        other.execute("LOCK TABLE rebuild_1.novels IN SHARE MODE")
        yield other.rollback


@contextmanager
def command(database_url: str) -> "Iterator[subprocess.Popen[str]]":
    """`studio rebuild` with one worker, which is in the middle of a slice when the block begins."""
    process = subprocess.Popen(
        [sys.executable, "-m", "services.studio.main", "rebuild", "--database-url", database_url, "--workers", "1"],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        _worker_in_the_middle(database_url, process)
        yield process
    finally:
        process.kill()
        process.wait(END_SECONDS_MAX)
        assert process.stdout is not None
        process.stdout.close()


def test_a_worker_that_is_killed_is_replaced(half_way: str) -> None:
    with nobody_fills(half_way) as go_on, command(half_way) as process:
        killed = _worker_in_the_middle(half_way, process)
        killed.kill()
        other = _worker_in_the_middle(half_way, process, not_this=killed.pid)
        assert other.pid != killed.pid
        go_on()
        output, _ = process.communicate(timeout=END_SECONDS_MAX)
    assert process.returncode == 0, output
    assert "all the same" in output


def test_killed_half_way_and_run_again_it_succeeds(half_way: str) -> None:
    before = rows(half_way)
    with nobody_fills(half_way), command(half_way) as process:
        worker = _worker_in_the_middle(half_way, process)
        process.kill()
    psutil.wait_procs([worker], END_SECONDS_MAX)
    assert not worker.is_running(), "it notices that nobody waits for it"

    assert Rebuilder(half_way, CONTEXTS_NAME, workers=1).run([]).swapped
    assert rows(half_way) == before


def test_ctrl_c_pauses_and_the_same_command_goes_on(half_way: str) -> None:
    before = rows(half_way)
    with nobody_fills(half_way) as go_on, command(half_way) as process:
        process.send_signal(signal.SIGINT)
        go_on()
        output, _ = process.communicate(timeout=END_SECONDS_MAX)
    assert (process.returncode, "Paused" in output) == (1, True), output
    found = Rebuilder(half_way, CONTEXTS_NAME).status()
    assert found is not None
    assert found[0].state is State.FILLING
    assert 0 < found[1].filled_events < found[1].events

    assert Rebuilder(half_way, CONTEXTS_NAME, workers=1).run([]).swapped
    assert rows(half_way) == before


def test_another_terminal_pauses_and_cancels(half_way: str) -> None:
    with nobody_fills(half_way) as go_on, command(half_way) as process:
        cancelling = threading.Thread(target=Rebuilder(half_way, CONTEXTS_NAME).cancel)
        cancelling.start()
        eventually_sync(
            lambda: query(half_way, "SELECT id FROM projection_rebuilds WHERE stop_asked"), what="it is asked"
        )
        go_on()
        output, _ = process.communicate(timeout=END_SECONDS_MAX)
        cancelling.join(END_SECONDS_MAX)
    assert (process.returncode, "Paused" in output) == (1, True), output
    assert schemas_set_aside(half_way) == []
    assert query(half_way, "SELECT state FROM projection_rebuilds") == [{"state": "CANCELLED"}]


def test_when_the_server_drops_every_connection_it_says_so_and_goes_on_later(half_way: str) -> None:
    before = rows(half_way)
    with nobody_fills(half_way), command(half_way) as process:
        query(
            half_way,
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND application_name = 'rebuild'",
        )
        output, _ = process.communicate(timeout=END_SECONDS_MAX)
    assert (process.returncode, "run the same command again" in " ".join(output.split())) == (1, True), output

    assert Rebuilder(half_way, CONTEXTS_NAME, workers=1).run([]).swapped
    assert rows(half_way) == before


def test_slices_and_with_them_memory_are_bounded_whatever_the_length_of_the_history(half_way: str) -> None:
    sizes = [row["events"] for row in query(half_way, "SELECT events FROM projection_rebuild_slices")]
    [largest] = query(
        half_way, "SELECT max(n) AS n FROM (SELECT count(*) AS n FROM domain_events GROUP BY scope_id) AS scopes"
    )
    assert len(sizes) > 3
    assert max(sizes) < SLICE_EVENTS + largest["n"]
    assert sum(sizes) == query(half_way, "SELECT count(*) AS n FROM domain_events")[0]["n"]


def _worker_in_the_middle(
    database_url: str, process: "subprocess.Popen[str]", *, not_this: int | None = None
) -> psutil.Process:
    """The worker, once it waits for the lock."""

    def waiting() -> psutil.Process | None:
        assert process.poll() is None, process.communicate()
        blocked = query(
            database_url,
            "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
            " AND application_name = 'rebuild'",
        )
        workers = [worker for worker in psutil.Process(process.pid).children() if worker.pid != not_this]
        return workers[0] if blocked and workers else None

    worker = eventually_sync(waiting, what="a worker is in the middle of a slice", seconds=END_SECONDS_MAX)
    assert worker is not None
    return worker
