"""`studio status`: every process of the running studio, asked now, as a table."""

from dataclasses import dataclass
from typing import Final

import psutil
from rich.console import Console
from rich.table import Table

from services.studio.database import require_database
from services.studio.errors import StudioError
from services.studio.installation import Installation
from services.studio.kafka_readiness import is_broker_ready
from services.studio.leftovers import find_leftovers
from services.studio.ports import LOOPBACK
from services.studio.probe import Probe, probe
from services.studio.run_state import RunningProcess, RunState

MEBIBYTE: Final = 1024**2


@dataclass(frozen=True, slots=True)
class ProcessStatus:
    """One process now. `condition` is a word for a person; `memory_mb` is None when it does not run."""

    process: RunningProcess
    ready: bool
    condition: str
    memory_mb: int | None


def show_status(installation: Installation, console: Console) -> bool:
    """Print the table; True only if the studio runs and every process is ready."""
    state = installation.running()
    if state is None:
        leftovers = find_leftovers(installation.load())
        console.print(f"No studio is running on {installation.directory}.", highlight=False)
        if leftovers:
            names = ", ".join(one.instance for one in leftovers)
            console.print(f"Left behind by an earlier run: {names}. `studio up` or `studio down` ends them.")
        return False
    found = [status_of(process, state) for process in state.processes]
    console.print(_table(found))
    console.print(f"Commands http://{LOOPBACK}:{state.command_port}  Queries http://{LOOPBACK}:{state.query_port}")
    return all(one.ready for one in found)


def status_of(process: RunningProcess, state: RunState) -> ProcessStatus:
    """Ask one process how it is."""
    running = process.identity.process() if process.identity else None
    if running is None:
        return ProcessStatus(process, ready=False, condition=process.state, memory_mb=None)
    answer = _ask(process, state)
    word = "ready" if answer.ready else "live" if answer.live else "starting"
    condition = f"{word}, waits for {answer.waiting_for}" if answer.live and answer.waiting_for else word
    return ProcessStatus(process, answer.ready, condition, _resident_mb(running))


def _ask(process: RunningProcess, state: RunState) -> Probe:
    if process.name == "kafka":
        serves = is_broker_ready(LOOPBACK, process.port)
    elif process.name == "postgres":
        serves = _database_answers(state.database_url)
    else:
        return probe(process.port)
    return Probe(live=serves, ready=serves, waiting_for="")


def _database_answers(database_url: str) -> bool:
    try:
        require_database(database_url)
    except StudioError:
        return False
    return True


def _resident_mb(process: psutil.Process) -> int | None:
    try:
        total = process.memory_info().rss
        for child in process.children(recursive=True):
            memory = child.memory_info()
            # PostgreSQL's backends all count the same shared buffers.
            total += memory.rss - getattr(memory, "shared", 0)
    except psutil.Error:
        return None
    return int(total // MEBIBYTE)


def _table(found: list[ProcessStatus]) -> Table:
    table = Table("process", "state", box=None, header_style="bold")
    for column in ("pid", "port", "RSS MB", "restarts"):
        table.add_column(column, justify="right")
    for one in found:
        table.add_row(
            one.process.instance,
            f"[green]{one.condition}[/]" if one.ready else f"[red]{one.condition}[/]",
            str(one.process.identity.pid) if one.process.identity and one.memory_mb is not None else "–",
            str(one.process.port),
            "–" if one.memory_mb is None else str(one.memory_mb),
            str(one.process.restarts),
        )
    return table
