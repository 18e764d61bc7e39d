"""The proxy on the real servers: what it is told to do at a message happens, and everything else passes unchanged."""

import time
from collections.abc import Callable, Iterator
from urllib.parse import urlsplit
from uuid import uuid4

import psycopg
import pytest

from services.runtime.kafka import Outgoing, Publisher
from services.runtime.pacing import within
from services.studio.chaos.proxy import Action, Interference, Proxy, proxied_url, proxy_before
from services.studio.chaos.wire_protocols import KafkaWire, PostgresWire
from tests.kit.topics import read_topic

Commit = Callable[[psycopg.Connection], None]


@pytest.fixture
def database(migrated: str) -> Iterator[tuple[Proxy, str]]:
    """A proxy before PostgreSQL, and the URL of a database behind it with a table of numbers."""
    with psycopg.connect(migrated, autocommit=True) as connection:
        connection.execute("CREATE TABLE numbers (n INT)")
    port = int(psycopg.conninfo.conninfo_to_dict(migrated)["port"] or 0)
    with proxy_before(port, PostgresWire) as proxy:
        yield proxy, proxied_url(migrated, proxy.port)


@pytest.fixture
def broker(kafka: str) -> Iterator[Proxy]:
    """A proxy before the broker."""
    with proxy_before(urlsplit(f"//{kafka}").port or 0, KafkaWire) as proxy:
        yield proxy


def _simply(connection: psycopg.Connection) -> None:
    connection.execute("INSERT INTO numbers VALUES (1)")
    connection.commit()


def _in_a_pipeline(connection: psycopg.Connection) -> None:
    with connection.pipeline(), connection.transaction():
        connection.execute("INSERT INTO numbers VALUES (1)")


def _prepared(connection: psycopg.Connection) -> None:
    connection.execute("INSERT INTO numbers VALUES (1)")
    connection.execute("COMMIT", prepare=True)


WAYS_TO_COMMIT = pytest.mark.parametrize("commit", [_simply, _in_a_pipeline, _prepared])


@WAYS_TO_COMMIT
def test_a_commit_cut_before_the_server_is_not_done(database: tuple[Proxy, str], migrated: str, commit: Commit) -> None:
    proxy, url = database
    done = proxy.interfere(Interference(Action.CUT_BEFORE))
    with pytest.raises(psycopg.OperationalError), psycopg.connect(url) as connection:
        commit(connection)

    assert done.is_set()
    assert _numbers(migrated) == []


@WAYS_TO_COMMIT
def test_a_commit_whose_reply_is_cut_is_done(database: tuple[Proxy, str], migrated: str, commit: Commit) -> None:
    proxy, url = database
    done = proxy.interfere(Interference(Action.CUT_REPLY))
    with pytest.raises(psycopg.OperationalError), psycopg.connect(url) as connection:
        commit(connection)

    assert done.is_set()
    assert _numbers(migrated) == [1]


@WAYS_TO_COMMIT
def test_a_delayed_commit_is_done_later(database: tuple[Proxy, str], migrated: str, commit: Commit) -> None:
    proxy, url = database
    with psycopg.connect(url) as connection:
        proxy.interfere(Interference(Action.DELAY, seconds=0.3))
        begun = time.monotonic()
        commit(connection)
        assert time.monotonic() - begun >= 0.3
    assert _numbers(migrated) == [1]


def test_an_interference_happens_as_often_as_it_was_asked_for(database: tuple[Proxy, str], migrated: str) -> None:
    proxy, url = database
    done = proxy.interfere(Interference(Action.CUT_REPLY, times=2))
    for _ in range(2):
        assert not done.is_set()
        with pytest.raises(psycopg.OperationalError), psycopg.connect(url) as connection:
            _simply(connection)
    with psycopg.connect(url) as connection:
        _simply(connection)

    assert done.is_set()
    assert _numbers(migrated) == [1, 1, 1]


def test_rollbacks_large_copies_and_cancels_pass_unchanged(database: tuple[Proxy, str], migrated: str) -> None:
    proxy, url = database
    proxy.interfere(Interference(Action.CUT_BEFORE))
    with psycopg.connect(url, autocommit=True) as connection:
        with connection.cursor().copy("COPY numbers FROM STDIN") as copy:
            for number in range(200_000):
                copy.write_row([number])
        with connection.cursor().copy("COPY numbers TO STDOUT") as copy:
            assert sum(1 for _ in copy.rows()) == 200_000
        connection.execute("BEGIN")
        connection.execute("DELETE FROM numbers")
        connection.execute("ROLLBACK")
        connection.cancel_safe()
    assert len(_numbers(migrated)) == 200_000


def test_its_connections_end_with_it(migrated: str) -> None:
    port = int(psycopg.conninfo.conninfo_to_dict(migrated)["port"] or 0)
    with proxy_before(port, PostgresWire) as proxy:
        url = proxied_url(migrated, proxy.port)
        connection = psycopg.connect(url)
    with pytest.raises(psycopg.OperationalError):
        connection.execute("SELECT 1")
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(url)


@pytest.mark.anyio
@pytest.mark.parametrize("action", [Action.CUT_BEFORE, Action.CUT_REPLY])
async def test_what_is_cut_on_the_way_to_the_broker_is_there_once_all_the_same(
    broker: Proxy, kafka: str, action: Action
) -> None:
    topic = f"test.{uuid4().hex}"
    publisher = await Publisher.connect(f"127.0.0.1:{broker.port}", name="test")
    try:
        done = broker.interfere(Interference(action))
        delivery = await publisher.publish(await publisher.pack([_message(topic, number) for number in range(20)]))
    finally:
        await publisher.close()

    assert done.is_set()
    assert delivery.went_well
    assert sorted(message.key for message in await read_topic(kafka, topic)) == sorted(map(str, range(20)))


@pytest.mark.anyio
async def test_a_delayed_produce_arrives_later(broker: Proxy, kafka: str) -> None:
    topic = f"test.{uuid4().hex}"
    publisher = await Publisher.connect(f"127.0.0.1:{broker.port}", name="test")
    try:
        broker.interfere(Interference(Action.DELAY, seconds=0.3))
        begun = time.monotonic()
        delivery = await publisher.publish(await publisher.pack([_message(topic, 1)]))
        assert time.monotonic() - begun >= 0.3
    finally:
        await publisher.close()
    assert delivery.went_well
    assert [message.key for message in await read_topic(kafka, topic)] == ["1"]


@pytest.mark.anyio
async def test_no_client_goes_past_it_to_the_broker(kafka: str) -> None:
    with proxy_before(urlsplit(f"//{kafka}").port or 0, KafkaWire) as proxy:
        publisher = await Publisher.connect(f"127.0.0.1:{proxy.port}", name="test")
        assert await publisher.waiting_for() is None
    try:
        assert await within(10, publisher.waiting_for()) is not None
    finally:
        await publisher.close()


def _message(topic: str, number: int) -> Outgoing:
    return Outgoing(topic, number, str(number).encode(), b"{}", [])


def _numbers(database_url: str) -> list[int]:
    with psycopg.connect(database_url) as connection:
        return [n for (n,) in connection.execute("SELECT n FROM numbers ORDER BY n").fetchall()]
