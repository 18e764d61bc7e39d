"""Commands over HTTP: routes from the contexts' declarations, requests into submissions, outcomes into answers.

A request that is refused before its decider raises; `http_edge` turns that into the problem document.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from time import perf_counter
from typing import Any
from uuid import UUID, uuid4

import orjson
from pydantic import ValidationError
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from services.kernel.context import AccessRule, CommandRoute, GoneRoute, TypedCommandRoute, WriteRoute
from services.kernel.decider import FieldError, Given, Rejected
from services.kernel.lanes import lane_of
from services.runtime.access import User
from services.runtime.command_handling import Outcome, Submission
from services.runtime.event_store import StoreUnavailable
from services.runtime.group_commit import GroupCommit, Overloaded
from services.runtime.guarded_routes import GuardedRoute, caller
from services.runtime.logs import get_logger
from services.runtime.metrics import COMMAND_SECONDS, COMMANDS_TOTAL
from services.runtime.operations import Operation, of_command, of_gone_write, of_typed_commands
from services.runtime.positions import encode_position_token
from services.runtime.problems import problem_response
from services.runtime.registry import Registry
from services.runtime.request_bodies import Body, Headers, headers_of, invalid, read_body

API_PREFIX = "/api/v1"

_KEY = re.compile(r"[\x21-\x7e]{1,255}")
_IF_MATCH = re.compile(r'(?:W/)?"(\d{1,18})"')
_TRACEPARENT = re.compile(r"00-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}")

log = get_logger(__name__)


@dataclass(frozen=True, slots=True)
class CommandApi:
    """What answering a command needs. `epoch` is known once the store has been reached."""

    registry: Registry
    writer: GroupCommit
    epoch: Callable[[], UUID]


def command_routes(registry: Registry, api: Callable[[Scope], CommandApi]) -> list[GuardedRoute]:
    """The routes of each declared write; one for an unknown command is refused at start."""
    routes: list[GuardedRoute] = []

    def add(method: str, path: str, parse: _Parser, rule: AccessRule, operation: Operation) -> None:
        routes.append(GuardedRoute(path, CommandEndpoint(api, parse), rule=rule, operation=operation, method=method))

    of_typed = of_typed_commands(registry)

    for context in registry.contexts:
        for declared in context.writes:
            path = API_PREFIX + declared.path
            match declared:
                case WriteRoute():
                    route = registry.command(declared.command)
                    assert route is not None, f"{declared.path} names the unknown command {declared.command}"
                    parse = _rest_parser(route, declared.defaults)
                    add(declared.method, path, parse, declared.rule, of_command(registry, route, declared.defaults))
                case TypedCommandRoute():
                    add("POST", path, _typed_parser(registry), declared.rule, of_typed)
                case GoneRoute():
                    for method in declared.methods:
                        add(method, path, _gone(declared), declared.rule, of_gone_write())
    return routes


@dataclass(frozen=True, slots=True)
class _Parsed:
    route: CommandRoute
    content: Mapping[str, Any]
    payload: Mapping[str, Any]
    typed: bool


_Parser = Callable[[Mapping[str, str], Body], _Parsed]


class CommandEndpoint:
    """A declared write as an ASGI application: what Starlette puts around a function would only repeat `Edge`."""

    def __init__(self, api_of: Callable[[Scope], CommandApi], parse: _Parser) -> None:
        self._api_of = api_of
        self._parse = parse

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Takes one command, and answers it when it is committed."""
        started = perf_counter()
        api, headers = self._api_of(scope), headers_of(scope)
        user = caller(scope)
        parsed = self._parse(scope["path_params"], await read_body(receive, headers))
        submission = _submission(scope["path"], headers, user, parsed)
        try:
            outcome = await api.writer.submit(submission)
        except (StoreUnavailable, Overloaded) as error:
            log.warning("command.not_taken", reason=str(error) or "overloaded")
            raise not_taken(error) from None
        COMMAND_SECONDS.observe(perf_counter() - started)
        await _answer(headers, outcome, api, parsed.route.type)(scope, receive, send)


def not_taken(error: StoreUnavailable | Overloaded) -> Rejected:
    """The refusal of a command that the store could not take."""
    detail = "The store cannot take commands now; try again."
    if isinstance(error, StoreUnavailable) and error.holder is not None:
        detail += f" The append lock is held by {error.holder}."
    return Rejected("STORE_UNAVAILABLE", detail)


def _rest_parser(route: CommandRoute, defaults: Mapping[str, Any]) -> _Parser:
    def parse(path: Mapping[str, str], body: Body) -> _Parsed:
        payload = {**defaults, **(body or {})}
        return _Parsed(route, {**path, "payload": payload}, payload, typed=False)

    return parse


