"""The event feed: what is handed over, when, and in which order."""

import asyncio
import random
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path
from types import SimpleNamespace
from uuid import UUID

import psycopg
import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.applications import Starlette
from starlette.types import Message

from services.kernel.events import RecordedEvent
from services.runtime import event_feed
from services.runtime.access import Access, OriginCheck, Revocations
from services.runtime.checkpoints import Checkpoints
from services.runtime.database import CHECKPOINT_DOORBELL, Pool, listen, open_pool
from services.runtime.event_feed import EventFeed, StoreReplaced, Unprojected
from services.runtime.frames import EventEncoder
from services.runtime.reading import READER_ROLE
from services.runtime.sse import StreamEndpoint, Streaming
from services.runtime.streams import StreamLimits, Streams
from tests.kit.waiting import eventually
from tests.runtime.query_side.by_hand import (
    SECRET,
    Log,
    Person,
    Written,
    new_person,
    running_query_api,
    scopes_in_different_lanes,
)

SECONDS_MAX = 60.0
"""For anything, on a busy machine too."""

# What waits for its read models


@given(
    st.lists(st.tuples(st.integers(0, 3), st.sampled_from(["ann", "bob", None])), max_size=30),
    st.lists(st.tuples(st.integers(0, 3), st.integers(1, 30)), max_size=20),
)
def test_waiting_events_are_released_once_in_order_and_never_early(
    events: list[tuple[int, str | None]], moves: list[tuple[int, int]]
) -> None:
    waiting = Unprojected()
    for position, (lane, user_id) in enumerate(events, 1):
        waiting.add(position, lane, user_id)
    checkpoints = [0, 0, 0, 0]
    released: list[tuple[int, str]] = []
    for lane, position in [*moves, (0, 30), (1, 30), (2, 30), (3, 30)]:
        checkpoints[lane] = max(checkpoints[lane], position)
        now = waiting.release(lambda lane, position: checkpoints[lane] >= position)
        assert now == sorted(now)
        released += now
        _check_marks(events, checkpoints, waiting, released)
    assert sorted(released) == [(position, user_id or "") for position, (_, user_id) in enumerate(events, 1)]
    assert len(waiting) == 0


def _check_marks(
    events: list[tuple[int, str | None]], checkpoints: list[int], waiting: Unprojected, released: list[tuple[int, str]]
) -> None:
    """A user's mark is their first event that is not visible; what is released is everything of theirs before it."""
    unseen = [
        (position, user_id or "") for position, (lane, user_id) in enumerate(events, 1) if checkpoints[lane] < position
    ]
    assert waiting.first() == min((position for position, _ in unseen), default=None)
    for user in ("ann", "bob", ""):
        first = min((position for position, user_id in unseen if user_id == user), default=None)
        assert waiting.first_of(user) == first
        theirs = [position for position, (_, user_id) in enumerate(events, 1) if (user_id or "") == user]
        seen = [position for position, user_id in released if user_id == user]
        assert seen == [position for position in theirs if first is None or position < first]


# The tail


class Listener:
    """An audience that remembers."""

    def __init__(self, *people: Person) -> None:
        self.positions: list[int] = []
        self._wanted = {str(person.id) for person in people}
        self._arrived = asyncio.Event()

    def wants(self, user_id: str) -> bool:
        return user_id in self._wanted

    def deliver(self, event: RecordedEvent) -> None:
        assert self.wants(event.metadata["user_id"])
        self.positions.append(event.position)
        self._arrived.set()

    def delivered(self) -> None:
        """Nothing is held for this moment."""

    async def wait_for(self, count: int) -> None:
        async with asyncio.timeout(SECONDS_MAX):
            while len(self.positions) < count:
                self._arrived.clear()
                await self._arrived.wait()


async def _is_ready(feed: EventFeed) -> bool:
    return await feed.ready() is None


