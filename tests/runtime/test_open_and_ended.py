"""Commands and tasks are found by a few looks into indexes, however many partitions there are."""

from typing import Any

import orjson
import psycopg
import pytest

from services.runtime.database import Pool
from services.runtime.retention import Retention
from services.runtime.sql_files import read_sql
from tests.kit.plans import Plan, explain
from tests.kit.recording import query
from tests.kit.waiting import eventually

pytestmark = pytest.mark.anyio

COMMANDS = 3_000
ID = "00000000-0000-0000-0000-0000000000ff"

_STORE = read_sql("services.runtime", "event_store.sql")
_TASKS = read_sql("services.runtime", "tasks.sql")
_STATUS = read_sql("services.contexts.conversations.projections", "command_status.sql")

_FILL = """
INSERT INTO command_inbox (
    id, user_id, session_id, command_type, idempotency_key, request_hash, status, error_message, created_at
)
SELECT
    gen_random_uuid(), gen_random_uuid(), gen_random_uuid(), 'T', number::text, '',
    CASE
        WHEN number %% 10 = 0 THEN 'FAILED'
        WHEN number %% 100 = 1 THEN 'RECEIVED'
        ELSE 'COMPLETED'
    END::command_status,
    'why', now() - CASE WHEN number %% 10 = 0 THEN interval '85 days' ELSE interval '29 days' END * number / %(rows)s
FROM generate_series(1, %(rows)s) AS number;
"""


@pytest.fixture
async def filled(pool: Pool, database_url: str) -> str:
    """A database with as many partitions as there are when all of them are kept, and something in each."""
    with psycopg.connect(database_url, autocommit=True) as connection:
        connection.execute(_FILL, {"rows": COMMANDS})

    async def all_made() -> bool:
        # What the server is just analysing is left for the next round.
        await Retention(pool).keep_house()
        return len(_leaves(database_url, "command_inbox")) > 12

    await eventually(all_made, what="every row has its partition")
    query(database_url, "ANALYZE command_inbox, async_tasks")
    return database_url


async def test_a_key_or_an_id_is_one_look_into_each_partition(filled: str) -> None:
    wanted = [{"id": ID, "user_id": ID, "idempotency_key": "k", "lock": ID}]
    plan = explain(filled, _STORE["find_commands"], {"commands": orjson.dumps(wanted).decode()})
    leaves = len(_leaves(filled, "command_inbox"))
    _only_indexes(plan, "command_inbox")
    assert plan.pages <= (2 * leaves + 1) * 3


@pytest.mark.parametrize(
    ("statement", "parameters"),
    [
        ("SELECT 1 FROM command_inbox WHERE session_id = %(id)s AND status IN ('RECEIVED', 'PROCESSING')", {"id": ID}),
        (_STATUS["read_pending_command"].decode(), {"session_id": ID, "user_id": ID}),
        (
            _STORE["change_commands"].decode(),
            {"command_changes": orjson.dumps([{"id": ID, "status": "FAILED"}]).decode()},
        ),
        (_STORE["change_tasks"].decode(), {"task_changes": orjson.dumps([{"id": ID, "status": "FAILED"}]).decode()}),
        (_STORE["cancel_tasks"].decode(), {"cancelled_commands": [ID]}),
        (_TASKS["find_claimable"].decode(), {"task_types": ["T"], "limit": 5}),
        (_TASKS["keep_lease"].decode(), {"task_id": ID, "node": "n", "attempt": 1, "lease_seconds": 1}),
    ],
    ids=["busy", "pending", "change_commands", "change_tasks", "cancel_tasks", "find_claimable", "keep_lease"],
)
async def test_what_is_open_is_looked_for_in_its_partition_only(
    filled: str, statement: str, parameters: dict[str, Any]
) -> None:
    plan = explain(filled, statement.encode(), parameters)
    touched = {scan.table for scan in [*plan.of("command_inbox"), *plan.of("async_tasks")]}
    assert len(touched) == 1
    assert touched <= {"command_inbox_open", "async_tasks_open"}
    assert plan.pages <= 20


async def test_a_step_of_a_task_is_checked_by_a_few_looks_while_the_tables_are_believed_to_be_small(
    database_url: str,
) -> None:
    with psycopg.connect(database_url, autocommit=True) as connection:
        connection.execute(_FILL, {"rows": COMMANDS})
        connection.execute(
            "INSERT INTO async_tasks (id, task_type, scope_id, user_id, triggered_by_command_id)"
            " SELECT %(id)s, 'T', 's', %(id)s, max(id::text)::uuid FROM command_inbox",
            {"id": ID},
        )
    [command] = query(database_url, "SELECT status FROM command_inbox ORDER BY id DESC LIMIT 1")
    task = {"id": ID, "status": "PENDING", "retry_count": 0, "command_status": command["status"], "claims": True}
    plan = explain(database_url, _STORE["refuse_if_tasks_changed"], {"decided_tasks": orjson.dumps([task]).decode()})
    _only_indexes(plan, "command_inbox")
    assert plan.pages <= len(_leaves(database_url, "command_inbox")) * 3 + 20


async def test_a_commands_status_is_a_few_looks_into_indexes(filled: str) -> None:
    plan = explain(filled, _STATUS["read_command"], {"command_id": ID, "user_id": ID, "session_id": None})
    _only_indexes(plan, "command_inbox")
    assert plan.pages <= len(_leaves(filled, "command_inbox")) * 3


def _only_indexes(plan: Plan, prefix: str) -> None:
    scans = plan.of(prefix)
    assert scans
    assert all(scan.node.startswith("Index") for scan in scans), scans


def _leaves(database_url: str, table: str) -> list[str]:
    rows = query(database_url, f"SELECT relid::text AS name FROM pg_partition_tree('{table}') WHERE isleaf")
    return [row["name"] for row in rows]
