"""A studio of its own for a run: `studio up` with two of every process, in a process of its own as a user has it."""

import asyncio
import os
import subprocess
import sys
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from time import monotonic
from typing import Final, TypeVar

import psycopg

from services.studio.child_process import log_tail, stop_child
from services.studio.errors import StudioError
from services.studio.installation import Installation
from services.studio.ports import free_ports
from services.studio.probe import probe
from services.studio.process_environment import OWN_PREFIX
from services.studio.process_identity import ProcessIdentity
from services.studio.process_plan import PROCESS_KINDS
from services.studio.run_state import RunningProcess, RunState
from services.studio.stop_signals import SIGNALS

REPLICAS: Final = 2
START_SECONDS_MAX: Final = 180.0
STOP_SECONDS_MAX: Final = 60.0
POLL_SECONDS: Final = 0.05
PROBE_SECONDS: Final = 0.25
"""Between two looks at every process: each look makes each of them ask its servers."""
CONNECT_SECONDS_MAX: Final = 3

_KINDS: Final = frozenset(kind.name for kind in PROCESS_KINDS)

Value = TypeVar("Value")


@dataclass(frozen=True, slots=True)
class StudioUnderTest:
    """The running studio, as it is found from outside."""

    installation: Installation

    @property
    def state(self) -> RunState:
        """What runs now. Raises StudioError."""
        return self.installation.require_running()

    def copies(self, kind: str) -> list[RunningProcess]:
        """The processes of a kind; also `postgres` and `kafka`."""
        return [process for process in self.state.processes if process.name == kind]

    def not_ready(self) -> list[str]:
        """Every process that can't do its work now, with its reason. Raises StudioError."""
        reasons = []
        for process in self.state.processes:
            if process.state != "ready" or process.identity is None or not process.identity.is_alive():
                reasons.append(f"{process.instance} is {process.state}")
            elif process.name in _KINDS and not (found := probe(process.port)).ready:
                reasons.append(f"{process.instance} waits for {found.waiting_for}")
        return reasons

    async def ready(self, seconds_max: float) -> float:
        """Returns how long it took until every process was ready. Raises StudioError."""
        began = monotonic()
        reasons: list[str] = []

        async def look() -> bool:
            reasons[:] = await asyncio.to_thread(self.not_ready)
            return not reasons

        await until(
            look,
            seconds_max=seconds_max,
            what=lambda: f"every process is ready: {', '.join(reasons)}",
            poll_seconds=PROBE_SECONDS,
        )
        return monotonic() - began

    async def connect(self) -> psycopg.AsyncConnection:
        """A connection to the database."""
        return await psycopg.AsyncConnection.connect(
            self.state.database_url,
            autocommit=True,
            connect_timeout=CONNECT_SECONDS_MAX,
            application_name="studio chaos",
        )


@asynccontextmanager
async def studio_under_test() -> AsyncIterator[StudioUnderTest]:
    """Started for the block, gone with all its data afterwards. Raises StudioError."""
    with _directory() as directory:
        child = _start(directory)
        studio = StudioUnderTest(Installation(directory / "data"))
        try:
            await _come_up(studio, child, directory / "up.log")
            yield studio
        finally:
            await asyncio.to_thread(stop_child, child, polite_signal=SIGNALS[0], deadline_seconds=STOP_SECONDS_MAX)


@contextmanager
def _directory() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="studio-chaos-") as name:
        yield Path(name).resolve()


async def until(
    look: Callable[[], Awaitable[Value]],
    *,
    seconds_max: float,
    what: str | Callable[[], str],
    poll_seconds: float = POLL_SECONDS,
) -> Value:
    """The first true value that `look` gives. Raises StudioError when there is none in time."""
    deadline = monotonic() + seconds_max
    while True:
        if value := await look():
            return value
        if monotonic() > deadline:
            waited_for = what if isinstance(what, str) else what()
            raise StudioError(f"Not within {seconds_max:.0f} s: {waited_for}.", remedy="See the logs of this run.")
        await asyncio.sleep(poll_seconds)


def _start(directory: Path) -> subprocess.Popen[bytes]:
    command_port, query_port = free_ports(2)
    with (directory / "up.log").open("ab") as log:
        return subprocess.Popen(
            [
                sys.executable,
                "-m",
                "services.studio.main",
                "up",
                f"--data={directory / 'data'}",
                f"--command-port={command_port}",
                f"--query-port={query_port}",
                *(f"--replicas={kind.name}={REPLICAS}" for kind in PROCESS_KINDS),
            ],
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            # Settings of whoever runs this are not its settings.
            env={name: value for name, value in os.environ.items() if not name.startswith(OWN_PREFIX)},
        )


async def _come_up(studio: StudioUnderTest, child: subprocess.Popen[bytes], log: Path) -> None:
    async def is_up() -> bool:
        if child.poll() is not None:
            raise StudioError(f"The studio could not be started:\n{log_tail(log)}", remedy="Try `studio up`.")
        state = studio.installation.load()
        mine = state is not None and state.supervisor == ProcessIdentity.of(child.pid)
        return mine and not await asyncio.to_thread(studio.not_ready)

    await until(
        is_up,
        seconds_max=START_SECONDS_MAX,
        what=lambda: f"the studio is up:\n{log_tail(log)}",
        poll_seconds=PROBE_SECONDS,
    )
