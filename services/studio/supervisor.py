"""`studio up`: brings everything up in dependency order, keeps it up, and takes it down without leaving anything."""

import threading
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Final

from rich.console import Console

from services.studio.database import migrate_database
from services.studio.errors import StudioError
from services.studio.installation import Installation
from services.studio.kafka_jars import default_jars_directory
from services.studio.leftovers import end_leftovers, find_leftovers
from services.studio.log_file import LogFile
from services.studio.own_command import own_command
from services.studio.probe import probe
from services.studio.process_environment import process_environment
from services.studio.process_group import ProcessGroup
from services.studio.process_identity import ProcessIdentity
from services.studio.process_plan import PROCESS_KINDS, PlannedProcess, ProcessKind, plan_processes
from services.studio.reader_login import reader_login
from services.studio.restart_policy import RestartPolicy
from services.studio.run_state import RunState
from services.studio.servers import Servers
from services.studio.stop_signals import StopRequest, stop_on_signals
from services.studio.supervised_process import SupervisedProcess
from services.studio.terminal import OWN_NAME, Login, Terminal
from services.studio.users import first_login

READY_DEADLINE_SECONDS: Final = 60.0
WATCH_INTERVAL_SECONDS: Final = 0.5
START_INTERVAL_SECONDS: Final = 0.05


@dataclass(frozen=True, slots=True)
class UpOptions:
    """What `studio up` was asked for. Without an address of its own for a server, the embedded one is started."""

    data_directory: Path
    command_port: int = 8000
    query_port: int = 8001
    database_url: str | None = None
    kafka_bootstrap: str | None = None
    replicas: Mapping[str, int] = field(default_factory=dict)
    jars_directory: Path = field(default_factory=default_jars_directory)


@dataclass(frozen=True, slots=True)
class Parts:
    """What tests replace: the processes, the migration, the first user, and how patient restarts are."""

    kinds: Sequence[ProcessKind] = PROCESS_KINDS
    migrate: Callable[[str], None] = migrate_database
    reader_login: Callable[[str, bytes], str] = reader_login
    restart_policy: Callable[[], RestartPolicy] = RestartPolicy
    first_login: Callable[[Installation, int, int], Login | None] = first_login


def run_supervisor(options: UpOptions, *, console: Console | None = None, parts: Parts | None = None) -> None:
    """Run the studio in the foreground until Ctrl-C, SIGTERM or SIGHUP; nothing of it runs afterwards.

    Must be called in the main thread. Raises StudioError when it can't start, also if one is running already.
    """
    installation = Installation(options.data_directory.expanduser().resolve())
    installation.prepare()
    installation.require_free_space()
    with installation.exclusive(), stop_on_signals() as request:
        leftovers = find_leftovers(installation.load())
        end_leftovers(leftovers)
        run = _Run(options, installation, console or Console(), parts or Parts(), request)
        if leftovers:
            names = ", ".join(one.instance for one in leftovers)
            run.announce(f"Ended what an earlier run had left behind: {names}.", level="warning")
        run.up_until_stopped()


