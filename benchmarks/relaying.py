"""How fast the relay drains a backlog, and what it costs it to find what is new.

The drain is compared with the Kafka library alone sending the same records. Both run in this process, turn by turn,
into the same broker. The relay also reads every message from PostgreSQL, keeps each lane's order and marks what was
acknowledged; the library alone has all its records in memory. Finding what is new is compared with itself, before and
after very many messages were sent.
"""

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Collection, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from typing import NamedTuple
from uuid import uuid4

import uvloop
from aiokafka import AIOKafkaProducer

from benchmarks.figures import Figure, Goal, Limit, Results
from benchmarks.samples import Sample
from benchmarks.servers import running_postgres
from services.runtime.database import Pool, open_pool
from services.runtime.kafka import BATCH_BYTES_MAX, PARTITION_COUNT, ensure_topic
from services.runtime.lifespan import OF_BATCHES, spare_the_collector
from services.runtime.outbox import Outbox
from services.runtime.relaying import Relay
from services.runtime.retention import Retention
from services.runtime.sql_files import read_sql
from tests.kit.servers import own_kafka

DRAINED_SECONDS_MAX = 120.0
POLL_SECONDS = 0.05
BATCHES_IN_FLIGHT = 2
"""Of each partition, for the library alone: one on its way and one that is ready."""

NEW_ROWS = 100
READS = 15

_SQL = read_sql("benchmarks", "sql/relaying.sql")


@dataclass(frozen=True, slots=True)
class Length:
    """How much is sent, and how often."""

    repeats: int
    rows: int
    sent_rows: int


class Record(NamedTuple):
    """A message as the library takes it."""

    key: bytes
    value: bytes
    headers: list[tuple[str, bytes]]


def measure_relaying(length: Length, tell: Callable[[str], None]) -> Results:
    """Runs everything and returns the figures."""
    spare_the_collector(OF_BATCHES)
    tell("starting PostgreSQL and Kafka")
    with running_postgres() as database, own_kafka() as broker:
        broker.start()
        return uvloop.run(_measure(database.url, broker.bootstrap, length, tell))


async def _measure(database_url: str, bootstrap: str, length: Length, tell: Callable[[str], None]) -> Results:
    ours: list[float] = []
    limit: list[float] = []
    async with open_pool(database_url, size=6, name="benchmark", by_index=True) as pool:
        for number in range(length.repeats):
            topic = f"benchmark.{uuid4().hex}"
            await ensure_topic(bootstrap, topic)
            await Retention(pool).keep_house()
            tell(f"the relay drains {length.rows:,} messages, {number + 1} of {length.repeats}")
            ours.append(await _drained_per_second(pool, bootstrap, topic, length.rows))
            records = await _records(pool, topic)
            tell(f"the library alone sends the same, {number + 1} of {length.repeats}")
            limit.append(await _sent_per_second(bootstrap, f"benchmark.{uuid4().hex}", records))
        tell(f"reading beside {length.sent_rows:,} sent messages")
        reads = await _read_costs(pool, length.sent_rows)
    goals = (Goal("≥ 0.6 ×, stretch 0.8 ×", 0.6, "ratio", "more"),)
    figure = Figure(
        "relay drain, order kept", "/s", Sample(tuple(ours)), Limit("aiokafka alone", Sample(tuple(limit))), goals
    )
    return Results("Outbox → broker", (figure, reads), {"rows": length.rows})


async def _read_costs(pool: Pool, sent_rows: int) -> Figure:
    """Milliseconds until a relay that has just got its lanes holds a hundred new messages."""
    outbox = Outbox(pool, "benchmark-reads")
    lanes = await outbox.lease(DRAINED_SECONDS_MAX)
    few = await _read_times_ms(pool, outbox, lanes)
    async with pool.connection() as connection:
        # What a process of ours may not do: one statement that takes a minute.
        await connection.execute(_SQL["take_as_long_as_needed"])
        await connection.execute(_SQL["add_sent_messages"], {"rows": sent_rows})
    await Retention(pool).keep_house()
    many = await _read_times_ms(pool, outbox, lanes)
    goal = Goal("≤ 2 ×, whatever was sent", 2.0, "ratio", "less")
    return Figure(
        f"finding 100 new beside {sent_rows:,} sent",
        "ms",
        Sample(many),
        Limit("before they were sent", Sample(few)),
        (goal,),
    )


