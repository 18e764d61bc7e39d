"""Partitions are there before they are needed, and go when nobody needs what is in them."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
import pytest
from psycopg import sql

from services.kernel.lanes import LANE_COUNT
from services.runtime.database import Pool
from services.runtime.retention import POSITION_TABLES, TIMED_TABLES, WIDTH_MIN, Retention
from tests.kit.recording import dead_letters, numbers, outbox_rows, query, store

pytestmark = pytest.mark.anyio

FIRST_UPPER = 100_000
"""Where the partition that the migration makes ends."""


async def test_two_empty_partitions_lie_ahead_of_the_outbox_and_one_of_the_weeks(pool: Pool, database_url: str) -> None:
    assert await Retention(pool).keep_house()
    assert await Retention(pool).keep_house()
    for table in POSITION_TABLES:
        assert _partitions(database_url, table) == [
            f"{table}_default",
            f"{table}_from_0",
            f"{table}_from_{FIRST_UPPER}",
            f"{table}_from_{FIRST_UPPER + WIDTH_MIN}",
        ]
    for timed in TIMED_TABLES:
        assert len(_partitions(database_url, timed.name)) == 3


async def test_rows_that_came_before_their_partition_are_moved_into_one_and_nothing_changes_for_readers(
    pool: Pool, database_url: str, topic: str
) -> None:
    _begin_at(database_url, FIRST_UPPER - 2)
    store(database_url, numbers("a", range(4)), topic=topic)
    before = outbox_rows(database_url)
    assert _count(database_url, "outbox_messages_default") == 2
    await Retention(pool).keep_house()

    assert _count(database_url, "outbox_messages_default") == 0
    assert _count(database_url, f"outbox_messages_from_{FIRST_UPPER}") == 2
    assert outbox_rows(database_url) == before
    store(database_url, numbers("a", [5]), topic=topic)
    assert _count(database_url, f"outbox_messages_from_{FIRST_UPPER}") == 3


async def test_a_partition_is_dropped_once_it_is_sent_applied_and_old(
    pool: Pool, database_url: str, topic: str
) -> None:
    events = _fill_first_partition(database_url, topic, days_old=8)
    retention = Retention(pool)
    await retention.keep_house()
    assert len(outbox_rows(database_url)) == 4, "nothing was sent"

    _mark(database_url, events[2])
    _apply(database_url, events[0])
    await retention.keep_house()
    assert len(outbox_rows(database_url)) == 4, "nothing is applied beyond the first"

    _apply(database_url, events[2])
    await retention.keep_house()
    assert [row["position"] for row in outbox_rows(database_url)] == [events[3]]
    assert query(database_url, "SELECT position FROM relay_marks") == []
    assert len(query(database_url, "SELECT 1 FROM domain_events")) == 4, "events are kept for ever"


async def test_a_partition_younger_than_a_week_stays(pool: Pool, database_url: str, topic: str) -> None:
    events = _fill_first_partition(database_url, topic, days_old=6)
    _mark(database_url, events[3])
    await Retention(pool).keep_house()
    assert len(outbox_rows(database_url)) == 4


@pytest.mark.parametrize(("days_old", "left"), [(29, 4), (31, 1)])
async def test_a_parked_message_keeps_its_partition_for_thirty_days(
    pool: Pool, database_url: str, topic: str, days_old: int, left: int
) -> None:
    events = _fill_first_partition(database_url, topic, days_old=days_old)
    _mark(database_url, events[3])
    _except(database_url, events[1], "parked")
    await Retention(pool).keep_house()
    assert len(outbox_rows(database_url)) == left
    assert len(dead_letters(database_url)) == (1 if left == 4 else 0)


async def test_a_message_that_is_to_be_sent_again_keeps_its_partition(
    pool: Pool, database_url: str, topic: str
) -> None:
    events = _fill_first_partition(database_url, topic, days_old=99)
    _mark(database_url, events[3])
    _except(database_url, events[1], "redriven")
    await Retention(pool).keep_house()
    assert len(outbox_rows(database_url)) == 4


async def test_ended_commands_and_tasks_go_by_the_week_and_open_ones_stay(pool: Pool, database_url: str) -> None:
    ages = {"RECEIVED": (1, 400), "COMPLETED": (1, 29, 38, 400), "FAILED": (1, 89, 119, 400)}
    for status, days in ages.items():
        for days_old in days:
            _add_command_and_task(database_url, status, days_old)
    # The first round makes the partitions that they belong to.
    await Retention(pool).keep_house()
    await Retention(pool).keep_house()

    kept = [("COMPLETED", 1), ("COMPLETED", 29), ("FAILED", 1), ("FAILED", 89), ("RECEIVED", 1), ("RECEIVED", 400)]
    assert _ages(database_url, "command_inbox") == kept
    assert _ages(database_url, "async_tasks") == [(status.replace("RECEIVED", "PENDING"), age) for status, age in kept]
    for timed in TIMED_TABLES:
        assert _count(database_url, f"{timed.name}_default") == 0


async def test_commands_stay_as_long_as_an_event_of_their_time_is_not_sent(
    pool: Pool, database_url: str, topic: str
) -> None:
    store(database_url, numbers("a", [1]), topic=topic)
    _age_events(database_url, days_old=200)
    _add_command_and_task(database_url, "COMPLETED", 100)
    await Retention(pool).keep_house()
    await Retention(pool).keep_house()
    assert _count(database_url, "command_inbox") == 1

    _mark(database_url, 1)
    await Retention(pool).keep_house()
    assert _count(database_url, "command_inbox") == 0


async def test_one_process_keeps_house_at_a_time(pool: Pool, database_url: str) -> None:
    rounds = await asyncio.gather(*(Retention(pool).keep_house() for _ in range(4)))
    assert True in rounds
    assert await Retention(pool).keep_house()
    assert len(_partitions(database_url, "outbox_messages")) == 4


async def test_a_table_that_somebody_holds_is_left_for_the_next_round_and_writers_go_on(
    pool: Pool, database_url: str, topic: str
) -> None:
    events = _fill_first_partition(database_url, topic, days_old=8)
    _mark(database_url, events[3])
    with _transaction_that_has_read(database_url, "SELECT * FROM event_outbox"):
        await Retention(pool).keep_house()
        assert len(outbox_rows(database_url)) == 4
        store(database_url, numbers("a", [5]), topic=topic)
    await Retention(pool).keep_house()
    assert [row["position"] for row in outbox_rows(database_url)] == [events[3], events[3] + 1]


def _partitions(database_url: str, parent: str) -> list[str]:
    rows = query(
        database_url, f"SELECT inhrelid::regclass::text AS name FROM pg_inherits WHERE inhparent = '{parent}'::regclass"
    )
    return sorted(row["name"] for row in rows)


def _count(database_url: str, table: str) -> int:
    return int(query(database_url, f"SELECT count(*) AS rows FROM {table}")[0]["rows"])


def _begin_at(database_url: str, position: int) -> None:
    query(database_url, f"SELECT setval('domain_events_id_seq', {position}, FALSE)")


def _fill_first_partition(database_url: str, topic: str, *, days_old: int) -> list[int]:
    """Three messages at the end of the first partition, and one in the second."""
    _begin_at(database_url, FIRST_UPPER - 3)
    query(
        database_url,
        "INSERT INTO projection_checkpoints (projection, lane, last_position) "
        f"SELECT 'counters', generate_series(0, {LANE_COUNT - 1}), 1000000",
    )
    events = store(database_url, numbers("a", range(4)), topic=topic)
    _age_events(database_url, days_old=days_old)
    return events


def _age_events(database_url: str, *, days_old: int) -> None:
    """What no process may do: messages and events are never changed."""
    with psycopg.connect(database_url, autocommit=True) as connection:
        for table in ("outbox_messages", "domain_events"):
            name = sql.Identifier(table)
            connection.execute(sql.SQL("ALTER TABLE {} DISABLE TRIGGER USER").format(name))
            connection.execute(
                sql.SQL("UPDATE {} SET created_at = now() - make_interval(days => {})").format(name, days_old)
            )
            connection.execute(sql.SQL("ALTER TABLE {} ENABLE TRIGGER USER").format(name))


def _mark(database_url: str, position: int) -> None:
    query(
        database_url,
        f"INSERT INTO relay_marks (lane, position) SELECT lane, id FROM domain_events WHERE id = {position}",
    )


def _apply(database_url: str, position: int) -> None:
    query(database_url, f"UPDATE projection_checkpoints SET last_position = {position}")


def _except(database_url: str, position: int, state: str) -> None:
    about = f"FROM domain_events WHERE id = {position}"
    query(
        database_url,
        f"INSERT INTO outbox_exceptions (position, lane, scope_id, state) SELECT id, lane, scope_id, '{state}' {about}",
    )
    if state == "parked":
        query(
            database_url,
            "INSERT INTO dead_letters (consumer, position, event_id, scope_id, lane, reason, attempts)"
            f" SELECT 'message-relay', id, event_id, scope_id, lane, 'refused', 3 {about}",
        )


def _add_command_and_task(database_url: str, status: str, days_old: int) -> None:
    task_status = "PENDING" if status == "RECEIVED" else status
    query(
        database_url,
        "WITH command AS ("
        "  INSERT INTO command_inbox (id, user_id, session_id, command_type, idempotency_key, request_hash, status,"
        "    error_message, created_at)"
        "  SELECT gen_random_uuid(), gen_random_uuid(), gen_random_uuid(), 'T', gen_random_uuid()::text, '',"
        f"    '{status}', 'why', now() - interval '{days_old} days'"
        "  RETURNING id, user_id, created_at)"
        " INSERT INTO async_tasks (id, task_type, triggered_by_command_id, scope_id, user_id, status, result_data,"
        "   error_data, completed_at, dedupe_key, created_at)"
        f" SELECT gen_random_uuid(), 'T', id, 's', user_id, '{task_status}', '{{}}', '{{}}', now(), id::text,"
        "   created_at"
        " FROM command",
    )


def _ages(database_url: str, table: str) -> list[tuple[Any, ...]]:
    rows = query(database_url, f"SELECT status::text, extract(day FROM now() - created_at)::int AS age FROM {table}")
    return sorted((row["status"], row["age"]) for row in rows)


@contextmanager
def _transaction_that_has_read(database_url: str, statement: str) -> Iterator[None]:
    with psycopg.connect(database_url) as connection:
        connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        connection.execute(statement.encode()).fetchall()
        yield
