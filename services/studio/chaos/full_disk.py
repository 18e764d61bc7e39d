"""PostgreSQL's data on a small disk that runs full, and has space again."""

import shutil
from collections.abc import AsyncIterator, Iterator
from contextlib import ExitStack, asynccontextmanager, contextmanager
from pathlib import Path
from random import Random
from typing import Final
from uuid import uuid4

import httpx
import psycopg

from services.runtime.access import issue_token
from services.studio.chaos.checker import Finding
from services.studio.chaos.clients import API
from services.studio.chaos.faults import READY_SECONDS_MAX, Fault, Injury, Scene
from services.studio.chaos.servers_away import RECOVERY_SECONDS_MAX, healed, kill_server, supervisor_waiting
from services.studio.chaos.small_disk import SmallDisk, copy_all, reason_against_mounting, small_disk
from services.studio.chaos.studio_under_test import StudioUnderTest, until

ROOM_MEGABYTES: Final = 100
"""Beside what PostgreSQL has written already."""


async def fill_disk(scene: Scene, random: Random) -> Injury:
    """Full until a command is refused, then so full that PostgreSQL stops and cannot start, then free."""
    async with _on_small_disk(scene.studio) as disk:
        await healed(scene)
        await scene.some_moment(random)
        disk.fill()
        tables_full = await _refusal(scene, random)
        await _use_up_log(scene.studio)
        log_full = await _refusal(scene, random)
        disk.free()
        injury = await healed(scene)
    await healed(scene)
    return Injury(injury.recovery_seconds, (*tables_full, *log_full))


async def _use_up_log(studio: StudioUnderTest) -> None:
    """PostgreSQL has no place for what it is about to write, and stops."""

    async def has_stopped() -> bool:
        try:
            async with await studio.connect() as connection:
                await connection.execute("SELECT pg_logical_emit_message(FALSE, 'chaos', 'fills a segment')")
                await connection.execute("SELECT pg_switch_wal()")
        except psycopg.OperationalError:
            return True
        return False

    await until(has_stopped, seconds_max=READY_SECONDS_MAX, what="PostgreSQL has stopped")


async def _refusal(scene: Scene, random: Random) -> tuple[Finding, ...]:
    """Asks until a command is refused for the disk, and says what is wrong with the refusal."""
    token = issue_token(scene.studio.installation.ensure_secret(), "somebody with a full disk")
    found: httpx.Response | None = None
    async with httpx.AsyncClient(timeout=READY_SECONDS_MAX, headers={"Authorization": f"Bearer {token}"}) as http:

        async def is_refused() -> bool:
            nonlocal found
            # Of a novel that is not there, so that it changes nothing; its key makes that worth a row of the inbox.
            url = f"{scene.addresses.command_url(random)}{API}/novels/{uuid4()}"
            found = await http.patch(url, json={"theme": "Enough"}, headers={"Idempotency-Key": uuid4().hex})
            return found.status_code != httpx.codes.NOT_FOUND

        await until(is_refused, seconds_max=READY_SECONDS_MAX, what="a command is refused")
    assert found is not None, "it was asked for"
    if found.status_code == httpx.codes.SERVICE_UNAVAILABLE and "retry-after" in found.headers:
        return ()
    return (Finding(10, "contradicted", f"on a full disk a command was answered {found.status_code}: {found.text}"),)


@asynccontextmanager
async def _on_small_disk(studio: StudioUnderTest) -> AsyncIterator[SmallDisk]:
    """PostgreSQL's directory lies on a small disk while the block runs, with all that was in it."""
    directory = studio.installation.postgres_directory
    large = directory.with_name("postgres.large")
    with ExitStack() as mounted:
        with _postgres_down(studio):
            directory.rename(large)
            directory.mkdir()
            disk = mounted.enter_context(small_disk(directory, megabytes=_megabytes(large) + ROOM_MEGABYTES))
            copy_all(large, directory)
        try:
            yield disk
        finally:
            disk.free()
            with _postgres_down(studio):
                shutil.rmtree(large)
                large.mkdir()
                copy_all(directory, large)
                mounted.close()
                directory.rmdir()
                large.rename(directory)


@contextmanager
def _postgres_down(studio: StudioUnderTest) -> Iterator[None]:
    """While the block runs PostgreSQL does not, nor is it started."""
    with supervisor_waiting(studio):
        kill_server(studio, "postgres")
        yield


def _megabytes(directory: Path) -> int:
    return sum(path.stat().st_size for path in directory.rglob("*")) // 1024**2 + 1


DISK_FULL: Final = Fault(
    "disk.full",
    "PostgreSQL's disk, a small one of its own, runs full, until it stops over it, and then has space again.",
    fill_disk,
    recovery_seconds_max=RECOVERY_SECONDS_MAX,
    missing=reason_against_mounting(),
)
