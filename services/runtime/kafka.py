"""The broker: publishing in lane order, and reading as a member of a consumer group.

The only module that imports the Kafka library. What the library leaves to its users and is settled here:
an idempotent producer retries for ever, so every wait has an end of ours; one refused batch leaves its
partition's sequence broken, so nothing is queued behind a batch before it is acknowledged, and the
publisher is replaced; `stop()` of a producer or consumer never returns while the broker is away.
"""

import asyncio
import logging
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from typing import Any, NamedTuple, Self

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from aiokafka.errors import (
    InvalidTimestampError,
    KafkaConnectionError,
    KafkaError,
    MessageSizeTooLargeError,
    PolicyViolationError,
    RecordListTooLargeError,
    TopicAlreadyExistsError,
    UnsupportedForMessageFormatError,
    for_code,
)

from services.runtime.logs import get_logger
from services.runtime.pacing import Backoff, within

EVENTS_TOPIC = "studio.events"
PARTITION_COUNT = 16
"""Of a topic that we make. An existing topic keeps its own number; only a lane's order within one matters."""
REPLICATION_FACTOR_MAX = 3

CONNECT_SECONDS_MAX = 5.0
DELIVERY_SECONDS_MAX = 5.0
"""A batch that is not acknowledged by then is given up, so that a relay never outlasts its lease unawares."""
CLOSE_SECONDS_MAX = 2.0
BATCH_BYTES_MAX = 768 * 1024
"""Of one record batch. Below every broker's default limit, so that only a message too large by itself is refused."""
MESSAGE_BYTES_MAX = 16 * 1024 * 1024
"""Never even offered: a broker hangs up on a request beyond its limit, which looks like its absence."""

FETCH_EVENTS_MAX = 2000
"""More than are written at once, so that some can be made ready while others are being written."""
FETCH_BYTES_MAX = 16 * 1024 * 1024
FETCH_WAIT_MS = 100
"""How long the broker may hold an empty fetch. A partition whose records were still in hand when the fetch was sent
is not part of it and waits this long in the worst case."""
SESSION_MS = 10_000
REQUEST_MS = 15_000
"""Longer than a session: joining a group is one request that lasts as long as the group needs to gather."""
READ_SECONDS_MAX = 300.0
"""For everything that a topic holds, where somebody wants to see all of it."""
OFFSET_COMMIT_SECONDS = 1.0
SILENCE_SECONDS = 5.0
"""Without an answer to any fetch for this long the broker counts as away."""
SILENCE_SECONDS_MAX = 30.0
"""After this much of it the consumer is made anew."""

_MESSAGE_ERRORS = (
    MessageSizeTooLargeError,
    RecordListTooLargeError,
    InvalidTimestampError,
    UnsupportedForMessageFormatError,
    PolicyViolationError,
)
"""What can never succeed, however often it is sent."""
_TROUBLE = (KafkaError, OSError, TimeoutError)

log = get_logger(__name__)


class BrokerAway(Exception):
    """The broker cannot be reached or does not answer; the text says what was tried."""


class Outgoing(NamedTuple):
    """A message to send. `lane` chooses the partition; `alone` gives it a batch of its own."""

    topic: str
    lane: int
    key: bytes
    value: bytes
    headers: list[tuple[str, bytes]]
    alone: bool = False


class Refused(NamedTuple):
    """The broker will never take it. `certain` when it was alone in its batch, so that it must be the one."""

    reason: str
    certain: bool


@dataclass(slots=True)
class Delivery:
    """What became of each message, in the order given: True is acknowledged, False is not known to be.

    `trouble` says why the publisher must be replaced before anything else is sent; None when all went well.
    """

    outcomes: list[bool | Refused]
    trouble: str | None = None

    @property
    def refused(self) -> bool:
        """Whether the broker will never take one of them."""
        return any(isinstance(outcome, Refused) for outcome in self.outcomes)

    @property
    def went_well(self) -> bool:
        """Whether every message is acknowledged."""
        return self.trouble is None and all(outcome is True for outcome in self.outcomes)


class _Batch(NamedTuple):
    """A record batch, and which messages are in it; without `records` it is one message that is too large."""

    indexes: list[int]
    records: Any | None


class Packed(NamedTuple):
    """So many messages in the batches that one publisher sends them in, by topic and partition."""

    messages: int
    batches: dict[tuple[str, int], list[_Batch]]


