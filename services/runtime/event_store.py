"""The event store: the event-sourcing library's recorder on our tables.

The only module that imports the library. What we change in it: appends are serialized by an advisory lock
instead of a table lock (a table lock shuts out vacuum), one statement writes inbox, events, outbox and tasks,
and tables are made by our migrations. Its reads run unchanged on the view `stored_events`.
"""

import os
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple
from uuid import UUID

import orjson
import psycopg
from eventsourcing.persistence import (
    DatabaseError,
    IntegrityError,
    InterfaceError,
    InternalError,
    OperationalError,
    PersistenceError,
    StoredEvent,
)
from eventsourcing.postgres import PostgresApplicationRecorder, PostgresDatastore
from eventsourcing.utils import strtobool
from psycopg import Connection, Cursor
from psycopg.conninfo import conninfo_to_dict
from psycopg.errors import LockNotAvailable
from psycopg.rows import DictRow
from psycopg.types.json import set_json_loads
from psycopg_pool import PoolTimeout

from services.kernel.decider import TableWrite
from services.kernel.events import RecordedEvent
from services.kernel.scope import AggregateKey, ScopeKey
from services.runtime.crash_points import reached
from services.runtime.database import BY_INDEX, OUTBOX_DOORBELL, REFUSED_AS_CHANGED, TRANSACTION_SECONDS_MAX
from services.runtime.logs import get_logger
from services.runtime.scope_snapshots import Snapshot, folding_code
from services.runtime.sql_files import read_sql

APPEND_LOCK_KEY = 7_410_002
APPEND_LOCK_TIMEOUT_SECONDS = 5
"""How long a writer waits for the others before its commands are answered 503."""
CONNECT_SECONDS_MAX = 3
IDLE_IN_TRANSACTION_SECONDS = 5
"""A writer that is stopped inside its transaction loses it after this long, so that the others go on."""


_SQL = read_sql("services.runtime", "event_store.sql")


def _in_function(block: str) -> str:
    """The statement with the parameters of a function in the place of ours."""
    return re.sub(r"%\((\w+)\)s", r"_\1", _SQL[block].decode())


def _performed(block: str) -> str:
    """The query, run for what it does and not for what it finds."""
    return re.sub(r"^SELECT", "PERFORM", _in_function(block), count=1, flags=re.MULTILINE)


_MAKE_APPEND: Final = f"""
CREATE FUNCTION pg_temp.append_if_unchanged(
    _task_ids UUID[], _decided_tasks JSON, _decided_scopes JSON, _decided_commands JSON, _task_changes JSON,
    _command_changes JSON, _cancelled_commands UUID[], _inbox JSON, _events JSON, _tasks JSON
) RETURNS SETOF BIGINT LANGUAGE plpgsql AS $function$
DECLARE
    _lock_timeout CONSTANT TEXT := '{APPEND_LOCK_TIMEOUT_SECONDS}s';
    _lock_key CONSTANT BIGINT := {APPEND_LOCK_KEY};
BEGIN
    {_performed("take_append_lock")};
    IF cardinality(_task_ids) > 0 THEN
        {_performed("hold_tasks")};
        {_performed("refuse_if_tasks_changed")};
    END IF;
    {_performed("refuse_if_changed")};
    IF json_array_length(_task_changes) > 0 THEN
        {_in_function("change_tasks")};
    END IF;
    IF json_array_length(_command_changes) > 0 THEN
        {_in_function("change_commands")};
    END IF;
    IF cardinality(_cancelled_commands) > 0 THEN
        {_in_function("cancel_tasks")};
    END IF;
    RETURN QUERY {_in_function("append")};
END
$function$
"""
"""All that happens under the append lock, as one function of the connection: sent as statements, they would hold the
lock for as long as a busy process takes to send the next one. Made anew by each connection, so that processes of two
releases have one each.
"""
_APPEND: Final = b"""
SELECT append_if_unchanged AS notification_id FROM pg_temp.append_if_unchanged(
    %(task_ids)s::UUID[], %(decided_tasks)s, %(decided_scopes)s, %(decided_commands)s, %(task_changes)s,
    %(command_changes)s, %(cancelled_commands)s::UUID[], %(inbox)s, %(events)s, %(tasks)s
)
"""

