"""Row-level security beside the same reads without it: what it costs that PostgreSQL too looks whose a row is.

The same statements on the same tables, in turn in the role of the query API and in that of the tables' owner, whom no
policy concerns. Both say who is asking, and both statements filter by user themselves. On one connection, set up like
those of the query API: two would be served by two processes, which are as far from us as the machine pleases.
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
from services.runtime.database import BY_INDEX
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
        with _asking(database.url) as connection:
            connection.execute("VACUUM ANALYZE")
            callers = connection.execute(_CALLERS).fetchall()
            figures = [_figure(name, length, connection, callers, tell) for name in READS]
    return Results("Row-level security", tuple(figures), {"users": length.users})


_CALLERS = """
SELECT DISTINCT ON (f.user_id) f.user_id, f.novel_id, l.session_id
FROM genesis_flows AS f
JOIN genesis_stage_records AS r ON r.flow_id = f.id
JOIN genesis_stage_sessions AS l ON l.stage_id = r.id
ORDER BY f.user_id, (SELECT count(*) FROM conversation_rounds AS c WHERE c.session_id = l.session_id) DESC
"""

_Asking = psycopg.Connection[DictRow]


@contextmanager
def _asking(database_url: str) -> Iterator[_Asking]:
    with psycopg.connect(database_url, autocommit=True, row_factory=dict_row, prepare_threshold=0) as connection:
        connection.execute(BY_INDEX, prepare=False)
        yield connection


def _figure(
    name: str, length: Length, connection: _Asking, callers: Sequence[DictRow], tell: Callable[[str], None]
) -> Figure:
    statement = read_sql(READS[name].package, READS[name].name)[name]
    runs = []
    for number in range(1, length.repeats + 1):
        tell(f"{name}, {number} of {length.repeats}")
        runs.append(_measure(statement, connection, callers, length.times))
    ours, without = (Sample(one) for one in zip(*runs, strict=True))
    limit = Limit("the same without policies", without)
    return Figure(name, "µs", ours, limit, (Goal("≤ 1.1 ×", 1.1, "ratio", "less"),))


def _measure(statement: bytes, connection: _Asking, callers: Sequence[DictRow], times: int) -> tuple[float, float]:
    """How long the statement takes, with its rows, in microseconds: with policies and without.

    In turn for each caller, and the median of all, so that whatever else the machine does meets both and is left out.
    To name the caller is not counted, nor the first time in a role, which plans the statement.
    """
    seconds: dict[str, list[float]] = {READER_ROLE: [], "NONE": []}
    for caller in callers:
        connection.execute("SELECT set_config('studio.user_id', %s, FALSE)", [str(caller["user_id"])])
        for role, taken in seconds.items():
            connection.execute(f"SET ROLE {role}".encode())
            for number in range(times + 1):
                started = time.perf_counter()
                rows = connection.execute(statement, _ANYTHING | caller).fetchall()
                if number > 0:
                    taken.append(time.perf_counter() - started)
                assert rows, "every caller has rows of everything that is read"
    return statistics.median(seconds[READER_ROLE]) * 1e6, statistics.median(seconds["NONE"]) * 1e6
