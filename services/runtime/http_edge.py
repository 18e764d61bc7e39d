"""What surrounds the routes of both APIs: CORS, the headers that every answer has, errors as problems.

It stands in the place of Starlette's own middleware, which would catch errors outside of CORS, where a browser could
not read the answer, and costs each request several calls that do nothing here.
"""

import re
from collections.abc import Callable

import psycopg
import uuid_utils
from starlette.exceptions import HTTPException
from starlette.middleware.cors import CORSMiddleware
from starlette.requests import ClientDisconnect
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from structlog.contextvars import bind_contextvars

from services.kernel.decider import Rejected
from services.runtime.access import Forbidden, OriginCheck, Unauthenticated
from services.runtime.admission import Admission, standing_headers
from services.runtime.logs import get_logger
from services.runtime.problems import problem_body, problem_response
from services.runtime.security_headers import missing_headers
from services.runtime.settings import AccessSettings

LOOPBACK_ORIGINS = r"http://(localhost|127\.0\.0\.1|\[::1\])(:\d+)?"

REQUEST_HEADERS = (
    "Authorization", "Content-Type", "Idempotency-Key", "If-Match", "If-None-Match", "Last-Event-ID",
    "Traceparent", "X-Correlation-Id", "X-Min-Position",
)  # fmt: skip
RESPONSE_HEADERS = (
    "ETag", "Idempotent-Replayed", "Location", "RateLimit", "RateLimit-Policy", "Retry-After", "X-Command-ID",
    "X-Correlation-Id", "X-Event-Position", "X-Last-Event-ID", "X-Next-Cursor", "X-Projection-Stale",
    "X-RateLimit-Limit", "X-RateLimit-Remaining", "X-RateLimit-Reset", "X-Total-Count",
)  # fmt: skip

_CORRELATION_ID = re.compile(rb"[\x21-\x7e]{1,128}")

log = get_logger(__name__)


def origin_check(settings: AccessSettings) -> OriginCheck:
    """Which pages are ours: those that are listed; without a list, any of this machine."""
    listed = settings.listed_origins()
    return OriginCheck(listed, None if listed else re.compile(LOOPBACK_ORIGINS))


def edge(settings: AccessSettings) -> Callable[[ASGIApp], ASGIApp]:
    """What an API puts around its routes. Browsers of this machine may come from any port, others must be listed."""
    listed = settings.listed_origins()

    def around(routes: ASGIApp) -> ASGIApp:
        answering = Edge(routes, Admission(settings))
        cors = CORSMiddleware(
            answering,
            allow_origins=listed,
            allow_origin_regex=None if listed else LOOPBACK_ORIGINS,
            allow_methods=("GET", "POST", "PUT", "PATCH", "DELETE"),
            allow_headers=REQUEST_HEADERS,
            expose_headers=RESPONSE_HEADERS,
            # The token may come in a cookie.
            allow_credentials=True,
        )
        return _ForBrowsers(cors, answering)

    return around


class _ForBrowsers:
    """Only a request that names its origin goes through CORS: programs need not pay for it."""

    def __init__(self, cors: ASGIApp, routes: ASGIApp) -> None:
        self._cors = cors
        self._routes = routes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """An ASGI application before two others."""
        if scope["type"] != "http" or not any(name == b"origin" for name, _ in scope["headers"]):
            await self._routes(scope, receive, send)
        elif scope["method"] == "OPTIONS":
            # What is asked here is answered by CORS itself.
            await self._cors(scope, receive, _protecting(send))
        else:
            await self._cors(scope, receive, send)


def _protecting(send: Send) -> Send:
    async def send_protected(message: Message) -> None:
        if message["type"] == "http.response.start":
            message["headers"] = [*message["headers"], *missing_headers(message["headers"], secure=False)]
        await send(message)

    return send_protected


class Edge:
    """Gives every answer the headers that all have, and turns every error into a problem document."""

    def __init__(self, app: ASGIApp, admission: Admission) -> None:
        self._app = app
        self._admission = admission

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """An ASGI application around another."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        correlation_id = _correlation_id(scope)
        started = False

        async def send_marked(message: Message) -> None:
            nonlocal started
            if message["type"] == "http.response.start":
                started = True
                headers = [*message["headers"], *standing_headers(scope)]
                headers += missing_headers(headers, secure=self._admission.addresses.is_secure(scope))
                if not any(name == b"x-correlation-id" for name, _ in headers):
                    headers.append((b"x-correlation-id", correlation_id.encode()))
                message["headers"] = headers
            await send(message)

        # Not unbound: the server runs each request in a task, and so in a context, of its own.
        bind_contextvars(correlation_id=correlation_id)
        self._admission.attend(scope)
        try:
            await self._app(scope, receive, send_marked)
        except ClientDisconnect:
            log.debug("request.abandoned", path=scope["path"])
        except Exception as error:
            if started:
                raise
            response = _answer(error, scope["path"], correlation_id)
            await response(scope, receive, send_marked)


def _correlation_id(scope: Scope) -> str:
    for name, value in scope["headers"]:
        if name == b"x-correlation-id" and _CORRELATION_ID.fullmatch(value):
            return str(value, "ascii")
    # One for each request: the standard library asks the system for each, which takes ten times as long.
    return str(uuid_utils.uuid4())


def _answer(error: Exception, path: str, correlation_id: str) -> Response:
    headers = error.headers if isinstance(error, HTTPException) else None
    body = problem_body(_rejected(error), instance=path, correlation_id=correlation_id)
    return problem_response(body, headers)


def _rejected(error: Exception) -> Rejected:
    match error:
        case Rejected():
            return error
        case Unauthenticated():
            return Rejected("UNAUTHENTICATED", str(error), error={"code": error.number})
        case Forbidden():
            return Rejected("FORBIDDEN", str(error))
        case HTTPException(status_code=404):
            return Rejected("NOT_FOUND", "There is nothing at this address.")
        case HTTPException(status_code=405):
            return Rejected("METHOD_NOT_ALLOWED", "This address does not take this method.")
        case psycopg.OperationalError():
            log.warning("store.unavailable", reason=str(error))
            return Rejected("STORE_UNAVAILABLE", "The store cannot be reached; try again.")
        case _:
            log.error("request.failed", exc_info=error)
            return Rejected("INTERNAL_ERROR", "Something of ours went wrong.")
