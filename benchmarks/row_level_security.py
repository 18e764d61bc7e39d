"""Row-level security beside the same reads without it: what it costs that PostgreSQL too looks whose a row is.

The same statements on the same tables, in turn by the role of the query API and by the tables' owner, whom no policy
concerns. Both say who is asking, and both statements filter by user themselves.
"""

import statistics
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import psycopg
from psycopg.rows import DictRow, dict_row

from benchmarks.figures import Figure, Goal, Limit, Results
from benchmarks.samples import Sample
from benchmarks.servers import running_postgres
from services.kernel.context import SqlFile
from services.runtime.reading import READER_ROLE
from services.runtime.sql_files import read_sql
from tests.kit.histories import tell_story, write_histories
from tests.runtime.rebuilding.sight import project

READS: Mapping[str, SqlFile] = {
    "list_novels": SqlFile("services.contexts.genesis.projections", "novel_views.sql"),
    "read_flow": SqlFile("services.contexts.genesis.projections", "flow_views.sql"),
    "list_sessions": SqlFile("services.contexts.conversations.projections", "sessions.sql"),
    "read_first_rounds": SqlFile("services.contexts.conversations.projections", "sessions.sql"),
}
"""Reads of one table, of several and of a view over several."""

ROUNDS = 20
WARM_UP_TIMES = 10
"""Before that PostgreSQL has not settled how it plans the statement."""

_ANYTHING: dict[str, Any] = dict.fromkeys(("status", "scope_type", "scope_id")) | {"limit": 50, "offset": 0}


@dataclass(frozen=True, slots=True)
class Length:
    """How often everything is measured, of how many users, and how often each asks."""

    repeats: int
    users: int
    times: int


def measure_row_level_security(length: Length, tell: Callable[[str], None]) -> Results:
    """Runs everything and returns the figures."""
    with running_postgres() as database:
        tell("writing a long history")
        write_histories(database.url, tell_story(rounds=ROUNDS), scopes=length.users)
        project(database.url)
        with _asking(database.url, READER_ROLE) as reader, _asking(database.url, "NONE") as owner:
            owner.execute("VACUUM ANALYZE")
            callers = owner.execute(_CALLERS).fetchall()
            figures = [_figure(name, length, reader, owner, callers, tell) for name in READS]
    return Results("Row-level security", tuple(figures), {"users": length.users})


_CALLERS = """
SELECT DISTINCT ON (f.user_id) f.user_id, f.novel_id, l.session_id
FROM genesis_flows AS f
JOIN genesis_stage_records AS r ON r.flow_id = f.id
JOIN genesis_stage_sessions AS l ON l.stage_id = r.id
ORDER BY f.user_id, r.created_at
"""

_Asking = psycopg.Connection[DictRow]


@contextmanager
def _asking(database_url: str, role: str) -> Iterator[_Asking]:
    with psycopg.connect(database_url, autocommit=True, row_factory=dict_row, prepare_threshold=0) as connection:
        connection.execute(f"SET ROLE {role}".encode())
        yield connection


def _figure(
    name: str,
    length: Length,
    reader: _Asking,
    owner: _Asking,
    callers: Sequence[DictRow],
    tell: Callable[[str], None],
) -> Figure:
    statement = read_sql(READS[name].package, READS[name].name)[name]
    _measure(statement, reader, owner, callers, WARM_UP_TIMES)
    runs = []
    for number in range(1, length.repeats + 1):
        tell(f"{name}, {number} of {length.repeats}")
        runs.append(_measure(statement, reader, owner, callers, length.times))
    ours, without = (Sample(one) for one in zip(*runs, strict=True))
    limit = Limit("the same without policies", without)
    return Figure(name, "µs", ours, limit, (Goal("≤ 1.1 ×", 1.1, "ratio", "less"),))


def _measure(
    statement: bytes, reader: _Asking, owner: _Asking, callers: Sequence[DictRow], times: int
) -> tuple[float, float]:
    """How long the statement takes, with its rows, in microseconds: with policies and without.

    In turn for each caller, and the median of all, so that whatever else the machine does meets both and is left out.
    To name the caller is not counted.
    """
    seconds: dict[_Asking, list[float]] = {reader: [], owner: []}
    for caller in callers:
        for connection, taken in seconds.items():
            connection.execute("SELECT set_config('studio.user_id', %s, FALSE)", [str(caller["user_id"])])
            for _ in range(times):
                started = time.perf_counter()
                rows = connection.execute(statement, _ANYTHING | caller).fetchall()
                taken.append(time.perf_counter() - started)
                assert rows, "every caller has rows of everything that is read"
    return statistics.median(seconds[reader]) * 1e6, statistics.median(seconds[owner]) * 1e6