log = get_logger(__name__)


class Conflict(Exception):
    """A version, key or name was taken by somebody else: nothing was written. `constraint` says which."""

    def __init__(self, reason: str, *, constraint: str | None = None) -> None:
        super().__init__(reason)
        self.constraint = constraint


class Changed(Exception):
    """What a batch was decided on has changed meanwhile: nothing was written."""


class StoreUnavailable(Exception):
    """PostgreSQL is away, too slow, or cut the connection: whether a commit happened is not known.

    `waited`: the time to wait was used up before anything was written, so trying again only takes longer.
    `holder`: who kept everybody from writing meanwhile, when that was the reason.
    """

    def __init__(self, reason: str, *, waited: bool = False, holder: str | None = None) -> None:
        super().__init__(reason)
        self.waited = waited
        self.holder = holder


class StudioRecorder(PostgresApplicationRecorder):
    """The library's application recorder on `domain_events`.

    A stored event's `state` is the record as one JSON object: envelope, payload and metadata.
    """

    def __init__(self, datastore: PostgresDatastore) -> None:
        if datastore.enable_db_functions or strtobool(os.environ.get("POSTGRES_ENABLE_DB_FUNCTIONS", "no")):
            raise ValueError("POSTGRES_ENABLE_DB_FUNCTIONS skips the write of inbox and outbox: switch it off.")
        super().__init__(datastore, events_table_name="stored_events")
        self.channel_name = OUTBOX_DOORBELL

    def create_table(self) -> None:
        """Does nothing: the migrations make the tables."""

    def _lock_table(self, curs: Cursor[DictRow]) -> None:
        parameters = {"lock_key": APPEND_LOCK_KEY, "lock_timeout": f"{APPEND_LOCK_TIMEOUT_SECONDS}s"}
        curs.execute(_SQL["take_append_lock"], parameters, prepare=True)

    def _insert_stored_events(self, curs: Cursor[DictRow], stored_events: Sequence[StoredEvent], **kwargs: Any) -> None:
        """Writes the events and whatever else the library was given for them, and rings."""
        self._notify_channel(curs)
        _append(curs, Decided(), Batch(events=list(stored_events), **kwargs))

    def append(self, connection: Connection[DictRow], decided: "Decided", batch: "Batch") -> Sequence[int]:
        """Takes the lock, makes sure that all is as it was, and writes; returns the events' positions.

        One statement, which is a transaction of its own unless the caller has begun one.
        """
        cursor = connection.cursor()
        _append(cursor, decided, batch)
        return self._fetch_ids_after_insert_events(cursor, batch.events)

    def _fetch_ids_after_insert_events(
        self, curs: Cursor[DictRow], stored_events: Sequence[StoredEvent], **_: Any
    ) -> Sequence[int]:
        positions = [row["notification_id"] for row in curs.fetchall()]
        assert len(positions) == len(stored_events), "every event has got its position"
        return positions


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a batch is decided on: scopes, each with the position up to which it is folded, commands and tasks.

    A command is looked for by `id`, by `user_id` and `idempotency_key`, and as the open one behind `lock`.
    """

    scopes: Mapping[str, int] = field(default_factory=dict)
    commands: Sequence[Mapping[str, Any]] = ()
    tasks: Sequence[UUID] = ()


@dataclass(frozen=True, slots=True)
class Decided:
    """What a batch was decided on without the lock, and what must be so still: scopes as in `Wanted`, commands that
    are new and alone, with their types, and tasks with the columns that the steps were decided by.
    """

    scopes: Mapping[str, int] = field(default_factory=dict)
    commands: Sequence[Mapping[str, Any]] = ()
    tasks: Sequence[Mapping[str, Any]] = ()


@dataclass(frozen=True, slots=True)
class Known:
    """The answers to `Wanted`, as true as can be: read under the append lock."""

    events: Sequence[RecordedEvent]
    commands: list[DictRow]
    tasks: list[DictRow]


@dataclass(slots=True)
class Batch:
    """The rows that one transaction writes. Keys are column names."""

    events: list[StoredEvent] = field(default_factory=list)
    inbox: list[dict[str, Any]] = field(default_factory=list)
    tasks: list[dict[str, Any]] = field(default_factory=list)
    task_changes: list[dict[str, Any]] = field(default_factory=list)
    command_changes: list[dict[str, Any]] = field(default_factory=list)
    cancelled_commands: list[UUID] = field(default_factory=list)
    table_writes: list[TableWrite] = field(default_factory=list)

    def has_rows(self) -> bool:
        """Whether there is anything to write."""
        return bool(self.events or self.inbox or self.tasks or self.task_changes or self.command_changes)


class Location(NamedTuple):
    """Where something was created, and for whom."""

    scope: ScopeKey
    owner_id: UUID


class Appending:
    """An append in progress: the lock is held, nothing is committed yet."""

    def __init__(self, recorder: StudioRecorder, connection: Connection[DictRow]) -> None:
        self._recorder = recorder
        self._connection = connection

    def read(self, wanted: Wanted) -> Known:
        """Takes the lock and reads."""
        self._recorder._lock_table(self._connection.cursor())  # noqa: SLF001  # the library's hook, ours to call
        run = self._connection.execute
        scopes = [{"scope_id": scope_id, "after": after} for scope_id, after in wanted.scopes.items()]
        events = run(_SQL["load_scopes"], {"scopes": _json(scopes)}, prepare=True) if scopes else None
        commands = (
            run(_SQL["find_commands"], {"commands": _json(wanted.commands)}, prepare=True) if wanted.commands else None
        )
        tasks = None
        if wanted.tasks:
            run(_SQL["hold_tasks"], {"task_ids": list(wanted.tasks)}, prepare=True)
            tasks = run(_SQL["find_tasks"], {"task_ids": list(wanted.tasks)}, prepare=True)
        return Known([RecordedEvent(**row) for row in _rows(events)], _rows(commands), _rows(tasks))

    def write(self, batch: Batch) -> Sequence[int]:
        """Writes everything and returns the events' positions; it is there once `EventStore.appending` ends."""
        _write_tables(self._connection, batch)
        positions = self._recorder.append(self._connection, Decided(), batch)
        _reach_before_commit()
        return positions


