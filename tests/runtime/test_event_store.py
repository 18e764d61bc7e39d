"""The event store on the real PostgreSQL: the library's conformance suite, and what we add to it."""

import threading
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID, uuid4

import orjson
import psycopg
import pytest
from eventsourcing.persistence import Notification, StoredEvent
from eventsourcing.postgres import PostgresDatastore
from eventsourcing.tests.persistence import ApplicationRecorderTestCase

from services.kernel.lanes import lane_of
from services.kernel.scope import AggregateKey
from services.runtime.event_store import (
    Batch,
    Conflict,
    EventStore,
    StudioRecorder,
    Wanted,
    open_datastore,
    stored_event,
)
from tests.kit.servers import fresh_database
from tests.kit.waiting import eventually_sync


@pytest.fixture
def store(database_url: str) -> Iterator[EventStore]:
    opened = EventStore(database_url)
    yield opened
    opened.close()


class OpaqueStates(StudioRecorder):
    """Our recorder for the library's suite, which stores arbitrary bytes and begins versions at 0.

    Only the edge is adapted: a state is wrapped into a record and unwrapped again, a version is moved by one.
    Locking, numbering, order, conflicts, reading and subscribing are ours and the library's as they are.
    """

    def insert_events(self, stored_events: Sequence[StoredEvent], **kwargs: Any) -> Sequence[int] | None:
        positions: Sequence[int] | None = super().insert_events([_wrapped(event) for event in stored_events], **kwargs)
        return positions

    def select_events(self, originator_id: UUID | str, **kwargs: Any) -> Sequence[StoredEvent]:
        for name in ("gt", "lte"):
            if kwargs.get(name) is not None:
                kwargs[name] += 1
        return [_unwrapped(event) for event in super().select_events(originator_id, **kwargs)]

    def select_notifications(self, *args: Any, **kwargs: Any) -> Sequence[Notification]:
        return [_unwrapped(event) for event in super().select_notifications(*args, **kwargs)]


def _wrapped(event: StoredEvent) -> StoredEvent:
    record = _record(str(event.originator_id), payload={"opaque": event.state.decode()})
    return stored_event(
        AggregateKey("Opaque", str(event.originator_id)), event.originator_version + 1, event.topic, record
    )


def _unwrapped(event: Any) -> Any:
    state = orjson.loads(event.state)["payload"]["opaque"].encode()
    return replace(event, originator_version=event.originator_version - 1, state=state)


def _record(scope_id: str, *, payload: dict[str, Any] | None = None) -> dict[str, Any]:
    return {
        "event_id": str(uuid4()),
        "event_version": 1,
        "scope_type": "GENERAL",
        "scope_id": scope_id,
        "lane": lane_of(scope_id),
        "correlation_id": None,
        "causation_id": None,
        "actor_id": "test",
        "traceparent": None,
        "created_at": "2026-01-01T00:00:00+00:00",
        "payload": payload or {},
        "metadata": {"user_id": str(uuid4())},
    }


class RecorderConformance(ApplicationRecorderTestCase[StudioRecorder]):
    """The library's own suite for application recorders."""

    @pytest.fixture(autouse=True)
    def _database(self, postgres: str) -> Iterator[None]:
        self._opened: list[PostgresDatastore] = []
        with fresh_database(postgres) as self._url:
            yield
            for datastore in self._opened:
                datastore.close()

    def new_originator_id(self) -> str:
        return str(uuid4())

    def create_recorder(self) -> StudioRecorder:
        datastore = open_datastore(self._url)
        # The suite reads and writes from several threads at once.
        datastore.pool.resize(1, 10)
        self._opened.append(datastore)
        return OpaqueStates(datastore)

    def test_insert_subscribe(self) -> None:
        """The suite leaves this one to recorders that can be subscribed to, as ours can."""
        self.optional_test_insert_subscribe()


def _one_command(
    store: EventStore, *, fail_after: str | None = None, aggregate_id: str | None = None, version: int = 1
) -> UUID:
    command_id, aggregate = uuid4(), AggregateKey("Sample", aggregate_id or str(uuid4()))
    record = _record(aggregate.id) | {"correlation_id": str(command_id)}
    inbox = {
        "id": command_id,
        "user_id": uuid4(),
        "session_id": uuid4(),
        "command_type": "Sample",
        "idempotency_key": str(uuid4()),
        "request_hash": "0" * 64,
        "payload": {},
        "status": "COMPLETED",
        "created_at": "2026-01-01T00:00:00+00:00",
    }
    batch = Batch(events=[stored_event(aggregate, version, "Sample.Happened", record)], inbox=[inbox])
    with store.appending() as appending:
        appending.read(Wanted())
        appending.write(batch)
        if fail_after is not None:
            raise RuntimeError(fail_after)
    return command_id


def _counts(database_url: str) -> tuple[int, int, int]:
    with psycopg.connect(database_url) as connection:
        row = connection.execute(
            "SELECT (SELECT count(*) FROM command_inbox), (SELECT count(*) FROM domain_events), "
            "(SELECT count(*) FROM event_outbox)"
        ).fetchone()
    assert row is not None
    return row


def test_ac9_a_commit_writes_inbox_events_and_outbox_under_the_commands_id(
    store: EventStore, database_url: str
) -> None:
    command_id = _one_command(store)
    with psycopg.connect(database_url) as connection:
        row = connection.execute(
            "SELECT i.id, e.correlation_id, (o.headers ->> 'ce_correlationid')::uuid, "
            "o.position = e.id, o.status::text "
            "FROM command_inbox i, domain_events e, event_outbox o"
        ).fetchone()
    assert row == (command_id, command_id, command_id, True, "PENDING")


