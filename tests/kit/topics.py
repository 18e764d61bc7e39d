"""Looking into a topic, and making one with limits of its own."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from aiokafka.admin.config_resource import ConfigResource, ConfigResourceType

from tests.kit.waiting import eventually


@dataclass(frozen=True, slots=True)
class Seen:
    """A message as it lies on the broker."""

    partition: int
    key: str
    value: bytes
    headers: dict[str, str]

    @property
    def position(self) -> int:
        """The event's position."""
        return int(self.headers["ce_position"])


async def read_topic(bootstrap: str, topic: str) -> list[Seen]:
    """Everything in the topic now, in order within each partition; nothing when there is no such topic."""
    consumer = AIOKafkaConsumer(bootstrap_servers=bootstrap, request_timeout_ms=5000)
    await consumer.start()
    try:
        partitions = await _partitions(bootstrap, topic)
        if not partitions:
            return []
        consumer.assign(partitions)
        await consumer.seek_to_beginning(*partitions)
        ends = await consumer.end_offsets(partitions)
        found: list[Seen] = []
        while any([await consumer.position(partition) < ends[partition] for partition in partitions]):
            fetched = await consumer.getmany(timeout_ms=200)
            for messages in fetched.values():
                found += [_seen(message) for message in messages]
        return found
    finally:
        await consumer.stop()


async def make_topic(bootstrap: str, topic: str, *, message_bytes_max: int) -> None:
    """A topic that refuses larger record batches."""
    async with _admin(bootstrap) as admin:
        limits = {"max.message.bytes": str(message_bytes_max)}
        await admin.create_topics([NewTopic(topic, 16, 1, topic_configs=limits)])


async def set_message_bytes_max(bootstrap: str, topic: str, message_bytes_max: int) -> None:
    """Moves the limit, as an operator does."""
    async with _admin(bootstrap) as admin:
        limits = {"max.message.bytes": str(message_bytes_max)}
        await admin.alter_configs([ConfigResource(ConfigResourceType.TOPIC, topic, configs=limits)])


async def delete_topic(bootstrap: str, topic: str) -> None:
    """Takes the topic and all that is in it away."""
    async with _admin(bootstrap) as admin:
        await admin.delete_topics([topic])

        async def gone() -> bool:
            return topic not in await admin.list_topics()

        await eventually(gone, what="the topic is gone")


async def _partitions(bootstrap: str, topic: str) -> list[TopicPartition]:
    async with _admin(bootstrap) as admin:
        [described] = await admin.describe_topics([topic])
    return [TopicPartition(topic, partition["partition"]) for partition in described["partitions"]]


@asynccontextmanager
async def _admin(bootstrap: str) -> AsyncIterator[AIOKafkaAdminClient]:
    admin = AIOKafkaAdminClient(bootstrap_servers=bootstrap)
    await admin.start()
    try:
        yield admin
    finally:
        await admin.close()


def _seen(message: object) -> Seen:
    headers = {name: value.decode() for name, value in message.headers}  # type: ignore[attr-defined]
    return Seen(message.partition, message.key.decode(), message.value, headers)  # type: ignore[attr-defined]
