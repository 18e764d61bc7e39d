"""A relay whose broker is away, for as long as may be, and comes back."""

import signal
from collections.abc import Iterator
from uuid import uuid4

import psutil
import pytest

from services.studio.embedded_kafka import EmbeddedKafka
from tests.kit.processes import Alone, running
from tests.kit.recording import numbers, outbox_rows, store
from tests.kit.servers import own_kafka
from tests.kit.topics import read_topic
from tests.kit.waiting import eventually, eventually_sync

pytestmark = pytest.mark.anyio

RELAY = "services.message_relay.main"
RETRIES_MAX = 2
"""Of a message that the broker refuses. An absence is tried far more often without costing a row one of these."""
TRIES = 4 * RETRIES_MAX


@pytest.fixture
def broker() -> Iterator[EmbeddedKafka]:
    """A broker that only this test uses, running."""
    with own_kafka() as broker:
        broker.start()
        yield broker


async def test_ac17_no_row_fails_however_often_a_broker_is_tried_that_is_away_and_all_are_sent_afterwards(
    broker: EmbeddedKafka, migrated: str
) -> None:
    topic = f"test.{uuid4().hex}"
    with running(RELAY, migrated, broker.bootstrap, STUDIO_RELAY_MAX_RETRIES=str(RETRIES_MAX)) as relay:
        positions = store(migrated, numbers("a", range(3)), topic=topic)
        eventually_sync(lambda: _all_sent(migrated), what="the first rows are SENT")
        broker.stop()
        positions += store(migrated, numbers("a", range(3, 6)), topic=topic)
        _tries_in_vain(relay, TRIES)
        _nothing_is_held_against_a_row(migrated)
        broker.start()
        eventually_sync(lambda: _all_sent(migrated), what="all rows are SENT")
    assert [message.position for message in await read_topic(broker.bootstrap, topic)] == positions


async def test_ac17_no_row_fails_while_the_broker_stands_still(broker: EmbeddedKafka, migrated: str) -> None:
    topic = f"test.{uuid4().hex}"
    assert broker.pid is not None
    with running(RELAY, migrated, broker.bootstrap, STUDIO_RELAY_MAX_RETRIES=str(RETRIES_MAX)) as relay:
        first = store(migrated, numbers("a", range(3)), topic=topic)
        eventually_sync(lambda: _all_sent(migrated), what="the first rows are SENT")
        psutil.Process(broker.pid).send_signal(signal.SIGSTOP)
        try:
            later = store(migrated, numbers("a", range(3, 6)), topic=topic)
            _tries_in_vain(relay, RETRIES_MAX + 1)
            _nothing_is_held_against_a_row(migrated)
        finally:
            psutil.Process(broker.pid).send_signal(signal.SIGCONT)
        eventually_sync(lambda: _all_sent(migrated), what="all rows are SENT", seconds=60)

    async def are_there() -> bool:
        # What the broker had taken in before it stood still may come a second time.
        return {message.position for message in await read_topic(broker.bootstrap, topic)} == {*first, *later}

    await eventually(are_there, what="all are on the broker")


def _tries_in_vain(relay: Alone, times: int) -> None:
    eventually_sync(lambda: relay.has_logged("relay.waiting", times=times), what="the relay tries", seconds=90)
    assert any(reason.startswith("broker:") for reason in relay.get("/readyz").json()["waiting_for"])


def _nothing_is_held_against_a_row(database_url: str) -> None:
    rows = outbox_rows(database_url)
    assert {row["status"] for row in rows} <= {"SENT", "PENDING"}
    assert {(row["retry_count"], row["last_error"]) for row in rows} == {(0, None)}


def _all_sent(database_url: str) -> bool:
    return {row["status"] for row in outbox_rows(database_url)} == {"SENT"}
