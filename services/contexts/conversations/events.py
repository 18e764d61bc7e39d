"""What has happened in conversations."""

from typing import Any, ClassVar
from uuid import UUID

from services.kernel.events import Event
from shared_types.enums import DialogueRole, ScopeType, SessionStatus


class SessionCreated(Event):
    """A session was opened; `scope_id` is None only for GENERAL."""

    TYPE: ClassVar[str] = "Conversation.Session.Created"

    session_id: UUID
    user_id: UUID
    scope_type: ScopeType
    scope_id: str | None
    title: str
    metadata: dict[str, Any]
    status: SessionStatus = SessionStatus.ACTIVE
    version: int = 1


class SessionUpdated(Event):
    """Status, title or metadata changed; `changed` holds the new values."""

    TYPE: ClassVar[str] = "Conversation.Session.Updated"

    session_id: UUID
    changed: dict[str, Any]
    version: int


class SessionDeleted(Event):
    """The session and its rounds are gone from every view."""

    TYPE: ClassVar[str] = "Conversation.Session.Deleted"

    session_id: UUID
    reason: str | None = None


class RoundCreated(Event):
    """Something was said; `round_path` and `sequence_number` were assigned by the session."""

    TYPE: ClassVar[str] = "Conversation.Round.Created"

    round_id: UUID
    session_id: UUID
    round_path: str
    sequence_number: int
    parent_path: str | None = None
    role: DialogueRole
    input: dict[str, Any]
    output: dict[str, Any] | None = None
    tool_calls: list[Any] | None = None
    model: str | None = None
    tokens_in: int | None = None
    tokens_out: int | None = None
    latency_ms: int | None = None
    cost: float | None = None
    correlation_id: str | None = None


ConversationEvent = SessionCreated | SessionUpdated | SessionDeleted | RoundCreated
EVENTS = (SessionCreated, SessionUpdated, SessionDeleted, RoundCreated)
