"""Where and with what a run was made."""

import os
import platform
import subprocess
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

import psutil

from services.studio.embedded_postgres import postgres_binary

_PACKAGES = (
    "aiokafka",
    "eventsourcing",
    "httptools",
    "orjson",
    "psycopg",
    "pydantic",
    "starlette",
    "uvicorn",
    "uvloop",
)


def describe_machine() -> dict[str, object]:
    """Date, hardware, how busy it is now, and versions."""
    return {
        "date": datetime.now(UTC).isoformat(timespec="seconds"),
        "cpu": _cpu_model(),
        "cores": os.cpu_count(),
        "memory_gib": round(psutil.virtual_memory().total / 2**30, 1),
        "system": platform.platform(),
        "load_average_before": [round(load, 2) for load in os.getloadavg()],
        "python": platform.python_version(),
        "postgresql": _output(postgres_binary("postgres"), "--version").split()[-1],
        "packages": {name: version(name) for name in _PACKAGES},
        "commit": _output("git", "rev-parse", "--short", "HEAD") or "unknown",
    }


def _cpu_model() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except FileNotFoundError:
        return platform.processor()
    return next((line.partition(": ")[2] for line in lines if line.startswith("model name")), platform.machine())


def _output(*command: str | Path) -> str:
    try:
        return subprocess.run(command, capture_output=True, text=True, check=False).stdout.strip()
    except FileNotFoundError:
        return ""
