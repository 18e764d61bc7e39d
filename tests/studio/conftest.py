"""What the tests of the embedded stack share: running studios that are always ended, and waiting with a deadline."""

import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

from services.studio.installation import Installation
from services.studio.ports import free_ports
from services.studio.run_state import RunningProcess, RunState
from tests.kit.waiting import eventually_sync

DEADLINE_SECONDS = 60.0
REPOSITORY = Path(__file__).resolve().parents[2]


def wait_for(condition: Callable[[], bool], what: str) -> None:
    """Return once the condition holds; fail with `what` after the deadline."""
    eventually_sync(condition, what=what, seconds=DEADLINE_SECONDS)


class FakeStudio:
    """A supervisor with stand-in processes, in a process of its own as a user would run it."""

    def __init__(self, directory: Path, *kinds: str, kafka: bool = False) -> None:
        self.installation = Installation(directory / "data")
        self.output_file = directory / "output.txt"
        self.command_port, self.query_port = free_ports(2)
        self._arguments = [",".join(kinds or ("command_api", "projector")), *(["--kafka"] if kafka else [])]
        self.supervisor: subprocess.Popen[bytes] | None = None

    def start(self, output: int | None = None) -> None:
        """Start the supervisor, printing to a file or to the given file descriptor; returns at once."""
        command = [sys.executable, "-m", "tests.studio.fake_studio", str(self.installation.directory)]
        command += [str(self.command_port), str(self.query_port), *self._arguments]
        with self.output_file.open("ab") as file:
            self.supervisor = subprocess.Popen(
                command, cwd=REPOSITORY, stdout=output or file, stderr=file, start_new_session=True
            )

    def start_and_await_ready(self) -> RunState:
        """Start it and return its state once every process is ready."""
        self.start()
        wait_for(lambda: "is ready" in self.output() or self._has_ended(), "a ready studio")
        assert not self._has_ended(), f"the studio ended; it said:\n{self.output()}"
        return self.state()

    def state(self) -> RunState:
        """The saved state; fails if nothing runs."""
        state = self.installation.load()
        assert state is not None
        return state

    def process(self, instance: str) -> RunningProcess:
        """One process of the saved state."""
        return next(one for one in self.state().processes if one.instance == instance)

    def output(self) -> str:
        """All that the supervisor has printed."""
        return self.output_file.read_text() if self.output_file.exists() else ""

    def signal(self, number: int) -> None:
        """Send the supervisor, and nobody else, a signal."""
        assert self.supervisor is not None
        self.supervisor.send_signal(number)

    def await_end(self) -> int:
        """The supervisor's exit code."""
        assert self.supervisor is not None
        return self.supervisor.wait(DEADLINE_SECONDS)

    def running_processes(self) -> list[psutil.Process]:
        """Every process that belongs to this installation, found by environment or working directory."""
        return [process for process in psutil.process_iter() if self._is_ours(process)]

    def end_everything(self) -> None:
        """Leave nothing behind, whatever the test did."""
        if self.supervisor is not None and self.supervisor.poll() is None:
            self.supervisor.send_signal(signal.SIGTERM)
            self.supervisor.wait(DEADLINE_SECONDS)
        for process in self.running_processes():
            process.kill()

    def _has_ended(self) -> bool:
        return self.supervisor is not None and self.supervisor.poll() is not None

    def _is_ours(self, process: psutil.Process) -> bool:
        directory = str(self.installation.directory)
        try:
            if process.pid == os.getpid() or process.status() == psutil.STATUS_ZOMBIE:
                return False
            ours = process.environ().get("STUDIO_SECRET_FILE", "").startswith(directory)
            return ours or process.cwd().startswith(directory) or any(directory in part for part in process.cmdline())
        except psutil.Error:
            return False


@pytest.fixture
def open_path() -> Iterator[Path]:
    """A temporary directory for PostgreSQL's data, whoever runs the tests.

    Not `tmp_path`: when root runs them PostgreSQL has a user of its own, and every pytest that starts on the
    machine shuts the directories above all `tmp_path`s to others.
    """
    with tempfile.TemporaryDirectory(prefix="studio-") as directory:
        yield Path(directory).resolve()


@pytest.fixture
def fake_studio(open_path: Path) -> Iterator[Callable[..., FakeStudio]]:
    """Makes studios with stand-in processes, all in one data directory; ended when the test is over."""
    made: list[FakeStudio] = []

    def make(*kinds: str, kafka: bool = False) -> FakeStudio:
        made.append(FakeStudio(open_path, *kinds, kafka=kafka))
        return made[-1]

    yield make
    for studio in made:
        studio.end_everything()
