"""Command handling on the real PostgreSQL: batches, neighbours, replays, lost replies, several writers."""

import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest

from services.kernel.decider import Given, Rejected
from services.kernel.events import RecordedEvent
from services.runtime.command_handling import CommandHandler, Submission
from services.runtime.event_store import Batch, Decided, EventStore, Location, StoreUnavailable
from services.runtime.metrics import COMMAND_BATCHES_OVERTAKEN_TOTAL
from services.runtime.scopes import Scopes
from services.runtime.task_steps import StepKind, TaskOutcome, TaskStep
from tests.kit.deciding import REGISTRY
from tests.kit.submissions import outcome, submission


@pytest.fixture
def store(migrated: str) -> Iterator[EventStore]:
    opened = EventStore(migrated)
    yield opened
    opened.close()


@pytest.fixture
def handler(store: EventStore) -> CommandHandler:
    return CommandHandler(store, REGISTRY, "test")


def new_novel(user_id: UUID, title: str = "A novel", key: str | None = None) -> Submission:
    return submission("Command.Novel.Create", {"title": title}, user_id=user_id, key=key)


def counts(url: str) -> tuple[int, int, int]:
    with psycopg.connect(url) as connection:
        row = connection.execute(
            "SELECT (SELECT count(*) FROM command_inbox), (SELECT count(*) FROM domain_events),"
            " (SELECT count(*) FROM event_outbox)"
        ).fetchone()
    assert row is not None
    return row


def test_a_refused_command_leaves_its_neighbours_in_the_batch_alone(handler: CommandHandler, migrated: str) -> None:
    user = uuid4()
    refused = submission("Command.Genesis.Flow.Create", user_id=user, novel_id=uuid4())
    results = [outcome(r) for r in handler.handle([new_novel(user), refused, new_novel(user)])]
    assert [result.status for result in results] == [201, 404, 201]
    assert counts(migrated) == (2, 2, 2)


