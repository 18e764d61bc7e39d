"""Every outbox row reaches the broker, each scope's in order, through crashes, refusals and absences."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any

import pytest

from services.kernel.lanes import LANE_COUNT, lane_of
from services.runtime import relaying
from services.runtime.database import Pool
from services.runtime.outbox import Outbox, Page, Settlement, redrive_outbox, skip_outbox
from services.runtime.projecting import Projector
from services.runtime.relaying import Relay, RelayOptions
from services.studio.ports import free_port
from tests.kit import counters
from tests.kit.recording import Happened, dead_letters, numbers, outbox_rows, query, store
from tests.kit.servers import own_kafka
from tests.kit.topics import Seen, delete_topic, make_topic, read_topic, set_message_bytes_max
from tests.kit.waiting import eventually

pytestmark = pytest.mark.anyio

QUICK = RelayOptions(
    poll_seconds=0.02, lease_seconds=10.0, renew_seconds=0.1, retry_seconds=0.01, retry_seconds_max=0.05, retries_max=3
)
TOO_LARGE = "x" * 30_000
LIMIT_BYTES = 20_000


async def test_ac15_rows_reach_the_broker_in_order_and_are_sent(
    pool: Pool, database_url: str, kafka: str, topic: str
) -> None:
    scopes = [f"scope-{number}" for number in range(100)]
    events = [Happened(scope, {"number": n}) for n in range(5) for scope in scopes]
    positions = store(database_url, events, topic=topic)
    async with _relaying(pool, kafka):
        await eventually(_all_sent(database_url), what="all rows are SENT")
    seen = await read_topic(kafka, topic)

    assert sorted(message.position for message in seen) == positions
    for partition in range(16):
        of_partition = [message.position for message in seen if message.partition == partition]
        assert of_partition == sorted(of_partition)
    assert all(message.partition == int(message.headers["ce_lane"]) % 16 for message in seen)
    assert all(message.key == message.headers["ce_scopeid"] for message in seen)
    assert all(row["sent_at"] >= row["created_at"] for row in outbox_rows(database_url))


async def test_a_message_carries_the_event_as_it_was_stored(
    pool: Pool, database_url: str, kafka: str, topic: str
) -> None:
    store(database_url, [Happened("ä", {"text": "漢字", "number": 1})], topic=topic)
    async with _relaying(pool, kafka):
        await eventually(_all_sent(database_url), what="the row is SENT")
    [message] = await read_topic(kafka, topic)
    [row] = query(database_url, "SELECT headers, payload::TEXT AS payload FROM event_outbox")
    [epoch] = query(database_url, "SELECT epoch::TEXT AS epoch FROM store_epoch")

    assert message.value.decode() == row["payload"]
    assert message.headers == row["headers"] | {"prev": "0", "epoch": epoch["epoch"]}


async def test_each_message_names_the_one_before_it_in_its_lane(
    pool: Pool, database_url: str, kafka: str, topic: str
) -> None:
    # The second and fourth event have no outbox row, as if they had been sent long ago.
    for number in range(6):
        store(database_url, numbers("a", [number]), topic=topic, outbox=number not in (1, 3))
    async with _relaying(pool, kafka):
        await eventually(_all_sent(database_url), what="all rows are SENT")

    seen = await read_topic(kafka, topic)
    assert [(message.position, int(message.headers["prev"])) for message in seen] == [(1, 0), (3, 2), (5, 4), (6, 5)]


async def test_ac15_two_relays_share_the_lanes_and_keep_every_scope_in_order(
    pool: Pool, database_url: str, kafka: str, topic: str
) -> None:
    scopes = [f"scope-{number}" for number in range(60)]
    async with _relaying(pool, kafka) as first:
        await eventually(_holds(first, LANE_COUNT), what="the first has all lanes")
        async with _relaying(pool, kafka) as second:
            for number in range(40):
                store(database_url, [Happened(scope, {"number": number}) for scope in scopes], topic=topic)
                await asyncio.sleep(0)
            await eventually(_holds(second, LANE_COUNT // 2), what="the second has its half")
            await eventually(_holds(first, LANE_COUNT // 2), what="the first gave half back")
            assert not first.lanes & second.lanes
            positions = store(database_url, [Happened(scope, {"number": 99}) for scope in scopes], topic=topic)
            await eventually(_all_sent(database_url), what="all rows are SENT")
        await eventually(_holds(first, LANE_COUNT), what="the first takes the lanes of the one that left")

    seen = await read_topic(kafka, topic)
    assert _first_seen(seen) == _in_store_order(database_url)
    assert positions[-1] in {message.position for message in seen}


async def test_a_relay_that_stops_gives_its_lanes_back_at_once(pool: Pool, database_url: str, kafka: str) -> None:
    async with _relaying(pool, kafka) as relay:
        await eventually(_holds(relay, LANE_COUNT), what="all lanes")

    assert query(database_url, "SELECT 1 FROM relay_lanes WHERE owner IS NOT NULL") == []
    assert query(database_url, "SELECT 1 FROM relay_members") == []


async def test_killed_between_publishing_and_marking_it_is_twice_on_the_broker_and_once_in_the_read_model(
    pool: Pool, database_url: str, kafka: str, topic: str
) -> None:
    positions = store(database_url, [*numbers("a", range(5)), *numbers("b", range(5))], topic=topic)
    doomed = Relay(pool, kafka, name="doomed", options=RelayOptions(lease_seconds=0.5))
    _kill_before_marking(doomed)
    with pytest.raises(_KilledError):
        await doomed.run()
    assert {row["status"] for row in outbox_rows(database_url)} == {"PENDING"}

    async with _relaying(pool, kafka):
        await eventually(_all_sent(database_url), what="the next relay took the lanes over and sent all")
    seen = await read_topic(kafka, topic)
    assert sorted(message.position for message in seen) == sorted(positions * 2)
    assert _first_seen(seen) == _in_store_order(database_url)

    projector = Projector(counters.GROUP, [counters.CONTEXT], pool)
    await projector.open()
    await projector.handle(await _as_delivered(kafka, topic))
    assert [row["position"] for row in query(database_url, "SELECT position FROM applied ORDER BY 1")] == positions


async def test_a_relay_that_lost_its_lease_marks_nothing(pool: Pool, database_url: str, topic: str) -> None:
    [position] = store(database_url, numbers("a", [1]), topic=topic)
    late, next_one = Outbox(pool, "late"), Outbox(pool, "next")
    fence = (await late.lease(0.0))[lane_of("a")]
    marks = await late.marks([lane_of("a")])
    page = await late.read(after=0, marks=marks, rows_max=10, bytes_max=10**6)
    await next_one.lease(10.0)

    assert [row.position for row in page.rows] == [position]
    assert not await late.settle(Settlement({lane_of("a"): (fence, position)}))
    assert outbox_rows(database_url)[0]["status"] == "PENDING"
    assert await late.read(after=0, marks=marks, rows_max=10, bytes_max=10**6) == Page([], position, more=False)


async def test_a_batch_is_bounded_by_its_bytes_but_never_empty(pool: Pool, database_url: str, topic: str) -> None:
    store(database_url, [Happened("a", {"text": str(n) * 900}) for n in range(9)], topic=topic)
    outbox = Outbox(pool, "one")
    await outbox.lease(10.0)

    marks = {lane_of("a"): 0}

    async def pages(rows_max: int, bytes_max: int) -> tuple[int, int, bool]:
        page = await outbox.read(after=0, marks=marks, rows_max=rows_max, bytes_max=bytes_max)
        return len(page.rows), page.reached, page.more

    assert await pages(100, 1) == (1, 1, True)
    assert await pages(4, 10**6) == (4, 4, True)
    assert await pages(9, 10**6) == (9, 9, True), "what just fits may have been cut"
    assert await pages(100, 10**6) == (9, 9, False)


@pytest.mark.parametrize(("rows_max", "pages"), [(100, 1), (4, 3)])
async def test_it_looks_for_more_only_while_there_may_be_more(
    pool: Pool, database_url: str, kafka: str, topic: str, rows_max: int, pages: int
) -> None:
    options = RelayOptions(poll_seconds=600, lease_seconds=600, renew_seconds=600, rows_max=rows_max)
    async with _relaying(pool, kafka, options) as relay:
        looks = _count_looks(relay)

        async def idle() -> bool:
            return len(looks) == 1

        await eventually(idle, what="there was nothing")
        store(database_url, numbers("a", range(10)), topic=topic)
        relay.wake()
        await eventually(_all_sent(database_url), what="all rows are SENT")

        assert len(looks) == 1 + pages


async def test_ac16_a_message_the_broker_refuses_is_parked_with_its_scope_and_all_others_flow(
    pool: Pool, database_url: str, kafka: str, topic: str
) -> None:
    await make_topic(kafka, topic, message_bytes_max=LIMIT_BYTES)
    big, neighbour = _same_lane(2)
    first = store(
        database_url,
        [
            *numbers(big, [1]),
            *numbers(neighbour, [1]),
            Happened(big, {"text": TOO_LARGE}),
            *numbers(neighbour, [2]),
            *numbers(big, [3, 4]),
            *numbers("elsewhere", [1]),
        ],
        topic=topic,
    )
    async with _relaying(pool, kafka):
        await eventually(_nothing_pending(database_url), what="every row is SENT or FAILED")
        later = store(database_url, [*numbers(big, [5]), *numbers(neighbour, [3])], topic=topic)
        await eventually(_nothing_pending(database_url), what="the later rows too")

    parked = [first[2], first[4], first[5], later[0]]
    rows = {row["position"]: row for row in outbox_rows(database_url)}
    assert [position for position, row in rows.items() if row["status"] == "FAILED"] == parked
    assert rows[first[2]]["retry_count"] == QUICK.retries_max
    assert "MessageSizeTooLarge" in rows[first[2]]["last_error"]
    assert f"behind the event at position {first[2]}" in rows[later[0]]["last_error"]
    assert [(letter["consumer"], letter["position"]) for letter in dead_letters(database_url)] == [
        ("message-relay", position) for position in parked
    ]
    seen = {message.position for message in await read_topic(kafka, topic)}
    assert seen == {*first, *later} - set(parked)


async def test_ac16_a_redrive_sends_what_was_parked_in_order_and_the_scope_flows_again(
    pool: Pool, database_url: str, kafka: str, topic: str
) -> None:
    await make_topic(kafka, topic, message_bytes_max=LIMIT_BYTES)
    store(database_url, [*numbers("a", [1]), Happened("a", {"text": TOO_LARGE}), *numbers("a", [3])], topic=topic)
    async with _relaying(pool, kafka):
        await eventually(_nothing_pending(database_url), what="the scope is parked")
        await set_message_bytes_max(kafka, topic, 10**6)
        store(database_url, numbers("a", [4]), topic=topic)
        assert await redrive_outbox(pool, "a") >= 2
        store(database_url, numbers("a", [5]), topic=topic)
        await eventually(_nothing_pending(database_url), what="nothing is PENDING")
        if dead_letters(database_url):
            await redrive_outbox(pool)
        await eventually(_all_sent(database_url), what="all rows are SENT")

    assert [message.position for message in await read_topic(kafka, topic)] == [1, 2, 3, 4, 5]
    assert dead_letters(database_url) == []


async def test_a_parked_message_that_is_skipped_is_never_sent_and_those_behind_it_are(
    pool: Pool, database_url: str, kafka: str, topic: str
) -> None:
    await make_topic(kafka, topic, message_bytes_max=LIMIT_BYTES)
    big, neighbour = _same_lane(2)
    store(
        database_url,
        [Happened(big, {"text": TOO_LARGE}), *numbers(neighbour, [1]), *numbers(big, [2, 3])],
        topic=topic,
    )
    async with _relaying(pool, kafka):
        await eventually(_nothing_pending(database_url), what="the scope is parked")
        assert await skip_outbox(pool, 1) == 2
        store(database_url, numbers(big, [4]), topic=topic)
        await eventually(_nothing_pending(database_url), what="those behind it are sent")
        with pytest.raises(LookupError):
            await skip_outbox(pool, 1)

    assert [message.position for message in await read_topic(kafka, topic)] == [2, 3, 4, 5]
    assert [row["status"] for row in outbox_rows(database_url)] == ["FAILED", "SENT", "SENT", "SENT", "SENT"]
    assert dead_letters(database_url) == []


async def test_skipping_one_that_waits_itself_leaves_those_behind_it_where_they_are(
    pool: Pool, database_url: str, kafka: str, topic: str
) -> None:
    await make_topic(kafka, topic, message_bytes_max=LIMIT_BYTES)
    store(database_url, [Happened("a", {"text": TOO_LARGE}), *numbers("a", [2, 3])], topic=topic)
    async with _relaying(pool, kafka):
        await eventually(_nothing_pending(database_url), what="the scope is parked")
        assert await skip_outbox(pool, 2) == 0
        assert [letter["position"] for letter in dead_letters(database_url)] == [1, 3]
        await set_message_bytes_max(kafka, topic, 10**6)
        assert await redrive_outbox(pool, "a") == 2
        await eventually(_nothing_pending(database_url), what="the two others are sent")

    assert [message.position for message in await read_topic(kafka, topic)] == [1, 3]


async def test_a_message_that_is_tried_again_holds_back_its_lane_but_nothing_of_other_scopes_is_sent_twice(
    pool: Pool, database_url: str, kafka: str, topic: str
) -> None:
    await make_topic(kafka, topic, message_bytes_max=LIMIT_BYTES)
    big, neighbour = _same_lane(2)
    patient = replace(QUICK, retry_seconds=0.5, retry_seconds_max=0.5, retries_max=4)
    store(database_url, [*numbers(neighbour, [1]), Happened(big, {"text": TOO_LARGE}), *numbers(big, [2])], topic=topic)
    async with _relaying(pool, kafka, patient):
        await eventually(_deferred(database_url), what="the large one was refused once")
        later = store(database_url, numbers(neighbour, range(20)), topic=topic)
        await eventually(_seen_by(kafka, topic, {1, *later}), what="the neighbour flows")
        assert {row["status"] for row in outbox_rows(database_url)[1:3]} == {"PENDING"}
        await set_message_bytes_max(kafka, topic, 10**6)
        await eventually(_all_sent(database_url), what="the large one is sent in the end")

    seen = await read_topic(kafka, topic)
    assert sorted(message.position for message in seen) == list(range(1, 24))
    assert _first_seen(seen) == _in_store_order(database_url)
    assert query(database_url, "SELECT 1 FROM outbox_exceptions") == []


async def test_what_is_sent_above_a_refused_message_has_a_bound_and_the_rest_follows_in_order(
    pool: Pool, database_url: str, kafka: str, topic: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(relaying, "SENT_ABOVE_MAX", 5)
    await make_topic(kafka, topic, message_bytes_max=LIMIT_BYTES)
    big, neighbour = _same_lane(2)
    patient = replace(QUICK, retry_seconds=1.0, retry_seconds_max=1.0, retries_max=5, rows_max=2)
    store(database_url, [Happened(big, {"text": TOO_LARGE}), *numbers(neighbour, range(20))], topic=topic)
    async with _relaying(pool, kafka, patient) as relay:
        await eventually(_is_full(relay), what="no more of the lane is sent")
        assert len(await read_topic(kafka, topic)) < 20
        await set_message_bytes_max(kafka, topic, 10**6)
        await eventually(_all_sent(database_url), what="all rows are SENT")

    seen = await read_topic(kafka, topic)
    assert sorted(message.position for message in seen) == list(range(1, 22))
    assert _first_seen(seen) == _in_store_order(database_url)


async def test_what_a_relay_sent_above_a_refused_message_is_sent_again_by_the_next_and_in_order(
    pool: Pool, database_url: str, kafka: str, topic: str
) -> None:
    await make_topic(kafka, topic, message_bytes_max=LIMIT_BYTES)
    big, neighbour = _same_lane(2)
    patient = replace(QUICK, retry_seconds=60, retry_seconds_max=60)
    store(database_url, [Happened(big, {"text": TOO_LARGE}), *numbers(neighbour, [1]), *numbers(big, [2])], topic=topic)
    async with _relaying(pool, kafka, patient):
        await eventually(_seen_by(kafka, topic, {2}), what="the neighbour flows")
    await set_message_bytes_max(kafka, topic, 10**6)
    query(database_url, "UPDATE outbox_exceptions SET scheduled_at = now()")
    async with _relaying(pool, kafka):
        await eventually(_all_sent(database_url), what="the next relay sends all")

    seen = await read_topic(kafka, topic)
    assert {message.position for message in seen} == {1, 2, 3}
    assert _first_seen(seen) == _in_store_order(database_url)


async def test_a_refused_message_that_another_relay_has_counted_still_holds_its_scope_back(
    pool: Pool, database_url: str, kafka: str, topic: str
) -> None:
    positions = store(database_url, [*numbers("a", [1, 2]), *numbers("b", [1])], topic=topic)
    query(
        database_url,
        "INSERT INTO outbox_exceptions (position, lane, scope_id, state, retry_count, scheduled_at)"
        " SELECT position, lane, key, 'deferred', 1, now() + interval '1 hour' FROM outbox_messages WHERE position = 1",
    )
    async with _relaying(pool, kafka):
        await eventually(_seen_by(kafka, topic, {positions[2]}), what="only the other scope flows")
        assert [row["status"] for row in outbox_rows(database_url)][:2] == ["PENDING", "PENDING"]


async def test_a_missing_event_shows_in_what_follows_a_parked_one(
    pool: Pool, database_url: str, kafka: str, topic: str
) -> None:
    await make_topic(kafka, topic, message_bytes_max=LIMIT_BYTES)
    big, neighbour = _same_lane(2)
    positions = store(
        database_url,
        [Happened(big, {"number": 1, "text": TOO_LARGE}), *numbers(big, [2]), *numbers(neighbour, [1])],
        topic=topic,
    )
    async with _relaying(pool, kafka):
        await eventually(_nothing_pending(database_url), what="the scope is parked")

    [message] = await read_topic(kafka, topic)
    assert (message.position, int(message.headers["prev"])) == (positions[2], positions[1])


async def test_a_broker_that_is_away_fails_no_row_and_gets_all_of_them_when_it_is_back(
    pool: Pool, database_url: str, topic: str
) -> None:
    with own_kafka() as broker:
        positions = store(database_url, numbers("a", range(10)), topic=topic)
        async with _relaying(pool, broker.bootstrap) as relay:
            await eventually(_complains(relay), what="the relay names the broker")
            await asyncio.to_thread(broker.start)
            await eventually(_all_sent(database_url), what="all rows are SENT after the start")
            assert await relay.waiting_for() is None

            await asyncio.to_thread(broker.stop)
            positions += store(database_url, [*numbers("a", range(10)), *numbers("alone", [1])], topic=topic)
            await eventually(_complains(relay), what="the relay names the broker again")
            await eventually(_holds(relay, 0), what="the relay has given its batch up and its lanes back")
            rows = outbox_rows(database_url)
            assert {(row["retry_count"], row["last_error"]) for row in rows} == {(0, None)}
            assert {row["status"] for row in rows} == {"SENT", "PENDING"}
            await asyncio.to_thread(broker.start)
            await eventually(_all_sent(database_url), what="all rows are SENT after the return")
        seen = await read_topic(broker.bootstrap, topic)

    assert _first_seen(seen) == _in_store_order(database_url)
    assert {message.position for message in seen} == set(positions)


async def test_a_topic_that_is_gone_is_made_again(pool: Pool, database_url: str, kafka: str, topic: str) -> None:
    async with _relaying(pool, kafka):
        store(database_url, numbers("a", [1]), topic=topic)
        await eventually(_all_sent(database_url), what="the first row is SENT")
        await delete_topic(kafka, topic)
        [second] = store(database_url, numbers("a", [2]), topic=topic)
        await eventually(_all_sent(database_url), what="the second row is SENT", seconds=40)

    assert {message.position for message in await read_topic(kafka, topic)} == {second}


async def test_stopping_while_the_broker_is_away_takes_no_longer_than_allowed(pool: Pool, database_url: str) -> None:
    store(database_url, numbers("a", [1]), topic="unused")
    async with asyncio.timeout(9), _relaying(pool, f"127.0.0.1:{free_port()}") as relay:
        await eventually(_complains(relay), what="the relay names the broker")


@asynccontextmanager
async def _relaying(pool: Pool, bootstrap: str, options: RelayOptions = QUICK) -> AsyncIterator[Relay]:
    relay = Relay(pool, bootstrap, name="test-relay", options=options)
    running = asyncio.create_task(relay.run())
    try:
        yield relay
    finally:
        running.cancel()
        [ended] = await asyncio.gather(running, return_exceptions=True)
        assert isinstance(ended, asyncio.CancelledError), ended


def _count_looks(relay: Relay) -> list[Page]:
    """The pages that it reads from now on."""
    read, pages = relay._outbox.read, list[Page]()

    async def counted(**arguments: Any) -> Page:
        pages.append(await read(**arguments))
        return pages[-1]

    relay._outbox.read = counted  # type: ignore[method-assign]
    return pages


class _KilledError(Exception):
    pass


def _kill_before_marking(relay: Relay) -> None:
    """The process ends after the acknowledgements: nothing is marked, nothing is given back."""

    async def killed(*_: object) -> bool:
        raise _KilledError

    async def nothing() -> None:
        pass

    relay._outbox.settle = killed  # type: ignore[assignment,method-assign]
    relay._outbox.release = nothing  # type: ignore[method-assign]


def _same_lane(count: int) -> list[str]:
    names = (f"scope-{number}" for number in range(10_000))
    return [name for name in names if lane_of(name) == 9][:count]


def _all_sent(database_url: str) -> Callable[[], Awaitable[bool]]:
    return _none_with(database_url, "status <> 'SENT'")


def _deferred(database_url: str) -> Callable[[], Awaitable[bool]]:
    async def look() -> bool:
        return query(database_url, "SELECT 1 FROM outbox_exceptions WHERE state = 'deferred'") != []

    return look


def _is_full(relay: Relay) -> Callable[[], Awaitable[bool]]:
    async def look() -> bool:
        return bool(relay._full)

    return look


def _nothing_pending(database_url: str) -> Callable[[], Awaitable[bool]]:
    return _none_with(database_url, "status = 'PENDING'")


def _none_with(database_url: str, condition: str) -> Callable[[], Awaitable[bool]]:
    async def look() -> bool:
        return query(database_url, f"SELECT 1 FROM event_outbox WHERE {condition} LIMIT 1") == []

    return look


def _holds(relay: Relay, lanes: int) -> Callable[[], Awaitable[bool]]:
    async def look() -> bool:
        return len(relay.lanes) == lanes

    return look


def _complains(relay: Relay) -> Callable[[], Awaitable[str | None]]:
    return relay.waiting_for


def _seen_by(bootstrap: str, topic: str, positions: set[int]) -> Callable[[], Awaitable[bool]]:
    async def look() -> bool:
        return {message.position for message in await read_topic(bootstrap, topic)} == positions

    return look


def _first_seen(seen: Sequence[Seen]) -> dict[str, list[int]]:
    """Per scope the positions in the order in which each first came."""
    found: dict[str, list[int]] = {}
    for message in seen:
        of_scope = found.setdefault(message.key, [])
        if message.position not in of_scope:
            of_scope.append(message.position)
    return found


def _in_store_order(database_url: str) -> dict[str, list[int]]:
    found: dict[str, list[int]] = {}
    for row in query(database_url, "SELECT id, scope_id FROM domain_events ORDER BY id"):
        found.setdefault(row["scope_id"], []).append(row["id"])
    return found


async def _as_delivered(bootstrap: str, topic: str) -> list[Any]:
    from types import SimpleNamespace

    return [
        SimpleNamespace(
            headers=tuple((name, text.encode()) for name, text in message.headers.items()),
            value=message.value,
            partition=message.partition,
            offset=0,
        )
        for message in await read_topic(bootstrap, topic)
    ]
