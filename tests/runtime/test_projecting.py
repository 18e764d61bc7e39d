"""Every event is in the read model exactly once and in order, whatever the broker and its neighbours do."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import replace
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

import orjson
import psycopg
import pytest

from services.kernel.lanes import lane_of
from services.runtime.database import CHECKPOINT_DOORBELL, Pool, listen
from services.runtime.kafka import Message
from services.runtime.pacing import within
from services.runtime.projecting import Projector, ProjectorOptions, TooMuchPoison
from services.runtime.recorded_events import EPOCH, PREVIOUS
from services.runtime.registry import Registry
from tests.kit import counters
from tests.kit.recording import Happened, dead_letters, numbers, outbox_rows, query, store
from tests.kit.waiting import eventually

pytestmark = pytest.mark.anyio

OPTIONS = ProjectorOptions(poison_retry_seconds=0.001, overdue_seconds=0.0)
TOPIC = "unused"


def _same_lane(count: int) -> list[str]:
    """Scopes that share a lane with each other."""
    names = (f"scope-{number}" for number in range(10_000))
    return [name for name in names if lane_of(name) == 5][:count]


A, B, C = _same_lane(3)


@pytest.fixture
async def projector(pool: Pool) -> Projector:
    return await _projector(pool)


@pytest.fixture(autouse=True)
def _no_faults() -> Iterator[None]:
    counters.FAULTS.clear()
    yield
    counters.FAULTS.clear()


async def test_events_are_applied_in_order_and_the_checkpoints_follow(projector: Projector, database_url: str) -> None:
    positions = store(database_url, [*numbers(A, [1, 2, 3]), *numbers("elsewhere", [4]), *numbers(A, [5])], topic=TOPIC)
    await projector.handle(_messages(database_url))

    assert _applied(database_url) == positions
    assert _counters(database_url) == {A: 5, "elsewhere": 4}
    assert _checkpoint(database_url, A) == positions[-1]
    assert _checkpoint(database_url, "elsewhere") == positions[3]


async def test_listeners_hear_of_new_checkpoints_after_the_commit(projector: Projector, database_url: str) -> None:
    heard: list[str] = []
    listening = asyncio.Event()

    async def connected() -> None:
        listening.set()

    listener = asyncio.create_task(
        listen(database_url, (CHECKPOINT_DOORBELL,), lambda _, payload: heard.append(payload), connected=connected)
    )
    await listening.wait()
    [first, second] = store(database_url, [*numbers(A, [1]), *numbers("elsewhere", [1])], topic=TOPIC)
    await projector.handle(_messages(database_url))

    async def rung() -> bool:
        return bool(heard)

    await eventually(rung, what="the doorbell")
    listener.cancel()
    group, _, moves = heard[0].partition(":")
    assert group == counters.GROUP
    assert set(moves.split(",")) == {f"{lane_of(A)}={first}", f"{lane_of('elsewhere')}={second}"}


async def test_what_comes_twice_is_applied_once(projector: Projector, database_url: str, pool: Pool) -> None:
    positions = store(database_url, numbers(A, range(6)), topic=TOPIC)
    messages = _messages(database_url)
    await projector.handle(messages[:4])
    await projector.handle(messages[1:])
    await projector.handle(messages)
    await (await _projector(pool)).handle(messages)

    assert _applied(database_url) == positions


async def test_a_hole_is_filled_from_the_store_in_order(projector: Projector, database_url: str) -> None:
    positions = store(database_url, [*numbers(A, [1, 2, 3, 4]), *numbers("elsewhere", [7])], topic=TOPIC)
    messages = _messages(database_url)
    await projector.handle([messages[0], messages[3], messages[4]])

    assert sorted(_applied(database_url)) == positions
    assert _applied_of(database_url, A) == positions[:4]


async def test_a_hole_longer_than_a_chunk_is_filled(pool: Pool, database_url: str) -> None:
    projector = await _projector(pool, ProjectorOptions(chunk_events_max=7))
    positions = store(database_url, numbers(A, range(40)), topic=TOPIC)
    await projector.handle(_messages(database_url)[-1:])

    assert _applied(database_url) == positions


async def test_a_message_of_another_epoch_changes_nothing(projector: Projector, database_url: str) -> None:
    store(database_url, numbers(A, [1]), topic=TOPIC)
    await projector.handle(_messages(database_url, epoch=str(uuid4())))

    assert _applied(database_url) == []
    assert _checkpoint(database_url, A) == 0


async def test_a_message_beyond_the_store_changes_nothing(projector: Projector, database_url: str) -> None:
    [position] = store(database_url, numbers(A, [1]), topic=TOPIC)
    [message] = _messages(database_url)
    lost = {"ce_position": str(position + 9), PREVIOUS: str(position + 8)}
    await within(5, projector.handle([_changed(message, lost)]))

    assert _applied(database_url) == [position]
    assert _checkpoint(database_url, A) == position


async def test_a_message_that_is_no_event_is_passed_over(projector: Projector, database_url: str) -> None:
    positions = store(database_url, numbers(A, [1, 2]), topic=TOPIC)
    foreign = SimpleNamespace(headers=(), value=b"hello", partition=0, offset=0)
    unreadable = _changed(_messages(database_url)[0], {"ce_time": "yesterday"})
    await projector.handle([foreign, unreadable, _messages(database_url)[1]])

    assert _applied(database_url) == positions


@pytest.mark.parametrize(
    "stranger",
    [Happened(A, {"anything": 1}, type="Counter.Exploded"), Happened(A, {"number": 1}, version=2)],
    ids=["of an unknown type", "of a newer version"],
)
async def test_an_event_is_passed_over(projector: Projector, database_url: str, stranger: Happened) -> None:
    positions = store(database_url, [*numbers(A, [1]), stranger, *numbers(A, [3])], topic=TOPIC)
    await projector.handle(_messages(database_url))

    assert _applied(database_url) == [positions[0], positions[2]]
    assert _checkpoint(database_url, A) == positions[2]
    assert dead_letters(database_url) == []


async def test_two_projectors_on_the_same_lanes_apply_each_event_once(pool: Pool, database_url: str) -> None:
    both = [await _projector(pool), await _projector(pool)]
    scopes = [f"scope-{number}" for number in range(30)]
    positions = store(
        database_url, [Happened(scope, {"number": n}) for n in range(20) for scope in scopes], topic=TOPIC
    )
    messages = _messages(database_url)

    async def deliver(projector: Projector, size: int) -> None:
        for start in range(0, len(messages), size):
            await projector.handle(messages[start : start + size])

    await asyncio.gather(deliver(both[0], 37), deliver(both[1], 53))

    assert sorted(_applied(database_url)) == positions
    for scope in scopes:
        assert _applied_of(database_url, scope) == sorted(_applied_of(database_url, scope))
    assert dead_letters(database_url) == []


@pytest.mark.parametrize("source", ["database", "projection", "payload"])
async def test_poison_parks_its_scope_and_everything_else_flows(
    projector: Projector, database_url: str, source: str
) -> None:
    counters.FAULTS.add(666)
    numbers_by_source: dict[str, Any] = {"database": -1, "projection": 666, "payload": "many"}
    bad = {"number": numbers_by_source[source]}
    first = store(
        database_url,
        [*numbers(A, [1]), *numbers(B, [1]), Happened(A, bad), *numbers(B, [2]), *numbers(A, [3, 4]), *numbers(B, [3])],
        topic=TOPIC,
    )
    await projector.handle(_messages(database_url))

    assert _applied_of(database_url, A) == first[:1]
    assert _applied_of(database_url, B) == [first[1], first[3], first[6]]
    assert _checkpoint(database_url, A) == first[6]
    parked = dead_letters(database_url)
    assert [letter["position"] for letter in parked] == [first[2], first[4], first[5]]
    assert {letter["scope_id"] for letter in parked} == {A}
    assert [letter["attempts"] for letter in parked] == [3, 0, 0]
    assert f"behind the event at position {first[2]}" in parked[1]["reason"]


async def test_what_waits_behind_a_parked_event_is_not_tried_itself(projector: Projector, database_url: str) -> None:
    counters.FAULTS.update({2, 3})
    store(database_url, [*numbers(A, [1, 2, 3]), Happened(A, {"number": "many"})], topic=TOPIC)
    await projector.handle(_messages(database_url))

    assert [letter["attempts"] for letter in dead_letters(database_url)] == [3, 0, 0]


async def test_a_projector_that_comes_later_knows_the_scopes_that_are_parked(
    projector: Projector, database_url: str, pool: Pool
) -> None:
    counters.FAULTS.add(2)
    positions = store(database_url, numbers(A, [1, 2, 3]), topic=TOPIC)
    await projector.handle(_messages(database_url))
    positions += store(database_url, [*numbers(A, [4]), *numbers(B, [1])], topic=TOPIC)
    await (await _projector(pool)).handle(_messages(database_url))

    assert _applied(database_url) == [positions[0], positions[4]]
    assert [letter["position"] for letter in dead_letters(database_url)] == positions[1:4]


async def test_a_constraint_checked_at_commit_parks_only_the_guilty(projector: Projector, database_url: str) -> None:
    query(
        database_url,
        "ALTER TABLE applied ADD CONSTRAINT no_seven EXCLUDE USING btree (((number = 7)::INT) WITH =)"
        " WHERE (number IN (7, 8)) DEFERRABLE INITIALLY DEFERRED",
    )
    # 7 and 8 may stand together, a second 7 may not; that is found only when the transaction commits.
    positions = store(
        database_url, [*numbers(A, [7]), *numbers(B, [8]), *numbers(C, [7]), *numbers(B, [9])], topic=TOPIC
    )
    await projector.handle(_messages(database_url))

    assert _applied(database_url) == [positions[0], positions[1], positions[3]]
    assert [letter["scope_id"] for letter in dead_letters(database_url)] == [C]


async def test_too_much_poison_stops_the_projector_instead_of_parking_everything(pool: Pool, database_url: str) -> None:
    projector = await _projector(pool, ProjectorOptions(poison_retry_seconds=0.001, poison_max=3))
    store(database_url, [Happened(f"scope-{number}", {"number": -1}) for number in range(5)], topic=TOPIC)

    with pytest.raises(TooMuchPoison):
        await projector.handle(_messages(database_url))
    assert len(dead_letters(database_url)) == 3


async def test_a_table_that_is_missing_stops_the_projector_and_parks_nothing(
    projector: Projector, database_url: str
) -> None:
    query(database_url, "DROP TABLE counters")
    store(database_url, numbers(A, [1]), topic=TOPIC)

    with pytest.raises(psycopg.errors.UndefinedTable):
        await projector.handle(_messages(database_url))
    assert dead_letters(database_url) == []


async def test_a_projection_that_changes_a_table_it_does_not_own_stops_the_projector(
    pool: Pool, database_url: str
) -> None:
    [projection] = counters.CONTEXT.projections
    greedy = replace(counters.CONTEXT, projections=(replace(projection, tables=("applied",)),))
    projector = Projector(counters.GROUP, [greedy], pool, options=OPTIONS)
    await projector.open()
    store(database_url, numbers(A, [1]), topic=TOPIC)

    with pytest.raises(AssertionError, match="owns counters"):
        await projector.handle(_messages(database_url))
    assert dead_letters(database_url) == []


def test_a_table_that_two_projections_own_is_refused_at_start() -> None:
    [projection] = counters.CONTEXT.projections
    both = replace(counters.CONTEXT, projections=(projection, replace(projection, name="again")))
    with pytest.raises(ValueError, match="applied is declared twice"):
        Registry([both])


async def test_a_connection_cut_in_the_middle_costs_only_time(projector: Projector, database_url: str) -> None:
    positions = store(database_url, numbers(A, range(50)), topic=TOPIC)
    with psycopg.connect(database_url) as lock:
        lock.execute("LOCK TABLE counters IN ACCESS EXCLUSIVE MODE")
        working = asyncio.create_task(projector.handle(_messages(database_url)))
        [victim] = await eventually(_waits_for_a_lock(database_url), what="the projector is inside its transaction")
        lock.execute("SELECT pg_terminate_backend(%s)", [victim["pid"]])
    await within(10, working)

    assert _applied(database_url) == positions
    assert dead_letters(database_url) == []


async def test_a_sweep_applies_what_the_broker_never_brought(projector: Projector, database_url: str) -> None:
    positions = store(database_url, [*numbers(A, [1, 2]), *numbers("elsewhere", [3])], topic=TOPIC, outbox=False)
    while await projector.sweep():
        pass

    assert sorted(_applied(database_url)) == positions
    assert _checkpoint(database_url, A) == positions[1]


async def test_a_sweep_leaves_young_events_to_the_broker(pool: Pool, database_url: str) -> None:
    projector = await _projector(pool, ProjectorOptions(overdue_seconds=60.0))
    store(database_url, numbers(A, [1]), topic=TOPIC)

    assert not await projector.sweep()
    assert _applied(database_url) == []


async def test_sweeping_and_the_broker_together_apply_each_event_once(projector: Projector, database_url: str) -> None:
    positions: list[int] = []
    sweeping = asyncio.create_task(projector.sweep_for_ever())
    for number in range(30):
        positions += store(database_url, [*numbers(A, [number]), *numbers("elsewhere", [number])], topic=TOPIC)
        await projector.handle(_messages(database_url)[-3:])
    sweeping.cancel()

    assert sorted(_applied(database_url)) == positions
    assert dead_letters(database_url) == []


async def test_stopping_finishes_the_batch_in_hand(projector: Projector, database_url: str) -> None:
    positions = store(database_url, numbers(A, range(50)), topic=TOPIC)
    with psycopg.connect(database_url) as lock:
        lock.execute("LOCK TABLE counters IN ACCESS EXCLUSIVE MODE")
        working = asyncio.create_task(projector.handle(_messages(database_url)))
        await eventually(_waits_for_a_lock(database_url), what="the projector is inside its transaction")
        working.cancel()
    with pytest.raises(asyncio.CancelledError):
        await working

    assert _applied(database_url) == positions


def _waits_for_a_lock(database_url: str) -> Callable[[], Awaitable[list[dict[str, Any]]]]:
    async def look() -> list[dict[str, Any]]:
        return query(
            database_url,
            "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'",
        )

    return look


async def _projector(pool: Pool, options: ProjectorOptions = OPTIONS) -> Projector:
    projector = Projector(counters.GROUP, [counters.CONTEXT], pool, options=options)
    await projector.open()
    return projector


def _messages(database_url: str, *, epoch: str | None = None) -> list[Message]:
    """All outbox rows as the relay would send them."""
    [store_epoch] = query(database_url, "SELECT epoch::TEXT AS epoch FROM store_epoch")
    previous: dict[int, int] = {}
    messages = []
    for row in outbox_rows(database_url):
        headers = row["headers"] | {PREVIOUS: str(previous.get(row["lane"], 0)), EPOCH: epoch or store_epoch["epoch"]}
        encoded = tuple((name, text.encode()) for name, text in headers.items())
        messages.append(SimpleNamespace(headers=encoded, value=orjson.dumps(row["payload"]), partition=0, offset=0))
        previous[row["lane"]] = row["position"]
    return messages


def _changed(message: Message, headers: dict[str, str]) -> Message:
    encoded = {name: text.encode() for name, text in headers.items()}
    changed = tuple((dict(message.headers) | encoded).items())
    return SimpleNamespace(headers=changed, value=message.value, partition=0, offset=0)


def _applied(database_url: str) -> list[int]:
    return [row["position"] for row in query(database_url, "SELECT position FROM applied ORDER BY sequence")]


def _applied_of(database_url: str, scope_id: str) -> list[int]:
    rows = query(database_url, "SELECT position, scope_id FROM applied ORDER BY sequence")
    return [row["position"] for row in rows if row["scope_id"] == scope_id]


def _counters(database_url: str) -> dict[str, int]:
    return {row["scope_id"]: row["number"] for row in query(database_url, "SELECT scope_id, number FROM counters")}


def _checkpoint(database_url: str, scope_id: str) -> int:
    rows = query(
        database_url,
        "SELECT last_position FROM projection_checkpoints"
        f" WHERE projection = '{counters.GROUP}' AND lane = {lane_of(scope_id)}",
    )
    return int(rows[0]["last_position"])