class Publisher:
    """A connected idempotent producer. After any trouble it is closed and a new one made."""

    def __init__(self, bootstrap: str, producer: AIOKafkaProducer) -> None:
        self._bootstrap = bootstrap
        self._producer = producer
        self._partition_counts: dict[str, int] = {}

    @classmethod
    async def connect(cls, bootstrap: str, *, name: str) -> Self:
        """Raises BrokerAway."""
        _quieten_library()
        producer = AIOKafkaProducer(
            bootstrap_servers=bootstrap,
            client_id=name,
            acks="all",
            enable_idempotence=True,
            max_batch_size=BATCH_BYTES_MAX,
            request_timeout_ms=int(DELIVERY_SECONDS_MAX * 1000),
        )
        publisher = cls(bootstrap, producer)
        try:
            await within(CONNECT_SECONDS_MAX, producer.start())
            await publisher._partition_count(EVENTS_TOPIC)
        except _TROUBLE as error:
            await publisher.close()
            raise BrokerAway(_words(error)) from error
        except BaseException:
            await publisher.close()
            raise
        return publisher

    async def pack(self, messages: Sequence[Outgoing]) -> Packed:
        """Makes record batches, in the order given per lane: most of the work of sending. Raises BrokerAway."""
        try:
            by_partition = await self._by_partition(messages)
        except _TROUBLE as error:
            raise BrokerAway(_words(error)) from error
        batches = {partition: self._fill(messages, indexes) for partition, indexes in by_partition.items()}
        return Packed(len(messages), batches)

    async def publish(self, packed: Packed) -> Delivery:
        """Sends what this publisher has packed and waits for the acknowledgements, at most DELIVERY_SECONDS_MAX.

        After a message that was not acknowledged nothing of its partition follows in this call.
        """
        delivery = Delivery([False] * packed.messages)
        sending = [
            asyncio.create_task(self._send_in_order(topic, partition, batches, delivery))
            for (topic, partition), batches in packed.batches.items()
        ]
        if sending:
            await self._wait_all(sending, delivery)
        return delivery

    async def waiting_for(self) -> str | None:
        """Asks the broker; None when it answers."""
        try:
            await within(CLOSE_SECONDS_MAX, self._producer.client.fetch_all_metadata())
        except _TROUBLE as error:
            return _words(error)
        return None

    async def close(self) -> None:
        """Drops what is not acknowledged: whoever sent it knows that it was not, and sends it again."""
        await self._abandon()
        with suppress(*_TROUBLE):
            await _end(self._producer.stop())

    async def _wait_all(self, sending: list[asyncio.Task[None]], delivery: Delivery) -> None:
        done, late = await asyncio.wait(sending, timeout=DELIVERY_SECONDS_MAX)
        if late:
            await self._abandon()
            _, stuck = await asyncio.wait(late, timeout=CLOSE_SECONDS_MAX)
            for task in stuck:
                task.cancel()
            delivery.trouble = f"no acknowledgement within {DELIVERY_SECONDS_MAX} s"
        for task in done:
            task.result()

    async def _abandon(self) -> None:
        """Ends the sender and fails what is not acknowledged; `stop()` then has nothing to flush."""
        # An idempotent producer without a broker flushes for ever. Its sender is ended first: it would stumble
        # over batches that failed behind its back. Batches fail instead of their waits being cancelled, because
        # the library reports a failure that nobody waits for any more as an unhandled error.
        sender = self._producer._sender  # noqa: SLF001
        if sender.sender_task is not None:
            sender.sender_task.remove_done_callback(sender._fail_all)  # noqa: SLF001
            sender.sender_task.add_done_callback(_look_at)
            sender.sender_task.cancel()
            await asyncio.wait([sender.sender_task], timeout=CLOSE_SECONDS_MAX)
        accumulator = self._producer._message_accumulator  # noqa: SLF001
        waiting = [*accumulator._pending_batches, *(b for queue in accumulator._batches.values() for b in queue)]  # noqa: SLF001
        # The library takes a batch that waits for a retry out of this set and, when it fails, once more.
        accumulator._pending_batches.update(waiting)  # noqa: SLF001
        accumulator.fail_all(KafkaConnectionError("the publisher was closed"))
        for batch in waiting:
            _look_at(batch.future)
            _look_at(batch._drain_waiter)  # noqa: SLF001

    async def _by_partition(self, messages: Sequence[Outgoing]) -> dict[tuple[str, int], list[int]]:
        by_partition: dict[tuple[str, int], list[int]] = {}
        for index, message in enumerate(messages):
            count = self._partition_counts.get(message.topic) or await self._partition_count(message.topic)
            by_partition.setdefault((message.topic, message.lane % count), []).append(index)
        return by_partition

    async def _partition_count(self, topic: str) -> int:
        await ensure_topic(self._bootstrap, topic)
        partitions = await within(CONNECT_SECONDS_MAX, self._producer.partitions_for(topic))
        self._partition_counts[topic] = len(partitions)
        return len(partitions)

    async def _send_in_order(self, topic: str, partition: int, batches: Sequence[_Batch], delivery: Delivery) -> None:
        """One batch after the other: a later one must not be written when an earlier one is refused."""
        for indexes, records in batches:
            if records is None:
                delivery.outcomes[indexes[0]] = Refused(f"larger than {MESSAGE_BYTES_MAX} bytes", certain=True)
                return
            try:
                acknowledgement = await self._producer.send_batch(records, topic, partition=partition)
                await acknowledgement
            except _MESSAGE_ERRORS as error:
                delivery.trouble = _words(error)
                for index in indexes:
                    delivery.outcomes[index] = Refused(_words(error), certain=len(indexes) == 1)
                return
            except _TROUBLE as error:
                delivery.trouble = _words(error)
                return
            for index in indexes:
                delivery.outcomes[index] = True

    def _fill(self, messages: Sequence[Outgoing], indexes: list[int]) -> list[_Batch]:
        """Batches as large as may be."""
        timestamp_ms = int(time.time() * 1000)
        batches: list[_Batch] = []
        start = 0
        while start < len(indexes):
            if len(messages[indexes[start]].value) > MESSAGE_BYTES_MAX:
                batches.append(_Batch(indexes[start : start + 1], None))
                start += 1
                continue
            records = self._producer.create_batch()
            end = start
            while end < len(indexes):
                message = messages[indexes[end]]
                if end > start and (message.alone or len(message.value) > MESSAGE_BYTES_MAX):
                    break
                added = records.append(
                    key=message.key, value=message.value, timestamp=timestamp_ms, headers=message.headers
                )
                if added is None:
                    break
                end += 1
                if message.alone:
                    break
            assert end > start, "a batch takes its first message whatever its size"
            batches.append(_Batch(indexes[start:end], records))
            start = end
        return batches


