"""The other three logs as the checker reads them: the store, the broker, the read models."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple
from uuid import UUID


class StoredEvent(NamedTuple):
    """An event of `domain_events`, without its payload."""

    position: int
    event_id: UUID
    type: str
    aggregate_type: str
    aggregate_id: str
    aggregate_version: int
    scope_id: str
    lane: int
    correlation_id: UUID | None
    user_id: UUID


class InboxRow(NamedTuple):
    """A command of `command_inbox`; `answer` is what the same key is answered with, whoever asks."""

    command_id: UUID
    user_id: UUID
    key: str
    status: str
    http_status: int | None
    answer: Any


class PublishedEvent(NamedTuple):
    """A message of the topic, in the order of its partition."""

    partition: int
    offset: int
    position: int
    event_id: UUID
    type: str
    scope_id: str
    lane: int


class Difference(NamedTuple):
    """A row of a read model that is not what its events make of it; None where there is none."""

    table: str
    shown: Mapping[str, Any] | None
    due: Mapping[str, Any] | None


class Shown(NamedTuple):
    """A row that an acknowledged command promises: exactly one of the table has this id."""

    table: str
    id: str


@dataclass(frozen=True, slots=True)
class ReadModels:
    """What the read models show: how often each id is there, by table, and where they differ from a quiet fold."""

    rows: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    differences: Sequence[Difference] = ()
    parked: Sequence[tuple[str, int, str]] = ()
    """Dead letters: consumer, position, reason."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """Everything that is known about the commands of some users, up to and with the position `head`.

    Events in position order. `published` is None when the broker has lost what it had, so that nothing can be
    said of it.
    """

    head: int
    events: Sequence[StoredEvent] = ()
    inbox: Sequence[InboxRow] = ()
    published: Sequence[PublishedEvent] | None = ()
    read_models: ReadModels = field(default_factory=ReadModels)
