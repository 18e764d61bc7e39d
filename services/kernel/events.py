"""What every domain event is: a frozen payload with a stable name and version."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, ClassVar, NamedTuple
from uuid import UUID

from pydantic import BaseModel, ConfigDict


class Event(BaseModel):
    """The payload of a domain event; `TYPE` and `VERSION` are stored, the class name never is."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    TYPE: ClassVar[str]
    VERSION: ClassVar[int] = 1


class RecordedEvent(NamedTuple):
    """An event as it stands in `domain_events`, with its envelope.

    `position` is the one number that orders everything; `occurred_at` is the time that read models
    show; `payload` and `metadata` are plain JSON objects. A tuple, because a replay makes millions of them: a frozen
    dataclass takes several times as long to make.
    """

    position: int
    event_id: UUID
    type: str
    version: int
    aggregate_type: str
    aggregate_id: str
    aggregate_version: int
    scope_type: str
    scope_id: str
    lane: int
    correlation_id: UUID | None
    causation_id: UUID | None
    actor_id: str
    traceparent: str | None
    occurred_at: datetime
    payload: Mapping[str, Any]
    metadata: Mapping[str, Any]

    @property
    def user_id(self) -> UUID:
        """The owner of the scope, whoever caused the event."""
        return UUID(self.metadata["user_id"])
