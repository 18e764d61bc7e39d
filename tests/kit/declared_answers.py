"""Every answer that a test's client gets is held to what its route declares: status, and body field by field."""

import json
from collections.abc import Mapping
from functools import cache
from typing import Any

import httpx
from pydantic import TypeAdapter, ValidationError

from services.runtime.guarded_routes import GuardedRoute
from services.runtime.operations import Media, TypedCommands
from services.runtime.problems import Problem
from tools.apis import REGISTRY, ROUTES

_PROBLEM = TypeAdapter(Problem)


def check_answer(response: httpx.Response) -> None:
    """Fails when an answer is not what its route declares; an address that there is not declares nothing."""
    route = _route(response.request.method, response.request.url.path)
    if route is None:
        return
    where = f"{response.request.method} {response.request.url.path} {response.status_code}"
    if response.headers.get("content-type", "").startswith("application/problem+json"):
        problem = _parsed(_PROBLEM, response, where)
        if problem.code == "METHOD_NOT_ALLOWED":
            # The other API has this route.
            return
        assert problem.code in _declared(route, response).get(response.status_code, ()), (
            f"{where}: {problem.code} is not declared"
        )
        return
    responses = route.operation.responses
    assert response.status_code in responses, f"{where} is not declared"
    kind = responses[response.status_code]
    if kind is None:
        assert response.content == b"", where
    elif not isinstance(kind, Media):
        _parsed(_adapter(kind), response, where)


def _declared(route: GuardedRoute, response: httpx.Response) -> Mapping[int, frozenset[str]]:
    """What the command refuses with that was sent; what anything here refuses with, if that was none."""
    if not isinstance(route.operation.body, TypedCommands):
        return route.problems
    try:
        body = json.loads(response.request.content)
        kind = body.get("type", body.get("command_type"))
    except (ValueError, AttributeError, RecursionError):
        # What cannot be read here either: broken, no object, or far too deep.
        return route.problems
    known = REGISTRY.command(kind) if isinstance(kind, str) else None
    return route.problems if known is None else route.problems_of(known.type)


def _parsed(adapter: TypeAdapter[Any], response: httpx.Response, where: str) -> Any:
    try:
        return adapter.validate_json(response.content, strict=True)
    except ValidationError as error:
        raise AssertionError(f"{where}: the answer is not as declared: {error}\n{response.text[:2000]}") from None


@cache
def _adapter(kind: Any) -> TypeAdapter[Any]:
    return TypeAdapter(kind)


def _route(method: str, path: str) -> GuardedRoute | None:
    return next((known for known in _routes() if known.method == method and known.path_regex.fullmatch(path)), None)


@cache
def _routes() -> tuple[GuardedRoute, ...]:
    """As the router has them: what is written out wins over a parameter."""
    return tuple(sorted((route for routes in ROUTES.values() for route in routes), key=_parameters_last))


def _parameters_last(route: GuardedRoute) -> list[bool]:
    return [step.startswith("{") for step in route.path.split("/")]
