"""The database's disk runs full under load, and is given space again."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

import httpx
import psycopg
import pytest

from services.studio.chaos.small_disk import SmallDisk, reason_against_mounting, small_disk
from tests.journeys.test_operation import all_shown, load
from tests.kit.studio import Client, Studio, start_studio, stop_studio, wait_for_studio
from tests.kit.waiting import eventually_sync

MEGABYTES = 256
REASON = reason_against_mounting()

pytestmark = pytest.mark.skipif(REASON is not None, reason=f"needs a disk of its own: {REASON}")


@pytest.fixture
def studio_on_a_small_disk() -> Iterator[tuple[Studio, SmallDisk]]:
    """A studio whose PostgreSQL has its data on a disk of its own."""
    with tempfile.TemporaryDirectory(prefix="studio-") as temporary:
        directory = Path(temporary)
        postgres = directory / "postgres"
        postgres.mkdir()
        with small_disk(postgres, megabytes=MEGABYTES) as disk:
            process = start_studio(directory)
            try:
                studio = wait_for_studio(directory, process)
                with studio.http:
                    yield studio, disk
            finally:
                disk.free()
                stop_studio(process)


@pytest.mark.parametrize("ends_the_server", [False, True], ids=["tables can't grow", "the log of writes can't grow"])
def test_a_full_disk_costs_refusals_and_nothing_that_was_acknowledged_and_heals_when_there_is_space(
    studio_on_a_small_disk: tuple[Studio, SmallDisk], *, ends_the_server: bool
) -> None:
    studio, disk = studio_on_a_small_disk
    user = studio.user()
    with load(user) as acknowledged:
        eventually_sync(lambda: len(acknowledged) > 20, what="commands are acknowledged")
        disk.fill()
        if ends_the_server:
            _use_up_the_log(studio)
        refused = eventually_sync(lambda: _refusal(user), what="a command is refused", seconds=60)
        assert refused is not None
        assert (refused.status_code, refused.json()["code"]) == (503, "STORE_UNAVAILABLE")
        assert int(refused.headers["retry-after"]) >= 1
        disk.free()
        seen = len(acknowledged)
        eventually_sync(lambda: len(acknowledged) > seen + 20, what="commands are acknowledged again", seconds=120)
    eventually_sync(lambda: all_shown(user, acknowledged), what="all of them are shown, each once", seconds=60)


def _use_up_the_log(studio: Studio) -> None:
    """PostgreSQL has no place for what it is about to do, and stops; it can't be started again on a full disk."""

    def has_ended() -> bool:
        try:
            with psycopg.connect(studio.database_url, autocommit=True) as connection:
                connection.execute("SELECT pg_logical_emit_message(FALSE, 'chaos', 'fills a segment')")
                connection.execute("SELECT pg_switch_wal()")
        except psycopg.OperationalError:
            return True
        return False

    eventually_sync(has_ended, what="PostgreSQL has stopped", seconds=60)


def _refusal(user: Client) -> httpx.Response | None:
    answer = user.post("/novels", {"title": "On a full disk"})
    return None if answer.status_code == 201 else answer