Message = Any
"""The library's record: `topic`, `partition`, `offset`, `headers`, `value`."""


class Subscription:
    """Reads a topic as a member of a consumer group, for ever, through every absence of the broker.

    Offsets are committed now and then, after the work: they only shorten the way after a restart.
    """

    def __init__(self, bootstrap: str, topic: str, group: str, *, name: str) -> None:
        self._bootstrap = bootstrap
        self._topic = topic
        self._group = group
        self._name = name
        self._consumer: AIOKafkaConsumer | None = None
        self._trouble: str | None = "not connected yet"

    async def run(self, handle: Callable[[list[Message]], Awaitable[None]]) -> None:
        """Hands over what arrives, in order per partition; an error of `handle` ends the run.

        Cancelling stops it between two batches if `handle` resists cancellation, and leaves the group.
        """
        backoff = Backoff(0.1, 5.0)
        while True:
            try:
                consumer = await self._connect()
                backoff.reset()
                await self._read(consumer, handle)
            except _TROUBLE as error:
                self._trouble = _words(error)
            finally:
                await self._disconnect()
            seconds = backoff.next_seconds()
            log.warning("broker.away", topic=self._topic, reason=self._trouble, retry_in_seconds=round(seconds, 2))
            await asyncio.sleep(seconds)

    async def waiting_for(self) -> str | None:
        """A readiness check: None while the broker answers; a member that has no partition to read is content."""
        if self._consumer is None:
            return self._trouble
        seconds = _silent_seconds(self._consumer)
        return f"no answer for {seconds:.0f} s" if seconds > SILENCE_SECONDS else None

    @property
    def partitions(self) -> int:
        """How many partitions this member reads at the moment."""
        return len(self._consumer.assignment()) if self._consumer is not None else 0

    async def _connect(self) -> AIOKafkaConsumer:
        _quieten_library()
        await ensure_topic(self._bootstrap, self._topic)
        consumer = AIOKafkaConsumer(
            self._topic,
            bootstrap_servers=self._bootstrap,
            client_id=self._name,
            group_id=self._group,
            enable_auto_commit=False,
            auto_offset_reset="earliest",
            fetch_max_wait_ms=FETCH_WAIT_MS,
            fetch_max_bytes=FETCH_BYTES_MAX,
            max_poll_records=FETCH_EVENTS_MAX,
            metadata_max_age_ms=30_000,
            request_timeout_ms=REQUEST_MS,
            session_timeout_ms=SESSION_MS,
        )
        self._consumer = consumer
        await within(REQUEST_MS / 1000, consumer.start())
        self._trouble = None
        log.info("broker.connected", topic=self._topic, group=self._group)
        return consumer

    async def _read(self, consumer: AIOKafkaConsumer, handle: Callable[[list[Message]], Awaitable[None]]) -> None:
        handled: dict[TopicPartition, int] = {}
        commit_due = time.monotonic() + OFFSET_COMMIT_SECONDS
        try:
            while True:
                # The library ends neither of its two waits in every case when the group's coordinator has gone.
                fetched = await within(
                    SILENCE_SECONDS_MAX, consumer.getmany(timeout_ms=int(OFFSET_COMMIT_SECONDS * 1000))
                )
                for partition, messages in fetched.items():
                    handled[partition] = messages[-1].offset + 1
                if fetched:
                    await handle([message for messages in fetched.values() for message in messages])
                elif _silent_seconds(consumer) > SILENCE_SECONDS_MAX:
                    raise KafkaConnectionError(f"no answer for {SILENCE_SECONDS_MAX:.0f} s")
                if handled and time.monotonic() >= commit_due:
                    await within(SILENCE_SECONDS_MAX, _commit(consumer, handled))
                    handled.clear()
                    commit_due = time.monotonic() + OFFSET_COMMIT_SECONDS
        except asyncio.CancelledError:
            with suppress(TimeoutError):
                await within(CLOSE_SECONDS_MAX, _commit(consumer, handled))
            raise

    async def _disconnect(self) -> None:
        consumer, self._consumer = self._consumer, None
        if consumer is None:
            return
        try:
            await _end(consumer.stop())
        except _TROUBLE as error:
            log.warning("broker.left_without_goodbye", topic=self._topic, reason=_words(error))
            # What it did not come to itself: a client that is left alone would look for the broker for ever.
            for part in (consumer._fetcher, consumer._client):  # noqa: SLF001
                if part is not None:
                    with suppress(*_TROUBLE):
                        await _end(part.close())


