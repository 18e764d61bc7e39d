"""Every answer that a test's client gets is held to what its route declares: status, and body field by field."""

import re
from collections.abc import Iterator
from functools import cache
from typing import Any, NamedTuple

import httpx
from pydantic import TypeAdapter, ValidationError

from services.runtime.guarded_routes import GuardedRoute
from services.runtime.operations import Media, Operation
from services.runtime.problems import Problem
from tools.apis import ROUTES

_PROBLEM = TypeAdapter(Problem)
# Said about every route: by the method that is not there, by its guard, and when something of ours is wrong.
_OF_EVERY_ROUTE = frozenset(
    {"METHOD_NOT_ALLOWED", "UNAUTHENTICATED", "FORBIDDEN", "INTERNAL_ERROR", "OVERLOADED", "RATE_LIMITED", "TIMED_OUT"}
)


class _Declared(NamedTuple):
    address: "re.Pattern[str]"
    method: str
    operation: Operation


def check_answer(response: httpx.Response) -> None:
    """Fails when an answer is not what its route declares; an address that there is not declares nothing."""
    operation = _operation(response.request.method, response.request.url.path)
    if operation is None:
        return
    where = f"{response.request.method} {response.request.url.path} {response.status_code}"
    if response.headers.get("content-type", "").startswith("application/problem+json"):
        problem = _parsed(_PROBLEM, response, where)
        assert problem.code in _OF_EVERY_ROUTE | set(operation.problems), f"{where}: {problem.code} is not declared"
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


def _operation(method: str, path: str) -> Operation | None:
    return next(
        (known.operation for known in _declared() if known.method == method and known.address.fullmatch(path)), None
    )


@cache
def _declared() -> tuple[_Declared, ...]:
    return tuple(_all())


def _all() -> Iterator[_Declared]:
    routes = [route for routes in ROUTES.values() for route in routes]
    # As the router has it: what is written out wins over a parameter.
    for route in sorted(routes, key=_parameters_last):
        yield _Declared(route.path_regex, route.method, route.operation)


def _parameters_last(route: GuardedRoute) -> list[bool]:
    return [step.startswith("{") for step in route.path.split("/")]
