"""One event in its two transports, a row of `domain_events` and a Kafka message, back to a `RecordedEvent`.

On Kafka an event is a CloudEvent in binary mode: the value is the payload, everything else is in headers
(the `ce_…` ones written with the event, `prev` and `epoch` added by the relay). A missing header is a null.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from functools import lru_cache
from typing import Any, NamedTuple
from uuid import UUID

import orjson

from services.kernel.events import RecordedEvent

PREVIOUS = "prev"
"""Header: the position of the lane's event before this one; "0" for its first."""
EPOCH = "epoch"
"""Header: which history the position belongs to (`store_epoch`)."""

STORED_HEADERS = (
    "ce_specversion",
    "ce_id",
    "ce_type",
    "ce_source",
    "ce_time",
    "ce_dataversion",
    "content-type",
    "ce_position",
    "ce_lane",
    "ce_aggregatetype",
    "ce_aggregateid",
    "ce_aggregateversion",
    "ce_scopetype",
    "ce_scopeid",
    "ce_actorid",
    "ce_correlationid",
    "ce_causationid",
    "ce_traceparent",
    "ce_metadata",
)
"""The names to the values that an outbox message has, in their order; NULL is a header that is not there."""


class NotAnEvent(ValueError):
    """A message that is none of ours; the text says what is wrong with it."""


class Incoming(NamedTuple):
    """A message with only its order parsed: enough to drop it, or to see that one before it is missing."""

    lane: int
    position: int
    previous: int
    epoch: str
    headers: Mapping[str, bytes]
    value: bytes

    def event(self) -> RecordedEvent:
        """The whole event. Raises NotAnEvent."""
        try:
            return _event_of_headers(self)
        except KeyError as error:
            raise NotAnEvent(f"the header {error.args[0]} is missing") from error
        except ValueError as error:
            raise NotAnEvent(str(error)) from error


class Stored(NamedTuple):
    """An event read from the store, in the same shape."""

    lane: int
    position: int
    previous: int
    recorded: RecordedEvent

    def event(self) -> RecordedEvent:
        """The whole event."""
        return self.recorded


def incoming(headers: Iterable[tuple[str, bytes]], value: bytes | None) -> Incoming:
    """Reads a Kafka message's place in the order. Raises NotAnEvent."""
    found = dict(headers)
    if value is None:
        raise NotAnEvent("it has no value")
    try:
        return Incoming(
            int(found["ce_lane"]),
            int(found["ce_position"]),
            int(found[PREVIOUS]),
            found[EPOCH].decode(),
            found,
            value,
        )
    except KeyError as error:
        raise NotAnEvent(f"the header {error.args[0]} is missing") from error
    except ValueError as error:
        raise NotAnEvent(str(error)) from error


def event_of_row(row: Mapping[str, Any]) -> RecordedEvent:
    """An event of a row whose columns are named like the fields of `RecordedEvent`."""
    return RecordedEvent(**row)


def _event_of_headers(message: Incoming) -> RecordedEvent:
    headers = message.headers
    return RecordedEvent(
        position=message.position,
        event_id=UUID(headers["ce_id"].decode()),
        type=headers["ce_type"].decode(),
        version=int(headers["ce_dataversion"]),
        aggregate_type=headers["ce_aggregatetype"].decode(),
        aggregate_id=headers["ce_aggregateid"].decode(),
        aggregate_version=int(headers["ce_aggregateversion"]),
        scope_type=headers["ce_scopetype"].decode(),
        scope_id=headers["ce_scopeid"].decode(),
        lane=message.lane,
        correlation_id=_uuid_or_none(headers.get("ce_correlationid")),
        causation_id=_uuid_or_none(headers.get("ce_causationid")),
        actor_id=headers["ce_actorid"].decode(),
        traceparent=_text_or_none(headers.get("ce_traceparent")),
        occurred_at=datetime.fromisoformat(headers["ce_time"].decode()),
        payload=orjson.loads(message.value),
        metadata=orjson.loads(headers["ce_metadata"]),
    )


def _uuid_or_none(value: bytes | None) -> UUID | None:
    return _known_uuid(value) if value is not None else None


@lru_cache(maxsize=4096)
def _known_uuid(value: bytes) -> UUID:
    """Remembered, because the events of a command, and mostly cause and correlation, name the same."""
    return UUID(value.decode())


def _text_or_none(value: bytes | None) -> str | None:
    return value.decode() if value is not None else None
