"""Routes that say who may use them, and for what. A process takes no others.

Nothing behind a route runs before its rule held.

The rule is checked around the endpoint, in this one place, so that a new route cannot forget to ask.
"""

import inspect
from collections.abc import Awaitable, Callable, Iterable
from typing import Final, cast

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route, request_response
from starlette.types import ASGIApp, Receive, Scope, Send

from services.kernel.context import AccessRule
from services.runtime.access import Access, Forbidden, User, UserRole
from services.runtime.operations import Operation

_CALLER: Final = "studio.caller"

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


def refuse_undeclared(routes: Iterable[BaseRoute]) -> None:
    """Raises UndeclaredRoute for the first route without a rule."""
    for route in routes:
        if not isinstance(route, GuardedRoute):
            raise UndeclaredRoute(
                f"{getattr(route, 'path', route)} does not say who may use it: make it a GuardedRoute"
            )
