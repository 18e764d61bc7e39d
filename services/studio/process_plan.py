"""Which processes make up a running studio, what each waits for, and on which ports they serve."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

from services.studio.errors import StudioError
from services.studio.ports import free_port, is_port_free, require_free_port

Need: TypeAlias = Literal["database", "kafka"]


@dataclass(frozen=True, slots=True)
class ProcessKind:
    """One kind of process: `python -m <module>`, started once everything in `needs` is there.

    One that only reads the database has no need of more than a reader's login. One that works in the background gives
    way to those that answer people, where they share a machine.
    """

    name: str
    module: str
    needs: frozenset[Need]
    only_reads: bool = False
    in_background: bool = False


@dataclass(frozen=True, slots=True)
class PlannedProcess:
    """One process to run; `instance` names it in logs and metrics, `log_name` its log file."""

    kind: ProcessKind
    instance: str
    port: int
    log_name: str


def _kind(name: str, *needs: Need, only_reads: bool = False, in_background: bool = False) -> ProcessKind:
    return ProcessKind(name, f"services.{name}.main", frozenset(needs), only_reads, in_background)


# In dependency order: started from the top, stopped from the bottom. The APIs don't wait for Kafka, because
# commands are accepted and read models served while the broker is away. Relay and projector are on the way from a
# command to what a person sees of it, so they give way to nobody.
PROCESS_KINDS: Final = (
    _kind("command_api", "database"),
    _kind("query_api", "database", only_reads=True),
    _kind("message_relay", "database", "kafka"),
    _kind("projector", "database", "kafka"),
    _kind("task_worker", "database", "kafka", in_background=True),
)


def plan_processes(
    kinds: Sequence[ProcessKind], replicas: Mapping[str, int], first_ports: Mapping[str, tuple[int, str]]
) -> list[PlannedProcess]:
    """The processes to run, in start order.

    `first_ports` gives, for kinds with a port of their own, that port and the option that changes it; further
    replicas get the free ports that follow. The others serve their probes on any free loopback port.
    """
    _require_known_names(kinds, replicas)
    # Also those that nobody listens on yet.
    taken = {port for port, _ in first_ports.values()}
    planned = []
    for kind in kinds:
        count = replicas.get(kind.name, 1)
        for number in range(1, count + 1):
            port = _choose_port(kind, number, first_ports, taken)
            taken.add(port)
            instance = f"{kind.name.replace('_', '-')}-{number}"
            planned.append(PlannedProcess(kind, instance, port, instance if count > 1 else instance[:-2]))
    return planned


def parse_replicas(values: Sequence[str]) -> dict[str, int]:
    """`["projector=2"]` as a mapping; process names may be written with `-` or `_`. Raises StudioError."""
    parsed = {}
    for value in values:
        name, _, count = value.partition("=")
        if not count.isdigit():
            raise StudioError(
                f"--replicas {value} is not PROCESS=NUMBER.", remedy="For example: --replicas projector=2"
            )
        parsed[name.replace("-", "_")] = int(count)
    return parsed


def kind_named(name: str) -> ProcessKind:
    """The kind of process of this name, written with `-` or `_`. Raises StudioError."""
    wanted = name.replace("-", "_")
    _require_known_names(PROCESS_KINDS, {wanted: 1})
    return next(kind for kind in PROCESS_KINDS if kind.name == wanted)


def _require_known_names(kinds: Sequence[ProcessKind], replicas: Mapping[str, int]) -> None:
    known = [kind.name for kind in kinds]
    unknown = [name for name in replicas if name not in known]
    if unknown:
        raise StudioError(f"There is no process named {unknown[0]}.", remedy=f"There are: {', '.join(known)}.")


def _choose_port(kind: ProcessKind, number: int, first_ports: Mapping[str, tuple[int, str]], taken: set[int]) -> int:
    if kind.name not in first_ports:
        return free_port(but=taken)
    port, option = first_ports[kind.name]
    if number == 1:
        require_free_port(port, purpose=kind.name.replace("_", "-"), option=option)
        return port
    return next(other for other in range(port + 1, 65536) if other not in taken and is_port_free(other))