async def ensure_topic(bootstrap: str, topic: str) -> None:
    """Makes the topic if there is none. Raises KafkaError, OSError or TimeoutError while the broker is away."""
    admin = AIOKafkaAdminClient(bootstrap_servers=bootstrap, request_timeout_ms=int(CONNECT_SECONDS_MAX * 1000))
    try:
        async with asyncio.timeout(CONNECT_SECONDS_MAX):
            await admin.start()
            if topic not in await admin.list_topics():
                await _create_topic(admin, topic)
    finally:
        with suppress(*_TROUBLE):
            await _end(admin.close())


async def read_ends(bootstrap: str, topic: str) -> dict[int, int]:
    """The offset behind the last message of each partition. Raises BrokerAway."""
    async with _reading(bootstrap, topic) as (consumer, partitions):
        ends = await consumer.end_offsets(partitions)
    return {partition.partition: offset for partition, offset in ends.items()}


async def read_messages(bootstrap: str, topic: str, since: Mapping[int, int]) -> list[Message]:
    """What a topic holds now, in order per partition, each from its offset in `since` (not named: its beginning).

    Raises BrokerAway.
    """
    async with _reading(bootstrap, topic) as (consumer, partitions), asyncio.timeout(READ_SECONDS_MAX):
        ends = await consumer.end_offsets(partitions)
        await consumer.seek_to_beginning(*partitions)
        for partition in partitions:
            if partition.partition in since:
                consumer.seek(partition, since[partition.partition])
        found: list[Message] = []
        next_offsets = {partition: since.get(partition.partition, 0) for partition in partitions}
        behind = set(partitions)
        while behind := {partition for partition in behind if await consumer.position(partition) < ends[partition]}:
            for partition, messages in (await consumer.getmany(*behind, timeout_ms=FETCH_WAIT_MS)).items():
                # The library's own first look for a position may come after ours, and begin at the beginning again.
                found += [message for message in messages if message.offset >= next_offsets[partition]]
                next_offsets[partition] = max(next_offsets[partition], messages[-1].offset + 1)
        return found


