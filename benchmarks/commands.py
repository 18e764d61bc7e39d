"""Commands over HTTP, beside what PostgreSQL and the HTTP server could do alone.

All servers stay up and every run of a round has its neighbours: a machine that is busy for a while slows ours and the
limit alike, and ratios are taken round by round. Every other round runs backwards.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from secrets import token_hex

import httpx
import psycopg

from benchmarks.figures import Figure, Goal, Limit, Results
from benchmarks.load import LoadClient, LoadPlan, LoadReport, run_load
from benchmarks.pgbench import ONE_A_TRANSACTION, PGBENCH_USER_ID, SIXTY_FOUR_A_TRANSACTION, run_pgbench
from benchmarks.requests import SESSION, Kind, new_users
from benchmarks.samples import Sample
from benchmarks.servers import Database, HttpServer, running_http_servers, running_postgres
from services.runtime.access import issue_token

CLIENTS_MAX = 64
SESSIONS_PER_CLIENT = 4
PGBENCH = "pgbench, 32 clients"
SHARED_PGBENCH = "pgbench, 64 a transaction"

Values = dict[str, float]
"""What one run measured, by name."""
Run = Callable[[], Values]


@dataclass(frozen=True, slots=True)
class Length:
    """How long everything takes."""

    rounds: int
    seconds: float


def measure_commands(length: Length, tell: Callable[[str], None]) -> Results:
    """Runs everything and returns the figures."""
    tell("starting PostgreSQL, two command APIs and one without a store")
    with _servers() as servers:
        runs = _runs(servers, length.seconds)
        for name in ("ours, 64 clients, two processes", "rounds, 64 clients") if length.rounds > 1 else ():
            # Connections, prepared statements and the tables' first pages, once.
            tell(f"warming up: {name}")
            runs[name]()
        samples: dict[str, list[Values]] = {name: [] for name in runs}
        for number in range(length.rounds):
            names = list(runs) if number % 2 == 0 else list(reversed(runs))
            for name in names:
                tell(f"round {number + 1} of {length.rounds}: {name}")
                samples[name].append(runs[name]())
        details: dict[str, object] = {
            "runs": {name: _summary(measured) for name, measured in samples.items()},
            "row_bytes": _row_bytes(servers.database),
        }
        return Results("Commands over HTTP", _figures(_Samples(samples)), details)


@dataclass(frozen=True)
class _Servers:
    database: Database
    apis: Sequence[HttpServer]
    without_store: HttpServer
    clients: Sequence[LoadClient]


@contextmanager
def _servers() -> Iterator[_Servers]:
    secret = token_hex(24)
    with (
        running_postgres() as database,
        running_http_servers("services.command_api.main", database.url, secret, count=2) as apis,
        running_http_servers("benchmarks.no_store", database.url, secret) as (without_store,),
    ):
        clients = _clients(apis[0], secret.encode())
        yield _Servers(database, apis, without_store, clients)


def _clients(api: HttpServer, secret: bytes) -> list[LoadClient]:
    """Each connection is a user of its own, with sessions of their own."""
    clients = []
    with httpx.Client(base_url=f"http://127.0.0.1:{api.port}/api/v1", timeout=10) as http:
        for user in new_users(CLIENTS_MAX):
            token = issue_token(secret, user)
            headers = {"Authorization": f"Bearer {token}"}
            opened = [
                http.post("/conversations/sessions", json=SESSION, headers=headers).raise_for_status().json()["id"]
                for _ in range(SESSIONS_PER_CLIENT)
            ]
            clients.append(LoadClient(token=token, session_ids=opened))
    return clients


def _runs(servers: _Servers, seconds: float) -> dict[str, Run]:
    """Every run by name, each limit next to what it limits."""

    def ours(kind: Kind, clients: int, apis: int = 1) -> Run:
        return partial(
            _run_ours,
            servers,
            LoadPlan(
                ports=[api.port for api in servers.apis[:apis]],
                kind=kind,
                clients=list(servers.clients[:clients]),
                seconds=seconds,
            ),
        )

    def pgbench(clients: int) -> Run:
        return partial(_run_pgbench, servers.database, clients, seconds)

    return {
        PGBENCH: pgbench(32),
        "ours, 64 clients, two processes": ours("novel", 64, apis=2),
        "ours, 64 clients": ours("novel", 64),
        "no store": partial(_run_without_store, servers, "novel", seconds),
        SHARED_PGBENCH: partial(_run_shared_pgbench, servers.database, seconds),
        "rounds, no store": partial(_run_without_store, servers, "round", seconds),
        "rounds, 64 clients": ours("round", 64),
        "rounds, 64 clients, two processes": ours("round", 64, apis=2),
        "ours, 8 clients": ours("novel", 8),
        "ours, 1 client": ours("novel", 1),
        "pgbench, 1 client": pgbench(1),
    }


def _run_ours(servers: _Servers, plan: LoadPlan) -> Values:
    apis = [api for api in servers.apis if api.port in plan.ports]
    before = _count_commands(servers.database)
    cpu = sum(api.cpu_seconds() for api in apis), servers.database.cpu_seconds()
    report = _checked(run_load(plan))
    api_cpu = sum(api.cpu_seconds() for api in apis) - cpu[0]
    database_cpu = servers.database.cpu_seconds() - cpu[1]
    stored = _count_commands(servers.database) - before
    if stored != report.accepted:
        raise AssertionError(f"{report.accepted} commands were acknowledged, {stored} are stored")
    return _values(report) | {
        "api_cpu_us": api_cpu / report.accepted * 1e6,
        "postgres_cpu_us": database_cpu / report.accepted * 1e6,
    }


def _run_without_store(servers: _Servers, kind: Kind, seconds: float) -> Values:
    cpu = servers.without_store.cpu_seconds()
    plan = LoadPlan(ports=[servers.without_store.port], kind=kind, clients=list(servers.clients), seconds=seconds)
    report = _checked(run_load(plan))
    return _values(report) | {"api_cpu_us": (servers.without_store.cpu_seconds() - cpu) / report.accepted * 1e6}


def _run_pgbench(database: Database, clients: int, seconds: float) -> Values:
    report = run_pgbench(database, ONE_A_TRANSACTION, clients=clients, seconds=seconds, latencies=True)
    return {"per_second": report.per_second, "p50_ms": report.latency_ms(0.5), "p99_ms": report.latency_ms(0.99)}


def _run_shared_pgbench(database: Database, seconds: float) -> Values:
    report = run_pgbench(database, SIXTY_FOUR_A_TRANSACTION, clients=4, seconds=seconds)
    return {"per_second": report.per_second * 64}


def _checked(report: LoadReport) -> LoadReport:
    if report.refused:
        raise AssertionError(f"commands were refused: {report.refused}")
    return report


def _values(report: LoadReport) -> Values:
    return {
        "per_second": report.per_second,
        "p50_ms": report.latency_p50_ms,
        "p99_ms": report.latency_p99_ms,
        "generator_cpu": report.cpu_share,
    }


def _count_commands(database: Database) -> int:
    with psycopg.connect(database.url) as connection:
        row = connection.execute("SELECT count(*) FROM command_inbox").fetchone()
    assert row is not None, "an aggregate has one row"
    return int(row[0])


class _Samples:
    """What all runs measured."""

    def __init__(self, values: Mapping[str, Sequence[Values]]) -> None:
        self._values = values

    def of(self, run: str, value: str = "per_second") -> Sample:
        """One value of one run, round by round."""
        return Sample(tuple(values[value] for values in self._values[run]))

    def limit(self, run: str, value: str = "per_second") -> Limit:
        """The same as what something else is compared with."""
        return Limit(run, self.of(run, value))

    def least(self, *runs: str) -> Limit:
        """The lesser of several limits, round by round, named after the one that is less at the median."""
        samples = {run: self.of(run) for run in runs}
        lesser = min(samples, key=lambda run: samples[run].median)
        return Limit(lesser, Sample(tuple(map(min, *(sample.values for sample in samples.values())))))


def _figures(samples: _Samples) -> tuple[Figure, ...]:
    of, pgbench = samples.of, samples.limit(PGBENCH)
    shared = (Goal("≥ 0.5 × first, then 1.0 ×", 0.5, "ratio", "more"),)
    alone = (Goal("≥ 0.8 ×", 0.8, "ratio", "more"),)
    p50 = of("ours, 1 client", "p50_ms")
    p50_goal = (Goal("≤ 3 ms", 3.0, "value", "less"),)
    p99_goal = (Goal("≤ 4 × p50", 4 * p50.median, "value", "less"),)
    single = "pgbench, 1 client"
    return (
        Figure("64 clients, two processes", "/s", of("ours, 64 clients, two processes"), pgbench, shared),
        Figure("64 clients, one process", "/s", of("ours, 64 clients"), pgbench),
        Figure("the same", "/s", of("ours, 64 clients"), samples.least("no store", SHARED_PGBENCH), alone),
        Figure("8 clients, one process", "/s", of("ours, 8 clients"), pgbench),
        Figure("rounds, 64 clients, two processes", "/s", of("rounds, 64 clients, two processes"), pgbench, shared),
        Figure("rounds, 64 clients, one process", "/s", of("rounds, 64 clients"), pgbench),
        Figure("the same", "/s", of("rounds, 64 clients"), samples.least("rounds, no store", SHARED_PGBENCH), alone),
        Figure("1 client, p50", "ms", p50, samples.limit(single, "p50_ms"), p50_goal),
        Figure("1 client, p99", "ms", of("ours, 1 client", "p99_ms"), samples.limit(single, "p99_ms"), p99_goal),
    )


def _summary(measured: Sequence[Values]) -> dict[str, dict[str, float]]:
    samples = {name: Sample(tuple(values[name] for values in measured)) for name in measured[0]}
    return {
        name: {"median": round(s.median, 3), "min": round(s.least, 3), "max": round(s.greatest, 3)}
        for name, s in samples.items()
    }


def _row_bytes(database: Database) -> dict[str, dict[str, int]]:
    """Mean sizes of the rows of a new novel, ours and pgbench's, to show that like is compared with like."""
    found: dict[str, dict[str, int]] = {}
    with psycopg.connect(database.url) as connection:
        for who, is_pgbench in (("ours", False), ("pgbench", True)):
            row = connection.execute(_ROW_BYTES, [PGBENCH_USER_ID, is_pgbench]).fetchone()
            assert row is not None, "an aggregate has one row"
            found[who] = dict(zip(("command_inbox", "domain_events", "event_outbox"), row, strict=True))
    return found


_ROW_BYTES = """
SELECT avg(pg_column_size(c.*))::INT, avg(pg_column_size(e.*))::INT, avg(pg_column_size(o.*))::INT
FROM (
    SELECT * FROM command_inbox
    WHERE command_type = 'Command.Novel.Create' AND (user_id = %s) = %s
    LIMIT 1000
) AS c
JOIN domain_events AS e ON e.causation_id = c.id
JOIN outbox_messages AS o ON o.position = e.id
"""
