"""PostgreSQL's own load generator on our tables: the limit that commands are compared with."""

import re
import subprocess
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

import orjson

from benchmarks.requests import NOVEL
from benchmarks.samples import percentile
from benchmarks.servers import Database
from services.runtime.recorded_events import STORED_HEADERS
from services.studio.embedded_postgres import postgres_binary

SCRIPTS = Path(__file__).parent / "sql"
ONE_A_TRANSACTION = SCRIPTS / "three_inserts.sql"
SIXTY_FOUR_A_TRANSACTION = SCRIPTS / "three_inserts_64.sql"

PGBENCH_USER_ID = str(UUID(int=10))
"""Who has the rows that pgbench writes."""

_ID = PGBENCH_USER_ID
_TIME = "2026-01-01T00:00:00.000000+00:00"
_RATE = re.compile(r"tps = ([\d.]+) \(without")


@dataclass(frozen=True, slots=True)
class PgbenchReport:
    """Transactions a second; latencies only when they were asked for."""

    per_second: float
    latencies_ms: tuple[float, ...] = ()

    def latency_ms(self, share: float) -> float:
        """A percentile of the latencies."""
        return percentile(self.latencies_ms, share)


def run_pgbench(
    database: Database, script: Path, *, clients: int, seconds: float, latencies: bool = False
) -> PgbenchReport:
    """Runs a script from so many clients, with prepared statements."""
    with tempfile.TemporaryDirectory(prefix="studio-bench-") as directory:
        log = ["--log", f"--log-prefix={directory}/latency"] if latencies else []
        finished = subprocess.run(
            [
                postgres_binary("pgbench"), "--no-vacuum", "--protocol=prepared", f"--client={clients}",
                f"--jobs={min(clients, 2)}", f"--time={max(1, round(seconds))}", f"--file={script}",
                *(f"--define={name}={value}" for name, value in _values().items()), *log,
            ],
            env=database.libpq_environment(), capture_output=True, text=True, check=False,
        )  # fmt: skip
        matched = _RATE.search(finished.stdout)
        if finished.returncode != 0 or matched is None:
            raise RuntimeError(f"pgbench failed: {finished.stderr[-2000:]}")
        return PgbenchReport(float(matched[1]), tuple(_logged_ms(Path(directory))))


def _logged_ms(directory: Path) -> Iterator[float]:
    for file in directory.iterdir():
        for line in file.read_text().splitlines():
            # client, transaction number, microseconds, …
            yield int(line.split()[2]) / 1_000


def _values() -> dict[str, str]:
    """A new novel's columns, as the command API writes them."""
    about = {"user_id": _ID, "novel_id": _ID}
    event = {"novel_id": _ID, "user_id": _ID, "status": "GENESIS", "version": 1, **NOVEL}
    result = {
        "id": _ID, "user_id": _ID, **NOVEL, "status": "GENESIS", "completed_chapters": 0, "version": 1,
        "created_at": _TIME, "updated_at": _TIME, "genesis": None,
    }  # fmt: skip
    command = {"id": _ID, "type": "Command.Novel.Create", "status": "COMPLETED", "old_status": None}
    metadata = {"source": "command-api", "schema_version": 1, "command": command, **about}
    headers = {
        "ce_specversion": "1.0", "ce_id": _ID, "ce_type": "Novel.Created", "ce_source": "command-api",
        "ce_time": _TIME, "ce_dataversion": "1", "content-type": "application/json", "ce_position": "100000",
        "ce_lane": "17", "ce_aggregatetype": "Novel", "ce_aggregateid": _ID, "ce_aggregateversion": "1",
        "ce_scopetype": "GENESIS", "ce_scopeid": _ID, "ce_actorid": _ID, "ce_correlationid": _ID,
        "ce_causationid": _ID, "ce_metadata": _json(metadata),
    }  # fmt: skip
    return {
        "user_id": _ID,
        "request_hash": "0" * 64,
        "payload": _json(NOVEL),
        "result": _json(result),
        "response_headers": _json({"version": 1, "location": f"/api/v1/novels/{_ID}"}),
        "event": _json(event),
        "metadata": _json(metadata),
        "header_values": _array([headers.get(name) for name in STORED_HEADERS]),
    }


def _array(values: Iterable[str | None]) -> str:
    """An array's literal; JSON escapes quotes and backslashes in the same way."""
    return "{" + ",".join("NULL" if value is None else _json(value) for value in values) + "}"


def _json(value: object) -> str:
    return orjson.dumps(value).decode()