def _typed_parser(registry: Registry) -> _Parser:
    def parse(path: Mapping[str, str], body: Body) -> _Parsed:
        if body is None:
            raise Rejected("MALFORMED_JSON", "The body is empty.", errors=(FieldError("", "MALFORMED_JSON", "empty"),))
        name = _command_type(body)
        unknown = [key for key in body if key not in ("type", "command_type", "payload")]
        if unknown:
            raise invalid(f"/{unknown[0]}", "extra_forbidden", "This field is not known here.")
        payload = body.get("payload")
        if payload is not None and not isinstance(payload, dict):
            raise invalid("/payload", "dict_type", "The payload must be an object.")
        route = registry.command(name)
        if route is None or "session_id" not in route.model.model_fields:
            detail = f"There is no command of the type {name[:200]}."
            raise Rejected(
                "UNKNOWN_COMMAND_TYPE", detail, errors=(FieldError("/type", "UNKNOWN_COMMAND_TYPE", detail),)
            )
        return _Parsed(route, {**path, "payload": payload or {}}, payload or {}, typed=True)

    return parse


def _gone(declared: GoneRoute) -> _Parser:
    def parse(path: Mapping[str, str], body: Body) -> _Parsed:
        raise Rejected("GONE", "This endpoint was removed.", replacement=declared.replacement)

    return parse


def _command_type(fields: Mapping[str, Any]) -> str:
    names = {name: fields[name] for name in ("type", "command_type") if name in fields}
    for field, value in names.items():
        if not isinstance(value, str):
            raise invalid(f"/{field}", "string_type", "The type must be a text.")
    if not names:
        raise invalid("/type", "missing", "The type is missing.")
    if len(set(names.values())) > 1:
        raise invalid("/command_type", "different", "type and command_type are both given and differ.")
    return str(next(iter(names.values())))


def _submission(path: str, headers: Headers, user: User, parsed: _Parsed) -> Submission:
    key = idempotency_key(headers)
    command_id = command_id_of(key)
    given = Given(command_id, parsed.route.type, user.id, datetime.now(UTC))
    traceparent = headers.get("traceparent", "")
    return Submission(
        route=parsed.route,
        command=_command(parsed),
        given=given,
        idempotency_key=key or f"cmd-{command_id}",
        keyed=key is not None,
        request_hash=_request_hash(parsed),
        payload=parsed.payload,
        path=path,
        typed=parsed.typed,
        expected_version=_expected_version(headers.get("if-match")),
        traceparent=traceparent if _TRACEPARENT.fullmatch(traceparent) else None,
    )


def idempotency_key(headers: Headers) -> str | None:
    """The key that was sent. Raises Rejected when it is no key."""
    key = headers.get("idempotency-key")
    if key is not None and not _KEY.fullmatch(key):
        raise Rejected("INVALID_IDEMPOTENCY_KEY", "Idempotency-Key takes 1 to 255 visible ASCII characters.")
    return key


def command_id_of(key: str | None) -> UUID:
    """A key that is a UUID is the command's id."""
    try:
        return UUID(key) if key is not None and len(key) == 36 else uuid4()
    except ValueError:
        return uuid4()


def _command(parsed: _Parsed) -> Any:
    try:
        return parsed.route.model.model_validate(parsed.content)
    except ValidationError as error:
        errors = tuple(field_error(item, typed=parsed.typed) for item in error.errors(include_url=False))
        first = errors[0]
        raise Rejected("VALIDATION_ERROR", f"{first.pointer or '/'}: {first.message}", errors=errors) from None


def field_error(item: Any, *, typed: bool) -> FieldError:
    """What pydantic found, with a pointer into the body as it was sent."""
    location = [str(step).replace("~", "~0").replace("/", "~1") for step in item["loc"]]
    if not typed and location[:1] == ["payload"]:
        location = location[1:]
    return FieldError("".join(f"/{step}" for step in location), item["type"], item["msg"])


def _request_hash(parsed: _Parsed) -> str:
    canonical = orjson.dumps([parsed.route.type, parsed.content], option=orjson.OPT_SORT_KEYS)
    return sha256(canonical).hexdigest()


def _expected_version(if_match: str | None) -> int | None:
    if if_match is None or if_match.strip() == "*":
        return None
    matched = _IF_MATCH.fullmatch(if_match.strip())
    if matched is None:
        raise Rejected("INVALID_IF_MATCH", 'If-Match takes one version in quotes, like "3".')
    return int(matched[1])


def _answer(sent: Headers, outcome: Outcome, api: CommandApi, command_type: str) -> Response:
    COMMANDS_TOTAL.labels(command_type, "replayed" if outcome.replayed else outcome.refusal or "accepted").inc()
    headers = answer_headers(sent, outcome, api.epoch)
    if outcome.refusal is not None:
        return problem_response(outcome.body, headers)
    if outcome.status == 204:
        return Response(status_code=204, headers=headers)
    return Response(orjson.dumps(outcome.body), outcome.status, headers, media_type="application/json")


def answer_headers(sent: Headers, outcome: Outcome, epoch: Callable[[], UUID]) -> dict[str, str]:
    """What every answer to a command says beside its body."""
    command_id = str(outcome.command_id)
    headers = {"X-Command-ID": command_id, "X-Correlation-Id": sent.get("x-correlation-id") or command_id}
    if outcome.replayed:
        headers["Idempotent-Replayed"] = "true"
    if outcome.version is not None:
        headers["ETag"] = f'"{outcome.version}"'
    if outcome.location is not None:
        headers["Location"] = outcome.location
    if outcome.position:
        headers["X-Event-Position"] = encode_position_token(epoch(), lane_of(outcome.scope_id), outcome.position)
    return headers
