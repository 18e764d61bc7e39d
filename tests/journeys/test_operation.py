"""Operating a studio: crashes, stops and restarts of whole processes, under load."""

import os
import signal
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import psutil
import pytest

from services.studio.run_state import RunState
from tests.kit.studio import Client, Studio, start_studio, stop_studio, wait_for_studio
from tests.kit.waiting import eventually_sync

STOP_SECONDS_MAX = 10.0


@contextmanager
def own_studio(directory: Path) -> Iterator[tuple[Studio, int]]:
    """A studio that only this test uses, with the pid of its supervisor."""
    process = start_studio(directory)
    try:
        studio = wait_for_studio(directory, process)
        with studio.http:
            yield studio, process.pid
    finally:
        stop_studio(process)


@contextmanager
def load(user: Client) -> Iterator[list[str]]:
    """Commands one after the other in the background; the ids of the novels that were acknowledged."""
    acknowledged: list[str] = []
    stop = threading.Event()

    def send() -> None:
        while not stop.is_set():
            answer = _try_novel(user)
            if answer is not None:
                acknowledged.append(answer)

    thread = threading.Thread(target=send)
    thread.start()
    try:
        yield acknowledged
    finally:
        stop.set()
        thread.join(60)


def _try_novel(user: Client) -> str | None:
    try:
        answer = user.post("/novels", {"title": "Under load"})
    except httpx.TransportError:
        return None
    return str(answer.json()["id"]) if answer.status_code == 201 else None


def _pids(directory: Path) -> dict[str, int]:
    state = RunState.model_validate_json((directory / "run.json").read_text())
    return {process.name: process.identity.pid for process in state.processes if process.identity is not None}


def _all_shown(user: Client, acknowledged: list[str]) -> bool:
    """Whether every acknowledged novel is shown, once. A commit whose answer was cut off may be there as well."""
    try:
        total = int(user.get("/novels", limit=1).headers["x-total-count"])
    except httpx.TransportError:
        return False
    rows = user.studio.rows("SELECT id::text FROM novels WHERE user_id = %s", user.id)
    return total == len(rows) == len(set(rows)) and set(acknowledged) <= {row[0] for row in rows}


@pytest.fixture(scope="module")
def directory() -> Iterator[Path]:
    """The data of this module's studio: every test goes on with what the one before it left.

    Not among pytest's own directories: it makes those unreadable for the user that PostgreSQL runs as.
    """
    with tempfile.TemporaryDirectory(prefix="studio-") as temporary:
        yield Path(temporary)


def test_killed_processes_come_back_and_nothing_acknowledged_is_lost(directory: Path) -> None:
    with own_studio(directory) as (studio, _):
        user = studio.user()
        with load(user) as acknowledged:
            for name in ("command_api", "message_relay", "projector", "query_api", "task_worker"):
                seen = len(acknowledged)
                eventually_sync(lambda: len(acknowledged) > seen + 10, what="commands are acknowledged")  # noqa: B023
                victim = _pids(directory)[name]
                os.kill(victim, signal.SIGKILL)
                eventually_sync(
                    lambda: _pids(directory).get(name) not in (None, victim),  # noqa: B023
                    what=f"{name} is started again",
                )
        eventually_sync(lambda: _all_shown(user, acknowledged), what="all of them are shown, each once", seconds=60)


def test_every_process_ends_within_its_deadline_under_load_and_says_so(directory: Path) -> None:
    with own_studio(directory) as (studio, _):
        user = studio.user()
        with load(user) as acknowledged, user.stream() as stream:
            eventually_sync(lambda: len(acknowledged) > 20, what="commands are acknowledged")
            for name, pid in _pids(directory).items():
                if name in ("postgres", "kafka"):
                    continue
                process = psutil.Process(pid)
                process.terminate()
                eventually_sync(
                    lambda: not _is_alive(process),  # noqa: B023
                    what=f"{name} ends after SIGTERM",
                    seconds=STOP_SECONDS_MAX,
                )
        assert stream.frames[-1].event == "bye" or stream.closed.is_set()
        eventually_sync(lambda: _all_shown(user, acknowledged), what="all of them are shown, each once", seconds=60)


def test_while_the_broker_stands_still_commands_reads_and_streams_go_on(directory: Path) -> None:
    with own_studio(directory) as (studio, _):
        user = studio.user()
        user.new_novel("Before")
        broker = psutil.Process(_pids(directory)["kafka"])
        with user.stream() as stream:
            broker.suspend()
            try:
                novel_id = user.new_novel("Meanwhile")
                stream.until(lambda frame: frame.event == "Novel.Created" and frame.payload["novel_id"] == novel_id)
                assert user.get(f"/novels/{novel_id}").json()["title"] == "Meanwhile"
            finally:
                broker.resume()
        unsent = "SELECT count(*) FROM event_outbox WHERE status <> 'SENT'"
        eventually_sync(lambda: studio.rows(unsent) == [(0,)], what="everything was sent", seconds=60)
        assert studio.rows("SELECT count(*) FROM event_outbox WHERE retry_count > 0") == [(0,)]


def test_a_killed_database_costs_refusals_for_a_while_and_nothing_that_was_acknowledged(directory: Path) -> None:
    with own_studio(directory) as (studio, _):
        user = studio.user()
        with load(user) as acknowledged:
            eventually_sync(lambda: len(acknowledged) > 20, what="commands are acknowledged")
            os.kill(_pids(directory)["postgres"], signal.SIGKILL)
            seen = len(acknowledged)
            eventually_sync(lambda: len(acknowledged) > seen + 20, what="commands are acknowledged again", seconds=90)
        eventually_sync(lambda: _all_shown(user, acknowledged), what="all of them are shown, each once", seconds=60)


def test_a_killed_supervisor_leaves_a_studio_that_starts_again_with_everything_in_it(directory: Path) -> None:
    first = start_studio(directory)
    studio = wait_for_studio(directory, first)
    with studio.http:
        novel_id = studio.user("survivor").new_novel("Before the crash")
    left = [psutil.Process(pid) for pid in _pids(directory).values()]
    first.kill()
    first.wait(10)
    with own_studio(directory) as (again, _):
        user = again.user("survivor")
        assert user.get(f"/novels/{novel_id}").json()["title"] == "Before the crash"
        assert user.new_novel("After the crash")
        assert not any(_is_alive(process) for process in left), "what the killed one left behind was ended"


def test_ctrl_c_leaves_no_process_behind(directory: Path) -> None:
    with own_studio(directory) as (_, supervisor_pid):
        family = psutil.Process(supervisor_pid).children(recursive=True)
        assert len(family) >= 7
    assert not any(_is_alive(process) for process in family)


def _is_alive(process: psutil.Process) -> bool:
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        # It ended between the two looks.
        return False
