"""From decided events to rows: versions, ids, metadata, and the scope as it stands afterwards."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson
import uuid_utils

from services.kernel.decider import Decision, Emitted, EndedCommand
from services.kernel.lanes import lane_of
from services.kernel.scope import Scope
from services.runtime.event_store import Batch, stored_event
from services.runtime.registry import Registry

METADATA_VERSION = 1


@dataclass(frozen=True, slots=True)
class Author:
    """Who writes a decision's events and in the name of which command.

    `old_command_status` is the command's status before, None when the decision is its first; it is told by
    the first event, so that one change of status is told once.
    """

    user_id: UUID
    actor_id: str
    source: str
    command_id: UUID
    command_type: str
    command_status: str
    old_command_status: str | None
    causation_id: UUID
    at: datetime
    traceparent: str | None = None


def add_events(batch: Batch, registry: Registry, scope: Scope, author: Author, decision: Decision) -> Scope:
    """Adds the decision's events and tasks to the batch and returns the scope after them."""
    first_event_id: str | None = None
    is_told = False
    for emitted in decision.events:
        event_id = str(uuid_utils.uuid7())
        first_event_id = first_event_id or event_id
        payload = emitted.event.model_dump_json().encode()
        record = _record(event_id, scope, author, emitted, payload, is_told=is_told)
        is_told = is_told or emitted.ends is None
        version = scope.version(emitted.aggregate) + 1
        batch.events.append(stored_event(emitted.aggregate, version, emitted.event.TYPE, record))
        aggregate = registry.aggregate(emitted.aggregate.type)
        scope = scope.folded(aggregate, emitted.aggregate, emitted.event, author.at, len(payload))
    for task in decision.tasks:
        batch.tasks.append(
            {
                "id": task.task_id,
                "task_type": task.task_type,
                "triggered_by_command_id": author.command_id,
                "caused_by_event_id": first_event_id,
                "aggregate_type": decision.events[0].aggregate.type,
                "aggregate_id": decision.events[0].aggregate.id,
                "scope_id": scope.key.id,
                "user_id": author.user_id,
                "input_data": task.input,
                "dedupe_key": f"{author.command_id}:{task.task_type}",
            }
        )
    batch.table_writes.extend(decision.writes)
    _cancel(batch, decision)
    return replace(scope, owner_id=scope.owner_id or author.user_id) if decision.events else scope


def _record(
    event_id: str, scope: Scope, author: Author, emitted: Emitted, payload: bytes, *, is_told: bool
) -> Mapping[str, Any]:
    command = _command_after(author, emitted.ends, is_told=is_told)
    return {
        "event_id": event_id,
        "event_version": emitted.event.VERSION,
        "scope_type": scope.key.type,
        "scope_id": scope.key.id,
        "lane": lane_of(scope.key.id),
        "correlation_id": command["id"],
        "causation_id": author.causation_id,
        "actor_id": author.actor_id,
        "traceparent": author.traceparent,
        "created_at": author.at,
        "payload": orjson.Fragment(payload),
        "metadata": {
            "user_id": author.user_id,
            "source": author.source,
            "schema_version": METADATA_VERSION,
            "command": command,
            **emitted.about,
        },
    }


def _command_after(author: Author, ended: EndedCommand | None, *, is_told: bool) -> Mapping[str, Any]:
    """The command whose chain the event belongs to, as it stands after it; a change of its status is told once."""
    if ended is not None:
        return asdict(ended)
    command = {"id": author.command_id, "type": author.command_type, "status": author.command_status}
    return command if is_told else {**command, "old_status": author.old_command_status}


def _cancel(batch: Batch, decision: Decision) -> None:
    batch.cancelled_commands.extend(decision.cancels)
    batch.command_changes.extend(
        {
            "id": command_id,
            "status": "FAILED",
            "error_message": "The command was cancelled.",
            "error_details": {"code": "CANCELLED", "message": "The command was cancelled.", "retryable": True},
        }
        for command_id in decision.cancels
    )
