"""OpenAPI 3.1 of an API, from its routes alone: a new route is in the document as soon as it is made."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from importlib.metadata import version
from typing import Any, Literal, NamedTuple

from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError, create_model
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaMode

from services.kernel.context import ADMIN, CREDENTIALS, OWNER, CommandRoute
from services.runtime.access import TOKEN_COOKIE
from services.runtime.guarded_routes import GuardedRoute
from services.runtime.operations import FORM, Media, Operation, Payload, TypedCommands, payload_type
from services.runtime.problems import STATUS_BY_CODE, Problem

Json = dict[str, Any]

REF = "#/components/schemas/"

_PLACE = re.compile(r"\{(\w+)\}")
_TEXT = {"type": "string"}
_REQUEST_HEADERS: Mapping[str, tuple[str, Json]] = {
    "Idempotency-Key": (
        "Makes repeating the command harmless: the first answer is given again. A UUID is also the command's id.",
        {"type": "string", "pattern": r"^[!-~]{1,255}$"},
    ),
    "If-Match": (
        "The version, in quotes, that the command is meant for; another one is refused.",
        {"type": "string", "pattern": r'^(\*|(W/)?"[0-9]{1,18}")$'},
    ),
    "If-None-Match": ("The ETag of what the caller has: 304 when it is still so.", _TEXT),
    "X-Min-Position": (
        "The X-Event-Position of a write: the read waits up to two seconds until it shows it.",
        {"type": "string", "pattern": "^[A-Za-z0-9_-]{34}$"},
    ),
    "X-Correlation-Id": ("Comes back in the answer, and stands in the log.", _TEXT),
    "Traceparent": ("W3C trace context, carried on to the events.", _TEXT),
    "Last-Event-ID": (
        "The id of the last frame that was read: the stream goes on behind it.",
        {"type": "string", "pattern": "^[0-9a-f]{32}-[0-9]{1,19}$"},
    ),
}
_RESPONSE_HEADERS: Mapping[str, str] = {
    "ETag": "The version of what is shown, in quotes.",
    "Idempotent-Replayed": "`true`: the command had been taken before, and this is its first answer again.",
    "Location": "Where to read what was made, or how far the command is.",
    "RateLimit": "Where the caller stands: `r` requests are left, and in `t` seconds there are more again.",
    "RateLimit-Policy": "The limit that this counts for: `q` requests in any `w` seconds.",
    "Retry-After": "Seconds after which to try again.",
    "WWW-Authenticate": "How to say who is asking.",
    "X-Command-ID": "The id of the command.",
    "X-Correlation-Id": "What came in the request, else an id made for it.",
    "X-Event-Position": "Opaque: hand it to a read as X-Min-Position to see this write.",
    "X-Last-Event-ID": "Where to follow the event stream from: whatever happens behind this read comes there.",
    "X-Next-Cursor": "The `after` of the next page; absent on the last.",
    "X-Projection-Stale": "`1`: what X-Min-Position asked for is not shown yet.",
    "X-RateLimit-Limit": "How many requests its caller may make in a window.",
    "X-RateLimit-Remaining": "How many of them are left.",
    "X-RateLimit-Reset": "When some of what is used up comes back, seconds since 1970.",
    "X-Total-Count": "How many there are on all pages together.",
}
_RATE_LIMIT_HEADERS = tuple(name for name in _RESPONSE_HEADERS if "RateLimit" in name)
_SECURITY: Mapping[str, Json] = {
    "bearer": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"},
    "cookie": {"type": "apiKey", "in": "cookie", "name": TOKEN_COOKIE},
}
_DESCRIPTIONS = {
    200: "As asked.", 201: "Made.", 202: "Taken; it is being worked on.", 204: "Done; there is nothing to show.",
    304: "Nothing has changed since.", 503: "Unavailable.",
}  # fmt: skip


def openapi(name: str, title: str, routes: Iterable[GuardedRoute]) -> Json:
    """The document of an API."""
    published = [route for route in routes if route.operation.is_published]
    schemas = _Schemas(published)
    schemes = {**_SECURITY, **_password_flow(published)}
    paths: dict[str, Json] = {}
    for route in published:
        paths.setdefault(_address(route), {})[route.method.lower()] = _operation(route, schemas, schemes)
    document: Json = {
        "openapi": "3.1.0",
        "info": {"title": title, "version": version("genesis-studio"), "summary": name, "description": _table()},
        "paths": paths,
        "components": {"securitySchemes": schemes, "schemas": schemas.components},
    }
    document["components"]["schemas"] = reachable(document)
    for route in published:
        _say_problems_of_commands(route, document["components"]["schemas"])
    return document


def _say_problems_of_commands(route: GuardedRoute, schemas: Json) -> None:
    """An operation that takes many commands has the refusals of all; each says beside its fields which it has."""
    if isinstance(route.operation.body, TypedCommands):
        for command in route.operation.body.commands:
            codes = {str(status): sorted(found) for status, found in route.problems_of(command.type).items()}
            schemas[typed_command(command).__name__]["x-problem-codes"] = codes


def reachable(document: Json) -> Json:
    """The component schemas that anything in the document leads to."""
    known: Json = document["components"]["schemas"]
    found: set[str] = set()
    waiting = set(_names(document["paths"]))
    while waiting:
        name = waiting.pop()
        found.add(name)
        waiting |= set(_names(known[name])) - found
    return {name: schema for name, schema in known.items() if name in found}


def _names(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        if isinstance(value.get("$ref"), str):
            yield value["$ref"].removeprefix(REF)
        for item in value.values():
            yield from _names(item)
    elif isinstance(value, list):
        for item in value:
            yield from _names(item)


class Plain(GenerateJsonSchema):
    """Without a title for each field, which would only say its name again."""

    def field_title_should_be_set(self, schema: Any) -> bool:
        """Never."""
        return False


class _Use(NamedTuple):
    type: Any
    mode: JsonSchemaMode


class _Schemas:
    """The JSON Schema of every type that the routes mention, with shared components."""

    def __init__(self, routes: Sequence[GuardedRoute]) -> None:
        uses = {_key(use): use for route in routes for use in _uses(route.operation)} | {
            _key(use): use for use in (_Use(Problem, "serialization"),)
        }
        inputs = [(key, use.mode, TypeAdapter(use.type)) for key, use in uses.items()]
        found, definitions = TypeAdapter.json_schemas(inputs, ref_template=REF + "{model}", schema_generator=Plain)
        self._found = {key: schema for (key, _), schema in found.items()}
        self.components: Json = definitions.get("$defs", {})

    def of(self, kind: Any, mode: JsonSchemaMode) -> Json:
        """A type's schema."""
        return dict(self._found[_key(_Use(kind, mode))])

    def whole(self, kind: Any, mode: JsonSchemaMode) -> Json:
        """A type's schema with its own fields in sight."""
        schema = self.of(kind, mode)
        return dict(self.components[schema["$ref"].removeprefix(REF)]) if "$ref" in schema else schema

    def properties(self, model: type[BaseModel] | None) -> dict[str, Json]:
        """A parameter model's fields, each with what may be sent, and `required`."""
        if model is None:
            return {}
        schema = self.whole(model, "validation")
        required = schema.get("required", ())
        return {
            name: {"required": name in required, "schema": _without_null(field)}
            for name, field in schema.get("properties", {}).items()
        }


