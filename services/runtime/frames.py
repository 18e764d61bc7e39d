"""Stream frames: what an event looks like on the wire. Encoded once, shared by every stream that gets it.

Frames about the work (`event:` is an event's name or a status name) carry one envelope of ids around their
`payload`; frames about the stream itself (`stream.reset`, `sse.error-occurred`, `bye`) are plain objects.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Literal
from uuid import UUID

import orjson

from services.kernel.context import Frame
from services.kernel.events import RecordedEvent
from services.kernel.responses import Response
from services.runtime.logs import get_logger
from services.runtime.positions import encode_cursor
from shared_types.enums import TaskStatus

DATA_BYTES_MAX = 64 * 1024
"""Of a frame's data. A larger payload is cut to a reference to the whole."""
ENVELOPE_VERSION = "1.0"
PING = b": ping\n\n"


class TaskProgressed(Response):
    """How far a piece of slow work is. Said at most once a second, and never stored."""

    task_id: UUID
    command_id: UUID
    task_type: str
    session_id: UUID | None = None
    stage_id: UUID | None = None
    progress: float
    message: str | None


class TextWritten(Response):
    """A piece of a text while it is being written, and where in the text it stands; an attempt begins at 0."""

    task_id: UUID
    command_id: UUID
    task_type: str
    session_id: UUID | None = None
    stage_id: UUID | None = None
    offset: int
    text: str


class TaskChanged(Response):
    """A piece of slow work has begun, ended or is tried again."""

    task_id: UUID
    command_id: UUID
    task_type: str
    session_id: UUID | None = None
    stage_id: UUID | None = None
    old_status: TaskStatus
    new_status: TaskStatus
    reason: str | None


class StreamReset(Response):
    """The last id could not be honoured: read the state again, and go on behind this one."""

    reason: Literal["epoch_changed", "ahead_of_head", "too_far_back"]
    last_event_id: str


class StreamTrouble(Response):
    """Something is wrong with the stream."""

    level: str
    code: str
    message: str
    retry_after: int


class Bye(Response):
    """The stream ends; null: because the tab has opened another."""

    reason: str
    reconnect_after_ms: int | None


PROGRESS_PAYLOADS: Mapping[str, type[Response]] = {
    "task.progress-updated": TaskProgressed,
    "task.status-changed": TaskChanged,
    "llm.delta": TextWritten,
}
CONTROL_FRAMES: Mapping[str, type[Response]] = {
    "stream.reset": StreamReset,
    "sse.error-occurred": StreamTrouble,
    "bye": Bye,
}

_ABOUT = ("session_id", "novel_id", "flow_id", "stage_id")
"""What an event is about: these names of its metadata are in every frame and can be filtered by."""

log = get_logger(__name__)

Deriving = Callable[[RecordedEvent], Iterable[Frame]]


@dataclass(frozen=True, slots=True)
class EncodedEvent:
    """An event's frames: the derived ones, then its own, each with its name. `ids` is what filters look at."""

    position: int
    ids: frozenset[str]
    frames: tuple[tuple[str, bytes], ...]
    whole: bytes


@dataclass(frozen=True, slots=True)
class Wanted:
    """A stream's filter: events about any of the ids (none: all), frames of any of the types (none: all)."""

    ids: frozenset[str] = frozenset()
    types: frozenset[str] = frozenset()

    def pick(self, event: EncodedEvent) -> bytes:
        """The frames that pass, as one piece; empty when none does."""
        if self.ids and self.ids.isdisjoint(event.ids):
            return b""
        if not self.types:
            return event.whole
        return b"".join(frame for name, frame in event.frames if name in self.types)


