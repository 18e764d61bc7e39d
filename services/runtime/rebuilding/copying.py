"""Events out of and rows into PostgreSQL in the text form of COPY, which is the fastest that Python can read and write.

Written by hand because generic loaders and dumpers look at each value's type again, a million times over.
"""

import re
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson

from services.kernel.events import RecordedEvent
from services.runtime.read_tables import Column, ReadTable

Encode = Callable[[Any], str]

_ESCAPED = re.compile(rb"\\(.)", re.DOTALL)
_PLAIN = {b"b": b"\b", b"f": b"\f", b"n": b"\n", b"r": b"\r", b"t": b"\t", b"v": b"\v"}
_SPECIAL = re.compile(r"[\\\n\r\t]")
_ESCAPES = {"\\": r"\\", "\n": r"\n", "\r": r"\r", "\t": r"\t"}


def event_of_line(line: bytes) -> RecordedEvent:
    """An event of a line with the columns of `read_events` (filling.sql), in which an empty field is NULL."""
    (
        position, event_id, kind, version, aggregate_type, aggregate_id, aggregate_version, scope_type, scope_id, lane,
        correlation_id, causation_id, actor_id, traceparent, created_at, payload, metadata,
    ) = line.split(b"\t")  # fmt: skip
    return RecordedEvent(
        int(position),
        UUID(event_id.decode()),
        kind.decode(),
        int(version),
        _text(aggregate_type),
        _text(aggregate_id),
        int(aggregate_version),
        _text(scope_type),
        _text(scope_id),
        int(lane),
        UUID(correlation_id.decode()) if correlation_id else None,
        UUID(causation_id.decode()) if causation_id else None,
        _text(actor_id),
        _text(traceparent) if traceparent else None,
        datetime.fromisoformat(created_at.decode()),
        orjson.loads(_json(payload)),
        orjson.loads(_json(metadata)),
    )


class LineWriter:
    """Rows of one table as lines of COPY, with their columns in the table's order."""

    def __init__(self, table: ReadTable) -> None:
        self._encoders = [(column.name, _encoder(column)) for column in table.columns.values()]

    def line(self, row: Mapping[str, Any]) -> str:
        """One row."""
        fields = [r"\N" if (value := row[name]) is None else encode(value) for name, encode in self._encoders]
        return "\t".join(fields) + "\n"


def _text(value: bytes) -> str:
    if b"\\" in value:
        value = _ESCAPED.sub(lambda found: _PLAIN.get(found[1], found[1]), value)
    return value.decode()


def _json(value: bytes) -> bytes:
    # Control characters are escaped by JSON already: what COPY escapes on top are backslashes.
    return value.replace(b"\\\\", b"\\") if b"\\" in value else value


def _encoder(column: Column) -> Encode:
    if column.type in ("json", "jsonb"):
        return _encode_json
    if column.type.endswith("[]"):
        return _encode_array
    return _encode_text if column.type in ("text", "character varying", "character") else str


def _encode_json(value: Any) -> str:
    return orjson.dumps(value).decode().replace("\\", r"\\")


def _encode_text(value: Any) -> str:
    text = str(value)
    return _SPECIAL.sub(lambda found: _ESCAPES[found[0]], text) if _SPECIAL.search(text) else text


def _encode_array(values: Any) -> str:
    """A one-dimensional array in its literal form, which has escapes of its own within those of COPY."""
    elements = ("NULL" if value is None else '"' + _quoted(str(value)) + '"' for value in values)
    return _encode_text("{" + ",".join(elements) + "}")


def _quoted(text: str) -> str:
    return text.replace("\\", r"\\").replace('"', r"\"")
