"""What a bounded context declares: its aggregates, commands, routes, projections, queries and tasks."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Final, NamedTuple
from uuid import UUID

from pydantic import BaseModel

from services.kernel.decider import Decision, Emitted, Given, Rejected
from services.kernel.events import Event, RecordedEvent
from services.kernel.rows import RowChange
from services.kernel.scope import Aggregate, AggregateKey, Scope, ScopeKey


@dataclass(frozen=True, slots=True)
class KnownScope:
    """The scope follows from the command alone; it may not exist yet. `new`: the command makes its id."""

    key: ScopeKey
    new: bool = False


@dataclass(frozen=True, slots=True)
class ScopeOfAggregate:
    """The scope that an aggregate was created in, which never changes."""

    aggregate: AggregateKey


@dataclass(frozen=True, slots=True)
class ScopeOfStage:
    """The scope that a stage record was created in, which never changes."""

    stage_id: UUID


class AccessRule(StrEnum):
    """Who may use a route."""

    PUBLIC = "public"
    """Anybody: what is shown is the same for all."""
    OWNER = "owner"
    """Every user, each for what is theirs; the rest does not exist for them."""
    ADMIN = "admin"
    """Whoever operates the studio."""
    CREDENTIALS = "credentials"
    """Whoever brings what the route itself checks: a password, a refresh token, a stream token."""


PUBLIC: Final = AccessRule.PUBLIC
OWNER: Final = AccessRule.OWNER
ADMIN: Final = AccessRule.ADMIN
CREDENTIALS: Final = AccessRule.CREDENTIALS

Model = type[BaseModel]

Target = KnownScope | ScopeOfAggregate | ScopeOfStage

Reaction = Callable[[BaseModel, Given, Scope, tuple[Emitted, ...]], tuple[Emitted, ...]]
"""What a context adds, in the same transaction, to a decision of a context it builds on; may refuse it."""


@dataclass(frozen=True, slots=True)
class CommandRoute:
    """One command type: how it is parsed, which scope it concerns, who decides it.

    `responses` has the type of the answer's body by status; None for one without a body.
    `lock` is the id stored in `command_inbox.session_id`: at most one open command of a type per lock.
    `version` is what `If-Match` is compared with. A scope that is missing or somebody else's comes to
    `decide` empty, so that both are refused by the same line with the same words. `mentions` are other
    aggregates that the command names, wherever they are: `Given.mentioned` tells which the user has. `constraints` are
    the refusals of its `Decision.writes`, by the name of the constraint that is broken.
    """

    type: str
    model: Model
    target: Callable[[Any, Given], Target]
    lock: Callable[[Any, Given], UUID]
    decide: Callable[[Any, Given, Scope], Decision]
    version: Callable[[Any, Scope], int | None] | None = None
    mentions: Callable[[Any], tuple[AggregateKey, ...]] | None = None
    constraints: Mapping[str, Callable[[], Rejected]] = field(default_factory=dict)
    aliases: tuple[str, ...] = ()
    responses: Mapping[int, Any] = field(kw_only=True)


@dataclass(frozen=True, slots=True)
class WriteRoute:
    """An HTTP write: path parameters are the command's ids, the body is its `payload`, over `defaults`."""

    method: str
    path: str
    command: str
    defaults: Mapping[str, Any] = field(default_factory=dict)
    rule: AccessRule = field(kw_only=True)


@dataclass(frozen=True, slots=True)
class TypedCommandRoute:
    """A POST that takes `{type, payload}` and chooses the command by the type alone."""

    path: str
    rule: AccessRule = field(kw_only=True)


@dataclass(frozen=True, slots=True)
class GoneRoute:
    """A removed endpoint: 410 with what replaces it."""

    methods: tuple[str, ...]
    path: str
    replacement: str
    rule: AccessRule = field(kw_only=True)


class SqlFile(NamedTuple):
    """A file of named SQL blocks: the package it lies in and its name."""

    package: str
    name: str


@dataclass(frozen=True, slots=True)
class Statement:
    """A named SQL block with its parameters: one read of a query."""

    name: str
    parameters: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Projection:
    """One read model: events → changes of rows in its tables, which no other projection writes to. Pure."""

    name: str
    group: str
    tables: tuple[str, ...]
    handles: tuple[type[Event], ...]
    project: Callable[[Any, RecordedEvent], Iterable[RowChange]]


Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class QueryAnswer:
    """A read's answer; `version` becomes the ETag, `headers` are sent as they are.

    `written` is the (lane, position) that a reader must wait for to see the effect of what it was told:
    sent as `X-Event-Position`, like that of a write.
    """

    body: Any
    version: int | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    status: int = 200
    written: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class QueryRoute:
    """An HTTP read: parameters → named reads in one snapshot → answer. Pure but for the reads themselves.

    Every read gets `user_id` beside its own parameters and must use it: a row of somebody else is never read.
    `answer` gets the parameters and the rows of each read, in order, and may raise `Rejected`.
    `enveloped`: answers and refusals are in the form that the director's clients expect.
    `response` is the type of the body that it makes; None for an endpoint that is gone. A model with a field `body`
    makes it a POST: what is asked for is too long for an address.
    """

    path: str
    model: type[BaseModel]
    sql: SqlFile
    reads: Callable[[Any], Sequence[Statement]]
    answer: Callable[[Any, Sequence[Sequence[Row]]], QueryAnswer]
    response: Any = field(kw_only=True)
    rule: AccessRule = field(kw_only=True)
    enveloped: bool = False

    @property
    def method(self) -> str:
        """The HTTP method."""
        return "POST" if "body" in self.model.model_fields else "GET"


@dataclass(frozen=True, slots=True)
class TaskRoute:
    """A kind of slow work: how its start, result and failure become events of the scope that asked."""

    task_type: str
    started: Callable[["TaskFacts", Scope], Decision]
    finished: Callable[["TaskFacts", Mapping[str, Any], Scope], Decision]
    failed: Callable[["TaskFacts", Mapping[str, Any], Scope], Decision]


@dataclass(frozen=True, slots=True)
class TaskFacts:
    """A task as its worker knows it: the command that caused it and what it was asked."""

    task_id: UUID
    task_type: str
    command_id: UUID
    command_type: str
    user_id: UUID
    input: Mapping[str, Any]
    given: Given


@dataclass(frozen=True, slots=True)
class Frame:
    """A stream frame derived from an event: sent right before it, live or resumed alike, without an id of its own."""

    event: str
    data: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Context:
    """A bounded context's table of contents."""

    name: str
    aggregates: tuple[Aggregate, ...] = ()
    events: tuple[type[Event], ...] = ()
    commands: tuple[CommandRoute, ...] = ()
    writes: tuple[WriteRoute | TypedCommandRoute | GoneRoute, ...] = ()
    projections: tuple[Projection, ...] = ()
    queries: tuple[QueryRoute, ...] = ()
    tasks: tuple[TaskRoute, ...] = ()
    reactions: tuple[Reaction, ...] = ()
    frames: tuple[Callable[[RecordedEvent], Iterable[Frame]], ...] = ()
    frame_payloads: Mapping[str, Model] = field(default_factory=dict)
