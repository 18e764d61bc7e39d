"""What a route takes and what it answers: said where the route is made, written down in the published contracts."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated, Any, Final

from pydantic import BaseModel

from services.kernel.commands import Id
from services.kernel.context import CommandRoute, QueryRoute
from services.kernel.responses import CommandAcceptedResponse, enveloped
from services.runtime.refusals import Rule, names
from services.runtime.registry import Registry

FORM: Final = "application/x-www-form-urlencoded"
IF_MATCH: Final = "If-Match"
REQUEST_HEADERS_OF_COMMANDS: Final = ("Idempotency-Key", "X-Correlation-Id", "Traceparent")
RESPONSE_HEADERS_OF_COMMANDS: Final = (
    "X-Command-ID", "X-Event-Position", "Idempotent-Replayed", "ETag", "Location",
)  # fmt: skip
REQUEST_HEADERS_OF_READS: Final = ("If-None-Match", "X-Min-Position", "X-Correlation-Id")
RESPONSE_HEADERS_OF_READS: Final = (
    "ETag", "X-Last-Event-ID", "X-Projection-Stale", "X-Event-Position", "X-Total-Count", "X-Next-Cursor",
)  # fmt: skip

_GONE: Final = "Removed; the problem names what replaces it."
_PROBLEMS_OF_BODIES: Final = ("MALFORMED_JSON", "BODY_TOO_LARGE", "UNSUPPORTED_MEDIA_TYPE", "VALIDATION_ERROR")
_PROBLEMS_OF_READS: Final = ("INVALID_MIN_POSITION", "VALIDATION_ERROR", "STORE_UNAVAILABLE")
_PROBLEMS_OF_COMMANDS: Final = (
    *_PROBLEMS_OF_BODIES, "INVALID_IDEMPOTENCY_KEY", "IDEMPOTENCY_MISMATCH", "COMMAND_IN_FLIGHT", "DUPLICATE_COMMAND",
    "CONCURRENT_UPDATE", "STORE_UNAVAILABLE",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Media:
    """A body that is not JSON."""

    type: str


@dataclass(frozen=True, slots=True)
class Payload:
    """A command's payload as a body of its own. What the route adds by itself (`defaults`) need not be sent."""

    type: Any
    defaults: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class TypedCommands:
    """A body `{type, payload}` of one of these commands."""

    commands: tuple[CommandRoute, ...]


@dataclass(frozen=True, slots=True)
class Operation:
    """What a route takes and what it answers.

    `responses` has the type of the body by status: None for no body, `Media` for one that is not JSON. `path` and
    `query` are models that have the parameters among their fields. `form` is OAuth2's, for what may be sent instead of
    a JSON body to get tokens. `problems` are the codes it refuses with, besides those that follow from its rule and
    those of the `rules` of a context that it asks: by the type of the command that they are about, a read's under None.
    Header names stand in `headers` and `response_headers`. What is not published is a part of a page.
    """

    summary: str
    responses: Mapping[int, Any]
    path: type[BaseModel] | None = None
    query: type[BaseModel] | None = None
    body: Any = None
    form: type[BaseModel] | None = None
    headers: tuple[str, ...] = ("X-Correlation-Id",)
    response_headers: tuple[str, ...] = ()
    problems: tuple[str, ...] = ()
    rules: Mapping[str | None, tuple[Rule, ...]] = field(default_factory=dict)
    deprecated: bool = False
    is_published: bool = True


def of_command(registry: Registry, route: CommandRoute, defaults: Mapping[str, Any]) -> Operation:
    """A write whose command is named by its address."""
    return Operation(
        summary=_sentence(route.model),
        responses=route.responses,
        path=route.model,
        body=Payload(payload_type(route), frozenset(defaults)),
        headers=_command_headers(has_version=route.version is not None),
        response_headers=RESPONSE_HEADERS_OF_COMMANDS,
        problems=_command_problems(has_version=route.version is not None),
        rules={route.type: _rules(registry, route)},
    )


def of_typed_commands(registry: Registry) -> Operation:
    """A write whose command is named in the body: any that needs nothing but the session of the path."""
    # By their own names only: an alias is the same command again.
    commands = tuple(
        route for name, route in registry.commands.items() if name == route.type and _needs_a_session(route)
    )
    return Operation(
        summary="Send a command to a session.",
        responses={200: CommandAcceptedResponse, 202: CommandAcceptedResponse},
        path=SessionPath,
        body=TypedCommands(commands),
        headers=_command_headers(has_version=True),
        response_headers=RESPONSE_HEADERS_OF_COMMANDS,
        problems=(*_command_problems(has_version=True), "UNKNOWN_COMMAND_TYPE"),
        rules={route.type: _rules(registry, route) for route in commands},
    )


def payload_type(route: CommandRoute) -> Any:
    """The type of a command's payload."""
    field = route.model.model_fields["payload"]
    return Annotated[(field.annotation, *field.metadata)] if field.metadata else field.annotation


def of_gone_write() -> Operation:
    """A write that was removed; its body is read before the refusal, as every write's."""
    return Operation(_GONE, {}, problems=("GONE", *_PROBLEMS_OF_BODIES), deprecated=True)


def of_read(query: QueryRoute) -> Operation:
    """A declared read."""
    if query.response is None:
        return Operation(
            _GONE, {}, path=query.model, query=query.model, problems=("GONE", *_PROBLEMS_OF_READS), deprecated=True
        )
    response = enveloped(query.response) if query.enveloped else query.response
    body = query.model.model_fields.get("body")
    return Operation(
        summary=_sentence(query.model),
        responses={200: response, 304: None},
        path=query.model,
        query=None if body is not None else query.model,
        body=None if body is None else body.annotation,
        headers=REQUEST_HEADERS_OF_READS,
        response_headers=RESPONSE_HEADERS_OF_READS,
        problems=(
            *_PROBLEMS_OF_READS,
            *(("INVALID_PARAMETER", "FORBIDDEN") if query.enveloped else ()),
            *(_PROBLEMS_OF_BODIES if body is not None else ()),
        ),
        rules={None: (query.reads, query.answer)},
    )


class SessionPath(BaseModel):
    """The session of the path."""

    session_id: Id


def _rules(registry: Registry, route: CommandRoute) -> tuple[Rule, ...]:
    """Whatever may refuse the command, in its own context or in one that reacts to it."""
    own = (route.target, route.lock, route.decide, route.version, route.mentions, *route.constraints.values())
    reactions = (react for react in registry.reactions if names(react, route.model))
    return (*(rule for rule in own if rule is not None), *reactions)


def _needs_a_session(route: CommandRoute) -> bool:
    fields = route.model.model_fields
    return "session_id" in fields and not {
        name for name, field in fields.items() if field.is_required() and name not in ("session_id", "payload")
    }


def _command_headers(*, has_version: bool) -> tuple[str, ...]:
    return (*REQUEST_HEADERS_OF_COMMANDS, *((IF_MATCH,) if has_version else ()))


def _command_problems(*, has_version: bool) -> tuple[str, ...]:
    return (*_PROBLEMS_OF_COMMANDS, *(("INVALID_IF_MATCH", "PRECONDITION_FAILED") if has_version else ()))


def _sentence(model: type[BaseModel]) -> str:
    """The first sentence of a model's docstring."""
    return (model.__doc__ or "").split("\n\n", maxsplit=1)[0].strip()
