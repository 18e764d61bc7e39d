"""Reads over HTTP: routes from the contexts' declarations, named reads in one snapshot, rows into answers.

Each read sees only its user's rows twice over: by its own condition, and by row-level security beneath,
which the role of the pool and the transaction's `studio.user_id` switch on.
"""

from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from time import perf_counter
from typing import Any

import orjson
import psycopg
from psycopg_pool import PoolTimeout
from pydantic import BaseModel
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import compile_path

from services.kernel.context import ADMIN, PUBLIC, Context, QueryAnswer, QueryRoute, Row
from services.runtime.access import User
from services.runtime.checkpoints import Checkpoints
from services.runtime.database import Pool
from services.runtime.dead_letters import is_parked
from services.runtime.envelopes import envelope, in_their_words
from services.runtime.event_feed import EventFeed
from services.runtime.guarded_routes import GuardedRoute, caller
from services.runtime.metrics import QUERY_SECONDS
from services.runtime.operations import of_read
from services.runtime.parameters import parameter_names, parse_body, parse_parameters
from services.runtime.positions import decode_position_token, encode_position_token
from services.runtime.request_bodies import headers_of, read_body
from services.runtime.sql_files import read_sql

API_PREFIX = "/api/v1"
READER_ROLE = "studio_reader"
MIN_POSITION_SECONDS_MAX = 2.0
STATEMENT_MS_MAX = 5_000

_BEGIN = b"BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"
_BOUND = f"SET LOCAL statement_timeout = {STATEMENT_MS_MAX}".encode()
# A rebuild exchanges the tables under the opposite lock. Taken before the snapshot, so that a reader finds the tables
# and the rows of the same side of the exchange, and keeps them until it is done.
_ENTER = b"LOCK TABLE projection_checkpoints IN ACCESS SHARE MODE"
_AS_USER = b"SELECT set_config('studio.user_id', %s, TRUE), set_config('studio.user_role', %s, TRUE)"
_COMMIT = b"COMMIT"

Endpoint = Callable[[Request], Awaitable[Response]]


class RouteError(Exception):
    """A declared read that cannot be served; the message names it. Raised at start."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What answering reads needs. The pool's connections have the role `READER_ROLE`."""

    pool: Pool
    checkpoints: Checkpoints
    feed: EventFeed


ReadingOf = Callable[[Request], Reading]


def read_routes(contexts: Iterable[Context], reading_of: ReadingOf) -> list[GuardedRoute]:
    """One route for each declared read; `reading_of` finds what the process has opened. Raises RouteError."""
    declared = [query for context in contexts for query in context.queries]
    _check_distinct(declared)
    for query in declared:
        _check_declared(query)
    # A literal segment wins over a parameter in the same place, in whatever order they were declared.
    declared.sort(key=lambda query: [segment.startswith("{") for segment in query.path.split("/")])
    return [
        GuardedRoute(
            API_PREFIX + query.path,
            _endpoint(query, reading_of),
            rule=query.rule,
            operation=of_read(query),
            method=query.method,
        )
        for query in declared
    ]


def _check_distinct(declared: Sequence[QueryRoute]) -> None:
    shapes = [tuple("{}" if step.startswith("{") else step for step in query.path.split("/")) for query in declared]
    twice = {query.path for query, shape in zip(declared, shapes, strict=True) if shapes.count(shape) > 1}
    if twice:
        raise RouteError(f"declared twice: {', '.join(sorted(twice))}")


def _check_declared(query: QueryRoute) -> None:
    if not query.path.startswith("/"):
        raise RouteError(f"{query.path}: a path begins with a slash")
    missing = set(compile_path(query.path)[2]) - parameter_names(query.model)
    if missing:
        raise RouteError(f"{query.path}: {query.model.__name__} has no {', '.join(sorted(missing))}")
    read_sql(query.sql.package, query.sql.name)


def _endpoint(query: QueryRoute, reading_of: ReadingOf) -> Endpoint:
    async def endpoint(request: Request) -> Response:
        started = perf_counter()
        reading = reading_of(request)
        user = None if query.rule is PUBLIC else caller(request.scope)
        with in_their_words(enveloped=query.enveloped):
            parameters = await _parameters(query, request)
            stale = await _is_stale(reading, request)
            # Before the read: whatever happens in between is in the stream that starts here, perhaps in the answer too.
            cursor = reading.feed.cursor(str(user.id) if user is not None else None)
            answer = query.answer(parameters, await _rows(reading.pool, query, parameters, user))
        QUERY_SECONDS.observe(perf_counter() - started)
        if query.enveloped:
            answer = replace(answer, body=envelope(answer.body, "success"))
        return _answered(request, reading, answer, cursor, stale=stale)

    return endpoint


