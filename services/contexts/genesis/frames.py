"""Stream frames derived from events: what a screen follows without knowing every event."""

from collections.abc import Iterable
from typing import Any

from services.contexts.genesis.events import (
    ConceptProposed,
    GenerationFailed,
    NovelCreated,
    NovelGenesisCompleted,
    SessionFailed,
    SessionFinished,
    SettingsConfirmed,
)
from services.kernel.context import Frame
from services.kernel.events import RecordedEvent


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
        case ConceptProposed.TYPE:
            iteration = payload["generation_metadata"].get("iteration_count")
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