def test_ac8_a_failure_after_the_inserts_leaves_no_row_anywhere(store: EventStore, database_url: str) -> None:
    with pytest.raises(RuntimeError, match="killed"):
        _one_command(store, fail_after="killed before the commit")
    assert _counts(database_url) == (0, 0, 0)


@pytest.mark.parametrize("table", ["command_inbox", "domain_events", "outbox_messages"])
def test_ac8_a_failure_in_any_of_the_three_inserts_leaves_no_row_anywhere(
    table: str, store: EventStore, database_url: str
) -> None:
    with psycopg.connect(database_url) as connection:
        connection.execute(
            "CREATE FUNCTION break_it() RETURNS TRIGGER LANGUAGE plpgsql AS "
            "$$ BEGIN RAISE EXCEPTION 'broken on purpose' USING ERRCODE = 'data_exception'; END $$"
        )
        connection.execute(f"CREATE TRIGGER broken AFTER INSERT ON {table} FOR EACH ROW EXECUTE FUNCTION break_it()")
    with pytest.raises(Exception, match="broken on purpose"):
        _one_command(store)
    assert _counts(database_url) == (0, 0, 0)


def test_a_taken_version_is_a_conflict_and_writes_nothing(store: EventStore, database_url: str) -> None:
    aggregate_id = str(uuid4())
    _one_command(store, aggregate_id=aggregate_id)
    with pytest.raises(Conflict):
        _one_command(store, aggregate_id=aggregate_id)
    assert _counts(database_url) == (1, 1, 1)


@pytest.mark.parametrize(
    "statement", ["UPDATE domain_events SET event_type = 'x'", "DELETE FROM domain_events", "TRUNCATE domain_events"]
)
def test_ac6_events_can_be_neither_changed_nor_removed(statement: str, store: EventStore, database_url: str) -> None:
    _one_command(store)
    with psycopg.connect(database_url) as connection, pytest.raises(psycopg.Error, match="append-only"):
        connection.execute(statement)
    assert _counts(database_url) == (1, 1, 1)


def test_ac19_a_later_position_never_becomes_visible_before_an_earlier_one(database_url: str) -> None:
    """Our answer to positions that commit late: there are none. An append holds one lock from before it is given its
    positions until its commit, so a projector or a stream that remembers the highest position it saw misses nothing.
    """
    first, second = EventStore(database_url), EventStore(database_url)
    writer = threading.Thread(target=_one_command, args=(second,))
    with first.appending() as appending:
        appending.read(Wanted())
        writer.start()
        eventually_sync(lambda: _appends_waiting(database_url) == 1, what="the second append waits for the first")
        record = _record(str(uuid4()))
        appending.write(Batch(events=[stored_event(AggregateKey("Sample", "first"), 1, "Sample.Happened", record)]))
        assert _appends_waiting(database_url) == 1
        assert _counts(database_url) == (0, 0, 0), "neither can be seen while the first is not committed"
    writer.join(10)
    with psycopg.connect(database_url) as connection:
        ids = connection.execute("SELECT aggregate_id FROM domain_events ORDER BY id").fetchall()
    assert len(ids) == 2
    assert ids[0] == ("first",)
    first.close()
    second.close()


def _appends_waiting(database_url: str) -> int:
    with psycopg.connect(database_url) as connection:
        row = connection.execute(
            "SELECT count(*) FROM pg_locks AS l JOIN pg_database AS d ON d.oid = l.database"
            " WHERE d.datname = current_database() AND l.locktype = 'advisory' AND NOT l.granted"
        ).fetchone()
    assert row is not None
    return int(row[0])


def test_a_stuck_writer_costs_the_others_a_refusal_and_no_hang(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    from services.runtime import event_store

    stuck, other = EventStore(database_url, name="the stuck one"), EventStore(database_url)
    monkeypatch.setattr(event_store, "APPEND_LOCK_TIMEOUT_SECONDS", 1)
    with stuck.appending() as appending:
        appending.read(Wanted())
        with pytest.raises(event_store.StoreUnavailable, match="lock timeout") as refused:
            _one_command(other)
    assert refused.value.waited
    assert refused.value.holder is not None
    assert "the stuck one, idle in transaction" in refused.value.holder
    stuck.close()
    other.close()


def test_the_librarys_database_functions_are_refused_because_they_skip_the_outbox(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("POSTGRES_ENABLE_DB_FUNCTIONS", "yes")
    with pytest.raises(ValueError, match="skips the write of inbox and outbox"):
        StudioRecorder(open_datastore(database_url))


def test_events_of_one_batch_get_positions_in_the_order_of_the_batch(store: EventStore, database_url: str) -> None:
    aggregate = AggregateKey("Sample", "a")
    events = [stored_event(aggregate, v, f"Sample.Happened{v}", _record("a")) for v in range(1, 200)]
    with store.appending() as appending:
        appending.read(Wanted())
        positions = appending.write(Batch(events=events))
    assert list(positions) == sorted(positions)
    assert [e.aggregate_version for e in store.load({"a": 0})] == list(range(1, 200))


def test_the_epoch_is_told_while_the_one_connection_waits_for_others(store: EventStore, database_url: str) -> None:
    with psycopg.connect(database_url) as connection:
        row = connection.execute("SELECT epoch FROM store_epoch").fetchone()
    with store.appending():
        assert (store.epoch,) == row
