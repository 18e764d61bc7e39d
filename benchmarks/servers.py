"""The servers that are measured: PostgreSQL with the tables made, and HTTP processes. All end with their block."""

import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import psutil
from psycopg.conninfo import conninfo_to_dict

from services.runtime.migrations import migrate
from services.studio.child_process import log_tail, stop_child, wait_until
from services.studio.embedded_postgres import EmbeddedPostgres
from services.studio.ports import free_port
from services.studio.process_environment import LOOPBACK_LIMITS

READY_SECONDS_MAX = 30.0
STOP_SECONDS_MAX = 15.0


@dataclass(frozen=True)
class Database:
    """A PostgreSQL server of ours with the migrated database."""

    url: str
    pid: int

    def libpq_environment(self) -> dict[str, str]:
        """For programs of PostgreSQL, so that no password is in their arguments."""
        names = {"host": "PGHOST", "port": "PGPORT", "user": "PGUSER", "password": "PGPASSWORD", "dbname": "PGDATABASE"}
        parts = conninfo_to_dict(self.url)
        return {**os.environ, **{variable: str(parts[name]) for name, variable in names.items()}}

    def cpu_seconds(self) -> float:
        """CPU time of the server: its backends, those that have ended too."""
        server = psutil.Process(self.pid)
        ended = server.cpu_times().children_user + server.cpu_times().children_system
        return ended + sum(_cpu_seconds(process) for process in [server, *server.children()])


@dataclass(frozen=True)
class HttpServer:
    """A process of ours that serves HTTP."""

    port: int
    pid: int

    def cpu_seconds(self) -> float:
        """CPU time so far."""
        return _cpu_seconds(psutil.Process(self.pid))


@contextmanager
def running_postgres() -> Iterator[Database]:
    """A server on data of its own."""
    with tempfile.TemporaryDirectory(prefix="studio-bench-") as directory:
        server = EmbeddedPostgres(Path(directory), port=free_port())
        try:
            server.start()
            migrate(server.url)
            assert server.pid is not None
            yield Database(server.url, server.pid)
        finally:
            server.stop()


@contextmanager
def running_http_servers(
    module: str, database_url: str, secret: str, *, count: int = 1
) -> Iterator[Sequence[HttpServer]]:
    """`python -m <module>`, so many times, with the settings of a command API, each ready."""
    with tempfile.TemporaryDirectory(prefix="studio-bench-") as name, ExitStack() as stack:
        directory = Path(name)
        secret_file = directory / "secret"
        secret_file.write_text(secret)
        servers = []
        for number in range(1, count + 1):
            settings = {
                "STUDIO_DATABASE_URL": database_url,
                "STUDIO_SECRET_FILE": str(secret_file),
                "STUDIO_INSTANCE": str(number),
                "STUDIO_LOG_LEVEL": "WARNING",
            }
            servers.append(stack.enter_context(_running(module, settings, directory / f"{number}.log")))
        yield servers


@contextmanager
def _running(module: str, settings: dict[str, str], log_file: Path) -> Iterator[HttpServer]:
    port = free_port()
    with log_file.open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", module],
            env={**LOOPBACK_LIMITS, **os.environ, **settings, "STUDIO_PORT": str(port)},
            stdout=log,
            stderr=log,
        )
    try:
        if not wait_until(lambda: process.poll() is not None or _ready(port), deadline_seconds=READY_SECONDS_MAX):
            raise TimeoutError(f"{module} was not ready in {READY_SECONDS_MAX} s: {log_tail(log_file)}")
        if process.poll() is not None:
            raise RuntimeError(f"{module} ended: {log_tail(log_file)}")
        yield HttpServer(port, process.pid)
    finally:
        stop_child(process, polite_signal=signal.SIGTERM, deadline_seconds=STOP_SECONDS_MAX)


def _ready(port: int) -> bool:
    try:
        return httpx.get(f"http://127.0.0.1:{port}/readyz", timeout=2).status_code == 200
    except httpx.HTTPError:
        return False


def _cpu_seconds(process: psutil.Process) -> float:
    try:
        times = process.cpu_times()
    except psutil.NoSuchProcess:
        # Ended between being listed and being asked; its parent has its time by the next look.
        return 0.0
    return times.user + times.system