def _key(use: _Use) -> str:
    return f"{use.mode} {use.type!r}"


def _uses(operation: Operation) -> Iterator[_Use]:
    for model in (operation.path, operation.query, operation.form):
        if model is not None:
            yield _Use(model, "validation")
    match operation.body:
        case None:
            pass
        case Payload():
            yield _Use(operation.body.type, "validation")
        case TypedCommands():
            yield from (_Use(typed_command(command), "validation") for command in operation.body.commands)
        case _:
            yield _Use(operation.body, "validation")
    for response in operation.responses.values():
        if response is not None and not isinstance(response, Media):
            yield _Use(response, "serialization")


def _operation(route: GuardedRoute, schemas: _Schemas, schemes: Iterable[str]) -> Json:
    operation = route.operation
    described: Json = {
        "operationId": _operation_id(route),
        "summary": operation.summary,
        "tags": [_tag(route)],
        "parameters": [*_parameters(route, schemas)],
        "responses": _responses(route, schemas),
        "security": _security(route, schemes),
    }
    if operation.body is not None and (body := _body(operation.body, schemas)) is not None:
        described["requestBody"] = body
        if operation.form is not None:
            body["content"][FORM] = {"schema": schemas.of(operation.form, "validation")}
    if operation.deprecated:
        described["deprecated"] = True
    return described


def _address(route: GuardedRoute) -> str:
    return re.sub(r"\{(\w+):\w+\}", r"{\1}", route.path)


def _operation_id(route: GuardedRoute) -> str:
    steps = _address(route).removeprefix("/api/v1").strip("/").split("/")
    words = [f"by_{step[1:-1]}" if step.startswith("{") else re.sub(r"\W", "_", step) for step in steps]
    return "_".join([route.method.lower(), *words])


def _tag(route: GuardedRoute) -> str:
    address = _address(route)
    return address.removeprefix("/api/v1/").split("/")[0] if address.startswith("/api/") else "process"


def _password_flow(routes: Iterable[GuardedRoute]) -> Mapping[str, Json]:
    """Of the API that has the login: at the other one's address there is none."""
    logins = [_address(route) for route in routes if route.operation.form is not None]
    if not logins:
        return {}
    (login,) = logins
    return {"password": {"type": "oauth2", "flows": {"password": {"tokenUrl": login, "scopes": {}}}}}


def _security(route: GuardedRoute, schemes: Iterable[str]) -> list[Json]:
    either: list[Json] = [{name: []} for name in schemes]
    match route.rule:
        case rule if rule in (OWNER, ADMIN):
            return either
        case rule if rule is CREDENTIALS:
            # What else it takes stands among its parameters.
            return [*either, {}]
        case _:
            return []


