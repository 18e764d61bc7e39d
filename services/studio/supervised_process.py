"""One of our processes, kept running: started, watched until ready, its output shown, started again when it dies."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import IO, Final, Protocol

from services.studio.log_file import LogFile
from services.studio.priority import give_way, niced
from services.studio.probe import probe
from services.studio.process_identity import ProcessIdentity
from services.studio.process_plan import PlannedProcess
from services.studio.restart_policy import RestartPolicy
from services.studio.run_state import ProcessState, RunningProcess

READINESS_POLL_SECONDS: Final = 0.05
LINE_BYTES_MAX: Final = 1024**2
OUTPUT_DEADLINE_SECONDS: Final = 2.0


class Observer(Protocol):
    """Who is told what happens to a process. Called from the process's own threads."""

    def output(self, source: str, line: str) -> None:
        """The process wrote a line."""

    def announce(self, sentence: str, *, level: str = "info") -> None:
        """Something happened that a person wants to know."""

    def changed(self) -> None:
        """A state, pid or restart count is new."""


@dataclass(slots=True, eq=False)
class SupervisedProcess:
    """Runs one planned process from `start` until `request_stop` or too many deaths.

    Three threads: one waits for the process's end, one reads its output, one asks whether it is ready. Nothing
    polls once it is.
    """

    plan: PlannedProcess
    log: LogFile
    observer: Observer
    environment: Mapping[str, str] = field(default_factory=dict)
    restarts: RestartPolicy = field(default_factory=RestartPolicy)
    state: ProcessState = "waiting"
    restart_count: int = 0
    _child: subprocess.Popen[bytes] | None = None
    _identity: ProcessIdentity | None = None
    _runner: threading.Thread | None = None
    _stopping: threading.Event = field(default_factory=threading.Event)
    _launching: threading.Lock = field(default_factory=threading.Lock)

    def start(self) -> None:
        """Begin to run the process; returns at once."""
        self._runner = threading.Thread(target=self._run, name=self.plan.instance, daemon=True)
        self._runner.start()

    def request_stop(self) -> None:
        """Send SIGTERM and start it no more; returns at once."""
        with self._launching:  # so that no child is launched after we looked for one
            self._stopping.set()
            if self._child is not None and self._child.poll() is None:
                self._child.terminate()

    def kill(self) -> None:
        """End it at once with everything it has started."""
        if self._child is not None:
            _kill_group(self._child.pid)

    def has_ended(self) -> bool:
        """Whether nothing of it runs any more, nor will."""
        return self._runner is None or not self._runner.is_alive()

    def summary(self) -> RunningProcess:
        """What the state file says about it."""
        return RunningProcess(
            name=self.plan.kind.name,
            instance=self.plan.instance,
            port=self.plan.port,
            state=self.state,
            restarts=self.restart_count,
            identity=self._identity,
        )

    def _run(self) -> None:
        while (code := self._live_once()) is not None and not self._stopping.is_set():
            delay = self.restarts.delay_after_death(time.monotonic())
            if delay is None:
                self._give_up(code)
                break
            self.observer.announce(
                f"{self.plan.instance} {_describe(code)}; it is started again in {delay:.1f} s.", level="warning"
            )
            self._become("restarting")
            self._stopping.wait(delay)
            self.restart_count += 1
        if self._stopping.is_set():
            self._become("stopped")
        self.log.close()

    def _live_once(self) -> int | None:
        """Run the process to its end and return its exit code; None if it was not to be started any more."""
        child = self._launch()
        if child is None:
            return None
        assert child.stdout is not None
        reader = _thread(self._read_output, child.stdout)
        watcher = _thread(self._watch_until_ready, child)
        code = child.wait()
        _kill_group(child.pid)  # what it started and left behind
        watcher.join()
        reader.join(OUTPUT_DEADLINE_SECONDS)
        return code

    def _launch(self) -> subprocess.Popen[bytes] | None:
        with self._launching:
            if self._stopping.is_set():
                return None
            command = [sys.executable, "-m", self.plan.kind.module]
            self._child = subprocess.Popen(
                niced(command) if self.plan.kind.in_background else command,
                env=dict(self.environment),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                # Its own session: Ctrl-C in the terminal reaches us alone, and its group can be ended as a whole.
                start_new_session=True,
            )
        self._identity = ProcessIdentity.of(self._child.pid)
        self._become("starting")
        return self._child

    def _read_output(self, stream: IO[bytes]) -> None:
        with stream, suppress(ValueError):
            while line := stream.readline(LINE_BYTES_MAX):
                self.log.write(line)
                self.observer.output(self.plan.instance, line.decode(errors="replace").rstrip("\n"))

    def _watch_until_ready(self, child: subprocess.Popen[bytes]) -> None:
        gives_way = not self.plan.kind.in_background
        while child.poll() is None and not self._stopping.is_set():
            gives_way = gives_way or give_way(child.pid)
            if gives_way and probe(self.plan.port).ready:
                self._become("ready")
                return
            time.sleep(READINESS_POLL_SECONDS)

    def _give_up(self, code: int) -> None:
        self._become("gave up")
        self.observer.announce(
            f"{self.plan.instance} {_describe(code)}, for the {self.restarts.deaths_max}th time soon after its start. "
            f"It is not started again; everything else goes on. "
            f"See {self.plan.log_name}.log, then stop and start the studio.",
            level="error",
        )

    def _become(self, state: ProcessState) -> None:
        if state != self.state:
            self.state = state
            self.observer.changed()


def _thread(work: Callable[..., None], argument: object) -> threading.Thread:
    thread = threading.Thread(target=work, args=(argument,), daemon=True)
    thread.start()
    return thread


def _kill_group(group: int) -> None:
    # EPERM is macOS's answer for a group of zombies.
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(group, signal.SIGKILL)


def _describe(code: int) -> str:
    return f"was ended by {signal.Signals(-code).name}" if code < 0 else f"ended with exit code {code}"