async def _parameters(query: QueryRoute, request: Request) -> Any:
    if query.method == "GET":
        return parse_parameters(query.model, request.path_params, request.query_params)
    body = await read_body(request.receive, headers_of(request.scope))
    return parse_body(query.model, request.path_params, request.query_params, body or {})


async def _is_stale(reading: Reading, request: Request) -> bool:
    """Waits for the position that the caller wants to see; True when the read models do not have it in time.

    Nor do they have what is parked: its lane has passed it, but the write waits for an operator.
    """
    text = request.headers.get("x-min-position")
    if text is None:
        return False
    wanted = decode_position_token(text)
    if wanted.epoch != reading.feed.epoch:
        return True
    if not await reading.checkpoints.wait_for(wanted.lane, wanted.position, MIN_POSITION_SECONDS_MAX):
        return True
    return await is_parked(reading.pool, reading.checkpoints.group, wanted.position)


async def _rows(pool: Pool, query: QueryRoute, parameters: BaseModel, user: User | None) -> list[list[Row]]:
    user_id = user.id if user is not None else None
    # An admin sees others only by routes that are for admins.
    identity = (str(user_id or ""), user.role.value if user is not None and query.rule is ADMIN else "")
    blocks = read_sql(query.sql.package, query.sql.name)
    reads = [(blocks[read.name], {**read.parameters, "user_id": user_id}) for read in query.reads(parameters)]
    if not reads:
        return []
    try:
        return await _in_one_snapshot(pool, reads, identity)
    except PoolTimeout:
        raise
    except psycopg.OperationalError as error:
        if not _connection_lost(error):
            raise
        # The database has been restarted: what the pool holds is dead, the next connection may work.
        await pool.check()
        return await _in_one_snapshot(pool, reads, identity)


async def _in_one_snapshot(
    pool: Pool, reads: Sequence[tuple[bytes, Mapping[str, Any]]], identity: tuple[str, str]
) -> list[list[Row]]:
    """Runs the reads in one read-only transaction and one round trip."""
    async with pool.connection() as connection:
        async with connection.pipeline():
            for statement in (_BEGIN, _BOUND, _ENTER):
                await connection.execute(statement)
            await connection.execute(_AS_USER, identity)
            cursors = [await connection.execute(sql, values) for sql, values in reads]
            await connection.execute(_COMMIT)
        return [list(await cursor.fetchall()) for cursor in cursors]


def _connection_lost(error: psycopg.OperationalError) -> bool:
    # 57P0x: the server is shutting down. No code at all: the socket broke.
    return error.sqlstate is None or error.sqlstate.startswith("57P")


def _answered(request: Request, reading: Reading, answer: QueryAnswer, cursor: str, *, stale: bool) -> Response:
    headers = {
        # A cached copy would be shown again for the same version, although pending work is not part of it.
        "Cache-Control": "no-store",
        "X-Last-Event-ID": cursor,
        **answer.headers,
    }
    if answer.written is not None:
        lane, position = answer.written
        headers["X-Event-Position"] = encode_position_token(reading.feed.epoch, lane, position)
    if stale:
        headers["X-Projection-Stale"] = "1"
    if answer.version is not None:
        headers["ETag"] = f'"{answer.version}"'
        if _is_known(request.headers.get("if-none-match"), headers["ETag"]):
            return Response(status_code=304, headers=headers)
    body = answer.body
    if isinstance(body, Mapping) and body.get("last_event_id", "") is None:
        body = {**body, "last_event_id": cursor}
    content = orjson.dumps(body, default=_plain, option=orjson.OPT_NON_STR_KEYS)
    return Response(content, answer.status, headers, media_type="application/json")


def _is_known(if_none_match: str | None, etag: str) -> bool:
    known = [tag.strip().removeprefix("W/") for tag in (if_none_match or "").split(",")]
    return etag in known or "*" in known


def _plain(value: Any) -> Any:
    match value:
        case Decimal():
            return float(value)
        case BaseModel():
            return value.model_dump(by_alias=True)
        case Mapping():
            return dict(value)
        case _:
            raise TypeError(f"{type(value).__name__} has no JSON form")
