"""PostgreSQL and Kafka killed, standing still, kept away, and Kafka started with nothing of what it had."""

import asyncio
import shutil
import signal
import socket
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from random import Random
from time import monotonic
from typing import Final

import psutil

from services.runtime.sql_files import read_sql
from services.studio.chaos.checker import Finding
from services.studio.chaos.faults import READY_SECONDS_MAX, Fault, Inject, Injury, Scene
from services.studio.chaos.studio_under_test import StudioUnderTest, until
from services.studio.ports import LOOPBACK

STANDSTILL_SECONDS: Final = (1.0, 15.0)
"""From less than any time-out of ours to more than all of them."""
AWAY_SECONDS: Final = 600.0
RECOVERY_SECONDS_MAX: Final = 30.0
PORT_SECONDS_MAX: Final = 10.0
END_SECONDS_MAX: Final = 10.0

_SQL = read_sql("services.studio.chaos", "servers_away.sql")


async def kill_postgres(scene: Scene, random: Random) -> Injury:
    """SIGKILL; its supervisor starts it again."""
    await scene.some_moment(random)
    kill_server(scene.studio, "postgres")
    return await healed(scene)


async def empty_kafka(scene: Scene, random: Random) -> Injury:
    """SIGKILL, and all that it has written is deleted before it is started again."""
    await scene.some_moment(random)
    with supervisor_waiting(scene.studio):
        kill_server(scene.studio, "kafka")
        shutil.rmtree(scene.studio.installation.kafka_directory / "records")
    return await healed(scene)


def freeze(kind: str) -> Inject:
    """SIGSTOP for a while, then SIGCONT."""

    async def inject(scene: Scene, random: Random) -> Injury:
        await scene.some_moment(random)
        server = server_process(scene.studio, kind)
        assert server is not None, "commands were accepted a moment ago"
        server.suspend()
        try:
            await asyncio.sleep(random.uniform(*STANDSTILL_SECONDS))
        finally:
            server.resume()
        return await healed(scene)

    return inject


def keep_kafka_away(seconds: float) -> Inject:
    """Killed, and whoever connects to where it was is sent away for so long; its supervisor starts it in vain."""

    async def inject(scene: Scene, random: Random) -> Injury:
        await scene.some_moment(random)
        port = scene.studio.copies("kafka")[0].port
        kill_server(scene.studio, "kafka")
        async with _hanging_up(port):
            # Commands are accepted all the time.
            while_away = monotonic() + seconds
            while monotonic() < while_away:
                await scene.more_acknowledged(1)
            findings = await _held_against_rows(scene.studio)
        injury = await healed(scene)
        return Injury(injury.recovery_seconds, findings)

    return inject


def server_process(studio: StudioUnderTest, name: str) -> psutil.Process | None:
    """The server, if it runs."""
    identity = studio.copies(name)[0].identity
    return identity.process() if identity is not None else None


def kill_server(studio: StudioUnderTest, name: str) -> None:
    """SIGKILL to it, if it runs, and to what it has started; returns when nothing of it runs any more."""
    process = server_process(studio, name)
    family = [process, *process.children(recursive=True)] if process is not None else []
    for member in family:
        with suppress(psutil.NoSuchProcess):
            member.kill()
    psutil.wait_procs(family, timeout=END_SECONDS_MAX)


@contextmanager
def supervisor_waiting(studio: StudioUnderTest) -> Iterator[None]:
    """While the block runs nothing is started again. Not for long: what the processes print is not read either."""
    supervisor = studio.state.supervisor
    supervisor.send(signal.SIGSTOP)
    try:
        yield
    finally:
        supervisor.send(signal.SIGCONT)


async def healed(scene: Scene) -> Injury:
    """Returns when every process is ready and commands are accepted. Raises StudioError."""
    began = monotonic()
    await scene.studio.ready(READY_SECONDS_MAX)
    await scene.more_acknowledged(1)
    return Injury(monotonic() - began)


@asynccontextmanager
async def _hanging_up(port: int) -> AsyncIterator[None]:
    """Something else has the port, and hangs up on everybody."""
    listening: socket.socket | None = None

    async def has_port() -> bool:
        nonlocal listening
        try:
            listening = socket.create_server((LOOPBACK, port))
        except OSError:
            return False
        return True

    await until(has_port, seconds_max=PORT_SECONDS_MAX, what=f"port {port} is ours")
    assert listening is not None, "the port is ours"
    listening.setblocking(False)
    loop = asyncio.get_running_loop()
    # Accepted and closed in one step: a server of asyncio's would still hold some when it is closed.
    loop.add_reader(listening, _hang_up, listening)
    try:
        yield
    finally:
        loop.remove_reader(listening)
        listening.close()


def _hang_up(listening: socket.socket) -> None:
    # Who has left meanwhile is nobody to hang up on.
    with suppress(BlockingIOError, ConnectionAbortedError):
        listening.accept()[0].close()


async def _held_against_rows(studio: StudioUnderTest) -> tuple[Finding, ...]:
    """An absence of the broker is no failure of a row."""
    async with await studio.connect() as connection:
        rows = await (await connection.execute(_SQL["count_failures"])).fetchall()
    return tuple(
        Finding(6, "contradicted", f"{count} outbox rows are {status} with {retries} retries while the broker is away")
        for status, retries, count in rows
    )


SERVER_FAULTS: Final = (
    Fault("postgres.killed", "PostgreSQL is killed.", kill_postgres, recovery_seconds_max=RECOVERY_SECONDS_MAX),
    Fault(
        "postgres.stands_still",
        "PostgreSQL's first process stands still for one to fifteen seconds: nobody can connect.",
        freeze("postgres"),
        recovery_seconds_max=RECOVERY_SECONDS_MAX,
    ),
    Fault(
        "kafka.emptied",
        "Kafka is killed, all it has written is deleted, and it is started empty.",
        empty_kafka,
        recovery_seconds_max=RECOVERY_SECONDS_MAX,
        loses_broker=True,
    ),
    Fault(
        "kafka.stands_still",
        "Kafka stands still for one to fifteen seconds.",
        freeze("kafka"),
        recovery_seconds_max=RECOVERY_SECONDS_MAX,
    ),
)


def kafka_away(seconds: float = AWAY_SECONDS) -> Fault:
    """Away for so long."""
    return Fault(
        "kafka.away",
        f"Kafka is killed, and cannot be reached or started for {seconds:g} seconds; no outbox row fails for it.",
        keep_kafka_away(seconds),
        recovery_seconds_max=RECOVERY_SECONDS_MAX,
        seeds_max=1,
    )