@asynccontextmanager
async def feeding(log: Log, audience: event_feed.Audience) -> AsyncIterator[tuple[EventFeed, Pool, Checkpoints]]:
    """A running feed on the real database, with its doorbell."""
    async with open_pool(log.url, size=4, name="feed-test", role=READER_ROLE) as pool:
        checkpoints = Checkpoints(pool)
        feed = EventFeed(pool, checkpoints, audience)
        heard = lambda _, payload: checkpoints.heard(payload)  # noqa: E731
        tasks = [
            asyncio.create_task(listen(log.url, (CHECKPOINT_DOORBELL,), heard, connected=checkpoints.refresh)),
            asyncio.create_task(feed.run()),
        ]
        try:
            await eventually(lambda: _is_ready(feed), what="the feed has reached the log")
            yield feed, pool, checkpoints
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)


def test_a_feed_that_starts_late_hands_over_what_was_not_projected_yet(log: Log) -> None:
    async def scenario() -> None:
        person = new_person()
        listener = Listener(person)
        log.happen(person)
        late = log.append(person)
        async with feeding(log, listener) as (feed, _, _):
            assert feed.settled(str(person.id)) == late.position - 1
            log.project(late)
            await listener.wait_for(1)
            assert listener.positions == [late.position]
            assert feed.settled(str(person.id)) == feed.tail

    asyncio.run(scenario())


def test_only_events_of_users_who_are_there_are_handed_over(log: Log) -> None:
    async def scenario() -> None:
        here, away = new_person(), new_person()
        listener = Listener(here)
        async with feeding(log, listener):
            log.happen(away)
            event = log.happen(here)
            await listener.wait_for(1)
            assert listener.positions == [event.position]

    asyncio.run(scenario())


def test_many_events_at_once_are_handed_over_in_order(log: Log) -> None:
    async def scenario() -> None:
        person = new_person()
        listener = Listener(person)
        async with feeding(log, listener):
            written = [log.append(person) for _ in range(250)]
            random.Random(1).shuffle(written)
            for event in written:
                log.project(event)
            await listener.wait_for(250)
            assert listener.positions == sorted(event.position for event in written)

    asyncio.run(scenario())


