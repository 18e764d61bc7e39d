"""Server-sent events over HTTP: who may open a stream, where it starts, how it resumes.

A stream is replayed from the store up to where the feed has come, then lives on what the feed delivers. The
response is written as bare ASGI, one task waiting on its queue, because the package sse-starlette runs a task
group with a ping timer for each connection, encodes each frame for each client, and bounds no queue.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

import orjson
import psycopg
from pydantic import BaseModel, ConfigDict, Field, StringConstraints
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Message, Receive, Scope, Send
from uvicorn.protocols.http.httptools_impl import RequestResponseCycle

from services.kernel.context import CREDENTIALS, OWNER, PUBLIC
from services.kernel.decider import Rejected
from services.kernel.events import RecordedEvent
from services.kernel.responses import Response as ResponseBody
from services.runtime.access import Unauthenticated, User, Verified, issue_stream_token
from services.runtime.database import Pool, database_ready
from services.runtime.event_feed import EventFeed
from services.runtime.frames import EventEncoder, Wanted, control_frame, event_data
from services.runtime.guarded_routes import GuardedRoute, access_of, caller
from services.runtime.logs import get_logger
from services.runtime.operations import Media, Operation
from services.runtime.parameters import parse_parameters
from services.runtime.positions import decode_cursor, encode_cursor
from services.runtime.recorded_events import event_of_row
from services.runtime.sql_files import read_sql
from services.runtime.streams import Stream, Streams, bye

API_PREFIX = "/api/v1"
REPLAY_MAX = 10_000
REPLAY_BATCH_SIZE = 100
RETRY_MS = 3_000

_SQL = read_sql("services.runtime", "sse.sql")
_HEADERS = [
    (b"content-type", b"text/event-stream; charset=utf-8"),
    (b"cache-control", b"no-cache"),
    (b"x-accel-buffering", b"no"),
]

log = get_logger(__name__)

_Short = Annotated[str, StringConstraints(min_length=1, max_length=128)]


class StreamParameters(BaseModel):
    """The query of the stream endpoint."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    session_id: _Short | None = None
    novel_id: _Short | None = None
    flow_id: _Short | None = None
    stage_id: _Short | None = None
    context_id: _Short | None = None
    types: str = ""
    tab_id: _Short | None = None
    preflight: bool = False
    sse_token: str | None = None
    last_event_id: str | None = Field(None, alias="last-event-id")

    def ids(self) -> list[str]:
        """Whatever the stream is to be about."""
        given = (self.session_id, self.novel_id, self.flow_id, self.stage_id, self.context_id)
        return [_canonical(one) for one in given if one is not None]

    def wanted(self) -> Wanted:
        """The filter that the parameters ask for."""
        types = frozenset(name.strip() for name in self.types.split(",") if name.strip())
        return Wanted(frozenset(self.ids()), types)


class TabParameters(BaseModel):
    """The query of the teardown endpoint."""

    tab_id: _Short


class EventParameters(BaseModel):
    """The path of one event."""

    event_id: UUID


class StreamTokenResponse(ResponseBody):
    """A token that opens one event stream."""

    sse_token: str
    expires_at: datetime


class StreamHealthResponse(ResponseBody):
    """How the streams of this process are."""

    status: Literal["healthy", "unavailable"]
    active_connections: int
    users: int
    unprojected_events: int


class EventResponse(ResponseBody):
    """An event as a frame of the stream carries it: what it is about, and its payload whole."""

    event_id: UUID
    event_type: str
    aggregate_id: str
    session_id: str | None = None
    novel_id: str | None = None
    flow_id: str | None = None
    stage_id: str | None = None
    correlation_id: UUID | None
    causation_id: UUID | None
    timestamp: datetime
    payload: dict[str, Any]
    scope: Annotated[Literal["session", "novel", "user"], Field(alias="_scope")]
    version: Annotated[str, Field(alias="_version")]


