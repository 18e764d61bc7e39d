"""The live projector beside COPY into the same tables: events of conversations, from message to committed row.

The messages are those of the relay, in memory, so that no broker is measured. The limit writes the rows that the
projector has made into the same tables, emptied, with all their indexes and constraints: a process cannot be faster.
"""

import random
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from uuid import UUID, uuid4

import orjson
import psycopg
import uvloop

from benchmarks.figures import Figure, Goal, Limit, Results
from benchmarks.samples import Sample
from benchmarks.servers import running_postgres
from services.catalogue import CONTEXTS
from services.contexts.conversations.events import ConversationEvent, RoundCreated, SessionCreated
from services.contexts.conversations.projections.sessions import ROUNDS, SESSIONS
from services.kernel.lanes import lane_of
from services.runtime.database import open_pool
from services.runtime.kafka import FETCH_EVENTS_MAX, Message
from services.runtime.lifespan import OF_BATCHES, spare_the_collector
from services.runtime.projecting import Projector
from services.runtime.recorded_events import EPOCH, PREVIOUS
from shared_types.enums import DialogueRole, ScopeType

GROUP = "core"
TABLES = (SESSIONS, ROUNDS)
ROUNDS_PER_SESSION = 19
WARM_UP_EVENTS = 2_000
SEED = 7


@dataclass(frozen=True, slots=True)
class Length:
    """How often, and how many events each time."""

    repeats: int
    events: int


def measure_projecting(length: Length, tell: Callable[[str], None]) -> Results:
    """Runs everything and returns the figures."""
    with running_postgres() as database, psycopg.connect(database.url, autocommit=True) as connection:
        bench = _Bench(connection, database.url)
        bench.project(WARM_UP_EVENTS)
        ours, copied = [], []
        for number in range(length.repeats):
            tell(f"projecting, {number + 1} of {length.repeats}")
            ours.append(bench.project(length.events))
            tell(f"COPY of the same rows, {number + 1} of {length.repeats}")
            copied.append(length.events / bench.copy_again())
    goal = Goal("≥ 15,000 /s", 15_000.0, "value", "more")
    limit = Limit("COPY into the same tables", Sample(tuple(copied)))
    note = f"batches of {FETCH_EVENTS_MAX}, one process"
    figure = Figure("events of conversations", "/s", Sample(tuple(ours)), limit=limit, goals=(goal,), note=note)
    return Results("Live projector", (figure,), {"events": length.events, "batch_events_max": FETCH_EVENTS_MAX})


class _Bench:
    """One database, filled again and again; positions go on from run to run."""

    def __init__(self, connection: psycopg.Connection, database_url: str) -> None:
        self._connection = connection
        self._database_url = database_url
        self._last: dict[int, int] = {}
        self._position = 0

    def project(self, events: int) -> float:
        """Events a second into empty tables."""
        row = self._connection.execute("SELECT epoch::TEXT FROM store_epoch").fetchone()
        assert row is not None, "the migrations wrote the epoch"
        messages = [self._message(happened, row[0]) for happened in _conversations(events)]
        self._empty()
        return events / uvloop.run(self._project(messages))

    def copy_again(self) -> float:
        """Seconds for the rows that are there into the same tables, emptied."""
        contents = {table: self._copy_out(table) for table in TABLES}
        self._empty()
        started = time.monotonic()
        with self._connection.transaction():
            self._connection.execute("SET LOCAL synchronous_commit = off")
            for table, content in contents.items():
                with self._connection.cursor().copy(f"COPY {table} FROM STDIN".encode()) as copy:
                    copy.write(content)
        return time.monotonic() - started

    async def _project(self, messages: Sequence[Message]) -> float:
        spare_the_collector(OF_BATCHES)
        async with open_pool(self._database_url, size=2, name="benchmark") as pool:
            projector = Projector(GROUP, CONTEXTS, pool)
            await projector.open()
            started = time.monotonic()
            for start in range(0, len(messages), FETCH_EVENTS_MAX):
                await projector.handle(messages[start : start + FETCH_EVENTS_MAX])
            return time.monotonic() - started

    def _empty(self) -> None:
        self._connection.execute(f"TRUNCATE {', '.join(TABLES)} CASCADE".encode())
        self._connection.execute("CHECKPOINT")

    def _copy_out(self, table: str) -> bytes:
        with self._connection.cursor().copy(f"COPY {table} TO STDOUT".encode()) as copy:
            return b"".join(bytes(part) for part in copy)

    def _message(self, happened: "_Happened", epoch: str) -> Message:
        self._position += 1
        lane, command_id = lane_of(happened.scope_id), str(uuid4())
        headers = {
            "ce_specversion": "1.0",
            "ce_id": str(uuid4()),
            "ce_type": happened.event.TYPE,
            "ce_source": "genesis-studio",
            "ce_time": happened.at.isoformat(),
            "ce_dataversion": str(happened.event.VERSION),
            "content-type": "application/json",
            "ce_position": str(self._position),
            "ce_lane": str(lane),
            "ce_aggregatetype": "ConversationSession",
            "ce_aggregateid": happened.scope_id,
            "ce_aggregateversion": str(happened.version),
            "ce_scopetype": ScopeType.GENERAL,
            "ce_scopeid": happened.scope_id,
            "ce_actorid": f"user:{happened.user_id}",
            "ce_correlationid": command_id,
            "ce_causationid": command_id,
            "ce_metadata": orjson.dumps({"source": "genesis-studio", "user_id": happened.user_id}).decode(),
            PREVIOUS: str(self._last.get(lane, 0)),
            EPOCH: epoch,
        }
        self._last[lane] = self._position
        encoded = tuple((name, text.encode()) for name, text in headers.items())
        value = happened.event.model_dump_json().encode()
        return SimpleNamespace(headers=encoded, value=value, partition=lane, offset=self._position)


@dataclass(frozen=True, slots=True)
class _Happened:
    event: ConversationEvent
    scope_id: str
    version: int
    user_id: UUID
    at: datetime


def _conversations(events: int) -> Sequence[_Happened]:
    """Sessions with rounds, as many at once as a busy studio has, so that they mix."""
    count = events // (ROUNDS_PER_SESSION + 1)
    streams = [_conversation() for _ in range(count)]
    turns = [number for number in range(count) for _ in range(ROUNDS_PER_SESSION + 1)]
    random.Random(SEED).shuffle(turns)
    return [next(streams[number]) for number in turns]


def _conversation() -> Iterator[_Happened]:
    user_id, session_id = uuid4(), uuid4()
    at = datetime(2026, 1, 1, tzinfo=UTC)
    created = SessionCreated(
        session_id=session_id,
        user_id=user_id,
        scope_type=ScopeType.GENERAL,
        scope_id=None,
        title="Night watch",
        metadata={},
    )
    yield _Happened(created, str(session_id), 1, user_id, at)
    for number in range(1, ROUNDS_PER_SESSION + 1):
        said = RoundCreated(
            round_id=uuid4(),
            session_id=session_id,
            round_path=str(number),
            sequence_number=number,
            role=DialogueRole.USER if number % 2 else DialogueRole.ASSISTANT,
            input={"content": "The lamp went out at four, and nobody on the tower said a word about it."},
            correlation_id=str(uuid4()),
        )
        yield _Happened(said, str(session_id), number + 1, user_id, at + timedelta(seconds=number))
