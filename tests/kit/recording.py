"""Events written by hand, as the event store writes them, and what became of them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid4

import orjson
import psycopg
from psycopg.rows import dict_row

from services.kernel.lanes import lane_of
from services.runtime.sql_files import read_sql

USER_ID = UUID("00000000-0000-0000-0000-00000000000a")

_SQL = read_sql("tests.kit", "recording.sql")


@dataclass(frozen=True, slots=True)
class Happened:
    """An event of the test context; `scope_id` is the counter's id too."""

    scope_id: str
    payload: dict[str, Any]
    type: str = "Counter.Set"
    version: int = 1
    correlation_id: UUID | None = None
    causation_id: UUID | None = None
    traceparent: str | None = None
    event_id: UUID = field(default_factory=uuid4)


def numbers(scope_id: str, values: Iterable[int]) -> list[Happened]:
    """A counter that shows one number after the other."""
    return [Happened(scope_id, {"number": value}) for value in values]


def store(database_url: str, events: Sequence[Happened], *, topic: str, outbox: bool = True) -> list[int]:
    """Appends the events in one transaction, with or without their outbox rows; their positions."""
    rows = [
        {
            "ordinal": ordinal,
            "event_id": event.event_id,
            "event_type": event.type,
            "event_version": event.version,
            "scope_id": event.scope_id,
            "lane": lane_of(event.scope_id),
            "payload": event.payload,
            "metadata": {"user_id": USER_ID},
            "correlation_id": event.correlation_id,
            "causation_id": event.causation_id,
            "traceparent": event.traceparent,
        }
        for ordinal, event in enumerate(events)
    ]
    parameters = {"events": orjson.dumps(rows).decode(), "topic": topic, "outbox": outbox}
    with psycopg.connect(database_url, autocommit=True) as connection:
        found = connection.execute(_SQL["append"], parameters).fetchall()
    return [int(position) for (position,) in found]


def outbox_rows(database_url: str) -> list[dict[str, Any]]:
    """Every outbox row, by position."""
    return query(database_url, "SELECT * FROM event_outbox ORDER BY position")


def dead_letters(database_url: str) -> list[dict[str, Any]]:
    """Every parked event, by position."""
    return query(database_url, "SELECT * FROM dead_letters ORDER BY position")


def query(database_url: str, statement: str) -> list[dict[str, Any]]:
    """The rows of any statement."""
    with psycopg.connect(database_url, autocommit=True, row_factory=dict_row) as connection:
        cursor = connection.execute(statement.encode())
        return cursor.fetchall() if cursor.description else []