class _Run:
    """One run; also the observer that its processes and servers report to."""

    def __init__(
        self, options: UpOptions, installation: Installation, console: Console, parts: Parts, request: StopRequest
    ) -> None:
        self._options = options
        self._installation = installation
        self._parts = parts
        self._request = request
        self._began = time.monotonic()
        self._started_at = datetime.now(UTC)
        self._saving = threading.Lock()
        self._commands_accepted = self._greeted = self._warned = False
        planned = plan_processes(parts.kinds, options.replicas, _first_ports(options))
        width = max((len(process.instance) for process in planned), default=0)
        self._terminal = Terminal(
            console,
            LogFile(installation.logs_directory, OWN_NAME),
            prefix_width=width,
            own_command=partial(own_command, data_directory=options.data_directory),
        )
        self._processes = ProcessGroup([self._supervised(process) for process in planned], self._environment_of)
        self._reader_url: str | None = None
        self._servers = Servers(
            installation,
            database_url=options.database_url,
            kafka_bootstrap=options.kafka_bootstrap,
            taken_ports={process.port for process in planned},
            jars_directory=options.jars_directory,
            observer=self,
            stopping=request.asked,
            restart_policy=parts.restart_policy,
            console=console,
        )

    def up_until_stopped(self) -> None:
        """Everything between having the installation for ourselves and giving it back."""
        self.changed()
        try:
            self._start_database_side()
            while not self._request.asked.wait(WATCH_INTERVAL_SECONDS if self._greeted else START_INTERVAL_SECONDS):
                self._servers.revive_dead()
                self._start_kafka_side()
                self._report_readiness()
        finally:
            self._take_down()

    def output(self, source: str, line: str) -> None:
        """Observer: a process wrote a line."""
        self._terminal.output(source, line)

    def announce(self, sentence: str, *, level: str = "info") -> None:
        """Observer: something happened that a person wants to know."""
        self._terminal.announce(sentence, level=level)

    def changed(self) -> None:
        """Observer: write the new state down for the other commands."""
        with self._saving:
            try:
                self._installation.save(self._state())
            except OSError as error:
                # A full disk must not end what runs; `studio status` is stale until there is room again.
                self.announce(f"run.json can't be written: {error.strerror}.", level="error")

    def _start_database_side(self) -> None:
        self._servers.begin_kafka()
        try:
            self._servers.start_database()
            self._parts.migrate(self._servers.database_url)
            self._reader_url = self._reader_login()
        except StudioError:
            # Ctrl-C in the terminal also ends initdb; that failure is no news to whoever pressed it.
            if not self._request.asked.is_set():
                raise
        if not self._request.asked.is_set():
            self._processes.start_those_that_need(frozenset({"database"}))

    def _start_kafka_side(self) -> None:
        if self._servers.is_kafka_started():
            self._processes.start_those_that_need(frozenset({"database", "kafka"}))

    def _report_readiness(self) -> None:
        if not self._commands_accepted and self._processes.is_ready("command_api"):
            self._commands_accepted = True
            url = f"http://127.0.0.1:{self._options.command_port}"
            self.announce(f"Commands are accepted at {url} ({self._seconds():.1f} s).")
        unready = self._processes.not_ready()
        if not self._greeted and not unready:
            self._greeted = True
            seconds = self._seconds()
            self._terminal.welcome(self._options.command_port, self._options.query_port, seconds, self._first_login())
        if not self._warned and not self._greeted and self._seconds() > READY_DEADLINE_SECONDS:
            self._warned = True
            self._warn_of(unready)

    def _first_login(self) -> Login | None:
        try:
            return self._parts.first_login(self._installation, self._options.command_port, self._options.query_port)
        except StudioError as error:
            self.announce(f"{error.sentence} The first user is made at the next start.", level="warning")
            return None

    def _reader_login(self) -> str | None:
        try:
            return self._parts.reader_login(self._servers.database_url, self._installation.ensure_secret())
        except StudioError as error:
            self.announce(str(error), level="warning")
            return None

    def _warn_of(self, unready: Sequence[SupervisedProcess]) -> None:
        for process in unready:
            reason = probe(process.plan.port).waiting_for if process.state == "starting" else process.state
            self.announce(f"{process.plan.instance} is not ready: {reason}.", level="warning")

    def _take_down(self) -> None:
        self._request.asked.set()
        with ExitStack() as last_first:  # each of them is done whatever happens to the one before
            last_first.callback(self._terminal.close)
            last_first.callback(self._installation.forget_run)
            last_first.callback(self.announce, "Stopped; the data is kept.")
            last_first.callback(self._servers.stop)
            last_first.callback(self._processes.stop, self._request)
            last_first.callback(self.announce, "Stopping.")

    def _supervised(self, process: PlannedProcess) -> SupervisedProcess:
        log = LogFile(self._installation.logs_directory, process.log_name)
        return SupervisedProcess(process, log, observer=self, restarts=self._parts.restart_policy())

    def _environment_of(self, process: PlannedProcess) -> dict[str, str]:
        reader_url = self._reader_url if process.kind.only_reads else None
        return process_environment(
            database_url=reader_url or self._servers.database_url,
            kafka_bootstrap=self._servers.kafka_bootstrap,
            secret_file=self._installation.secret_file,
            port=process.port,
            instance=process.instance,
        )

    def _state(self) -> RunState:
        supervisor = ProcessIdentity.of_this_process()
        return RunState(
            supervisor=supervisor,
            started_at=self._started_at,
            database_url=self._servers.database_url,
            kafka_bootstrap=self._servers.kafka_bootstrap,
            command_port=self._options.command_port,
            query_port=self._options.query_port,
            processes=[*self._servers.summaries(), *self._processes.summaries()],
        )

    def _seconds(self) -> float:
        return time.monotonic() - self._began


def _first_ports(options: UpOptions) -> dict[str, tuple[int, str]]:
    return {
        "command_api": (options.command_port, "--command-port"),
        "query_api": (options.query_port, "--query-port"),
    }