class EventStore:
    """Reading and appending for one writer. Used from one thread; opens its connection at first use.

    `name` is what PostgreSQL shows of the connection.
    """

    def __init__(self, database_url: str, *, name: str = "event store") -> None:
        self._datastore = open_datastore(database_url, name=name)
        self._recorder: StudioRecorder | None = None
        self._epoch: UUID | None = None

    def append_if_unchanged(self, decided: Decided, batch: Batch) -> Sequence[int]:
        """Takes the lock, makes sure that all is as it was when the batch was decided, writes and commits.

        One statement: the lock is held for as long as the server works, not for as long as we do. Returns the
        events' positions. Raises Changed or Conflict (nothing was written) or StoreUnavailable (not known).
        """
        with self._connection() as connection:
            recorder = self._opened()
            if not batch.has_rows():
                _refuse_if_changed(connection, decided)
                return ()
            _reach_before_commit()
            if not batch.table_writes:
                return recorder.append(connection, decided, batch)
            with connection.transaction():
                recorder._lock_table(connection.cursor())  # noqa: SLF001  # the library's hook, ours to call
                # What was sent before is answered as before, and not refused for what it took itself.
                _refuse_if_changed(connection, decided)
                _write_tables(connection, batch)
                return recorder.append(connection, decided, batch)

    @contextmanager
    def appending(self) -> Iterator[Appending]:
        """One transaction; committed when the block ends, rolled back when it raises.

        Raises Conflict (nothing was written) or StoreUnavailable (the commit may or may not have happened).
        """
        with self._connection() as connection, connection.transaction():
            yield Appending(self._opened(), connection)

    def load(self, scopes: Mapping[str, int]) -> list[RecordedEvent]:
        """Events of scopes after the given positions, without the lock: to warm a cache, not to decide."""
        wanted = [{"scope_id": scope_id, "after": after} for scope_id, after in scopes.items()]
        with self._connection() as connection:
            rows = connection.execute(_SQL["load_scopes"], {"scopes": _json(wanted)}, prepare=True).fetchall()
        return [RecordedEvent(**row) for row in rows]

    def load_snapshots(self, scope_ids: Sequence[str]) -> list[Snapshot]:
        """Snapshots of scopes, as far as there are any that the code of this process has made."""
        wanted = {"scope_ids": list(scope_ids), "code": folding_code()}
        with self._connection() as connection:
            rows = connection.execute(_SQL["load_snapshots"], wanted, prepare=True).fetchall()
        return [Snapshot(**row) for row in rows]

    def find_tasks(self, ids: Sequence[UUID]) -> dict[UUID, Mapping[str, Any]]:
        """Tasks that have not ended, by id, without the lock; one that has ended is left out."""
        with self._connection() as connection:
            rows = connection.execute(_SQL["find_tasks"], {"task_ids": list(ids)}, prepare=True).fetchall()
        return {row["id"]: row for row in rows}

    def locate_aggregates(self, aggregate_type: str, ids: Sequence[str]) -> dict[str, Location]:
        """Scopes of aggregates by id; an unknown id is left out."""
        return self._locate("locate_aggregate", aggregate_type=aggregate_type, ids=list(ids))

    def locate_stages(self, ids: Sequence[str]) -> dict[str, Location]:
        """Scopes of stage records by id; an unknown id is left out."""
        return self._locate("locate_stage", ids=list(ids))

    @property
    def epoch(self) -> UUID:
        """Which history this database holds. Asked after anything else it needs no connection, from any thread."""
        if self._epoch is None:
            with self._connection():
                pass
        assert self._epoch is not None, "it is read before the first use of the connection"
        return self._epoch

    def close(self) -> None:
        """Closes the connections."""
        self._datastore.close()

    @contextmanager
    def _connection(self) -> Iterator[Connection[DictRow]]:
        try:
            # The recorder takes the one connection for a moment when it is made.
            self._opened()
            with self._datastore.get_connection() as connection:
                if self._epoch is None:
                    self._epoch = _read_epoch(connection)
                yield connection
        except IntegrityError as error:
            raise Conflict(str(error), constraint=_broken_constraint(error)) from error
        except DatabaseError as error:
            if getattr(error.__cause__, "sqlstate", None) == REFUSED_AS_CHANGED:
                raise Changed from error
            if not isinstance(error, OperationalError | InternalError):
                raise
            if isinstance(error.__cause__, LockNotAvailable):
                raise StoreUnavailable(str(error), waited=True, holder=self._holder()) from error
            raise StoreUnavailable(str(error), waited=isinstance(error.__cause__, PoolTimeout)) from error
        except InterfaceError as error:
            raise StoreUnavailable(str(error)) from error

    def _holder(self) -> str | None:
        """Who keeps the others from appending, for whoever has to end it; None when it has let go."""
        try:
            with self._datastore.get_connection() as connection:
                row = connection.execute(_SQL["find_lock_holder"], {"lock_key": APPEND_LOCK_KEY}).fetchone()
        except PersistenceError as error:
            log.warning("append_lock.holder_unknown", reason=str(error))
            return None
        if row is None:
            return None
        log.error("append_lock.held", **row)
        name = row["application_name"] or "no name"
        return f"the PostgreSQL backend {row['pid']} ({name}, {row['state']}) for {row['seconds']:.0f} s"

    def _locate(self, block: str, **parameters: Any) -> dict[str, Location]:
        with self._connection() as connection:
            rows = connection.execute(_SQL[block], parameters, prepare=True).fetchall()
        return {row["id"]: Location(ScopeKey(row["scope_type"], row["scope_id"]), row["user_id"]) for row in rows}

    def _opened(self) -> StudioRecorder:
        if self._recorder is None:
            self._recorder = StudioRecorder(self._datastore)
        return self._recorder