_ISSUE = Operation(
    "Get a token that opens one event stream within a minute.",
    {200: StreamTokenResponse},
)
_STREAM = Operation(
    "Follow the caller's events: the missed ones after the last id, then what happens.",
    {200: Media("text/event-stream"), 204: None},
    query=StreamParameters,
    headers=("Last-Event-ID", "X-Correlation-Id"),
    problems=("INVALID_CURSOR", "NOT_FOUND", "VALIDATION_ERROR", "TOO_MANY_STREAMS", "STORE_UNAVAILABLE"),
)
_TEAR_DOWN = Operation("Close the stream of a tab.", {204: None}, query=TabParameters, problems=("VALIDATION_ERROR",))
_HEALTH = Operation("How the event streams are.", {200: StreamHealthResponse, 503: StreamHealthResponse})
_SHOW_EVENT = Operation(
    "One event of the caller, whole.",
    {200: EventResponse},
    path=EventParameters,
    query=EventParameters,
    problems=("NOT_FOUND", "VALIDATION_ERROR", "STORE_UNAVAILABLE"),
)


@dataclass(frozen=True, slots=True)
class Streaming:
    """What serving streams needs."""

    pool: Pool
    feed: EventFeed
    streams: Streams
    encoder: EventEncoder


StreamingOf = Callable[[Request], Streaming]


def stream_routes(streaming_of: StreamingOf) -> list[GuardedRoute]:
    """The routes of the event stream. `streaming_of` finds what the process has opened."""

    async def issue(request: Request) -> Response:
        token, expires_at = issue_stream_token(access_of(request.scope).secret, caller(request.scope))
        return _json({"sse_token": token, "expires_at": expires_at})

    async def tear_down(request: Request) -> Response:
        tab = parse_parameters(TabParameters, {}, request.query_params)
        streaming_of(request).streams.close_tab(str(caller(request.scope).id), tab.tab_id, "closed")
        return Response(status_code=204)

    async def health(request: Request) -> Response:
        return await _health(streaming_of(request))

    async def show_event(request: Request) -> Response:
        asked = parse_parameters(EventParameters, request.path_params, request.query_params)
        return await _event(streaming_of(request), caller(request.scope), asked.event_id)

    return [
        GuardedRoute(f"{API_PREFIX}/auth/sse-token", issue, rule=OWNER, operation=_ISSUE, method="POST"),
        GuardedRoute(
            f"{API_PREFIX}/events/stream",
            StreamEndpoint(streaming_of),
            rule=CREDENTIALS,
            operation=_STREAM,
            seconds_max=None,
        ),
        GuardedRoute(f"{API_PREFIX}/events/teardown", tear_down, rule=OWNER, operation=_TEAR_DOWN, method="POST"),
        GuardedRoute(f"{API_PREFIX}/events/health", health, rule=PUBLIC, operation=_HEALTH),
        GuardedRoute(f"{API_PREFIX}/events/{{event_id}}", show_event, rule=OWNER, operation=_SHOW_EVENT),
    ]


