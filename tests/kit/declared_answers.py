"""Every answer that a test's client gets is held to what its route declares: status, and body field by field."""

import re
from collections.abc import Iterator
from functools import cache
from typing import Any, NamedTuple

import httpx
from pydantic import TypeAdapter, ValidationError

from services.runtime.guarded_routes import GuardedRoute
from services.runtime.operations import Media
from services.runtime.problems import Problem
from tools.apis import ROUTES

_PROBLEM = TypeAdapter(Problem)
# Said about every route: by the method that is not there, and when something of ours is wrong.
_OF_EVERY_ROUTE = frozenset({"METHOD_NOT_ALLOWED", "INTERNAL_ERROR"})


class _Declared(NamedTuple):
    address: "re.Pattern[str]"
    method: str
    route: GuardedRoute


def check_answer(response: httpx.Response) -> None:
    """Fails when an answer is not what its route declares; an address that there is not declares nothing."""
    route = _route(response.request.method, response.request.url.path)
    if route is None:
        return
    operation = route.operation
    where = f"{response.request.method} {response.request.url.path} {response.status_code}"
    if response.headers.get("content-type", "").startswith("application/problem+json"):
        problem = _parsed(_PROBLEM, response, where)
        known = {*_OF_EVERY_ROUTE, *route.problems, *operation.problems}
        assert problem.code in known, f"{where}: {problem.code} is not declared"
        return
    assert response.status_code in operation.responses, f"{where} is not declared"
    kind = operation.responses[response.status_code]
    if kind is None:
        assert response.content == b"", where
    elif not isinstance(kind, Media):
        _parsed(_adapter(kind), response, where)


def _parsed(adapter: TypeAdapter[Any], response: httpx.Response, where: str) -> Any:
    try:
        return adapter.validate_json(response.content, strict=True)
    except ValidationError as error:
        raise AssertionError(f"{where}: the answer is not as declared: {error}\n{response.text[:2000]}") from None


@cache
def _adapter(kind: Any) -> TypeAdapter[Any]:
    return TypeAdapter(kind)


def _route(method: str, path: str) -> GuardedRoute | None:
    return next(
        (known.route for known in _declared() if known.method == method and known.address.fullmatch(path)), None
    )


@cache
def _declared() -> tuple[_Declared, ...]:
    return tuple(_all())


def _all() -> Iterator[_Declared]:
    routes = [route for routes in ROUTES.values() for route in routes]
    # As the router has it: what is written out wins over a parameter.
    for route in sorted(routes, key=_parameters_last):
        yield _Declared(route.path_regex, route.method, route)


def _parameters_last(route: GuardedRoute) -> list[bool]:
    return [step.startswith("{") for step in route.path.split("/")]