class _Datastore(PostgresDatastore):
    """The library's, with connections that find everything by index.

    Every read of a writer is a look-up of a few rows. Planned while a table is all but empty, it would be a scan of the
    whole table, under the append lock, and stay that until the table is analysed again. And planning it anew for each
    batch takes longer than running it.
    """

    name = ""
    """Shown by PostgreSQL as the name of the connection's application."""

    def after_connect_func(self) -> Callable[[Connection[Any]], None]:
        configure = super().after_connect_func()

        def after_connect(connection: Connection[Any]) -> None:
            configure(connection)
            connection.execute(BY_INDEX)
            connection.execute(f"SET transaction_timeout = '{TRANSACTION_SECONDS_MAX}s'".encode())
            connection.execute("SELECT set_config('application_name', %s, FALSE)", [self.name])
            connection.execute(_MAKE_APPEND.encode())

        return after_connect


def open_datastore(database_url: str, *, name: str = "event store") -> PostgresDatastore:
    """The library's datastore for a libpq URL: one connection, bounded waits."""
    parts = conninfo_to_dict(database_url)
    datastore = _Datastore(
        dbname=str(parts["dbname"]),
        host=str(parts.get("host", "")),
        port=str(parts.get("port", 5432)),
        user=str(parts.get("user", "")),
        password=str(parts.get("password", "")),
        connect_timeout=CONNECT_SECONDS_MAX,
        idle_in_transaction_session_timeout=IDLE_IN_TRANSACTION_SECONDS,
        pool_size=1,
        lock_timeout=APPEND_LOCK_TIMEOUT_SECONDS,
        originator_id_type="text",
    )
    # The pool's own attempts back off for minutes; after this long the next command tries at once again.
    datastore.pool.reconnect_timeout = CONNECT_SECONDS_MAX
    datastore.name = name
    return datastore