class StreamEndpoint:
    """`GET /events/stream` as an ASGI application: checks, then one stream until it ends."""

    def __init__(self, streaming_of: StreamingOf) -> None:
        self._streaming_of = streaming_of

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Everything that can be refused is refused before the response starts."""
        request = Request(scope)
        streaming = self._streaming_of(request)
        asked = parse_parameters(StreamParameters, {}, request.query_params)
        probing = asked.preflight or scope["method"] == "HEAD"
        verified = await _let_in(streaming, request, asked, use_up=not probing)
        user_id = str(verified.user.id)
        cursor = request.headers.get("last-event-id") or asked.last_event_id
        start = await _start(streaming, user_id, cursor)
        await _check_owned(streaming, user_id, asked.ids())
        if probing:
            streaming.streams.check_room(user_id, asked.tab_id)
            await Response(status_code=204)(scope, receive, send)
            return
        wanted = asked.wanted()
        connection = _UvicornConnection(receive)
        stream = streaming.streams.open(verified, asked.tab_id, wanted, connection)
        try:
            await send({"type": "http.response.start", "status": 200, "headers": _HEADERS})
            await _Serving(streaming, stream, wanted, connection.send).run(start, receive)
        finally:
            streaming.streams.forget(stream)


@dataclass(frozen=True, slots=True)
class _Start:
    """Where a stream starts: behind a position, or, with a `reset` reason or without a cursor, with what is new."""

    after: int | None = None
    reset: str | None = None


async def _start(streaming: Streaming, user_id: str, text: str | None) -> _Start:
    epoch = streaming.feed.epoch
    if text is None:
        return _Start()
    cursor = decode_cursor(text)
    if cursor.epoch != epoch:
        return _Start(reset="epoch_changed")
    parameters = {"user_id": user_id, "after": cursor.position, "replay_max": REPLAY_MAX}
    async with streaming.pool.connection() as connection:
        row = await (await connection.execute(_SQL["look_back"], parameters)).fetchone()
    assert row is not None, "a query without FROM has one row"
    if row["ahead"]:
        return _Start(reset="ahead_of_head")
    return _Start(reset="too_far_back") if row["too_far"] else _Start(after=cursor.position)


class _Serving:
    """One response, from its first byte to its last."""

    __slots__ = ("_send", "_stream", "_streaming", "_wanted")

    def __init__(self, streaming: Streaming, stream: Stream, wanted: Wanted, send: Send) -> None:
        self._streaming = streaming
        self._stream = stream
        self._wanted = wanted
        self._send = send

    async def run(self, start: _Start, receive: Receive) -> None:
        """Catches up, then lives until the stream ends or the client has gone."""
        watcher = asyncio.create_task(_watch(receive, self._stream))
        try:
            if await self._catch_up(start):
                await self._stream.pump(self._send)
            await self._stream.write(self._send, self._stream.farewell, more=False)
        finally:
            watcher.cancel()

    async def _catch_up(self, start: _Start) -> bool:
        """False when the stream ended on the way: what is queued must not be sent then, it would leave a hole."""
        feed, stream = self._streaming.feed, self._stream
        if start.after is None:
            after = feed.settled(stream.user_id)
            stream.join(after)
            cursor = encode_cursor(feed.epoch, after)
            # An id without data starts nothing in the client, but from now on it has something to resume by.
            opening = f"retry: {RETRY_MS}\nid: {cursor}\n\n".encode()
            if start.reset is not None:
                reset = {"reason": start.reset, "last_event_id": cursor}
                opening += control_frame("stream.reset", reset, cursor=cursor)
            await stream.write(self._send, opening)
            return stream.ended is None
        await stream.write(self._send, b"retry: %d\n\n" % RETRY_MS)
        # Most of the way before joining, so that a long replay does not fill the queue; then the gap, which is
        # short and closed: from the join on every event behind `settled` comes live, and none up to it does.
        after = await self._replay(start.after, feed.settled(stream.user_id))
        settled = max(after, feed.settled(stream.user_id))
        stream.join(settled)
        await self._replay(after, settled)
        return stream.ended is None

    async def _replay(self, after: int, through: int) -> int:
        """Sends the user's events behind `after` up to `through`; returns where it stands."""
        while after < through and self._stream.ended is None:
            try:
                missed = await _read_missed(self._streaming.pool, self._stream.user_id, after, through)
            except psycopg.OperationalError as error:
                log.warning("stream.replay_failed", reason=str(error))
                self._stream.end("replay_failed", bye("unavailable", 1_000, 4_000))
                break
            epoch = self._streaming.feed.epoch
            pieces = [self._wanted.pick(self._streaming.encoder.encode(epoch, event)) for event in missed]
            if any(pieces):
                await self._stream.write(self._send, b"".join(pieces))
            after = missed[-1].position if len(missed) == REPLAY_BATCH_SIZE else through
        return after