def test_a_feed_reads_no_further_while_too_much_waits_and_then_goes_on(
    log: Log, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(event_feed, "UNPROJECTED_MAX", 10)
    monkeypatch.setattr(event_feed, "TAIL_BATCH_SIZE", 5)
    monkeypatch.setattr(event_feed, "POLL_SECONDS", 0.05)

    async def scenario() -> None:
        person = new_person()
        listener = Listener(person)
        written = [log.append(person) for _ in range(40)]
        async with feeding(log, listener) as (feed, _, _):
            assert feed.unprojected_count <= 10
            log.project(*written)
            await listener.wait_for(40)
            assert listener.positions == [event.position for event in written]

    asyncio.run(scenario())


def test_what_was_read_ahead_needs_no_query_once_it_can_be_seen(log: Log) -> None:
    async def scenario() -> None:
        person = new_person()
        listener = Listener(person)
        async with feeding(log, listener) as (feed, _, checkpoints):
            event = log.append(person)
            feed.heard_append()
            await eventually(lambda: _has_read(feed, event.position), what="the feed has read the event")
            with psycopg.connect(log.url) as connection:
                connection.execute("LOCK TABLE domain_events IN ACCESS EXCLUSIVE MODE")
                checkpoints.heard(f"core:{event.lane}={event.position}")
                await listener.wait_for(1)
            assert listener.positions == [event.position]

    asyncio.run(scenario())


async def _has_read(feed: EventFeed, position: int) -> bool:
    return feed._read_ahead.get(position) is not None


def test_more_than_is_read_ahead_comes_all_the_same(log: Log, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(event_feed, "READ_AHEAD_MAX", 7)

    async def scenario() -> None:
        person = new_person()
        listener = Listener(person)
        async with feeding(log, listener) as (feed, _, _):
            for _ in range(3):
                written = [log.append(person) for _ in range(20)]
                feed.heard_append()
                await eventually(partial(_has_read, feed, written[0].position), what="the feed has read ahead")
                log.project(*written)
                await listener.wait_for(len(listener.positions) + 20)
                assert listener.positions[-20:] == [event.position for event in written]
                assert len(feed._read_ahead) <= 7

    asyncio.run(scenario())


def test_another_history_after_a_reconnection_is_noticed(log: Log) -> None:
    async def scenario() -> None:
        async with feeding(log, Listener()) as (feed, _, _):
            await feed.check_history()
            log.scalar("UPDATE store_epoch SET epoch = gen_random_uuid() RETURNING 1")
            try:
                with pytest.raises(StoreReplaced):
                    await feed.check_history()
            finally:
                log.scalar("UPDATE store_epoch SET epoch = %s RETURNING 1", log.epoch)

    asyncio.run(scenario())


def test_a_process_starts_while_the_projector_is_behind(log: Log, database_url: str, tmp_path: Path) -> None:
    person = new_person()
    slow, fast = scopes_in_different_lanes()
    behind = log.append(person, scope_id=slow)
    ahead = log.happen(person, scope_id=fast)
    with running_query_api(database_url, tmp_path) as api:
        cursor = api.get("/samples/novels", person).headers["X-Last-Event-ID"]
        with api.stream(person, Last_Event_ID=cursor) as stream:
            log.project(behind)
            assert [frame.id for frame in stream.frames(2)] == [log.cursor(behind.position), log.cursor(ahead.position)]


# Streams on the feed


class Server:
    """What uvicorn is to an endpoint, for a client that is always behind: every write waits for `sent`."""

    def __init__(self, sent: Callable[[bytes], Awaitable[bool]]) -> None:
        self.flow = SimpleNamespace(write_paused=True)
        self._sent = sent
        self._gone = asyncio.Event()

    async def receive(self) -> Message:
        await self._gone.wait()
        return {"type": "http.disconnect"}

    async def send(self, message: Message) -> None:
        body = message.get("body")
        if body is not None and not self._gone.is_set() and not await self._sent(body):
            self._gone.set()


async def connect(
    endpoint: StreamEndpoint, person: Person, cursor: str, sent: Callable[[bytes], Awaitable[bool]]
) -> None:
    """One connection, which is dropped as soon as `sent` returns False for what was sent."""
    server = Server(sent)
    headers = [(b"authorization", f"Bearer {person.token}".encode()), (b"last-event-id", cursor.encode())]
    app = Starlette()
    app.state.access = Access(SECRET, Revocations(), OriginCheck((), None))
    scope = {"type": "http", "method": "GET", "path": "/", "query_string": b"", "headers": headers, "app": app}
    await endpoint(scope, server.receive, server.send)


def positions_in(body: bytes) -> list[int]:
    """The positions of the events in a piece of a stream."""
    return [int(line.rpartition(b"-")[2]) for line in body.splitlines() if line.startswith(b"id: ")]


class WatchedStreams(Streams):
    """Knows what has been handed over to the streams."""

    def __init__(self) -> None:
        super().__init__(EventEncoder(()), StreamLimits(per_user=50))
        self._position = 0
        self._moved = asyncio.Event()

    def deliver(self, event: RecordedEvent) -> None:
        super().deliver(event)
        self._position = event.position
        self._moved.set()

    async def wait_for(self, position: int) -> None:
        async with asyncio.timeout(SECONDS_MAX):
            while self._position < position:
                self._moved.clear()
                await self._moved.wait()


@asynccontextmanager
async def streaming(log: Log) -> AsyncIterator[tuple[StreamEndpoint, EventFeed, WatchedStreams]]:
    """The stream endpoint on a running feed, without a server around it."""
    streams = WatchedStreams()
    async with feeding(log, streams) as (feed, pool, _):
        streams.feed = feed
        yield StreamEndpoint(lambda _: Streaming(pool, feed, streams, EventEncoder(()))), feed, streams


def test_what_happens_while_the_past_is_sent_comes_once(log: Log) -> None:
    async def scenario() -> None:
        person = new_person()
        start = log.happen(person)
        expected = [log.happen(person).position]
        received: list[int] = []
        async with streaming(log) as (endpoint, _, streams):

            async def sent(body: bytes) -> bool:
                """Each of the first pieces is still on its way when the next event has already been handed over."""
                received.extend(positions_in(body))
                if len(expected) < 6:
                    expected.append(log.happen(person).position)
                    await streams.wait_for(expected[-1])
                return received != expected

            async with asyncio.timeout(SECONDS_MAX):
                await connect(endpoint, person, log.cursor(start.position), sent)
            assert received == expected

    asyncio.run(scenario())


def test_a_goodbye_in_the_middle_of_the_past_leaves_no_hole(log: Log) -> None:
    async def scenario() -> None:
        person = new_person()
        start = log.happen(person)
        past = [log.happen(person)]
        bodies: list[bytes] = []
        async with streaming(log) as (endpoint, _, streams):

            async def sent(body: bytes) -> bool:
                bodies.append(body)
                if len(bodies) == 2:
                    # More than one batch, so that the stream joins the live events with a part still to be read.
                    past.extend(log.append(person) for _ in range(150))
                    log.project(*past)
                    await streams.wait_for(past[-1].position)
                if len(bodies) == 3:
                    await streams.wait_for(log.happen(person).position)
                    streams.close_all()
                return True

            async with asyncio.timeout(SECONDS_MAX):
                await connect(endpoint, person, log.cursor(start.position), sent)
        received = [position for body in bodies for position in positions_in(body)]
        assert received == [event.position for event in past[:101]]
        assert bodies[-1].startswith(b"event: bye\n")

    asyncio.run(scenario())


class Client:
    """A client that connects, takes some frames, drops the connection, and resumes, until it has everything."""

    def __init__(self, person: Person, log: Log, seed: int) -> None:
        self.person = person
        self.positions: list[int] = []
        self._log = log
        self._chance = random.Random(seed)

    async def run(self, endpoint: StreamEndpoint, start: int, last: asyncio.Future[int]) -> None:
        at = start
        while not (last.done() and at >= last.result()):
            take = self._chance.randint(1, 12)

            async def sent(body: bytes) -> bool:
                nonlocal at, take
                for position in positions_in(body)[:take]:
                    at, take = position, take - 1
                    self.positions.append(at)
                for _ in range(self._chance.randint(0, 3)):
                    await asyncio.sleep(0)
                return take > 0 and not (last.done() and at >= last.result())

            await connect(endpoint, self.person, self._log.cursor(at), sent)


@pytest.mark.parametrize("seed", range(4))
def test_streams_that_come_and_go_at_random_get_each_event_once_in_order(log: Log, seed: int) -> None:
    async def scenario() -> None:
        people = [new_person() for _ in range(3)]
        async with streaming(log) as (endpoint, feed, streams):
            start = feed.tail
            last = {person.id: asyncio.get_running_loop().create_future() for person in people}
            clients = [Client(person, log, seed + number) for number, person in enumerate(people * 3)]
            running = [asyncio.create_task(client.run(endpoint, start, last[client.person.id])) for client in clients]
            written = await _write_and_project(log, people, random.Random(seed))
            for person in people:
                last[person.id].set_result(max(event.position for event in written[person.id]))
            async with asyncio.timeout(SECONDS_MAX):
                await asyncio.gather(*running)
            for client in clients:
                assert client.positions == [event.position for event in written[client.person.id]]
            assert len(streams) == 0

    asyncio.run(scenario())


async def _write_and_project(log: Log, people: list[Person], chance: random.Random) -> dict[UUID, list[Written]]:
    """Events in bursts, projected late and lane by lane in any order, each lane in its own."""
    written: dict[UUID, list[Written]] = {person.id: [] for person in people}
    waiting: list[Written] = []
    for _ in range(60):
        for _ in range(chance.randint(1, 4)):
            person = chance.choice(people)
            event = log.append(person)
            written[person.id].append(event)
            waiting.append(event)
        lanes = {event.lane for event in waiting if chance.random() < 0.4}
        log.project(*(event for event in waiting if event.lane in lanes))
        waiting = [event for event in waiting if event.lane not in lanes]
        await asyncio.sleep(chance.choice([0, 0.002, 0.01]))
    for person in people:
        event = log.append(person)
        written[person.id].append(event)
        waiting.append(event)
    log.project(*waiting)
    return written