async def _read_times_ms(pool: Pool, outbox: Outbox, lanes: Collection[int]) -> tuple[float, ...]:
    await _add_events(pool, "benchmark.new", NEW_ROWS)
    found: list[float] = []
    for _ in range(READS):
        started = time.monotonic()
        marks = await outbox.marks(lanes)
        after = await outbox.start_of(marks)
        page = await outbox.read(after=after, marks=marks, rows_max=NEW_ROWS, bytes_max=10**7)
        found.append((time.monotonic() - started) * 1_000)
        assert len(page.rows) == NEW_ROWS, "as many as were added, or more"
    return tuple(found)


async def _drained_per_second(pool: Pool, bootstrap: str, topic: str, rows: int) -> float:
    """From the commit of the backlog until the last of it is marked, by a relay that has been up for a while."""
    async with _relaying(pool, bootstrap) as relay:
        newest = await _add_events(pool, topic, PARTITION_COUNT * 4)
        relay.wake()
        await _drained(pool, newest)
        newest = await _add_events(pool, topic, rows)
        started = time.monotonic()
        relay.wake()
        await _drained(pool, newest)
        return rows / (time.monotonic() - started)


@asynccontextmanager
async def _relaying(pool: Pool, bootstrap: str) -> AsyncIterator[Relay]:
    relay = Relay(pool, bootstrap, name="benchmark")
    running = asyncio.create_task(relay.run())
    try:
        yield relay
    finally:
        running.cancel()
        with suppress(asyncio.CancelledError):
            await running


async def _add_events(pool: Pool, topic: str, rows: int) -> dict[int, int]:
    """The newest position of each lane."""
    async with pool.connection() as connection:
        parameters = {"topic": topic, "rows": rows, "run": uuid4().hex}
        cursor = await connection.execute(_SQL["add_events"], parameters)
        return {row["lane"]: row["position"] for row in await cursor.fetchall()}


async def _drained(pool: Pool, newest: dict[int, int]) -> None:
    parameters = {"lanes": list(newest), "positions": list(newest.values())}
    deadline = time.monotonic() + DRAINED_SECONDS_MAX
    async with pool.connection() as connection:
        while True:
            row = await (await connection.execute(_SQL["count_unsettled_lanes"], parameters)).fetchone()
            assert row is not None, "an aggregate has one row"
            if row["lanes"] == 0:
                return
            if time.monotonic() > deadline:
                raise TimeoutError(f"{row['lanes']} lanes were not drained in {DRAINED_SECONDS_MAX} s")
            await asyncio.sleep(POLL_SECONDS)


async def _records(pool: Pool, topic: str) -> list[list[Record]]:
    """The messages of a topic by partition, as the relay sent them."""
    found: list[list[Record]] = [[] for _ in range(PARTITION_COUNT)]
    async with pool.connection() as connection:
        cursor = await connection.execute(_SQL["read_messages"], {"topic": topic})
        async for row in cursor:
            headers = [(name, value.encode()) for name, value in row["headers"].items()]
            headers += [("prev", b"1000000"), ("epoch", str(uuid4()).encode())]
            found[row["lane"] % PARTITION_COUNT].append(Record(row["key"].encode(), row["payload"].encode(), headers))
    return found


async def _sent_per_second(bootstrap: str, topic: str, records: Sequence[Sequence[Record]]) -> float:
    await ensure_topic(bootstrap, topic)
    producer = AIOKafkaProducer(
        bootstrap_servers=bootstrap, acks="all", enable_idempotence=True, max_batch_size=BATCH_BYTES_MAX
    )
    await producer.start()
    try:
        await producer.partitions_for(topic)
        started = time.monotonic()
        await asyncio.gather(
            *(_send_partition(producer, topic, partition, of_it) for partition, of_it in enumerate(records))
        )
        return sum(map(len, records)) / (time.monotonic() - started)
    finally:
        await producer.stop()


async def _send_partition(producer: AIOKafkaProducer, topic: str, partition: int, records: Sequence[Record]) -> None:
    sending: list[asyncio.Future[object]] = []
    sent = 0
    while sent < len(records):
        batch = producer.create_batch()
        for record in records[sent:]:
            if batch.append(key=record.key, value=record.value, timestamp=None, headers=record.headers) is None:
                break
            sent += 1
        sending.append(await producer.send_batch(batch, topic, partition=partition))
        if len(sending) >= BATCHES_IN_FLIGHT:
            await sending.pop(0)
    await asyncio.gather(*sending)