async def _watch(receive: Receive, stream: Stream) -> None:
    message: Message = {"type": ""}
    while message["type"] != "http.disconnect":
        message = await receive()
    stream.end("gone")


class _UvicornConnection:
    """uvicorn's own end of the connection, whose method `receive` is.

    Written to past the middleware, which looks at a response's start only and costs a tenth of a frame.
    """

    __slots__ = ("_cycle", "send")

    def __init__(self, receive: Receive) -> None:
        self._cycle: RequestResponseCycle = receive.__self__  # type: ignore[attr-defined]
        self.send: Send = self._cycle.send

    def write_now(self, piece: bytes) -> bool:
        """See ClientConnection."""
        if self._cycle.flow.write_paused:
            return False
        writing = self._cycle.send({"type": "http.response.body", "body": piece, "more_body": True})
        try:
            writing.send(None)
        except StopIteration:
            return True
        raise AssertionError("uvicorn waits only while writing is paused")

    def abort(self) -> None:
        """See ClientConnection."""
        self._cycle.transport.abort()


async def _read_missed(pool: Pool, user_id: str, after: int, through: int) -> list[RecordedEvent]:
    parameters = {"user_id": user_id, "after": after, "through": through, "limit": REPLAY_BATCH_SIZE}
    async with pool.connection() as connection:
        cursor = await connection.execute(_SQL["read_missed"], parameters)
        return [event_of_row(row) for row in await cursor.fetchall()]


async def _check_owned(streaming: Streaming, user_id: str, ids: list[str]) -> None:
    """A filter may only name what is the caller's; the rest does not exist for them."""
    if not ids:
        return
    async with streaming.pool.connection() as connection:
        cursor = await connection.execute(_SQL["find_foreign"], {"ids": ids, "user_id": user_id})
        if await cursor.fetchone() is not None:
            raise Rejected("NOT_FOUND", "There is nothing of yours to stream by this id.")


async def _let_in(streaming: Streaming, request: Request, asked: StreamParameters, *, use_up: bool) -> Verified:
    """By bearer token or cookie, or by a stream token, which is used up."""
    access = access_of(request.scope)
    if asked.sse_token is None or "authorization" in request.headers:
        return access.verified(request.scope)
    verified = access.check_stream_token(asked.sse_token)
    if use_up:
        parameters = {"token_id": verified.token_id, "expires_at": verified.expires_at}
        async with streaming.pool.connection() as connection:
            cursor = await connection.execute(_SQL["use_token"], parameters)
            if await cursor.fetchone() is None:
                raise Unauthenticated("The stream token has been used.")
    return verified


def _canonical(identifier: str) -> str:
    """Ids are compared as text: a UUID in any spelling is the one that is stored."""
    try:
        return str(UUID(identifier))
    except ValueError:
        return identifier


async def _health(streaming: Streaming) -> Response:
    trouble = await streaming.feed.ready() or await database_ready(streaming.pool)
    body = {
        "status": "healthy" if trouble is None else "unavailable",
        "active_connections": len(streaming.streams),
        "users": streaming.streams.user_count,
        "unprojected_events": streaming.feed.unprojected_count,
    }
    return _json(body, 200 if trouble is None else 503)


async def _event(streaming: Streaming, user: User, event_id: UUID) -> Response:
    parameters = {"event_id": event_id, "user_id": str(user.id)}
    async with streaming.pool.connection() as connection:
        row = await (await connection.execute(_SQL["read_event"], parameters)).fetchone()
    if row is None:
        raise Rejected("NOT_FOUND", "There is no such event of yours.")
    return Response(event_data(event_of_row(row), size_max=None), media_type="application/json")


def _json(body: object, status: int = 200) -> Response:
    return Response(orjson.dumps(body), status, {"Cache-Control": "no-store"}, media_type="application/json")