def stored_event(aggregate: AggregateKey, version: int, event_type: str, record: Mapping[str, Any]) -> StoredEvent:
    """An event in the library's form; `record` holds the other columns of `domain_events`."""
    state = orjson.dumps({"aggregate_type": aggregate.type, **record})
    return StoredEvent(originator_id=aggregate.id, originator_version=version, topic=event_type, state=state)


def _read_epoch(connection: Connection[DictRow]) -> UUID:
    row = connection.execute(_SQL["read_epoch"]).fetchone()
    assert row is not None, "the migrations wrote the epoch"
    epoch: UUID = row["epoch"]
    return epoch


def _refuse_if_changed(connection: Connection[DictRow], decided: Decided) -> None:
    parameters = _decided_parameters(decided)
    if decided.tasks:
        connection.execute(_SQL["refuse_if_tasks_changed"], parameters, prepare=True)
    connection.execute(_SQL["refuse_if_changed"], parameters, prepare=True)


def _reach_before_commit() -> None:
    """What is decided without the lock is sent and committed in one go, so there it is before all of it."""
    reached("command.before_commit")


def _write_tables(connection: Connection[DictRow], batch: Batch) -> None:
    for write in batch.table_writes:
        connection.execute(read_sql(write.package, write.file)[write.block], write.parameters)


def _append(cursor: Cursor[DictRow], decided: Decided, batch: Batch) -> None:
    events = b",".join(_event_row(ordinal, event) for ordinal, event in enumerate(batch.events))
    parameters = _decided_parameters(decided) | {
        "task_changes": _json(batch.task_changes),
        "command_changes": _json(batch.command_changes),
        "cancelled_commands": batch.cancelled_commands,
        "inbox": _json(batch.inbox),
        "events": f"[{events.decode()}]",
        "tasks": _json(batch.tasks),
    }
    cursor.execute(_APPEND, parameters, prepare=True)


def _decided_parameters(decided: Decided) -> dict[str, Any]:
    scopes = [{"scope_id": scope_id, "after": after} for scope_id, after in decided.scopes.items()]
    return {
        "task_ids": [task["id"] for task in decided.tasks],
        "decided_tasks": _json(decided.tasks),
        "decided_scopes": _json(scopes),
        "decided_commands": _json(decided.commands),
    }


def _broken_constraint(error: IntegrityError) -> str | None:
    cause = error.__cause__
    return cause.diag.constraint_name if isinstance(cause, psycopg.Error) else None


def _event_row(ordinal: int, event: StoredEvent) -> bytes:
    # The record is JSON already: the library's three fields are put in front of it instead of parsing it again.
    head = orjson.dumps(
        {
            "ordinal": ordinal,
            "aggregate_id": str(event.originator_id),
            "aggregate_version": event.originator_version,
            "event_type": event.topic,
        }
    )
    return head[:-1] + b"," + event.state[1:]


def _json(value: Any) -> str:
    return orjson.dumps(value).decode()


def _rows(cursor: Cursor[DictRow] | None) -> list[DictRow]:
    return cursor.fetchall() if cursor is not None else []


set_json_loads(orjson.loads)
