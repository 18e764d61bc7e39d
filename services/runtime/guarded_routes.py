"""Routes that say who may use them, and for what. A process takes no others.

Nothing behind a route runs before its rule held.

The rule is checked around the endpoint, in this one place, so that a new route cannot forget to ask.
"""

import inspect
import re
from collections.abc import Awaitable, Callable, Iterable, Mapping
from typing import Final, cast

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route, request_response
from starlette.types import ASGIApp, Receive, Scope, Send

from services.kernel.context import AccessRule
from services.runtime.access import Access, Forbidden, User, UserRole
from services.runtime.operations import Operation

_CALLER: Final = "studio.caller"
_PLACE: Final = re.compile(r"\{\w+\}")
_PROBLEMS_OF_ALL: Final = ("INTERNAL_ERROR",)
_PROBLEMS_BY_RULE: Final[Mapping[AccessRule, tuple[str, ...]]] = {
    AccessRule.PUBLIC: (),
    AccessRule.OWNER: ("UNAUTHENTICATED",),
    AccessRule.ADMIN: ("UNAUTHENTICATED", "FORBIDDEN"),
    AccessRule.CREDENTIALS: ("UNAUTHENTICATED",),
}

Endpoint = Callable[[Request], Awaitable[Response]]


class UndeclaredRoute(Exception):
    """A route that does not say who may use it; the message names it. Raised at start."""


class GuardedRoute(Route):
    """A route with its rule and its description. The endpoint is a function of a request, or an ASGI application."""

    def __init__(
        self, path: str, endpoint: Endpoint | ASGIApp, *, rule: AccessRule, operation: Operation, method: str = "GET"
    ) -> None:
        is_function = inspect.isroutine(endpoint)
        app = request_response(cast("Endpoint", endpoint)) if is_function else cast("ASGIApp", endpoint)
        super().__init__(path, _Guard(app, rule), methods=[method], name=f"{method} {path}")
        self.rule = rule
        self.operation = operation
        self.method = method
        self.methods_here = {method}

    @property
    def problems(self) -> frozenset[str]:
        """Every code that it may refuse with, for whatever reason."""
        return frozenset({*_PROBLEMS_BY_RULE[self.rule], *self.operation.problems, *_PROBLEMS_OF_ALL})

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        """As Starlette's, which knows the methods of one route only. Raises HTTPException for any other method."""
        assert self.methods is not None, "a guarded route has a method"
        if scope["method"] not in self.methods:
            raise HTTPException(405, headers={"Allow": ", ".join(sorted(self.methods_here))})
        await self.app(scope, receive, send)


class _Guard:
    def __init__(self, app: ASGIApp, rule: AccessRule) -> None:
        self._app = app
        self._rule = rule

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Raises Unauthenticated or Forbidden."""
        if self._rule in (AccessRule.OWNER, AccessRule.ADMIN):
            user = access_of(scope).user_of(scope)
            if self._rule is AccessRule.ADMIN and user.role is not UserRole.ADMIN:
                raise Forbidden("Only an admin may do this.")
            scope[_CALLER] = user
        await self._app(scope, receive, send)


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
