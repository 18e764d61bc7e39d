"""The words of a decision: what comes in with a command, what comes out, and how it is refused."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID, uuid5

from services.kernel.events import Event
from services.kernel.scope import AggregateKey, Scope


@dataclass(frozen=True, slots=True)
class FieldError:
    """One wrong place of a request: an RFC 6901 pointer, a stable code and a sentence."""

    pointer: str
    code: str
    message: str


class Rejected(Exception):
    """A broken rule: nothing happens. `code` is stable, `detail` is for a person, `extra` goes into the answer."""

    def __init__(self, code: str, detail: str, *, errors: tuple[FieldError, ...] = (), **extra: Any) -> None:
        super().__init__(code, detail)
        self.code = code
        self.detail = detail
        self.errors = errors
        self.extra: Mapping[str, Any] = extra


@dataclass(frozen=True, slots=True)
class Given:
    """The facts that come in with a command, so that a decider needs no clock, dice or table.

    `mentioned` are those aggregates named by the command that exist somewhere and are the user's.
    """

    command_id: UUID
    command_type: str
    user_id: UUID
    now: datetime
    mentioned: frozenset[AggregateKey] = frozenset()

    def new_id(self, *labels: object) -> UUID:
        """An id for something this command creates: the same again when the command is decided again."""
        return uuid5(self.command_id, "/".join(map(str, labels)))


@dataclass(frozen=True, slots=True)
class EndedCommand:
    """An open command that comes to its end by another one: its status before, and FAILED after."""

    id: UUID
    type: str
    old_status: str
    status: str = "FAILED"


@dataclass(frozen=True, slots=True)
class Emitted:
    """An event for an aggregate. `about` joins the event's metadata (flow_id, stage_id, session_id …).

    With `ends` it is the last event of that command's chain and not of the one decided on: it has the correlation id
    that everybody follows who waits for that command.
    """

    aggregate: AggregateKey
    event: Event
    about: Mapping[str, Any] = field(default_factory=dict)
    ends: EndedCommand | None = None


@dataclass(frozen=True, slots=True)
class TaskRequest:
    """Slow work that a worker does later: one `async_tasks` row, stored with the events that ask for it."""

    task_id: UUID
    task_type: str
    input: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class TableWrite:
    """A named block of SQL that runs in the transaction of the command's events.

    For the few rows that are neither event nor read model: what guards that something is unique beyond its scope, and
    what is secret. A constraint that it breaks is a refusal that the command's route has words for.
    """

    package: str
    file: str
    block: str
    parameters: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Answer:
    """What the caller is told. `version` becomes the ETag, `location` the Location header."""

    status: int
    body: Mapping[str, Any] | list[Any] | None
    version: int | None = None
    location: str | None = None


@dataclass(frozen=True, slots=True)
class Decision:
    """Events to append and what to answer once they are folded in.

    `answer` gets the scope after the events. A decision with tasks is asynchronous: its command stays
    RECEIVED and is answered 202. `cancels` are open commands that end as FAILED (CANCELLED) with their
    tasks. The inbox row is filed under `flow_id` and `stage_id`. `command_type` is the command that it turned out to be
    when the one that was sent only stands for it.
    """

    events: tuple[Emitted, ...] = ()
    answer: Callable[[Scope], Answer] | None = None
    tasks: tuple[TaskRequest, ...] = ()
    cancels: tuple[UUID, ...] = ()
    writes: tuple[TableWrite, ...] = ()
    flow_id: UUID | None = None
    stage_id: UUID | None = None
    command_type: str | None = None
