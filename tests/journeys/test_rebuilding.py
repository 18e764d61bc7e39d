"""Rebuilding the read models of a running studio, while people work in it."""

import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import psycopg
from psycopg.sql import SQL, Identifier

from services.catalogue import CONTEXTS
from tests.journeys.genesis_walks import advance, begin, confirm
from tests.kit.studio import Client, Studio
from tests.kit.waiting import eventually_sync

TABLES = sorted(table for context in CONTEXTS for projection in context.projections for table in projection.tables)
REBUILD_SECONDS_MAX = 150.0
NOTHING = "nothing"


def test_ac98_read_models_rebuilt_while_commands_go_on_equal_the_old_rows_byte_for_byte(
    studio: Studio, user: Client
) -> None:
    here = begin(user)
    confirm(user, here)
    flow = advance(user, here).flow_path
    shown, before = _shown(user, flow), _rows_of(studio, user)
    other = studio.user()

    with _again_and_again(other.new_novel) as novels, _again_and_again(lambda: _shown(user, flow)) as seen:
        assert _rebuild(studio).count("all the same") == len(TABLES)
        assert _rows_of(studio, user) == before
        _rebuild(studio, "--drop")
        assert set(seen) == {shown}

        _truncate(studio)
        eventually_sync(lambda: NOTHING in seen, what="readers find nothing")
        _rebuild(studio, "--accept-differences")
        assert _rows_of(studio, user) == before
        _rebuild(studio, "--drop")
        so_far = len(seen)
        eventually_sync(lambda: len(seen) > so_far, what="readers find everything again")
        assert seen[-1] == shown
    assert set(seen) == {shown, NOTHING}, "all of it or nothing, never a part"

    made = sorted(novels)
    found = "SELECT id::TEXT FROM novels WHERE user_id = %s ORDER BY 1"
    eventually_sync(lambda: [row[0] for row in studio.rows(found, other.id)] == made, what="each novel is shown, once")


def _shown(user: Client, path: str) -> str:
    answer = user.get(path)
    return NOTHING if answer.status_code == 404 else answer.text


def _rebuild(studio: Studio, *options: str) -> str:
    finished = subprocess.run(
        [sys.executable, "-m", "services.studio.main", "rebuild", "--database-url", studio.database_url, *options],
        capture_output=True,
        text=True,
        timeout=REBUILD_SECONDS_MAX,
        check=False,
    )
    assert finished.returncode == 0, finished.stdout + finished.stderr
    return finished.stdout


def _rows_of(studio: Studio, user: Client) -> dict[str, list[tuple[str]]]:
    """Every row of the user's, as text."""
    with psycopg.connect(studio.database_url) as connection:
        rows = SQL("SELECT t::TEXT FROM {} AS t WHERE user_id = %s ORDER BY 1")
        return {table: connection.execute(rows.format(Identifier(table)), [user.id]).fetchall() for table in TABLES}


def _truncate(studio: Studio) -> None:
    with psycopg.connect(studio.database_url, autocommit=True) as connection:
        connection.execute(SQL("TRUNCATE {} CASCADE").format(SQL(", ").join(map(Identifier, TABLES))))


@contextmanager
def _again_and_again(call: Callable[[], str]) -> Iterator[list[str]]:
    """Makes the call all the time while the block runs; everything that it has given."""
    given: list[str] = []
    failed: list[Exception] = []
    stop = threading.Event()

    def run() -> None:
        try:
            while not stop.is_set():
                given.append(call())
        except Exception as error:  # noqa: BLE001  (told where it is looked at)
            failed.append(error)

    thread = threading.Thread(target=run)
    thread.start()
    try:
        eventually_sync(lambda: given or failed, what="the first answer")
        yield given
    finally:
        stop.set()
        thread.join(60)
    assert not failed