def _parameters(route: GuardedRoute, schemas: _Schemas) -> Iterator[Json]:
    operation = route.operation
    in_path = _PLACE.findall(_address(route))
    path = schemas.properties(operation.path)
    for name in in_path:
        schema = path[name]["schema"] if name in path else _TEXT
        yield {"name": name, "in": "path", "required": True, "schema": schema}
    for name, parameter in schemas.properties(operation.query).items():
        if name not in in_path:
            yield {"name": name, "in": "query", **parameter}
    for name in operation.headers:
        description, schema = _REQUEST_HEADERS[name]
        yield {"name": name, "in": "header", "required": False, "description": description, "schema": schema}


def _body(body: Any, schemas: _Schemas) -> Json | None:
    match body:
        case Payload():
            whole = schemas.whole(body.type, "validation")
            if whole.get("properties") == {} and whole.get("additionalProperties") is False:
                return None
            schema = _payload(body, schemas)
            needed = not _takes_nothing(body)
        case TypedCommands():
            kinds = {command.type: typed_command(command) for command in body.commands}
            refs = {command: schemas.of(kind, "validation") for command, kind in kinds.items()}
            names = {
                name: refs[command.type]["$ref"]
                for command in body.commands
                for name in (command.type, *command.aliases)
            }
            schema = {"oneOf": list(refs.values()), "discriminator": {"propertyName": "type", "mapping": names}}
            needed = True
        case _:
            schema, needed = schemas.of(body, "validation"), True
    return {"required": needed, "content": {"application/json": {"schema": schema}}}


def _payload(body: Payload, schemas: _Schemas) -> Json:
    if not body.defaults:
        return schemas.of(body.type, "validation")
    whole = schemas.whole(body.type, "validation")
    return whole | {"required": [name for name in whole.get("required", ()) if name not in body.defaults]}


def _takes_nothing(payload: Payload) -> bool:
    """Whether an empty object will do."""
    try:
        TypeAdapter(payload.type).validate_python({})
    except ValidationError:
        return False
    return True


def typed_command(command: CommandRoute) -> type[BaseModel]:
    """A command as it is sent: `{type, payload}`."""
    found = _TYPED.get(command.type)
    if found is None:
        payload = payload_type(command)
        name: Any = Literal[(command.type, *command.aliases)]
        found = create_model(
            command.type.replace(".", ""),
            __config__=ConfigDict(extra="forbid"),
            __doc__=command.model.__doc__,
            type=(name, ...),
            payload=(payload | None, None) if _takes_nothing(Payload(payload)) else (payload, ...),
        )
        _TYPED[command.type] = found
    return found


_TYPED: dict[str, type[BaseModel]] = {}
"""Made once each, because a model is known by its identity."""


def _responses(route: GuardedRoute, schemas: _Schemas) -> Json:
    operation = route.operation
    responses: Json = {}
    for status, kind in operation.responses.items():
        response: Json = {"description": _DESCRIPTIONS[status], "headers": _headers(route, *operation.response_headers)}
        if isinstance(kind, Media):
            response["content"] = {kind.type: {"schema": _TEXT}}
        elif kind is not None:
            response["content"] = {"application/json": {"schema": schemas.of(kind, "serialization")}}
        responses[str(status)] = response
    for status, codes in route.problems.items():
        # A process that is not ready says so in its own words.
        responses.setdefault(str(status), _problem(route, status, codes))
    return responses


def _problem(route: GuardedRoute, status: int, codes: Iterable[str]) -> Json:
    known = {"properties": {"code": {"enum": sorted(codes)}}}
    more = {401: ("WWW-Authenticate",), **dict.fromkeys((409, 429, 503, 504), ("Retry-After",))}
    return {
        "description": ", ".join(f"`{code}`" for code in sorted(codes)),
        "headers": _headers(route, *more.get(status, ())),
        "content": {"application/problem+json": {"schema": {"allOf": [{"$ref": f"{REF}Problem"}, known]}}},
    }


def _headers(route: GuardedRoute, *names: str) -> Json:
    counted = _RATE_LIMIT_HEADERS if 429 in route.problems else ()
    return {
        name: {"description": _RESPONSE_HEADERS[name], "schema": _TEXT}
        for name in sorted({*names, *counted, "X-Correlation-Id"})
    }


def _without_null(schema: Json) -> Json:
    """A parameter is there or not, never null."""
    kinds = [kind for kind in schema.get("anyOf", ()) if kind != {"type": "null"}]
    if len(kinds) == len(schema.get("anyOf", ())):
        return schema
    rest = {name: value for name, value in schema.items() if name not in ("anyOf", "default")}
    return rest | (kinds[0] if len(kinds) == 1 else {"anyOf": kinds})


def _table() -> str:
    rows = [f"| `{code}` | {status} |" for code, status in STATUS_BY_CODE.items()]
    return "\n".join(
        [
            "Every refusal is a problem document with one of these codes.",
            "",
            "| code | status |",
            "| --- | --- |",
            *rows,
        ]
    )
