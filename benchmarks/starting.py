"""`studio up`, installed, until the first command is accepted and until every process is ready: on no data, and again
on the data of that first run. Beside it PostgreSQL and Kafka alone. Then the memory that the idle studio takes.
"""

import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import psutil
from pydantic import ValidationError

from benchmarks.figures import Figure, Goal, Limit, Results
from benchmarks.samples import Sample
from services.runtime.access import issue_token
from services.studio.child_process import wait_until
from services.studio.embedded_kafka import EmbeddedKafka
from services.studio.embedded_postgres import EmbeddedPostgres
from services.studio.kafka_jars import default_jars_directory
from services.studio.ports import free_port, free_ports
from services.studio.run_state import RunState
from tests.kit.studio import PROCESSES, start_studio, stop_studio, wait_for_studio

ACCEPTED_SECONDS_MAX = 120.0
SETTLE_SECONDS = 3.0
"""Between being ready and the look at the memory."""


@dataclass(frozen=True, slots=True)
class Length:
    """How often everything is started."""

    repeats: int


@dataclass(frozen=True, slots=True)
class _Start:
    """Seconds since `studio up`."""

    accepted: float
    ready: float


@dataclass(frozen=True, slots=True)
class _Memory:
    """Megabytes. `altogether` counts what processes share once, `ours` is the resident size of each of ours."""

    altogether: float
    ours: dict[str, float]


def measure_starting(length: Length, tell: Callable[[str], None]) -> Results:
    """Runs everything and returns the figures."""
    fresh, again, bare, memory = [], [], [], []
    for number in range(length.repeats):
        of = f"{number + 1} of {length.repeats}"
        with tempfile.TemporaryDirectory(prefix="studio-bench-") as name:
            tell(f"first start, {of}")
            with _studio(Path(name)) as (start, _):
                fresh.append(start)
            tell(f"start on kept data, {of}")
            with _studio(Path(name)) as (start, supervisor):
                again.append(start)
                time.sleep(SETTLE_SECONDS)
                memory.append(_memory(supervisor, Path(name)))
        tell(f"PostgreSQL and Kafka alone, {of}")
        bare.append(_bare_servers_seconds())
    return _results(fresh, again, bare, memory)


@contextmanager
def _studio(directory: Path) -> Iterator[tuple[_Start, psutil.Process]]:
    started = time.perf_counter()
    process = start_studio(directory)
    try:
        _wait_for_accepted_command(directory, process.pid)
        accepted = time.perf_counter() - started
        with wait_for_studio(directory, process).http:
            yield _Start(accepted, time.perf_counter() - started), psutil.Process(process.pid)
    finally:
        stop_studio(process)


def _wait_for_accepted_command(directory: Path, supervisor_pid: int) -> None:
    with httpx.Client(timeout=5) as http:
        if not wait_until(lambda: _accepts(http, directory, supervisor_pid), deadline_seconds=ACCEPTED_SECONDS_MAX):
            raise TimeoutError(f"no command was accepted in {ACCEPTED_SECONDS_MAX} s")


def _accepts(http: httpx.Client, directory: Path, supervisor_pid: int) -> bool:
    """Sends a command, as soon as it is known where to."""
    try:
        state = RunState.model_validate_json((directory / "run.json").read_text())
        if state.supervisor.pid != supervisor_pid:
            return False
        token = issue_token((directory / "secret").read_text().strip().encode(), "first")
        answer = http.post(
            f"http://127.0.0.1:{state.command_port}/api/v1/novels",
            json={"title": "The first"},
            headers={"Authorization": f"Bearer {token}"},
        )
    except (FileNotFoundError, ValidationError, httpx.TransportError):
        return False
    return answer.status_code == 201


def _memory(supervisor: psutil.Process, directory: Path) -> _Memory:
    state = RunState.model_validate_json((directory / "run.json").read_text())
    ours = {p.name: p.identity.pid for p in state.processes if p.name in PROCESSES and p.identity is not None}
    family = [supervisor, *supervisor.children(recursive=True)]
    sizes = {name: psutil.Process(pid).memory_info().rss / 1e6 for name, pid in ours.items()}
    return _Memory(
        sum(process.memory_full_info().pss for process in family) / 1e6,
        sizes | {"supervisor": supervisor.memory_info().rss / 1e6},
    )


def _bare_servers_seconds() -> _Start:
    """PostgreSQL (which is all that a command needs), and both, started side by side on no data."""
    with tempfile.TemporaryDirectory(prefix="studio-bench-") as name:
        port, kafka_port, controller_port = free_port(), *free_ports(2)
        postgres = EmbeddedPostgres(Path(name) / "postgres", port=port)
        kafka = EmbeddedKafka(
            Path(name) / "kafka",
            port=kafka_port,
            controller_port=controller_port,
            jars_directory=default_jars_directory(),
        )
        try:
            started = time.perf_counter()
            starting = threading.Thread(target=kafka.start)
            starting.start()
            postgres.start()
            accepted = time.perf_counter() - started
            starting.join()
            return _Start(accepted, time.perf_counter() - started)
        finally:
            kafka.stop()
            postgres.stop()


def _results(
    fresh: Sequence[_Start], again: Sequence[_Start], bare: Sequence[_Start], memory: Sequence[_Memory]
) -> Results:
    accepted, total, each = (
        Goal("≤ 10 s", 10.0, "value", "less"),
        Goal("≤ 1,200 MB", 1_200.0, "value", "less"),
        Goal("≤ 90 MB", 90.0, "value", "less"),
    )
    database = Limit("PostgreSQL alone", Sample(tuple(start.accepted for start in bare)))
    servers = Limit("PostgreSQL and Kafka alone", Sample(tuple(start.ready for start in bare)))
    largest = max(memory[-1].ours, key=lambda name: memory[-1].ours[name])
    return Results(
        "studio up",
        (
            Figure("no data, first command accepted", "s", _accepted(fresh), database, goals=(accepted,)),
            Figure("no data, every process ready", "s", _ready(fresh), servers),
            Figure("kept data, first command accepted", "s", _accepted(again), goals=(accepted,)),
            Figure("kept data, every process ready", "s", _ready(again)),
            Figure("memory of everything, idle", "MB", Sample(tuple(m.altogether for m in memory)), goals=(total,)),
            Figure(
                "the largest of our processes, idle",
                "MB",
                Sample(tuple(max(m.ours.values()) for m in memory)),
                goals=(each,),
                note=largest,
            ),
        ),
        {"memory_mb": {name: round(size, 1) for name, size in memory[-1].ours.items()}},
    )


def _accepted(starts: Sequence[_Start]) -> Sample:
    return Sample(tuple(start.accepted for start in starts))


def _ready(starts: Sequence[_Start]) -> Sample:
    return Sample(tuple(start.ready for start in starts))