class EventEncoder:
    """Encodes the events of one history. Derived frames come right before their event, live and resumed alike."""

    def __init__(self, deriving: Iterable[Deriving]) -> None:
        self._deriving = tuple(deriving)

    def encode(self, epoch: UUID, event: RecordedEvent) -> EncodedEvent:
        """All frames of an event."""
        frames = [(frame.event, _derived_frame(event, frame)) for frame in self._derived(event)]
        cursor = encode_cursor(epoch, event.position)
        frames.append((event.type, encode_frame(event.type, event_data(event), cursor=cursor)))
        ids = {event.scope_id, event.aggregate_id, *_about(event.metadata).values()}
        return EncodedEvent(event.position, frozenset(ids), tuple(frames), b"".join(frame for _, frame in frames))

    def _derived(self, event: RecordedEvent) -> list[Frame]:
        try:
            return [frame for derive in self._deriving for frame in derive(event)]
        except Exception:
            # A status that cannot be derived must not hold back the event, nor those behind it.
            log.exception("frames.not_derived", position=event.position, event_type=event.type)
            return []


def event_data(event: RecordedEvent, *, size_max: int | None = DATA_BYTES_MAX) -> bytes:
    """The data of an event's own frame, as JSON; `size_max` None keeps a payload of any size."""
    envelope = {
        "event_id": event.event_id,
        "event_type": event.type,
        "aggregate_id": event.aggregate_id,
        **_about(event.metadata),
        "correlation_id": event.correlation_id,
        "causation_id": event.causation_id,
        "timestamp": event.occurred_at,
        "payload": event.payload,
        "_scope": _scope(event.metadata),
        "_version": ENVELOPE_VERSION,
    }
    data = orjson.dumps(envelope)
    if size_max is None or len(data) <= size_max:
        return data
    return orjson.dumps(envelope | {"payload": _reference(event)})


def progress_frame(name: str, data: Mapping[str, Any]) -> EncodedEvent:
    """A frame that is never stored and belongs to no position: it passes the same filters."""
    envelope = {
        "event_type": name,
        **_about(data),
        "correlation_id": data.get("correlation_id") or data.get("command_id"),
        "timestamp": datetime.now(UTC),
        "payload": data,
        "_scope": _scope(data),
        "_version": ENVELOPE_VERSION,
    }
    frame = encode_frame(name, orjson.dumps(envelope))
    return EncodedEvent(0, frozenset(_about(data).values()), ((name, frame),), frame)


def control_frame(name: str, data: Mapping[str, Any], *, cursor: str | None = None) -> bytes:
    """A frame about the stream itself."""
    return encode_frame(name, orjson.dumps(data), cursor=cursor)


def encode_frame(name: str, data: bytes, *, cursor: str | None = None) -> bytes:
    """The bytes of one frame; `data` is JSON, so it has no line break."""
    head = f"event: {name}\n" if cursor is None else f"id: {cursor}\nevent: {name}\n"
    return b"%bdata: %b\n\n" % (head.encode(), data)


def _derived_frame(event: RecordedEvent, frame: Frame) -> bytes:
    # Without event_id, because clients apply each event id once and the event itself is still to come.
    envelope = {
        "event_type": frame.event,
        "aggregate_id": event.aggregate_id,
        **_about(event.metadata),
        "correlation_id": event.correlation_id,
        "causation_id": event.event_id,
        "timestamp": event.occurred_at,
        "payload": frame.data,
        "_scope": _scope(event.metadata),
        "_version": ENVELOPE_VERSION,
    }
    data = orjson.dumps(envelope)
    if len(data) > DATA_BYTES_MAX:
        data = orjson.dumps(envelope | {"payload": _reference(event)})
    return encode_frame(frame.event, data)


def _reference(event: RecordedEvent) -> dict[str, Any]:
    reference: dict[str, Any] = {"truncated": True, "url": f"/api/v1/events/{event.event_id}"}
    if (version := event.payload.get("settings_version")) is not None:
        reference["settings_version"] = version
    return reference


def _about(metadata: Mapping[str, Any]) -> dict[str, str]:
    return {name: str(metadata[name]) for name in _ABOUT if metadata.get(name) is not None}


def _scope(metadata: Mapping[str, Any]) -> str:
    if metadata.get("session_id") is not None:
        return "session"
    return "novel" if metadata.get("novel_id") is not None else "user"