def test_a_lease_that_was_kept_after_all_is_not_taken_over(
    handler: CommandHandler, migrated: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    task = a_task(handler, migrated)
    assert taken(handler.handle([step(StepKind.CLAIM, task, "slow")])[0]).taken
    find = EventStore.find_tasks
    lease = "UPDATE async_tasks SET lease_until = now() + make_interval(secs => %s)"

    def with_lease(seconds: int) -> None:
        with psycopg.connect(migrated) as connection:
            connection.execute(lease, [seconds])

    def then_kept(store: EventStore, ids: Sequence[UUID]) -> dict[UUID, Any]:
        rows = find(store, ids)
        with_lease(60)
        return rows

    with_lease(-1)
    with monkeypatch.context() as kept:
        kept.setattr(EventStore, "find_tasks", then_kept)
        assert not taken(handler.handle([step(StepKind.CLAIM, task, "quick")])[0]).taken
    with_lease(-1)
    assert taken(handler.handle([step(StepKind.CLAIM, task, "quick")])[0]).attempt == 2


def test_a_scope_weighs_the_same_whether_it_was_read_or_decided(
    handler: CommandHandler, store: EventStore, migrated: str
) -> None:
    handler.handle([new_novel(uuid4(), "长" * 100)])
    with psycopg.connect(migrated) as connection:
        ((scope_id,),) = connection.execute("SELECT scope_id FROM domain_events").fetchall()
    decided = handler._scopes.warm({}, scope_id)[scope_id]
    read = Scopes(store, REGISTRY).warm({}, scope_id)[scope_id]
    assert (read.size, read.event_count) == (decided.size, decided.event_count)
    assert decided.size > 300, "bytes are counted, of which each of these characters has three"


def registration(name: str) -> Submission:
    user_id = uuid4()
    route = REGISTRY.command("Command.User.Register")
    assert route is not None
    fields = {"user_id": user_id, "username": name, "email": f"{name}@example.com", "password_hash": "a hash"}
    given = Given(uuid4(), route.type, user_id, datetime.now(UTC))
    command = route.model.model_validate(fields)
    return Submission(
        route=route,
        command=command,
        given=given,
        idempotency_key=f"cmd-{given.command_id}",
        keyed=False,
        request_hash="0" * 64,
        payload={},
        path="/test",
    )


def test_a_name_that_is_taken_is_refused_and_leaves_its_neighbours_in_the_batch_alone(
    handler: CommandHandler, migrated: str
) -> None:
    user = uuid4()
    first, second, third = handler.handle([new_novel(user), registration("ana"), registration("ana")])
    assert [outcome(first).status, outcome(second).status] == [201, 200]
    assert isinstance(third, Rejected)
    assert (third.code, third.extra["error"]["field"]) == ("INVALID_PARAMETER", "username")
    assert counts(migrated) == (2, 2, 2)
    with psycopg.connect(migrated) as connection:
        assert connection.execute("SELECT username FROM users").fetchall() == [("ana",)]


def test_a_broken_decider_leaves_its_neighbours_in_the_batch_alone(handler: CommandHandler, migrated: str) -> None:
    user = uuid4()

    def broken(*_: object) -> Any:
        raise ZeroDivisionError

    bad = new_novel(user)
    results = handler.handle([new_novel(user), replace(bad, route=replace(bad.route, decide=broken)), new_novel(user)])
    assert isinstance(results[1], ZeroDivisionError)
    assert [outcome(results[i]).status for i in (0, 2)] == [201, 201]
    assert counts(migrated) == (2, 2, 2)


def test_commands_of_a_batch_see_what_those_before_them_did(handler: CommandHandler) -> None:
    user = uuid4()
    novel = new_novel(user)
    novel_id = novel.given.new_id("novel")
    begin = [submission("Command.Genesis.Flow.Create", user_id=user, novel_id=novel_id) for _ in range(3)]
    assert [outcome(r).status for r in handler.handle([novel, *begin])] == [201, 201, 200, 200]


def test_what_a_commit_has_created_need_not_be_looked_for(
    handler: CommandHandler, store: EventStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    user, looked_for = uuid4(), list[Sequence[str]]()
    opened = outcome(handler.handle([submission("Command.Conversation.Session.Create", user_id=user)])[0])
    look = store.locate_aggregates

    def locate(kind: str, ids: Sequence[str]) -> dict[str, Location]:
        looked_for.append(ids)
        return look(kind, ids)

    monkeypatch.setattr(store, "locate_aggregates", locate)
    delete = submission("Command.Conversation.Session.Delete", user_id=user, session_id=opened.body["id"])
    refused = submission("Command.Conversation.Session.Delete", user_id=user, session_id=(nowhere := uuid4()))
    assert [outcome(result).status for result in handler.handle([delete, refused])] == [204, 404]
    assert looked_for == [[str(nowhere)]]


def test_one_key_twice_in_a_batch_has_one_effect_and_one_answer(handler: CommandHandler, migrated: str) -> None:
    user = uuid4()
    first, second = (outcome(r) for r in handler.handle([new_novel(user, key="k"), new_novel(user, key="k")]))
    assert (first.replayed, second.replayed) == (False, True)
    assert (second.status, second.body, second.position) == (201, first.body, first.position)
    assert counts(migrated) == (1, 1, 1)


def test_somebody_elses_novel_is_refused_exactly_like_one_that_is_not_there(
    handler: CommandHandler, migrated: str
) -> None:
    owner, stranger = uuid4(), uuid4()
    novel = new_novel(owner)
    handler.handle([novel])
    before = counts(migrated)
    theirs = submission("Command.Novel.Delete", user_id=stranger, novel_id=novel.given.new_id("novel"))
    nobodys = submission("Command.Novel.Delete", user_id=stranger, novel_id=uuid4())
    one, other = (outcome(r) for r in handler.handle([theirs, nobodys]))
    assert (one.status, one.body["detail"]) == (other.status, other.body["detail"]) == (404, "Novel not found")
    assert counts(migrated) == before


def test_nobody_learns_that_somebody_elses_command_is_open(handler: CommandHandler) -> None:
    owner, stranger = uuid4(), uuid4()
    start = submission("Command.Genesis.Session.Start", user_id=owner)
    session_id = start.given.new_id("session")
    seed = [
        submission("Command.Genesis.Session.Seed.Request", user_id=user, session_id=session_id)
        for user in (owner, owner, stranger)
    ]
    handler.handle([start])
    results = [outcome(r) for r in handler.handle(seed)]
    assert [(one.status, one.refusal) for one in results] == [
        (202, None),
        (409, "DUPLICATE_COMMAND"),
        (404, "SESSION_NOT_FOUND"),
    ]


def step(kind: StepKind, task: tuple[UUID, str], node: str, *, attempt: int = 0, **data: Any) -> TaskStep:
    return TaskStep(kind, *task, node, datetime.now(UTC), attempt, data)


def a_task(handler: CommandHandler, migrated: str) -> tuple[UUID, str]:
    """A task that waits, with its scope."""
    user = uuid4()
    start = submission("Command.Genesis.Session.Start", user_id=user)
    seed = submission("Command.Genesis.Session.Seed.Request", user_id=user, session_id=start.given.new_id("session"))
    for piece in (start, seed):
        handler.handle([piece])
    return open_task(migrated)


def open_task(migrated: str) -> tuple[UUID, str]:
    """The one that has not ended, with its scope."""
    with psycopg.connect(migrated) as connection:
        ((task_id, scope_id),) = connection.execute("SELECT id, scope_id FROM async_tasks_open").fetchall()
    return task_id, scope_id


def taken(result: object) -> TaskOutcome:
    assert isinstance(result, TaskOutcome), result
    return result


@pytest.mark.parametrize("meanwhile", ["claimed", "ended"])
def test_a_step_that_was_overtaken_is_decided_again(
    handler: CommandHandler, migrated: str, monkeypatch: pytest.MonkeyPatch, meanwhile: str
) -> None:
    task = a_task(handler, migrated)
    other = CommandHandler(EventStore(migrated), REGISTRY, "other")
    find, overtaken = EventStore.find_tasks, threading.Event()

    def found_too_early(store: EventStore, ids: Sequence[UUID]) -> dict[UUID, Any]:
        rows = find(store, ids)
        if not overtaken.is_set():
            overtaken.set()
            first = taken(other.handle([step(StepKind.CLAIM, task, "other")])[0])
            assert first.taken
            if meanwhile == "ended":
                error = {"code": "PROVIDER_ERROR", "message": "m", "retryable": False, "attempts": 1}
                other.handle([step(StepKind.FAIL, task, "other", attempt=first.attempt, **error)])
        return rows

    monkeypatch.setattr(EventStore, "find_tasks", found_too_early)
    assert not taken(handler.handle([step(StepKind.CLAIM, task, "ours")])[0]).taken
    assert overtaken.is_set()
    with psycopg.connect(migrated) as connection:
        ((node, started),) = connection.execute(
            "SELECT execution_node,"
            " (SELECT count(*) FROM domain_events WHERE event_type = 'Genesis.Session.Generation.Started')"
            " FROM async_tasks"
        ).fetchall()
    assert (node, started) == ("other", 1)


@contextmanager
def losing_the_reply(monkeypatch: pytest.MonkeyPatch, store: EventStore) -> Iterator[None]:
    """The first commit happens, but its reply never arrives."""
    append, lost = store.append_if_unchanged, threading.Event()

    def append_then_lose(decided: Decided, batch: Batch) -> Sequence[int]:
        positions = append(decided, batch)
        if not lost.is_set():
            lost.set()
            raise StoreUnavailable("server closed the connection unexpectedly")
        return positions

    monkeypatch.setattr(store, "append_if_unchanged", append_then_lose)
    yield
    assert lost.is_set()


def test_a_lost_commit_reply_is_resolved_and_the_command_done_once(
    handler: CommandHandler, store: EventStore, migrated: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    user = uuid4()
    with losing_the_reply(monkeypatch, store):
        results = [outcome(r) for r in handler.handle([new_novel(user), new_novel(user, key="k")])]
    assert [(result.status, result.replayed) for result in results] == [(201, False), (201, False)]
    assert all(result.position > 0 for result in results)
    assert counts(migrated) == (2, 2, 2)


def test_two_writers_on_one_aggregate_queue_up_and_all_succeed(migrated: str) -> None:
    """Fifty commands at once give fifty versions, whichever process takes them."""
    user = uuid4()
    novel = new_novel(user)
    novel_id = novel.given.new_id("novel")
    stores = [EventStore(migrated) for _ in range(2)]
    handlers = [CommandHandler(store, REGISTRY, "test") for store in stores]
    handlers[0].handle([novel])
    results: list[object] = []

    def rename(number: int) -> Callable[[], None]:
        def run() -> None:
            for step in range(25):
                title = f"Title {number} {step}"
                renamed = submission("Command.Novel.Update", {"title": title}, user_id=user, novel_id=novel_id)
                results.extend(handlers[number].handle([renamed]))

        return run

    threads = [threading.Thread(target=rename(number)) for number in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    versions = sorted(outcome(result).body["version"] for result in results)
    assert versions == list(range(2, 52))
    for store in stores:
        store.close()


@pytest.fixture
def two_handlers(migrated: str) -> Iterator[tuple[CommandHandler, CommandHandler]]:
    """Two processes on one store, each with what it keeps in memory."""
    stores = [EventStore(migrated) for _ in range(2)]
    yield CommandHandler(stores[0], REGISTRY, "first"), CommandHandler(stores[1], REGISTRY, "second")
    for store in stores:
        store.close()


def test_a_batch_that_others_have_overtaken_is_decided_on_what_they_did(
    two_handlers: tuple[CommandHandler, CommandHandler],
) -> None:
    first, second = two_handlers
    user = uuid4()
    novel = new_novel(user)
    novel_id = novel.given.new_id("novel")
    first.handle([novel])
    second.handle([submission("Command.Genesis.Flow.Create", user_id=user, novel_id=novel_id)])
    again = submission("Command.Genesis.Flow.Create", user_id=user, novel_id=novel_id)
    assert outcome(first.handle([again])[0]).status == 200, "the flow is there already"


class Reads:
    """How often scopes were read without the append lock, and how often a decision had been overtaken."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.of_scopes = 0
        self._overtaken_before = _overtaken()
        load = EventStore.load

        def counted(store: EventStore, scopes: Mapping[str, int]) -> list[RecordedEvent]:
            self.of_scopes += 1
            return load(store, scopes)

        monkeypatch.setattr(EventStore, "load", counted)

    @property
    def again(self) -> int:
        return _overtaken() - self._overtaken_before


def _overtaken() -> int:
    (metric,) = COMMAND_BATCHES_OVERTAKEN_TOTAL.collect()
    return int(next(sample.value for sample in metric.samples if sample.name.endswith("_total")))


def renamed(novel_id: UUID, user: UUID, title: str) -> Submission:
    return submission("Command.Novel.Update", {"title": title}, user_id=user, novel_id=novel_id)


def test_what_others_write_to_is_read_before_it_is_decided_on(
    two_handlers: tuple[CommandHandler, CommandHandler], monkeypatch: pytest.MonkeyPatch
) -> None:
    user = uuid4()
    novel = new_novel(user)
    two_handlers[0].handle([novel])
    reads = Reads(monkeypatch)
    for number in range(10):
        rename = renamed(novel.given.new_id("novel"), user, f"Title {number}")
        assert outcome(two_handlers[number % 2].handle([rename])[0]).body["version"] == number + 2
    assert reads.again <= 2, "each process is surprised at most once"


def test_what_others_write_elsewhere_costs_no_read(
    two_handlers: tuple[CommandHandler, CommandHandler], monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = two_handlers
    user = uuid4()
    novel = new_novel(user)
    first.handle([novel])
    reads = Reads(monkeypatch)
    for number in range(3):
        second.handle([new_novel(uuid4())])
        assert outcome(first.handle([renamed(novel.given.new_id("novel"), user, f"{number}")])[0]).status == 200
    assert (reads.of_scopes, reads.again) == (0, 0)


def test_what_a_worker_has_written_surprises_nobody(
    two_handlers: tuple[CommandHandler, CommandHandler], migrated: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    api, worker = two_handlers
    user = uuid4()
    start = submission("Command.Genesis.Session.Start", user_id=user)
    api.handle([start])
    reads = Reads(monkeypatch)
    for _ in range(2):
        ask = submission("Command.Genesis.Session.Seed.Request", user_id=user, session_id=start.given.new_id("session"))
        assert outcome(api.handle([ask])[0]).status == 202
        claimed = taken(worker.handle([step(StepKind.CLAIM, open_task(migrated), "worker")])[0])
        error = {"code": "PROVIDER_ERROR", "message": "m", "retryable": False, "attempts": 1}
        failing = step(StepKind.FAIL, open_task(migrated), "worker", attempt=claimed.attempt, **error)
        assert taken(worker.handle([failing])[0]).taken
    assert reads.again == 0


def test_a_refusal_on_what_others_have_overtaken_is_decided_again(
    two_handlers: tuple[CommandHandler, CommandHandler],
) -> None:
    first, second = two_handlers
    user = uuid4()
    novel = new_novel(user)

    def flow(action: str) -> Submission:
        return submission(f"Command.Genesis.Flow.{action}", user_id=user, novel_id=novel.given.new_id("novel"))

    first.handle([novel, flow("Create")])
    assert outcome(first.handle([flow("Resume")])[0]).status == 409, "it is not paused"
    assert outcome(second.handle([flow("Pause")])[0]).body["status"] == "PAUSED"
    resumed = outcome(first.handle([flow("Resume")])[0])
    assert (resumed.status, resumed.body["status"], resumed.body["version"]) == (200, "IN_PROGRESS", 3)


def test_one_key_in_two_processes_has_one_effect(
    two_handlers: tuple[CommandHandler, CommandHandler], migrated: str
) -> None:
    user = uuid4()
    answers = [outcome(handler.handle([new_novel(user, key="k")])[0]) for handler in two_handlers]
    assert [(a.status, a.replayed) for a in answers] == [(201, False), (201, True)]
    assert str(answers[0].body["id"]) == answers[1].body["id"]
    assert counts(migrated) == (1, 1, 1)


def test_a_scope_kept_in_memory_decides_like_one_folded_anew(handler: CommandHandler, migrated: str) -> None:
    user = uuid4()
    novel = new_novel(user)
    novel_id = novel.given.new_id("novel")
    handler.handle([novel])
    handler.handle([submission("Command.Genesis.Flow.Create", user_id=user, novel_id=novel_id)])
    fresh_store = EventStore(migrated)
    fresh = CommandHandler(fresh_store, REGISTRY, "test")
    ask = [submission("Command.Genesis.Flow.Create", user_id=user, novel_id=novel_id) for _ in range(2)]
    kept, folded = outcome(handler.handle(ask[:1])[0]), outcome(fresh.handle(ask[1:])[0])
    assert (kept.status, kept.body) == (folded.status, folded.body)
    fresh_store.close()


def test_a_store_that_is_away_is_said_and_not_hidden() -> None:
    away = EventStore("postgresql://nobody@127.0.0.1:9/none")
    (result,) = CommandHandler(away, REGISTRY, "test").handle([new_novel(uuid4())])
    assert isinstance(result, StoreUnavailable)
    away.close()
