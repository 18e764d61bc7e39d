"""What the relay reads costs as much as what is new, however much was sent and however long a transaction is held."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
import pytest

from services.kernel.lanes import LANE_COUNT
from services.runtime.database import Pool
from services.runtime.outbox import Outbox
from services.runtime.relaying import Relay, RelayOptions
from services.runtime.retention import Retention
from services.runtime.sql_files import read_sql
from tests.kit.plans import Plan, explain
from tests.kit.recording import numbers, query, store
from tests.kit.waiting import eventually

pytestmark = pytest.mark.anyio

SENT_ROWS = 100_000
PAGES_MAX = 250
"""For what a relay reads before it sends ten messages. Each look into an index is three or four pages."""
PARTITIONS = 4
"""The default one, the first, and two ahead."""

_SQL = read_sql("services.runtime", "outbox.sql")


async def test_reading_what_is_new_costs_the_same_after_a_hundred_thousand_sent_rows(
    pool: Pool, database_url: str, topic: str
) -> None:
    await Outbox(pool, "cost").lease(60.0)
    store(database_url, numbers("a", range(10)), topic=topic)
    few = _read(database_url)
    _send(database_url)
    _add_sent_rows(database_url, SENT_ROWS)
    await _make_partitions(pool, database_url)
    store(database_url, numbers("a", range(10)), topic=topic)
    many = _read(database_url)

    assert many.pages <= few.pages + 60
    assert many.pages < PAGES_MAX
    for plan in (few, many):
        assert plan.of("outbox_messages")
        assert all("pkey" in (scan.index_name or "") for scan in plan.of("outbox_messages"))
        assert all(scan.node.startswith("Index") for scan in plan.of("domain_events"))


async def test_where_to_begin_is_one_look_into_an_index_for_each_lane(pool: Pool, database_url: str) -> None:
    await Outbox(pool, "cost").lease(60.0)
    _add_sent_rows(database_url, SENT_ROWS)
    await _make_partitions(pool, database_url)

    marks = {
        row["lane"]: row["position"]
        for row in query(database_url, "SELECT lane, max(position) AS position FROM relay_marks GROUP BY 1")
    }
    looks = explain(database_url, _SQL["find_start"], {"marks": _by_lane(marks)})
    lane_and_position = [scan for scan in looks.of("outbox_messages") if "lane" in (scan.index_name or "")]
    assert len(lane_and_position) == PARTITIONS, (
        "one for each partition; beside them only the look for the last message of all"
    )
    assert looks.pages <= LANE_COUNT * 4 * 4, "four partitions, four pages each"

    read = explain(database_url, _SQL["read_marks"], {"lanes": "{" + ",".join(map(str, range(LANE_COUNT))) + "}"})
    assert all(scan.node.startswith("Index") for scan in read.of("relay_marks"))
    assert read.pages <= LANE_COUNT * 4 * 4


async def test_a_transaction_that_is_held_open_makes_the_relay_neither_leave_dead_rows_nor_read_more(
    pool: Pool, database_url: str, kafka: str, topic: str
) -> None:
    options = RelayOptions(poll_seconds=0.02, renew_seconds=0.05)
    with _held_transaction(database_url):
        relay = Relay(pool, kafka, name="cost", options=options)
        running = asyncio.create_task(relay.run())
        try:
            before = await _pages_of_idle_read(database_url, topic)
            for _ in range(10):
                after = await _pages_of_idle_read(database_url, topic)
        finally:
            running.cancel()
            await asyncio.gather(running, return_exceptions=True)

        assert after <= before + 4
        for table in ("outbox_messages_from_0", "relay_marks_from_0"):
            assert _dead_rows(database_url, table) == 0, table


async def _pages_of_idle_read(database_url: str, topic: str) -> int:
    store(database_url, [event for scope in "abcdefgh" for event in numbers(scope, range(5))], topic=topic)

    async def all_sent() -> bool:
        return query(database_url, "SELECT 1 FROM event_outbox WHERE status <> 'SENT' LIMIT 1") == []

    await eventually(all_sent, what="all rows are SENT")
    return _read(database_url, after=query(database_url, "SELECT max(id) AS head FROM domain_events")[0]["head"]).pages


def _read(database_url: str, after: int | None = None) -> Plan:
    """The relay's read, of all lanes, from where there may be something."""
    [first] = query(
        database_url,
        "SELECT coalesce(max(position), 0) AS sent, (SELECT owner FROM relay_lanes LIMIT 1) AS owner FROM relay_marks",
    )
    parameters = {
        "owner": first["owner"],
        "after": first["sent"] if after is None else after,
        "marks": _by_lane(dict.fromkeys(range(LANE_COUNT), first["sent"])),
        "rows_max": 1000,
        "bytes_max": 10**7,
        "redriven": False,
        "deferred": [],
    }
    return explain(database_url, _SQL["read_messages"], parameters)


def _by_lane(marks: dict[int, int]) -> str:
    return "{" + ",".join(str(marks[lane]) for lane in range(LANE_COUNT)) + "}"


def _send(database_url: str) -> None:
    query(
        database_url, "INSERT INTO relay_marks (lane, position) SELECT lane, max(id) FROM domain_events GROUP BY lane"
    )


async def _make_partitions(pool: Pool, database_url: str) -> None:
    async def all_made() -> bool:
        # What the server is just analysing is left for the next round.
        await Retention(pool).keep_house()
        leaves = query(database_url, "SELECT relid FROM pg_partition_tree('outbox_messages') WHERE isleaf")
        return len(leaves) == PARTITIONS

    await eventually(all_made, what="there are partitions ahead")


def _add_sent_rows(database_url: str, rows: int) -> None:
    """Messages that were sent in batches of a thousand; without their events, which the relay does not read."""
    with psycopg.connect(database_url, autocommit=True) as connection:
        connection.execute(
            "INSERT INTO outbox_messages (id, position, lane, topic, key, payload, header_values)"
            " SELECT gen_random_uuid(), position, position %% 64, 'topic', position %% 997, '{}',"
            " array_fill('x'::TEXT, '{19}')"
            " FROM (SELECT nextval('domain_events_id_seq') AS position FROM generate_series(1, %s)) AS positions",
            [rows],
        )
        connection.execute(
            "INSERT INTO relay_marks (lane, position)"
            " SELECT lane, max(position) FROM outbox_messages GROUP BY lane, position / 1000 ON CONFLICT DO NOTHING"
        )
        connection.execute("ANALYZE outbox_messages, relay_marks")


@contextmanager
def _held_transaction(database_url: str) -> Iterator[None]:
    with psycopg.connect(database_url) as connection:
        connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        connection.execute("SELECT * FROM event_outbox").fetchall()
        yield


def _dead_rows(database_url: str, table: str) -> int:
    query(database_url, "CREATE EXTENSION IF NOT EXISTS pgstattuple")
    return int(query(database_url, f"SELECT dead_tuple_count AS rows FROM pgstattuple('{table}')")[0]["rows"])
