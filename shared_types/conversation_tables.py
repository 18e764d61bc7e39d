"""Read models of conversations. One model a table: the same names, types and nullability as in the database."""

from datetime import datetime
from decimal import Decimal
from typing import ClassVar
from uuid import UUID

from shared_types.enums import DialogueRole, ScopeType, SessionStatus
from shared_types.table import Json, Table


class ConversationSession(Table):
    """A conversation."""

    TABLE: ClassVar[str] = "conversation_sessions"

    id: UUID
    user_id: UUID
    scope_type: ScopeType
    scope_id: str | None
    title: str | None
    status: SessionStatus
    round_sequence: int
    metadata: Json
    version: int
    created_at: datetime
    updated_at: datetime


class ConversationRound(Table):
    """Something said in a conversation."""

    TABLE: ClassVar[str] = "conversation_rounds"

    id: UUID
    session_id: UUID
    user_id: UUID
    round_path: str
    parent_path: str | None
    sequence_number: int
    role: DialogueRole
    input: Json | None
    output: Json | None
    tool_calls: Json | None
    model: str | None
    tokens_in: int | None
    tokens_out: int | None
    latency_ms: int | None
    cost: Decimal | None
    correlation_id: str | None
    created_at: datetime
