"""Snapshots of scopes: they are what folding comes to, and nothing is decided on one that may be wrong."""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

import orjson
import psycopg
import pytest

from services.kernel.events import RecordedEvent
from services.kernel.scope import Scope, ScopeKey
from services.runtime import scope_snapshots
from services.runtime.command_handling import CommandHandler, Outcome
from services.runtime.database import Pool
from services.runtime.event_store import EventStore
from services.runtime.scope_snapshots import Snapshot, SnapshotFormat, SnapshotWriter
from services.runtime.scopes import BYTES_MAX, SNAPSHOT_EVENTS, SNAPSHOTS_AT_ONCE, Scopes, fold
from tests.kit.deciding import REGISTRY
from tests.kit.histories import Story, tell_story
from tests.kit.submissions import outcome, submission

FORMAT = SnapshotFormat(REGISTRY.aggregates)


@pytest.fixture
def store(database_url: str) -> Iterator[EventStore]:
    opened = EventStore(database_url, name="test")
    yield opened
    opened.close()


@pytest.fixture
def handler(store: EventStore) -> CommandHandler:
    return CommandHandler(store, REGISTRY, "test")


def recorded(story: Story) -> list[RecordedEvent]:
    """The story as it is read from the store."""
    return [
        RecordedEvent(
            position=position,
            event_id=uuid4(),
            lane=0,
            correlation_id=None,
            causation_id=None,
            actor_id=event["user_id"],
            traceparent=None,
            occurred_at=datetime(2026, 1, 1, 0, 0, position % 60, position, tzinfo=UTC),
            **{name: value for name, value in event.items() if name not in ("user_id", "command_id")},
        )
        for position, event in enumerate(orjson.loads(story.text), start=1)
    ]


@pytest.mark.parametrize("is_deleted", [False, True])
def test_a_snapshot_and_what_came_after_are_the_same_as_all_events(*, is_deleted: bool) -> None:
    events = recorded(tell_story(rounds=6, deleted=is_deleted))
    scope_id = events[0].scope_id
    whole = {scope_id: Scope(ScopeKey("", scope_id))}
    for position, event in enumerate(events, start=1):
        whole = fold(REGISTRY, whole, [event])
        restored = FORMAT.scope(FORMAT.snapshot(whole[scope_id]))
        assert restored == whole[scope_id], f"after {event.type}"
        if position % 10 == 0:
            rest = events[position:]
            assert fold(REGISTRY, {scope_id: restored}, rest) == fold(REGISTRY, whole, rest)


def rounds(handler: CommandHandler, session_id: str, user_id: UUID, numbers: range) -> None:
    said = [
        submission("Command.Conversation.Round.Create", a_round(number), user_id=user_id, session_id=session_id)
        for number in numbers
    ]
    assert {outcome(result).status for result in handler.handle(said)} == {201}


def say(handler: CommandHandler, said: dict[str, Any], session_id: str, user_id: UUID) -> Outcome:
    """What sending one round is answered with."""
    (result,) = handler.handle(
        [submission("Command.Conversation.Round.Create", said, user_id=user_id, session_id=session_id)]
    )
    return outcome(result)


def a_round(number: int) -> dict[str, Any]:
    return {
        "role": "user",
        "input": {"content": f"said {number}"},
        "correlation_id": str(UUID(int=number)),
        "tokens_in": number,
        "cost": number / 4,
    }


def a_session(handler: CommandHandler, user_id: UUID) -> str:
    (opened,) = handler.handle([submission("Command.Conversation.Session.Create", user_id=user_id)])
    return str(outcome(opened).body["id"])


def a_long_session(handler: CommandHandler) -> tuple[UUID, str]:
    """A user, and a session of theirs that has come so far that it wants a snapshot."""
    user_id = uuid4()
    session_id = a_session(handler, user_id)
    rounds(handler, session_id, user_id, range(SNAPSHOT_EVENTS))
    return user_id, session_id


async def store_all(pool: Pool, snapshots: list[Snapshot]) -> None:
    writer = SnapshotWriter(pool)
    writer.store(snapshots)
    await writer.close()


def read_from(store: EventStore, monkeypatch: pytest.MonkeyPatch) -> list[Mapping[str, int]]:
    """After which positions events are read from now on."""
    asked: list[Mapping[str, int]] = []
    load = store.load

    def loading(scopes: Mapping[str, int]) -> list[RecordedEvent]:
        asked.append(dict(scopes))
        return load(scopes)

    monkeypatch.setattr(store, "load", loading)
    return asked


