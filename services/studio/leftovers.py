"""Processes that a killed `studio up` left running: found by pid and creation time, never by name."""

import signal
from collections.abc import Iterable
from typing import Final

import psutil

from services.studio.run_state import RunningProcess, RunState

PROCESSES_DEADLINE_SECONDS: Final = 10.0
SERVERS_DEADLINE_SECONDS: Final = 20.0
SERVER_NAMES: Final = ("kafka", "postgres")  # in the order in which they are stopped


def find_leftovers(state: RunState | None) -> list[RunningProcess]:
    """What still runs of a run whose supervisor is gone; empty while that supervisor lives."""
    if state is None or state.supervisor.is_alive():
        return []
    return [process for process in state.processes if process.identity and process.identity.is_alive()]


def end_leftovers(leftovers: Iterable[RunningProcess]) -> None:
    """End them as a shutdown does: our processes together, last started first, then Kafka, then PostgreSQL."""
    remaining = list(leftovers)
    _end_together([one for one in reversed(remaining) if one.name not in SERVER_NAMES])
    for name in SERVER_NAMES:
        for server in (one for one in remaining if one.name == name):
            # SIGINT is PostgreSQL's fast shutdown; SIGTERM would wait for clients to leave by themselves.
            polite = signal.SIGINT if name == "postgres" else signal.SIGTERM
            if server.identity:
                server.identity.end(deadline_seconds=SERVERS_DEADLINE_SECONDS, polite_signal=polite)


def _end_together(leftovers: list[RunningProcess]) -> None:
    processes = [process for one in leftovers if one.identity and (process := one.identity.process())]
    family = [relative for process in processes for relative in _with_descendants(process)]
    for process in processes:
        _send(process, signal.SIGTERM)
    psutil.wait_procs(processes, timeout=PROCESSES_DEADLINE_SECONDS)
    for relative in family:
        _send(relative, signal.SIGKILL)
    psutil.wait_procs(family, timeout=PROCESSES_DEADLINE_SECONDS)


def _with_descendants(process: psutil.Process) -> list[psutil.Process]:
    try:
        return [process, *process.children(recursive=True)]
    except psutil.NoSuchProcess:
        return [process]


def _send(process: psutil.Process, number: int) -> None:
    try:
        process.send_signal(number)  # psutil refuses when the pid is another process's by now
    except psutil.NoSuchProcess:
        return
