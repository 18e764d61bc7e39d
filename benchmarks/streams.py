"""Event streams in great number: what an idle one costs a query API in memory, and a delivered frame in CPU time.

The query API is the real one; the write side and the projector are played by hand, so that nothing but the feed, the
encoding and the writing is measured. Beside it a server that only writes the same bytes to as many connections.
"""

import resource
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache, partial
from secrets import token_hex
from uuid import uuid4

import httpx
import orjson
import psutil
import psycopg

from benchmarks.figures import Figure, Goal, Limit, Results
from benchmarks.readers import Readers, reading
from benchmarks.requests import ROUND, new_users
from benchmarks.samples import Sample
from benchmarks.servers import HttpServer, running_http_servers, running_postgres
from services.kernel.events import RecordedEvent
from services.kernel.lanes import lane_of
from services.runtime.access import User, issue_token, verify
from services.runtime.frames import EventEncoder
from services.runtime.sql_files import read_sql
from services.runtime.streams import DEFAULT_LIMITS

STREAMS_PER_USER = DEFAULT_LIMITS.per_user
FEW = 20
"""Users whose streams are open when the memory is first looked at: what is needed but once is there by then."""
FRAMES_PER_STREAM = 10
FILES_BESIDE_STREAMS = 200

_SQL = read_sql("benchmarks", "sql/happenings.sql")


@dataclass(frozen=True, slots=True)
class Length:
    """How many streams, and how often all of them get their frames."""

    streams: int
    repeats: int


@dataclass(frozen=True, slots=True)
class _Delivered:
    """Deliveries by the server's CPU time and by the clock."""

    per_cpu_second: float
    per_second: float


def measure_streams(length: Length, tell: Callable[[str], None]) -> Results:
    """Runs everything and returns the figures."""
    names = new_users(length.streams // STREAMS_PER_USER + FEW)
    _allow_open_files(len(names) * STREAMS_PER_USER + FILES_BESIDE_STREAMS)
    secret = token_hex(24)
    tokens = [issue_token(secret.encode(), name) for name in names]
    with (
        running_postgres() as database,
        psycopg.connect(database.url, autocommit=True) as connection,
        running_http_servers("services.query_api.main", database.url, secret) as (api,),
        running_http_servers("benchmarks.bare_streams", database.url, secret) as (bare,),
    ):
        tell(f"opening {length.streams} streams of ours, then as many of the limit")
        with _open_streams(api, tokens) as ours, _open_streams(bare, tokens) as limit:
            happenings = _Happenings(
                connection, [verify(secret.encode(), token, "access").user for token in tokens[FEW:]]
            )
            pairs = []
            for number in range(length.repeats):
                tell(f"delivering, {number + 1} of {length.repeats}")
                pairs.append((ours.deliver(happenings.happen), limit.deliver(partial(_post_frame, bare))))
    return _results(ours, limit, pairs)


def _allow_open_files(count: int) -> None:
    """For this process and its children. Raises ValueError when the hard limit is lower."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft != resource.RLIM_INFINITY and soft < count:
        resource.setrlimit(resource.RLIMIT_NOFILE, (count, hard))


class _Streams:
    """Open streams of one server: what they take, and what delivering to them costs."""

    def __init__(self, server: HttpServer, readers: Readers, count: int, bytes_each: float) -> None:
        self.count = count
        self.bytes_each = bytes_each
        self._server = server
        self._readers = readers
        self._frames = 0

    def deliver(self, send_to_all: Callable[[], None]) -> _Delivered:
        """Sends some frames to each stream, and returns when all have come."""
        self._frames += self.count * FRAMES_PER_STREAM
        started, cpu_before = time.perf_counter(), self._server.cpu_seconds()
        for _ in range(FRAMES_PER_STREAM):
            send_to_all()
        self._readers.wait_for(self._frames)
        cpu_seconds, seconds = self._server.cpu_seconds() - cpu_before, time.perf_counter() - started
        delivered = self.count * FRAMES_PER_STREAM
        return _Delivered(delivered / cpu_seconds, delivered / seconds)


@contextmanager
def _open_streams(server: HttpServer, tokens: Sequence[str]) -> Iterator[_Streams]:
    """Every user's streams. A few are opened first: what comes but once is in memory by then."""
    few, rest = list(tokens[:FEW]) * STREAMS_PER_USER, list(tokens[FEW:]) * STREAMS_PER_USER
    with reading(server.port, few):
        before = _resident_bytes(server)
        with reading(server.port, rest) as readers:
            yield _Streams(server, readers, len(rest), (_resident_bytes(server) - before) / len(rest))


def _resident_bytes(server: HttpServer) -> int:
    return int(psutil.Process(server.pid).memory_info().rss)


class _Happenings:
    """The write side and the projector."""

    def __init__(self, connection: psycopg.Connection, users: Sequence[User]) -> None:
        self._connection = connection
        self._users = orjson.dumps([_in_own_scope(user) for user in users]).decode()

    def happen(self) -> None:
        """One more event for each user, with its frame due at once."""
        parameters = {"users": self._users, "payload": orjson.dumps(ROUND).decode()}
        row = self._connection.execute(_SQL["happen"], parameters).fetchone()
        assert row is not None, "an aggregate has one row"
        self._connection.execute(_SQL["ring"], {"announcement": row[0]})


def _in_own_scope(user: User) -> dict[str, object]:
    scope_id = str(uuid4())
    return {"user_id": str(user.id), "scope_id": scope_id, "lane": lane_of(scope_id)}


def _post_frame(bare: HttpServer) -> None:
    """Has the bare server write to all its streams what a frame of ours has."""
    httpx.post(f"http://127.0.0.1:{bare.port}/", content=_a_frame(), timeout=30).raise_for_status()


@cache
def _a_frame() -> bytes:
    identifier = uuid4()
    event = RecordedEvent(
        position=1_000_000, event_id=identifier, type="Conversation.Round.Created", version=1,
        aggregate_type="ConversationSession", aggregate_id=str(identifier), aggregate_version=1, scope_type="GENERAL",
        scope_id=str(identifier), lane=1, correlation_id=None, causation_id=None, actor_id=str(identifier),
        traceparent=None, occurred_at=datetime.now(UTC), payload=ROUND, metadata={"session_id": str(identifier)},
    )  # fmt: skip
    return EventEncoder(()).encode(identifier, event).whole


def _results(ours: _Streams, limit: _Streams, pairs: Sequence[tuple[_Delivered, _Delivered]]) -> Results:
    delivered = Sample(tuple(mine.per_cpu_second for mine, _ in pairs))
    bare = Limit("a server that only writes", Sample(tuple(theirs.per_cpu_second for _, theirs in pairs)))
    memory = Goal("≤ 25 KB", 25.0, "value", "less")
    rate = Goal("≥ 50,000 /s", 50_000.0, "value", "more")
    return Results(
        f"{ours.count:,} event streams, {STREAMS_PER_USER} a user",
        (
            Figure(
                "memory of an idle stream",
                "KB",
                Sample((ours.bytes_each / 1_000,)),
                Limit("a server that only writes", Sample((limit.bytes_each / 1_000,))),
                goals=(memory,),
            ),
            Figure("deliveries by CPU time of the query API", "/s", delivered, bare, goals=(rate,)),
        ),
        {
            "streams": ours.count,
            "frame_bytes": len(_a_frame()),
            "deliveries_per_second": [round(mine.per_second) for mine, _ in pairs],
        },
    )
