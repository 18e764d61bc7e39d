"""The embedded Kafka, the real one: records survive restarts and crashes, and the trimmed set of jars suffices."""

import asyncio
import os
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer
from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from aiokafka.errors import UnknownTopicOrPartitionError

from services.runtime.pacing import within
from services.studio.embedded_kafka import EmbeddedKafka
from services.studio.errors import StudioError
from services.studio.kafka_jars import default_jars_directory
from services.studio.ports import LOOPBACK, free_ports
from tests.studio.conftest import wait_for

TOPIC = "records"


def new_broker(directory: Path) -> EmbeddedKafka:
    """A broker that is not started, on free ports."""
    port, controller_port = free_ports(2)
    return EmbeddedKafka(directory, port=port, controller_port=controller_port, jars_directory=default_jars_directory())


@contextmanager
def running(directory: Path) -> Iterator[EmbeddedKafka]:
    """A started broker, stopped at the end."""
    broker = new_broker(directory)
    broker.start()
    try:
        yield broker
    finally:
        broker.stop()


async def create_topic(bootstrap: str) -> None:
    """Make the topic that the tests write to."""
    admin = AIOKafkaAdminClient(bootstrap_servers=bootstrap)
    await admin.start()
    try:
        await admin.create_topics([NewTopic(TOPIC, num_partitions=1, replication_factor=1)])
    finally:
        await admin.close()


async def produce(bootstrap: str, value: bytes, **settings: object) -> None:
    """Write one record and wait for its acknowledgement."""
    async with AIOKafkaProducer(bootstrap_servers=bootstrap, acks="all", **settings) as producer:
        await producer.send_and_wait(TOPIC, value)


async def consume(bootstrap: str, group: str | None = None) -> bytes | None:
    """The value of the topic's first record."""
    async with AIOKafkaConsumer(
        TOPIC, bootstrap_servers=bootstrap, group_id=group, auto_offset_reset="earliest"
    ) as consumer:
        record = await within(30, consumer.getone())
        value: bytes | None = record.value
        return value


def test_a_record_survives_a_restart_on_other_ports(tmp_path: Path) -> None:
    with running(tmp_path) as broker:
        asyncio.run(create_topic(broker.bootstrap))
        asyncio.run(produce(broker.bootstrap, b"kept"))
    with running(tmp_path) as broker:
        assert asyncio.run(consume(broker.bootstrap)) == b"kept"


def test_a_broker_left_behind_by_a_killed_owner_is_ended_and_its_records_kept(tmp_path: Path) -> None:
    abandoned = new_broker(tmp_path)
    abandoned.start()
    asyncio.run(create_topic(abandoned.bootstrap))
    asyncio.run(produce(abandoned.bootstrap, b"kept"))
    with running(tmp_path) as broker:
        assert abandoned.pid is None
        assert asyncio.run(consume(broker.bootstrap)) == b"kept"
    abandoned.stop()


def test_a_broker_that_was_killed_starts_again_with_its_records(tmp_path: Path) -> None:
    killed = new_broker(tmp_path)
    killed.start()
    asyncio.run(create_topic(killed.bootstrap))
    asyncio.run(produce(killed.bootstrap, b"kept"))
    assert killed.pid is not None
    os.kill(killed.pid, signal.SIGKILL)
    with running(tmp_path) as broker:
        assert asyncio.run(consume(broker.bootstrap)) == b"kept"
    killed.stop()


def test_groups_transactions_and_compression_work_with_the_pinned_jars(tmp_path: Path) -> None:
    with running(tmp_path) as broker:
        asyncio.run(create_topic(broker.bootstrap))
        asyncio.run(_produce_in_a_transaction(broker.bootstrap))
        assert asyncio.run(consume(broker.bootstrap, group="readers")) == b"transactional"


async def _produce_in_a_transaction(bootstrap: str) -> None:
    settings = {"transactional_id": "writer", "compression_type": "gzip"}
    async with AIOKafkaProducer(bootstrap_servers=bootstrap, **settings) as producer, producer.transaction():
        await producer.send_and_wait(TOPIC, b"transactional")


def test_a_topic_is_not_made_by_writing_to_it(tmp_path: Path) -> None:
    with running(tmp_path) as broker, pytest.raises(UnknownTopicOrPartitionError):
        asyncio.run(produce(broker.bootstrap, b"lost", request_timeout_ms=1000))


def test_it_listens_on_loopback_only_and_stays_small(tmp_path: Path) -> None:
    with running(tmp_path) as broker:
        process = psutil.Process(broker.pid)
        listening = [one for one in process.net_connections(kind="tcp") if one.status == psutil.CONN_LISTEN]
        assert {one.laddr.ip.removeprefix("::ffff:") for one in listening} == {LOOPBACK}
        assert process.memory_info().rss < 330 * 1024**2


def test_stopping_interrupts_a_start_in_another_thread(tmp_path: Path) -> None:
    broker = new_broker(tmp_path)
    raised: list[StudioError] = []

    def start() -> None:
        try:
            broker.start()
        except StudioError as error:
            raised.append(error)

    starting = threading.Thread(target=start)
    starting.start()
    wait_for((tmp_path / "server.properties").exists, "the start to be under way")
    broker.stop()
    starting.join(30)
    broker.stop()
    assert "cancelled" in str(raised[0])
    assert broker.pid is None


def test_a_broker_that_can_not_start_shows_the_end_of_its_log(tmp_path: Path) -> None:
    with running(tmp_path):
        pass
    (tmp_path / "records" / "meta.properties").write_text("version=1\ncluster.id=other\nnode.id=7\n")
    with pytest.raises(StudioError, match="nothing is lost"):
        new_broker(tmp_path).start()
