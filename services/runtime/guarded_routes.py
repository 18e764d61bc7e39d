"""Routes that say who may use them, for what, how often and for how long. A process takes no others.

All of that is checked around the endpoint, in this one place, so that a new route cannot forget to ask; nothing behind
a route runs before its rule held.
"""

import inspect
import re
from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping
from functools import cached_property
from typing import Final, cast

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route, request_response
from starlette.types import ASGIApp, Receive, Scope, Send

from services.kernel.context import AccessRule
from services.kernel.decider import Rejected
from services.runtime.access import Access, Forbidden, Unauthenticated, User, UserRole
from services.runtime.admission import Counted, admission_of
from services.runtime.connections import is_one_too_many
from services.runtime.operations import Operation
from services.runtime.problems import status_of
from services.runtime.refusals import refusals

REQUEST_SECONDS_MAX: Final = 30.0

_CALLER: Final = "studio.caller"
_PROBLEMS_OF_ALL: Final = ("MALFORMED_HTTP", "REQUEST_TIMEOUT", "HEADERS_TOO_LARGE", "INTERNAL_ERROR")
_PLACE: Final = re.compile(r"\{\w+\}")
Endpoint = Callable[[Request], Awaitable[Response]]


class UndeclaredRoute(Exception):
    """A route that does not say who may use it; the message names it. Raised at start."""


class GuardedRoute(Route):
    """A route with its rule and its description. The endpoint is a function of a request, or an ASGI application.

    `seconds_max` is None for what lasts, like a stream, and bounds itself. What everybody may ask for at any time, as
    often as they like (a probe), is not guarded: it must answer when nothing else does.
    """

    def __init__(
        self,
        path: str,
        endpoint: Endpoint | ASGIApp,
        *,
        rule: AccessRule,
        operation: Operation,
        method: str = "GET",
        counted: Counted = Counted.CALLER,
        seconds_max: float | None = REQUEST_SECONDS_MAX,
    ) -> None:
        is_function = inspect.isroutine(endpoint)
        app = request_response(cast("Endpoint", endpoint)) if is_function else cast("ASGIApp", endpoint)
        assert rule is AccessRule.PUBLIC or counted is not Counted.FREE, f"{path} needs a user, who is counted"
        is_free = counted is Counted.FREE
        super().__init__(path, endpoint, methods=[method], name=f"{method} {path}")
        self.app = app if is_free else _Guard(app, rule, counted, seconds_max)
        self.rule = rule
        of_guard = () if is_free else _problems(rule, method, seconds_max)
        self._problems = (*of_guard, *operation.problems, *_PROBLEMS_OF_ALL)
        self.operation = operation
        self.method = method
        self.counted = counted
        self.seconds_max = seconds_max
        self.methods_here = {method}

    @cached_property
    def problems(self) -> Mapping[int, frozenset[str]]:
        """Every code that it may refuse with, for whatever reason, by status."""
        kinds = self.operation.rules or (None,)
        return _by_status(pair for kind in kinds for pair in self._refusals(kind))

    def problems_of(self, command_type: str) -> Mapping[int, frozenset[str]]:
        """The same for one of the commands that it takes."""
        return _by_status(self._refusals(command_type))

    def _refusals(self, command_type: str | None) -> Iterator[tuple[int, str]]:
        for code in {*self._problems, *refusals(self.operation.rules.get(command_type, ()))}:
            yield status_of(code, command_type), code

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        """As Starlette's, which knows the methods of one route only. Raises HTTPException for any other method."""
        assert self.methods is not None, "a guarded route has a method"
        if scope["method"] not in self.methods:
            raise HTTPException(405, headers={"Allow": ", ".join(sorted(self.methods_here))})
        await self.app(scope, receive, send)


def _problems(rule: AccessRule, method: str, seconds_max: float | None) -> Iterator[str]:
    yield from ("OVERLOADED", "RATE_LIMITED")
    if rule is not AccessRule.PUBLIC:
        yield "UNAUTHENTICATED"
    if rule is AccessRule.ADMIN:
        yield "FORBIDDEN"
    if seconds_max is not None:
        yield "TIMED_OUT"
    if method != "GET":
        yield "UNSUPPORTED_MEDIA_TYPE"


def _by_status(pairs: Iterable[tuple[int, str]]) -> Mapping[int, frozenset[str]]:
    found: dict[int, set[str]] = {}
    for status, code in pairs:
        found.setdefault(status, set()).add(code)
    return {status: frozenset(codes) for status, codes in sorted(found.items())}


class _Guard:
    def __init__(self, app: ASGIApp, rule: AccessRule, counted: Counted, seconds_max: float | None) -> None:
        self._app = app
        self._rule = rule
        self._needs_user = rule in (AccessRule.OWNER, AccessRule.ADMIN)
        self._counted = counted
        self._seconds_max = seconds_max

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Raises Unauthenticated, Forbidden or Rejected."""
        if is_one_too_many(scope):
            raise Rejected("OVERLOADED", "Too many connections are open; try again.")
        if self._seconds_max is None:
            await self._admitted(scope, receive, send)
            return
        with admission_of(scope).in_hand.one(self._seconds_max):
            await self._admitted(scope, receive, send)

    async def _admitted(self, scope: Scope, receive: Receive, send: Send) -> None:
        self._identify_and_count(scope)
        if scope["method"] not in ("GET", "HEAD") and any(name == b"content-encoding" for name, _ in scope["headers"]):
            # A few bytes may stand for as many gigabytes as somebody likes.
            raise Rejected("UNSUPPORTED_MEDIA_TYPE", "Send the body as it is, without a Content-Encoding.")
        await self._app(scope, receive, send)

    def _identify_and_count(self, scope: Scope) -> None:
        """In this order, so that a user's requests count for the user, from whatever address."""
        admission = admission_of(scope)
        try:
            user = access_of(scope).user_of(scope)
        except Unauthenticated:
            admission.count(scope, None, self._counted)
            if self._needs_user:
                raise
            return
        admission.count(scope, user, self._counted)
        if self._rule is AccessRule.ADMIN and user.role is not UserRole.ADMIN:
            raise Forbidden("Only an admin may do this.")
        if self._needs_user:
            scope[_CALLER] = user


def access_of(scope: Scope) -> Access:
    """Who knows the users of this process."""
    access: Access = scope["app"].state.access
    return access


def caller(scope: Scope) -> User:
    """The user that the route's rule has let through."""
    user: User = scope[_CALLER]
    return user


def checked_routes(routes: Iterable[BaseRoute]) -> list[GuardedRoute]:
    """The routes, once all have a rule and know of each other. Raises UndeclaredRoute for the first without a rule."""
    checked: list[GuardedRoute] = []
    by_address: dict[str, set[str]] = {}
    for route in routes:
        if not isinstance(route, GuardedRoute):
            raise UndeclaredRoute(
                f"{getattr(route, 'path', route)} does not say who may use it: make it a GuardedRoute"
            )
        route.methods_here = by_address.setdefault(_PLACE.sub("{}", route.path), set())
        route.methods_here |= route.methods or set()
        checked.append(route)
    return checked
