"""From the outbox over the broker into the read model, with the broker healthy, slow to come, emptied and gone."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from uuid import uuid4

import pytest

from services.kernel.lanes import LANE_COUNT
from services.runtime import kafka as kafka_module
from services.runtime.database import OUTBOX_DOORBELL, Pool, listen
from services.runtime.kafka import PARTITION_COUNT, Subscription
from services.runtime.pacing import within
from services.runtime.projecting import Projector, ProjectorOptions
from services.runtime.relaying import Relay, RelayOptions
from services.runtime.sql_files import read_sql
from services.studio.ports import free_port
from tests.kit import counters
from tests.kit.recording import Happened, dead_letters, numbers, query, store
from tests.kit.servers import own_kafka
from tests.kit.topics import delete_topic
from tests.kit.waiting import eventually

pytestmark = pytest.mark.anyio

NEVER_SWEEPS = ProjectorOptions(overdue_seconds=3600.0, sweep_seconds=3600.0)


async def test_the_doorbell_alone_brings_what_is_stored_to_the_read_model(
    pool: Pool, database_url: str, kafka: str, topic: str
) -> None:
    """Nobody on the way polls within this test's life, so whoever slept through the bell would fail it."""
    options = RelayOptions(poll_seconds=3600.0)
    async with (
        _relaying(pool, database_url, kafka, options=options),
        _projecting(pool, kafka, topic, options=NEVER_SWEEPS),
    ):
        positions = []
        for number in range(20):
            positions += store(database_url, numbers(f"scope-{number}", [1]), topic=topic)
            query(database_url, f"NOTIFY {OUTBOX_DOORBELL}")
            await eventually(_applied(database_url, number + 1), what="the event is applied")

    assert query(database_url, "SELECT position FROM applied ORDER BY 1") == [{"position": p} for p in positions]


