"""What the conversations API answers."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from pydantic import Field

from services.kernel.responses import Response
from shared_types.enums import CommandStatus, DialogueRole, ScopeType, SessionStatus, TaskStatus


class SessionResponse(Response):
    """A session. `stage` and `state` are derived, and kept for older clients."""

    id: UUID
    user_id: UUID
    scope_type: ScopeType
    scope_id: str | None
    novel_id: str | None
    title: str
    status: SessionStatus
    stage: Any
    state: Any
    metadata: dict[str, Any]
    version: int
    created_at: datetime
    updated_at: datetime


class RoundResponse(Response):
    """Something said. `content` is another name of `input`, `response` of `output`."""

    id: UUID
    session_id: UUID
    sequence_number: int
    round_path: str
    parent_path: str | None
    role: DialogueRole
    input: dict[str, Any] | None
    content: dict[str, Any] | None
    output: dict[str, Any] | None
    response: dict[str, Any] | None
    tool_calls: list[Any] | None
    model: str | None
    tokens_in: int | None
    tokens_out: int | None
    latency_ms: int | None
    cost: float | None
    correlation_id: str | None
    created_at: datetime


class SessionWithRoundsResponse(SessionResponse):
    """A session, again under `session`, and its first rounds."""

    session: SessionResponse
    rounds: list[RoundResponse]
    rounds_truncated: bool


class TaskSummary(Response):
    """A piece of slow work of a command."""

    task_id: UUID
    task_type: str
    status: TaskStatus
    progress: float


class CommandStatusResponse(Response):
    """How far a command is. The three `error` fields are there when it has failed."""

    command_id: UUID
    type: str
    status: CommandStatus
    session_id: UUID | None
    flow_id: UUID | None
    stage_id: UUID | None
    correlation_id: UUID
    submitted_at: datetime
    started_at: datetime | None
    completed_at: datetime | None
    progress: Annotated[float, Field(ge=0, le=100)]
    tasks: list[TaskSummary]
    result: Any
    error_message: str | None = None
    error_code: str | None = None
    error: dict[str, Any] | None = None


class PendingCommandResponse(Response):
    """The newest open command of a session; every field null when none is open."""

    command_id: UUID | None
    command_type: str | None
    status: CommandStatus | None
    submitted_at: datetime | None
