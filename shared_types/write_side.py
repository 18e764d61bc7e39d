"""The write side, shared by all contexts.

One model a table: the same names, types and nullability as in the database.
"""

from datetime import date, datetime
from decimal import Decimal
from typing import ClassVar
from uuid import UUID

from shared_types.enums import CommandStatus, HandleStatus, OutboxStatus, TaskStatus
from shared_types.table import Json, Table


class CommandInbox(Table):
    """An accepted command, or a remembered refusal: idempotency, status, first answer."""

    TABLE: ClassVar[str] = "command_inbox"

    id: UUID
    user_id: UUID
    session_id: UUID
    command_type: str
    idempotency_key: str
    request_hash: str
    payload: Json | None
    status: CommandStatus
    scope_id: str | None
    flow_id: UUID | None
    stage_id: UUID | None
    result: Json | None
    http_status: int | None
    response_headers: Json | None
    error_message: str | None
    error_details: Json | None
    retry_count: int
    started_at: datetime | None
    completed_at: datetime | None
    created_at: datetime
    updated_at: datetime


class DomainEvent(Table):
    """What has happened; `id` is the position."""

    TABLE: ClassVar[str] = "domain_events"

    id: int
    event_id: UUID
    correlation_id: UUID | None
    causation_id: UUID | None
    event_type: str
    event_version: int
    aggregate_type: str
    aggregate_id: str
    aggregate_version: int
    scope_type: str
    scope_id: str
    lane: int
    actor_id: str
    traceparent: str | None
    payload: Json | None
    metadata: Json | None
    tx_id: int
    created_at: datetime


class OutboxMessage(Table):
    """An event for the broker, as it was written; never changed."""

    TABLE: ClassVar[str] = "outbox_messages"

    id: UUID
    position: int
    lane: int
    topic: str
    key: str | None
    partition_key: str | None
    payload: Json
    header_values: list[str | None]
    max_retries: int
    created_at: datetime


class RelayMark(Table):
    """Everything of the lane up to the position is settled."""

    TABLE: ClassVar[str] = "relay_marks"

    lane: int
    position: int
    sent_at: datetime


class OutboxException(Table):
    """A message that did not go the ordinary way."""

    TABLE: ClassVar[str] = "outbox_exceptions"

    position: int
    lane: int
    scope_id: str
    state: str
    retry_count: int
    last_error: str | None
    scheduled_at: datetime | None


class EventOutbox(Table):
    """An event on its way to the broker: a view of the three tables above."""

    TABLE: ClassVar[str] = "event_outbox"

    id: UUID
    position: int
    lane: int
    topic: str
    key: str | None
    partition_key: str | None
    payload: Json
    headers: Json | None
    status: OutboxStatus
    retry_count: int
    max_retries: int
    last_error: str | None
    scheduled_at: datetime | None
    sent_at: datetime | None
    created_at: datetime


class AsyncTask(Table):
    """A unit of slow work."""

    TABLE: ClassVar[str] = "async_tasks"

    id: UUID
    task_type: str
    triggered_by_command_id: UUID | None
    correlation_id: UUID | None
    caused_by_event_id: UUID | None
    aggregate_type: str | None
    aggregate_id: str | None
    scope_id: str
    user_id: UUID
    status: TaskStatus
    progress: Decimal
    input_data: Json | None
    result_data: Json | None
    error_data: Json | None
    execution_node: str | None
    retry_count: int
    max_retries: int
    dedupe_key: str | None
    priority: int
    run_after: datetime | None
    lease_until: datetime | None
    heartbeat_at: datetime | None
    started_at: datetime | None
    completed_at: datetime | None
    created_at: datetime
    updated_at: datetime
    partial_text: str


class FlowResumeHandle(Table):
    """A paused workflow run and how to wake it."""

    TABLE: ClassVar[str] = "flow_resume_handles"

    id: UUID
    correlation_id: str
    flow_run_id: str | None
    task_run_id: str | None
    task_name: str | None
    resume_handle: Json
    status: HandleStatus
    resume_payload: Json | None
    context_data: Json | None
    timeout_seconds: int | None
    expires_at: datetime | None
    attempts: int
    last_error: str | None
    paused_at: datetime | None
    resumed_at: datetime | None
    created_at: datetime
    updated_at: datetime


class ProjectionCheckpoint(Table):
    """How far a projection group has applied a lane."""

    TABLE: ClassVar[str] = "projection_checkpoints"

    projection: str
    lane: int
    last_position: int
    state: str
    updated_at: datetime


class StoreEpoch(Table):
    """Which history this database holds."""

    TABLE: ClassVar[str] = "store_epoch"

    only_row: bool
    epoch: UUID
    created_at: datetime


class RelayLane(Table):
    """Who relays a lane."""

    TABLE: ClassVar[str] = "relay_lanes"

    lane: int
    owner: str | None
    fence: int


class RelayMember(Table):
    """A running relay; its lanes are leased to it as long as it is seen."""

    TABLE: ClassVar[str] = "relay_members"

    owner: str
    seen_until: datetime


class DeadLetter(Table):
    """An event or message that could not be handled, and those waiting behind it."""

    TABLE: ClassVar[str] = "dead_letters"

    consumer: str
    position: int
    event_id: UUID
    scope_id: str
    lane: int
    reason: str
    attempts: int
    created_at: datetime


class UsedStreamToken(Table):
    """A stream token that has opened its stream."""

    TABLE: ClassVar[str] = "used_stream_tokens"

    token_id: UUID
    expires_at: datetime


class TextModelCall(Table):
    """What a user's call of a text model may cost, and what it has cost once it is settled."""

    TABLE: ClassVar[str] = "text_model_calls"

    id: UUID
    user_id: UUID
    month: date
    reserved: Decimal
    expires_at: datetime
    cost: Decimal | None
    settled_at: datetime | None
    created_at: datetime
