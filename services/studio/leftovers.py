"""Processes that a killed `studio up` left running: found by pid and creation time, never by name."""

import signal
from collections.abc import Iterable
from typing import Final

import psutil

from services.studio.child_process import wait_until
from services.studio.process_identity import ProcessIdentity
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
    identities = [one.identity for one in leftovers if one.identity]
    family = [relative for identity in identities for relative in _with_descendants(identity)]
    for identity in identities:
        identity.send(signal.SIGTERM)
    wait_until(lambda: not _any_alive(identities), deadline_seconds=PROCESSES_DEADLINE_SECONDS)
    for relative in family:
        relative.send(signal.SIGKILL)
    wait_until(lambda: not _any_alive(family), deadline_seconds=PROCESSES_DEADLINE_SECONDS)


def _any_alive(identities: Iterable[ProcessIdentity]) -> bool:
    return any(identity.is_alive() for identity in identities)


def _with_descendants(identity: ProcessIdentity) -> list[ProcessIdentity]:
    process = identity.process()
    try:
        children = process.children(recursive=True) if process else []
    except psutil.NoSuchProcess:
        children = []
    found = (ProcessIdentity.of(child.pid) for child in children)
    return [identity, *(child for child in found if child)]