@asynccontextmanager
async def _reading(bootstrap: str, topic: str) -> AsyncIterator[tuple[AIOKafkaConsumer, list[TopicPartition]]]:
    """A consumer of all partitions, of no group. Raises BrokerAway."""
    _quieten_library()
    # Not the end, which is the library's choice: its own first look for a position may come after ours.
    consumer = AIOKafkaConsumer(
        topic, bootstrap_servers=bootstrap, request_timeout_ms=REQUEST_MS, auto_offset_reset="earliest"
    )
    try:
        await ensure_topic(bootstrap, topic)
        await within(CONNECT_SECONDS_MAX, consumer.start())
        yield consumer, sorted(consumer.assignment())
    except _TROUBLE as error:
        raise BrokerAway(_words(error)) from error
    finally:
        with suppress(*_TROUBLE):
            await _end(consumer.stop())


async def _create_topic(admin: AIOKafkaAdminClient, topic: str) -> None:
    brokers = (await admin.describe_cluster())["brokers"]
    wanted = NewTopic(
        topic,
        PARTITION_COUNT,
        min(REPLICATION_FACTOR_MAX, len(brokers)),
        topic_configs={"cleanup.policy": "delete"},
    )
    try:
        response = await admin.create_topics([wanted])
    except AttributeError as error:
        # The library takes it for granted that somebody is the controller; while a cluster starts, nobody is.
        raise KafkaConnectionError("the cluster has no controller yet") from error
    for _, code, *reason in response.topic_errors:
        kind = for_code(code)
        if code != 0 and kind is not TopicAlreadyExistsError:
            raise kind(*reason)
    log.info("topic.created", topic=topic, partitions=PARTITION_COUNT)


async def _commit(consumer: AIOKafkaConsumer, handled: dict[TopicPartition, int]) -> None:
    kept = {partition: offset for partition, offset in handled.items() if partition in consumer.assignment()}
    try:
        if kept:
            await consumer.commit(kept)
    except _TROUBLE as error:
        # Nothing is lost: what is read again is recognised by its position.
        log.info("offsets.not_committed", reason=_words(error))


async def _end(ending: Coroutine[Any, Any, None]) -> None:
    """Waits for the end of something of the library, at most CLOSE_SECONDS_MAX. Raises what went wrong with it.

    In a task of its own: the library cancels its own tasks and then waits for them, which would look as if we had been
    cancelled ourselves, and it does not heed every cancellation.
    """
    task = asyncio.ensure_future(ending)
    task.add_done_callback(_look_at)
    try:
        await asyncio.wait([task], timeout=CLOSE_SECONDS_MAX)
    finally:
        task.cancel()
    if not task.done():
        raise TimeoutError(f"it did not end within {CLOSE_SECONDS_MAX} s")
    if task.cancelled():
        raise KafkaConnectionError("it was in the middle of something")
    task.result()


def _silent_seconds(consumer: AIOKafkaConsumer) -> float:
    """Since the last answer to a fetch, of whichever partition had the latest; 0 without partitions."""
    answered_ms = [consumer.last_poll_timestamp(partition) or 0 for partition in consumer.assignment()]
    latest_ms = max(answered_ms, default=0)
    return time.time() - latest_ms / 1000 if latest_ms else 0.0


def _look_at(future: asyncio.Future[Any]) -> None:
    """So that its failure is not reported as one that nobody handled."""
    if future.done() and not future.cancelled():
        future.exception()


def _words(error: BaseException) -> str:
    return str(error) or type(error).__name__


def _quieten_library() -> None:
    # It logs every retry of every request at ERROR, ten times a second while the broker is away; what matters
    # of that is said here, once.
    logging.getLogger("aiokafka").setLevel(logging.CRITICAL)