@pytest.mark.anyio
async def test_another_process_reads_a_snapshot_and_only_what_came_after(
    handler: CommandHandler, store: EventStore, pool: Pool, monkeypatch: pytest.MonkeyPatch
) -> None:
    user_id, session_id = a_long_session(handler)
    snapshots = handler.take_snapshots()
    assert [snapshot.scope_id for snapshot in snapshots] == [session_id]
    assert not handler.take_snapshots(), "until so many events have come again"
    await store_all(pool, snapshots)
    rounds(handler, session_id, user_id, range(SNAPSHOT_EVENTS, SNAPSHOT_EVENTS + 5))

    other = CommandHandler(store, REGISTRY, "other")
    asked = read_from(store, monkeypatch)
    here, there = (say(who, a_round(7), session_id, user_id) for who in (handler, other))
    assert asked == [{session_id: snapshots[0].position}]
    assert (here.status, orjson.dumps(here.body)) == (there.status, orjson.dumps(there.body))
    assert {name: there.body[name] for name in ("round_path", "tokens_in", "cost", "correlation_id", "model")} == {
        "round_path": "8",
        "tokens_in": 7,
        "cost": 1.75,
        "correlation_id": str(UUID(int=7)),
        "model": None,
    }
    assert other._scopes.warm({}, session_id) == handler._scopes.warm({}, session_id)
    conflict = say(other, a_round(7) | {"input": {"content": "something else"}}, session_id, user_id)
    assert conflict.body["code"] == "ROUND_CONFLICT"
    rounds(other, session_id, user_id, range(200, 203))


@pytest.mark.anyio
async def test_what_other_code_has_folded_is_passed_over_and_replaced(
    handler: CommandHandler, store: EventStore, pool: Pool, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, session_id = a_long_session(handler)
    with monkeypatch.context() as earlier:
        earlier.setattr(scope_snapshots, "folding_code", lambda: "0" * 64)
        await store_all(pool, handler.take_snapshots())
    other = Scopes(store, REGISTRY)
    assert other.warm({}, session_id) == handler._scopes.warm({}, session_id)
    assert not store.load_snapshots([session_id])
    await store_all(pool, other.take_snapshots())
    assert store.load_snapshots([session_id])


@pytest.mark.anyio
async def test_a_snapshot_that_cannot_be_read_is_passed_over(
    handler: CommandHandler, store: EventStore, pool: Pool
) -> None:
    _, session_id = a_long_session(handler)
    (good,) = handler.take_snapshots()
    head, state = good.document.split("\n")
    other_type = good.document.replace("ConversationSession", "Something")
    for document in ("", "{}", head, f"{head}\n{{}}", f"{good.document}\n{state}", other_type):
        await store_all(pool, [good._replace(document=document)])
        assert Scopes(store, REGISTRY).warm({}, session_id) == handler._scopes.warm({}, session_id)
        async with pool.connection() as connection:
            await connection.execute("TRUNCATE scope_snapshots")


@pytest.mark.anyio
async def test_whoever_was_overtaken_leaves_the_newer_snapshot(store: EventStore, pool: Pool) -> None:
    newer, older = Snapshot("a", 12, "newer"), Snapshot("a", 11, "older")
    await store_all(pool, [newer])
    await store_all(pool, [older])
    assert store.load_snapshots(["a", "b"]) == [newer]


@pytest.mark.anyio
async def test_a_snapshot_that_cannot_be_stored_is_done_without(
    store: EventStore, pool: Pool, database_url: str
) -> None:
    with psycopg.connect(database_url) as connection:
        connection.execute("ALTER TABLE scope_snapshots RENAME TO away")
    await store_all(pool, [Snapshot("a", 1, "{}"), Snapshot("b", 1, "{}")])
    with psycopg.connect(database_url) as connection:
        connection.execute("ALTER TABLE away RENAME TO scope_snapshots")
    await store_all(pool, [Snapshot("a", 2, "{}")])
    assert store.load_snapshots(["a", "b"]) == [Snapshot("a", 2, "{}")]


def test_numbers_that_the_store_spells_otherwise_are_the_same_to_whoever_reads_them(
    handler: CommandHandler, store: EventStore
) -> None:
    """PostgreSQL gives back 100, 0.0 and 100000000000000000."""
    user_id = uuid4()
    session_id = a_session(handler, user_id)
    said = a_round(1) | {"input": {"numbers": [1e2, -0.0, 1e17, 0.1]}}
    assert say(handler, said, session_id, user_id).status == 201
    for who in (handler, CommandHandler(store, REGISTRY, "other")):
        assert say(who, said, session_id, user_id).status == 200
        for numbers in ([100, 0, 10**17, 0.2], [100, 0, 10**17 + 16, 0.1], [-100, 0, 10**17, 0.1]):
            other = a_round(1) | {"input": {"numbers": numbers}}
            assert say(who, other, session_id, user_id).body["code"] == "ROUND_CONFLICT"


def test_only_some_snapshots_are_made_between_two_batches(handler: CommandHandler) -> None:
    user_id = uuid4()
    sessions = [a_session(handler, user_id) for _ in range(SNAPSHOTS_AT_ONCE + 1)]
    for session_id in sessions:
        rounds(handler, session_id, user_id, range(SNAPSHOT_EVENTS))
    taken = [[snapshot.scope_id for snapshot in handler.take_snapshots()] for _ in range(3)]
    assert taken == [sessions[:-1], sessions[-1:], []]


def test_a_hundred_conversations_of_a_thousand_rounds_are_kept_at_once(handler: CommandHandler) -> None:
    user_id = uuid4()
    session_id = a_session(handler, user_id)
    for hundred in range(0, 1_000, 100):
        rounds(handler, session_id, user_id, range(hundred, hundred + 100))
        handler.take_snapshots()
    kept = handler._scopes._scopes.get(session_id)
    assert kept is not None
    assert kept.scope.event_count == 1_001
    assert 100 * kept.weight <= BYTES_MAX
