"""Stream frames derived from events: what a screen follows without knowing every event."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from services.contexts.genesis.events import (
    RESULT_EVENTS,
    GenerationFailed,
    NovelCreated,
    NovelGenesisCompleted,
    SessionFailed,
    SessionFinished,
    SettingsConfirmed,
)
from services.kernel.context import Frame
from services.kernel.events import RecordedEvent
from services.kernel.responses import Response
from shared_types.enums import CommandStatus, GenesisStage, GenesisStatus, NovelStatus


class CommandStatusChanged(Response):
    """A command is further than it was."""

    command_id: UUID
    type: str
    session_id: UUID | None
    stage_id: UUID | None
    old_status: CommandStatus | None
    new_status: CommandStatus
    error_message: str | None = None


class StateUpdated(Response):
    """What of a genesis' state has changed, as it is now."""

    session_id: UUID | None
    flow_id: UUID | None
    novel_id: UUID | None
    stage_id: UUID | None
    status: GenesisStatus
    current_stage: GenesisStage | None
    is_pending: bool
    version: int


class StepCompleted(Response):
    """A proposal is there, by `stage` and `iteration`; or a version was confirmed, by `stage_id` and `version`."""

    session_id: UUID | None
    is_confirmed: bool
    stage: GenesisStage | None = None
    iteration: int | None = None
    stage_id: UUID | None = None
    version: int | None = None


class StepFailed(Response):
    """A proposal could not be made."""

    session_id: UUID | None
    stage_id: UUID
    error: dict[str, Any]


class SessionEnded(Response):
    """A genesis conversation is finished, or has failed."""

    session_id: UUID | None
    flow_id: UUID | None
    novel_id: UUID | None


class NovelAppeared(Response):
    """A novel has begun."""

    id: UUID
    title: str
    theme: str | None
    status: NovelStatus
    created_at: datetime


class NovelChanged(Response):
    """A novel's status is another."""

    novel_id: UUID
    old_status: NovelStatus
    new_status: NovelStatus
    changed_at: datetime


FRAMES: Mapping[str, type[Response]] = {
    "command.status-changed": CommandStatusChanged,
    "genesis.state-updated": StateUpdated,
    "genesis.step-completed": StepCompleted,
    "genesis.step-failed": StepFailed,
    "genesis.session-completed": SessionEnded,
    "genesis.session-failed": SessionEnded,
    "novel.created": NovelAppeared,
    "novel.status-changed": NovelChanged,
}
"""What each derived frame's payload is, by the frame's name."""


_RESULTS = frozenset(kind.TYPE for kind in RESULT_EVENTS)


def frames(event: RecordedEvent) -> Iterable[Frame]:
    """The frames that come right before the event's own."""
    yield from _command_status(event)
    yield from _flow_state(event)
    yield from _step(event)


def _command_status(event: RecordedEvent) -> Iterable[Frame]:
    # Only the first event of a decision carries the old status, so that one change is told once.
    command = event.metadata.get("command") or {}
    if "old_status" not in command or command["old_status"] == command["status"]:
        return
    data = {
        "command_id": command["id"],
        "type": command["type"],
        "session_id": event.metadata.get("session_id"),
        "stage_id": event.metadata.get("stage_id"),
        "old_status": command["old_status"],
        "new_status": command["status"],
    }
    if command["status"] == "FAILED":
        data["error_message"] = event.payload.get("error", {}).get("message")
    yield Frame("command.status-changed", data)


def _flow_state(event: RecordedEvent) -> Iterable[Frame]:
    state = event.metadata.get("flow_state")
    if state is not None:
        ids = {name: event.metadata.get(name) for name in ("session_id", "flow_id", "novel_id")}
        yield Frame("genesis.state-updated", {**ids, **state})


def _step(event: RecordedEvent) -> Iterable[Frame]:
    payload, ids = event.payload, event.metadata
    match event.type:
        case kind if kind in _RESULTS:
            iteration = (payload.get("generation_metadata") or {}).get("iteration_count")
            data: dict[str, Any] = {"stage": payload["stage"], "iteration": iteration, "is_confirmed": False}
            yield Frame("genesis.step-completed", {"session_id": ids.get("session_id"), **data})
        case SettingsConfirmed.TYPE:
            data = {"stage_id": payload["stage_id"], "version": payload["version"], "is_confirmed": True}
            yield Frame("genesis.step-completed", {"session_id": ids.get("session_id"), **data})
        case GenerationFailed.TYPE:
            data = {"stage_id": payload["stage_id"], "error": payload["error"]}
            yield Frame("genesis.step-failed", {"session_id": ids.get("session_id"), **data})
        case SessionFinished.TYPE:
            yield Frame("genesis.session-completed", _picked(payload, "session_id", "flow_id", "novel_id"))
        case SessionFailed.TYPE:
            yield Frame("genesis.session-failed", _picked(ids, "session_id", "flow_id", "novel_id"))
        case NovelCreated.TYPE:
            data = {"id": payload["novel_id"], "created_at": event.occurred_at}
            yield Frame("novel.created", data | _picked(payload, "title", "theme", "status"))
        case NovelGenesisCompleted.TYPE:
            data = {"changed_at": event.occurred_at}
            yield Frame("novel.status-changed", data | _picked(payload, "novel_id", "old_status", "new_status"))
        case _:
            return


def _picked(values: Any, *names: str) -> dict[str, Any]:
    return {name: values.get(name) for name in names}
