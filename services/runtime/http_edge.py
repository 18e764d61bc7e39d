"""What surrounds the routes of both APIs: CORS, a correlation id on every answer, errors as problems.

An unexpected error is caught here, inside CORS, because Starlette's own last catch lies outside of it and a
browser could not read what it answers.
"""

import re
from typing import Any
from uuid import uuid4

import psycopg
from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, ExceptionHandler, Message, Receive, Scope, Send
from structlog.contextvars import bound_contextvars

from services.kernel.decider import Rejected
from services.runtime.access import Forbidden, Unauthenticated
from services.runtime.logs import get_logger
from services.runtime.problems import problem_body, problem_response
from services.runtime.settings import AccessSettings

LOOPBACK_ORIGINS = r"http://(localhost|127\.0\.0\.1|\[::1\])(:\d+)?"

REQUEST_HEADERS = (
    "Authorization", "Content-Type", "Idempotency-Key", "If-Match", "If-None-Match", "Last-Event-ID",
    "Traceparent", "X-Correlation-Id", "X-Min-Position",
)  # fmt: skip
RESPONSE_HEADERS = (
    "ETag", "Idempotent-Replayed", "Location", "Retry-After", "X-Command-ID", "X-Correlation-Id", "X-Event-Position",
    "X-Last-Event-ID", "X-Next-Cursor", "X-Projection-Stale", "X-Total-Count",
)  # fmt: skip

_CORRELATION_ID = re.compile(r"[\x21-\x7e]{1,128}")

log = get_logger(__name__)


def edge_middleware(settings: AccessSettings) -> list[Middleware]:
    """The middleware of an API. Browsers of this machine may come from any port, others must be listed."""
    listed = [origin.strip() for origin in settings.allowed_origins.split(",") if origin.strip()]
    cors = Middleware(
        CORSMiddleware,
        allow_origins=listed,
        allow_origin_regex=None if listed else LOOPBACK_ORIGINS,
        allow_methods=("GET", "POST", "PUT", "PATCH", "DELETE"),
        allow_headers=REQUEST_HEADERS,
        expose_headers=RESPONSE_HEADERS,
        # The event stream also takes the token from a cookie.
        allow_credentials=True,
    )
    return [cors, Middleware(Edge)]


async def _pass_on(_: Request, error: Exception) -> Response:
    raise error


EXCEPTION_HANDLERS: dict[Any, ExceptionHandler] = {HTTPException: _pass_on}
"""For Starlette, so that the router's 404 and 405 come to `Edge` like everything else."""


class Edge:
    """Gives every answer its correlation id and turns every error into a problem document."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

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
                MutableHeaders(scope=message).setdefault("X-Correlation-Id", correlation_id)
            await send(message)

        with bound_contextvars(correlation_id=correlation_id):
            try:
                await self._app(scope, receive, send_marked)
            except Exception as error:
                if started:
                    raise
                response = _answer(error, scope["path"], correlation_id)
                await response(scope, receive, send_marked)


def _correlation_id(scope: Scope) -> str:
    sent = Headers(scope=scope).get("x-correlation-id", "")
    return sent if _CORRELATION_ID.fullmatch(sent) else str(uuid4())


def _answer(error: Exception, path: str, correlation_id: str) -> Response:
    headers = error.headers if isinstance(error, HTTPException) else None
    body = problem_body(_rejected(error), instance=path, correlation_id=correlation_id)
    return problem_response(body, headers)


def _rejected(error: Exception) -> Rejected:
    match error:
        case Rejected():
            return error
        case Unauthenticated():
            return Rejected("UNAUTHENTICATED", str(error))
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