async def test_two_members_share_the_partitions_and_take_over_from_each_other(
    pool: Pool, database_url: str, kafka: str, topic: str
) -> None:
    group = uuid4().hex
    scopes = [f"scope-{number}" for number in range(64)]
    stored = 0
    async with _relaying(pool, database_url, kafka), AsyncExitStack() as first_run:
        first = await first_run.enter_async_context(_projecting(pool, kafka, topic, group, NEVER_SWEEPS))
        await eventually(_reads(first, PARTITION_COUNT), what="the first reads all partitions")
        async with _projecting(pool, kafka, topic, group, NEVER_SWEEPS) as second:
            for number in range(10):
                stored += len(
                    store(database_url, [Happened(scope, {"number": number}) for scope in scopes], topic=topic)
                )
                await asyncio.sleep(0)
            await eventually(_reads(second, PARTITION_COUNT // 2), what="the second reads half of them")
            await eventually(_applied(database_url, stored), what="all are applied")
            await first_run.aclose()
            await eventually(_reads(second, PARTITION_COUNT), what="the second reads all of them")
            stored += len(store(database_url, numbers("late", [1]), topic=topic))
            await eventually(_applied(database_url, stored), what="the late one is applied")

    assert dead_letters(database_url) == []
    for scope in scopes:
        shown = query(database_url, f"SELECT number FROM applied WHERE scope_id = '{scope}' ORDER BY sequence")
        assert [row["number"] for row in shown] == list(range(10))


async def test_without_a_broker_the_store_is_followed_and_readiness_names_the_broker(
    pool: Pool, database_url: str, topic: str
) -> None:
    async with _projecting(pool, f"127.0.0.1:{free_port()}", topic) as subscription:
        positions = store(database_url, numbers("a", [1, 2]), topic=topic)
        await eventually(_applied(database_url, 2), what="the sweep finds the events")
        assert "bootstrap" in str(await subscription.waiting_for())
        # From now on it knows that nobody brings it anything, and looks more often.
        positions += store(database_url, numbers("a", [3]), topic=topic)
        await eventually(_applied(database_url, 3), what="the next event is applied")

    assert query(database_url, "SELECT position FROM applied ORDER BY 1") == [{"position": p} for p in positions]


@pytest.mark.parametrize("gives_up", [False, True])
async def test_a_broker_that_comes_late_goes_and_returns_costs_nothing_but_time(
    pool: Pool, database_url: str, topic: str, monkeypatch: pytest.MonkeyPatch, *, gives_up: bool
) -> None:
    if gives_up:
        monkeypatch.setattr(kafka_module, "SILENCE_SECONDS_MAX", 3.0)
    with own_kafka() as broker:
        async with (
            _relaying(pool, database_url, broker.bootstrap),
            _projecting(pool, broker.bootstrap, topic) as subscription,
        ):
            await asyncio.to_thread(broker.start)
            await eventually(_reads(subscription, PARTITION_COUNT), what="the projector has joined its group")
            store(database_url, numbers("a", range(5)), topic=topic)
            await eventually(_applied(database_url, 5), what="five events")
            await asyncio.to_thread(broker.stop)
            store(database_url, numbers("a", range(5, 10)), topic=topic)
            await eventually(_applied(database_url, 10), what="ten events, five of them without the broker")
            await eventually(subscription.waiting_for, what="readiness names the broker")
            if gives_up:
                await eventually(_has_given_up(subscription), what="it has ended what was connected")
            await asyncio.to_thread(broker.start)
            await eventually(_ready(subscription), what="the broker is back")
            store(database_url, numbers("a", range(10, 15)), topic=topic)
            await eventually(_applied(database_url, 15), what="fifteen events")

    shown = query(database_url, "SELECT number FROM applied ORDER BY sequence")
    assert [row["number"] for row in shown] == list(range(15))
    assert dead_letters(database_url) == []


async def test_a_topic_that_loses_everything_loses_nothing_of_ours(
    pool: Pool, database_url: str, kafka: str, topic: str
) -> None:
    async with _relaying(pool, database_url, kafka):
        async with _projecting(pool, kafka, topic, options=NEVER_SWEEPS):
            store(database_url, numbers("a", range(5)), topic=topic)
            await eventually(_applied(database_url, 5), what="five events")
        store(database_url, numbers("a", range(5, 10)), topic=topic)
        await eventually(_all_sent(database_url), what="the next five are on the broker")
        await delete_topic(kafka, topic)
        store(database_url, numbers("a", range(10, 15)), topic=topic)
        async with _projecting(pool, kafka, topic, options=NEVER_SWEEPS):
            # Only the last five are on the broker; the `prev` of the first of them shows that five are missing.
            await eventually(_applied(database_url, 15), what="all fifteen events", seconds=40)

    shown = query(database_url, "SELECT number FROM applied ORDER BY sequence")
    assert [row["number"] for row in shown] == list(range(15))


async def test_at_rest_a_sweep_looks_into_one_index_once_a_lane(pool: Pool, database_url: str, topic: str) -> None:
    """A lane that has been quiet for long must not be searched for through the events of all others."""
    events = [*numbers("quiet", [1]), *[Happened(f"scope-{number % 50}", {"number": number}) for number in range(5000)]]
    store(database_url, events, topic=topic, outbox=False)
    projector = Projector(counters.GROUP, [counters.CONTEXT], pool, options=ProjectorOptions(overdue_seconds=0.0))
    await projector.open()
    while await projector.sweep():
        pass
    query(database_url, "VACUUM ANALYZE domain_events")

    statement = read_sql("services.runtime", "projecting.sql")["find_behind"]
    async with pool.connection() as connection:
        parameters = {"group": counters.GROUP, "age_seconds": 0}
        cursor = await connection.execute(b"EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) " + statement, parameters)
        [explained] = await cursor.fetchall()
    plan = explained["QUERY PLAN"][0]["Plan"]
    assert "idx_domain_events_lane" in str(plan)
    assert plan["Shared Hit Blocks"] + plan["Shared Read Blocks"] < 6 * LANE_COUNT


@asynccontextmanager
async def _relaying(
    pool: Pool, database_url: str, bootstrap: str, options: RelayOptions | None = None
) -> AsyncIterator[None]:
    relay = Relay(pool, bootstrap, name="test-relay", options=options or RelayOptions())
    async with _running(relay.run(), listen(database_url, (OUTBOX_DOORBELL,), lambda *_: relay.wake())):
        yield


@asynccontextmanager
async def _projecting(
    pool: Pool, bootstrap: str, topic: str, group: str | None = None, options: ProjectorOptions | None = None
) -> AsyncIterator[Subscription]:
    projector = Projector(counters.GROUP, [counters.CONTEXT], pool, options=options)
    await projector.open()
    subscription = Subscription(bootstrap, topic, group or uuid4().hex, name="test-projector")
    async with _running(subscription.run(projector.handle), projector.sweep_for_ever()):
        yield subscription


@asynccontextmanager
async def _running(*loops: Awaitable[None]) -> AsyncIterator[None]:
    tasks = [asyncio.ensure_future(loop) for loop in loops]
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        ended = await within(9, asyncio.gather(*tasks, return_exceptions=True))
        assert all(isinstance(end, asyncio.CancelledError) for end in ended), ended


def _applied(database_url: str, count: int) -> Callable[[], Awaitable[bool]]:
    async def look() -> bool:
        return query(database_url, "SELECT count(*) AS count FROM applied") == [{"count": count}]

    return look


def _all_sent(database_url: str) -> Callable[[], Awaitable[bool]]:
    async def look() -> bool:
        return query(database_url, "SELECT 1 FROM event_outbox WHERE status <> 'SENT' LIMIT 1") == []

    return look


def _reads(subscription: Subscription, partitions: int) -> Callable[[], Awaitable[bool]]:
    async def look() -> bool:
        return subscription.partitions == partitions

    return look


def _has_given_up(subscription: Subscription) -> Callable[[], Awaitable[bool]]:
    async def look() -> bool:
        return subscription._consumer is None

    return look


def _ready(subscription: Subscription) -> Callable[[], Awaitable[bool]]:
    async def look() -> bool:
        return await subscription.waiting_for() is None

    return look
