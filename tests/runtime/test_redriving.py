"""What is parked is seen, tried again and given up: in order, each event once, whoever else is at it."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Iterator
from contextlib import asynccontextmanager
from typing import Any

import psycopg
import pytest
from structlog.testing import capture_logs

from services.kernel.decider import Rejected
from services.kernel.lanes import lane_of
from services.runtime.database import Pool
from services.runtime.dead_letters import RELAY, examine, find_parked, is_parked, list_parked
from services.runtime.projecting import Projector, ProjectorOptions
from services.runtime.redriving import Redriving
from services.runtime.relaying import Relay, RelayOptions
from services.runtime.sql_files import read_sql
from tests.kit import counters
from tests.kit.recording import Happened, dead_letters, numbers, query, store
from tests.kit.servers import fresh_database
from tests.kit.topics import make_topic, read_topic
from tests.kit.waiting import eventually

pytestmark = pytest.mark.anyio

QUICK = ProjectorOptions(poison_retry_seconds=0.001, overdue_seconds=0.0)
TOPIC = "unused"
TOO_LARGE = "x" * 30_000
LIMIT_BYTES = 20_000
MANY = 100_000
BUFFERS_MAX = 100
"""A few look-ups in an index; the rows of `MANY` alone fill more than a thousand."""


def _same_lane(count: int) -> list[str]:
    names = (f"scope-{number}" for number in range(10_000))
    return [name for name in names if lane_of(name) == 5][:count]


A, B = _same_lane(2)


@pytest.fixture(autouse=True)
def _no_faults() -> Iterator[None]:
    counters.FAULTS.clear()
    yield
    counters.FAULTS.clear()


@pytest.fixture
def redriving(pool: Pool) -> Redriving:
    return Redriving(pool, [counters.CONTEXT])


async def test_a_redrive_applies_what_was_parked_in_order_and_the_scope_flows_again(
    redriving: Redriving, pool: Pool, database_url: str
) -> None:
    positions = await _parked(pool, database_url, numbers(A, [1, 2, 3, 4]), faults={2})

    counters.FAULTS.clear()
    settled = await redriving.redrive(counters.GROUP, positions[1], actor="ana")
    assert (settled.redriven, settled.refused, settled.waiting) == (3, None, 0)
    assert _applied(database_url) == positions
    assert dead_letters(database_url) == []

    positions += await _projected(pool, database_url, numbers(A, [5]))
    assert _applied(database_url) == positions


async def test_a_redrive_that_fails_again_says_why_and_changes_only_the_number_of_attempts(
    redriving: Redriving, pool: Pool, database_url: str
) -> None:
    positions = await _parked(pool, database_url, numbers(A, [1, 2, 3]), faults={2})
    before = dead_letters(database_url)

    with capture_logs() as lines, pytest.raises(Rejected, match="cannot stand 2") as refused:
        await redriving.redrive(counters.GROUP, positions[1], actor="ana")
    assert [(line["event"], line.get("actor"), line.get("refused_at")) for line in lines] == [
        ("dead_letter.redrive", "ana", None),
        ("dead_letter.settled", None, positions[1]),
    ]
    assert (refused.value.code, refused.value.extra["attempts"]) == ("REDRIVE_FAILED", 4)
    assert _applied(database_url) == positions[:1]
    assert dead_letters(database_url) == [before[0] | {"attempts": 4}, before[1]]


async def test_a_constraint_that_speaks_at_commit_refuses_a_redrive_too(
    redriving: Redriving, pool: Pool, database_url: str
) -> None:
    query(
        database_url,
        "ALTER TABLE applied ADD CONSTRAINT no_second_seven EXCLUDE USING btree (number WITH =)"
        " WHERE (number = 7) DEFERRABLE INITIALLY DEFERRED",
    )
    positions = await _parked(pool, database_url, [*numbers(A, [7]), *numbers(B, [7, 8])])

    with pytest.raises(Rejected, match="no_second_seven"):
        await redriving.redrive(counters.GROUP, positions[1], actor="ana")
    assert [letter["attempts"] for letter in dead_letters(database_url)] == [4, 0]


async def test_a_redrive_stops_at_the_next_that_cannot_be_applied(
    redriving: Redriving, pool: Pool, database_url: str
) -> None:
    positions = await _parked(pool, database_url, numbers(A, [1, 2, 3, 4, 5]), faults={2, 4})
    counters.FAULTS.remove(2)

    settled = await redriving.redrive(counters.GROUP, positions[1], actor="ana")
    assert settled.refused is not None
    assert (settled.redriven, settled.refused.position, settled.waiting) == (2, positions[3], 2)
    assert "cannot stand 4" in settled.refused.reason
    assert _applied(database_url) == positions[:3]
    assert [(letter["position"], letter["attempts"]) for letter in dead_letters(database_url)] == [
        (positions[3], 1),
        (positions[4], 0),
    ]


async def test_a_long_queue_is_redriven_request_by_request(
    redriving: Redriving, pool: Pool, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("services.runtime.redriving.EVENTS_MAX", 2)
    positions = await _parked(pool, database_url, numbers(A, [2, 3, 4]), faults={2})
    counters.FAULTS.clear()

    first = await redriving.redrive(counters.GROUP, positions[0], actor="ana")
    assert (first.redriven, first.refused, first.waiting) == (2, None, 1)
    [front] = await _pages(pool)
    second = await redriving.redrive(counters.GROUP, front.position, actor="ana")
    assert (second.redriven, second.waiting) == (1, 0)
    assert _applied(database_url) == positions


async def test_a_skip_leaves_out_just_the_one_and_applies_those_behind_it(
    redriving: Redriving, pool: Pool, database_url: str
) -> None:
    positions = await _parked(pool, database_url, numbers(A, [1, 2, 3, 4]), faults={2})

    with capture_logs() as lines:
        settled = await redriving.skip(counters.GROUP, positions[1], actor="ana")
    assert (settled.redriven, settled.refused, settled.waiting) == (2, None, 0)
    assert [(line["event"], line.get("actor"), line["position"], line["scope_id"]) for line in lines] == [
        ("dead_letter.skip", "ana", positions[1], A),
        ("dead_letter.settled", None, positions[1], A),
    ]
    assert _applied(database_url) == [positions[0], positions[2], positions[3]]
    assert dead_letters(database_url) == []
    events = query(database_url, "SELECT id FROM domain_events ORDER BY id")
    assert [row["id"] for row in events] == positions, "the event itself is kept"


async def test_what_only_waits_is_not_settled_before_what_it_waits_for(
    redriving: Redriving, pool: Pool, database_url: str
) -> None:
    positions = await _parked(pool, database_url, numbers(A, [1, 2, 3]), faults={2})
    before = dead_letters(database_url)

    for settle in (redriving.skip, redriving.redrive):
        with pytest.raises(Rejected) as refused:
            await settle(counters.GROUP, positions[2], actor="ana")
        assert (refused.value.code, refused.value.extra) == ("DEAD_LETTER_WAITS", {"waits_behind": str(positions[1])})
    assert dead_letters(database_url) == before


async def test_what_is_not_parked_or_of_a_group_that_is_not_ours_is_left_alone(
    redriving: Redriving, pool: Pool, database_url: str
) -> None:
    positions = await _parked(pool, database_url, numbers(A, [1, 2]), faults={2})
    query(database_url, "UPDATE dead_letters SET consumer = 'of_another_build'")

    for settle in (redriving.skip, redriving.redrive):
        for consumer, code in ((counters.GROUP, "DEAD_LETTER_NOT_FOUND"), ("of_another_build", "CONSUMER_UNKNOWN")):
            with pytest.raises(Rejected) as refused:
                await settle(consumer, positions[1], actor="ana")
            assert refused.value.code == code
    assert len(dead_letters(database_url)) == 1


@pytest.mark.parametrize(
    ("deeds", "left_out"),
    [(("redrive", "redrive"), {0}), (("skip", "skip"), {1}), (("redrive", "skip"), {0, 1})],
    ids=["both redrive", "both skip", "one each, whoever is first"],
)
async def test_two_operators_at_once_have_one_effect(
    redriving: Redriving, pool: Pool, database_url: str, deeds: tuple[str, str], left_out: set[int]
) -> None:
    positions = await _parked(pool, database_url, numbers(A, range(1, 30)), faults={1})
    counters.FAULTS.clear()
    with _locked_lane(database_url):
        both = [
            asyncio.create_task(getattr(redriving, deed)(counters.GROUP, positions[0], actor="x")) for deed in deeds
        ]
        await eventually(_waiting_for_locks(database_url, 2), what="both wait for the lane")
    done = await asyncio.gather(*both, return_exceptions=True)

    refusals = [one for one in done if isinstance(one, BaseException)]
    assert all(isinstance(one, Rejected) and one.code == "DEAD_LETTER_NOT_FOUND" for one in refusals), refusals
    # Applied twice, an event would have broken the read model's key.
    assert _applied(database_url) in [positions[count:] for count in left_out]
    assert dead_letters(database_url) == []


async def test_an_operator_and_a_live_projector_at_once_keep_the_order(
    redriving: Redriving, pool: Pool, database_url: str
) -> None:
    positions = await _parked(pool, database_url, numbers(A, range(1, 20)), faults={3})
    counters.FAULTS.clear()
    projector = await _projector(pool)
    positions += store(
        database_url, [event for n in range(20, 60) for event in numbers(A, [n]) + numbers(B, [n])], topic=TOPIC
    )

    async def project() -> None:
        while await projector.sweep():
            pass

    with _locked_lane(database_url):
        live = asyncio.create_task(project())
        operator = asyncio.create_task(redriving.redrive(counters.GROUP, positions[2], actor="ana"))
        await eventually(_waiting_for_locks(database_url, 2), what="both wait for the lane")
    await asyncio.gather(live, operator)
    await _redrive_the_rest(redriving, pool)

    of_a = [
        row["position"]
        for row in query(database_url, "SELECT position FROM applied WHERE scope_id = '" + A + "' ORDER BY sequence")
    ]
    assert of_a == sorted(set(of_a))
    assert sorted(_applied(database_url)) == positions


async def test_a_redrive_that_cannot_have_the_lane_gives_up_in_time(
    redriving: Redriving, pool: Pool, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    positions = await _parked(pool, database_url, numbers(A, [1]), faults={1})
    monkeypatch.setitem(
        read_sql("services.runtime", "redriving.sql"), "wait_briefly", b"SET LOCAL lock_timeout = '50ms'"
    )
    with _locked_lane(database_url), pytest.raises(psycopg.errors.LockNotAvailable):
        await redriving.redrive(counters.GROUP, positions[0], actor="ana")
    assert [letter["attempts"] for letter in dead_letters(database_url)] == [3]


async def test_a_skipped_message_is_never_sent_and_those_behind_it_are(
    redriving: Redriving, pool: Pool, database_url: str, kafka: str, topic: str
) -> None:
    await make_topic(kafka, topic, message_bytes_max=LIMIT_BYTES)
    [first, large, last] = store(
        database_url, [*numbers(A, [1]), Happened(A, {"text": TOO_LARGE}), *numbers(A, [3])], topic=topic
    )
    async with _relaying(pool, kafka):
        await eventually(_parked_messages(database_url, [large, last]), what="the scope is parked")
        with pytest.raises(Rejected, match=f"waits behind the one at {large}"):
            await redriving.skip(RELAY, last, actor="ana")

        assert (await redriving.redrive(RELAY, large, actor="ana")).redriven == 2
        await eventually(_parked_messages(database_url, [large, last]), what="it is refused and parked again")

        assert (await redriving.skip(RELAY, large, actor="ana")).redriven == 1
        await eventually(_sent(kafka, topic, [first, last]), what="the message behind it is sent")
    assert dead_letters(database_url) == []
    with pytest.raises(Rejected) as gone:
        await redriving.skip(RELAY, large, actor="ana")
    assert gone.value.code == "DEAD_LETTER_NOT_FOUND"


async def test_each_parked_scope_is_listed_once_with_the_one_in_front(pool: Pool, database_url: str) -> None:
    positions = await _parked(
        pool, database_url, [*numbers(B, [1, 2]), *numbers(A, [2, 3, 4]), *numbers("free", [1])], faults={1, 2}
    )
    pages = await _pages(pool, limit=1)

    found = [(one.scope_id, one.position, one.waiting, one.attempts) for one in pages]
    assert sorted(found) == sorted([(A, positions[2], 2, 3), (B, positions[0], 1, 3), ("free", positions[5], 0, 3)])
    assert [one.scope_id for one in await _pages(pool, scope_id=B)] == [B]
    assert await _pages(pool, consumer="another") == []


async def test_one_is_shown_in_full_with_those_behind_it(pool: Pool, database_url: str) -> None:
    positions = await _parked(pool, database_url, numbers(A, range(2, 30)), faults={2})
    examined = await examine(pool, counters.GROUP, positions[0])

    assert examined is not None
    assert (examined.parked.waiting, examined.parked.waits_behind) == (27, None)
    assert (examined.event.payload, examined.event.aggregate_version) == ({"number": 2}, 1)
    assert [one.position for one in examined.behind] == positions[1:21]
    behind = await find_parked(pool, counters.GROUP, positions[5])
    assert behind is not None
    assert behind.waits_behind == positions[0]
    assert await examine(pool, counters.GROUP, positions[-1] + 1) is None
    assert await is_parked(pool, counters.GROUP, positions[5])
    assert not await is_parked(pool, counters.GROUP, positions[-1] + 1)


FROM_THE_START = {"after_consumer": "", "after_scope_id": "", "limit": 50}
LAST = {"after_consumer": "counters", "after_scope_id": A, "limit": 50}


@pytest.mark.parametrize(
    ("block", "asked"),
    [
        ("list_parked", {**FROM_THE_START, "consumer": None}),
        ("list_parked", {**FROM_THE_START, "consumer": "counters"}),
        ("list_parked", {**LAST, "consumer": "counters"}),
        ("list_parked_of_scope", {**FROM_THE_START, "consumer": None, "scope_id": A}),
        ("list_parked_of_scope", {**FROM_THE_START, "consumer": "counters", "scope_id": B}),
        ("count_parked_scopes", {}),
        ("read_parked", {"consumer": "counters", "position": 77_777}),
        ("read_behind", {"consumer": "counters", "scope_id": A, "position": 1, "limit": 20}),
        ("is_parked", {"consumer": "counters", "position": 77_777}),
    ],
)
def test_looking_costs_the_same_with_a_hundred_thousand_parked(crowded: str, block: str, asked: dict[str, Any]) -> None:
    statement = b"EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) " + read_sql("services.runtime", "dead_letters.sql")[block]
    with psycopg.connect(crowded) as connection:
        row = connection.execute(statement, asked).fetchone()
    assert row is not None
    plan = row[0][0]["Plan"]
    assert "Seq Scan on dead_letters" not in str(plan)
    assert plan["Shared Hit Blocks"] + plan["Shared Read Blocks"] < BUFFERS_MAX, plan


@pytest.fixture(scope="module")
def crowded(postgres: str) -> Iterator[str]:
    """A database in which one scope has a hundred thousand parked behind its front, and two have one each."""
    with fresh_database(postgres) as url:
        store(url, [*numbers(A, [1]), *numbers(B, [1]), *numbers("free", [1])], topic=TOPIC)
        query(
            url,
            "INSERT INTO dead_letters (consumer, position, event_id, scope_id, lane, reason, attempts)"
            " SELECT 'counters', id, event_id, scope_id, lane, 'why', 3 FROM domain_events",
        )
        query(
            url,
            "INSERT INTO dead_letters (consumer, position, event_id, scope_id, lane, reason, attempts)"
            f" SELECT 'counters', n, gen_random_uuid(), '{A}', 5, 'waits', 0 FROM generate_series(10, {MANY}) AS n",
        )
        query(url, "VACUUM ANALYZE dead_letters")
        yield url


async def _parked(
    pool: Pool,
    database_url: str,
    events: list[Happened],
    *,
    faults: Iterable[int] = (),
) -> list[int]:
    """Positions of events that a projector has met, with some numbers that it could not stand."""
    counters.FAULTS.update(faults)
    return await _projected(pool, database_url, events)


async def _projected(pool: Pool, database_url: str, events: list[Happened]) -> list[int]:
    positions = store(database_url, events, topic=TOPIC)
    projector = await _projector(pool)
    while await projector.sweep():
        pass
    return positions


async def _projector(pool: Pool) -> Projector:
    projector = Projector(counters.GROUP, [counters.CONTEXT], pool, options=QUICK)
    await projector.open()
    return projector


async def _pages(pool: Pool, *, consumer: str | None = None, scope_id: str | None = None, limit: int = 50) -> list[Any]:
    found: list[Any] = []
    after = ("", "")
    while page := await list_parked(pool, consumer=consumer, scope_id=scope_id, after=after, limit=limit):
        assert len(page) <= limit
        found += page
        after = (page[-1].consumer, page[-1].scope_id)
    return found


async def _redrive_the_rest(redriving: Redriving, pool: Pool) -> None:
    """What the projector parked behind the others while they were being redriven."""
    for front in await _pages(pool):
        await redriving.redrive(front.consumer, front.position, actor="ana")


@asynccontextmanager
async def _relaying(pool: Pool, kafka: str) -> AsyncIterator[None]:
    options = RelayOptions(poll_seconds=0.02, renew_seconds=0.1, retry_seconds=0.01, retries_max=2)
    running = asyncio.create_task(Relay(pool, kafka, name="relay", options=options).run())
    yield
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)


def _parked_messages(database_url: str, positions: list[int]) -> Callable[[], Awaitable[bool]]:
    async def look() -> bool:
        return [letter["position"] for letter in dead_letters(database_url)] == positions

    return look


def _sent(kafka: str, topic: str, positions: list[int]) -> Callable[[], Awaitable[bool]]:
    async def look() -> bool:
        return [message.position for message in await read_topic(kafka, topic)] == positions

    return look


def _locked_lane(database_url: str) -> psycopg.Connection:
    connection = psycopg.connect(database_url)
    connection.execute("SELECT FROM projection_checkpoints WHERE lane = 5 FOR UPDATE")
    return connection


def _waiting_for_locks(database_url: str, count: int) -> Callable[[], Awaitable[bool]]:
    async def look() -> bool:
        waiting = query(
            database_url,
            "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'",
        )
        return len(waiting) >= count

    return look


def _applied(database_url: str) -> list[int]:
    return [row["position"] for row in query(database_url, "SELECT position FROM applied ORDER BY sequence")]
