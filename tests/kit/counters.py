"""A context made for tests of the machinery: counters that are set, with a read model that shows every mistake.

The read model's tables refuse what must not happen: an event twice breaks a primary key, a number below zero a
check. `FAULTS` makes the projection itself fail.
"""

from collections.abc import Iterable
from typing import ClassVar, assert_never

import psycopg

from services.kernel.context import Context, Projection
from services.kernel.events import Event, RecordedEvent
from services.kernel.rows import Insert, RowChange, Update
from services.runtime.sql_files import read_sql

GROUP = "counters"

FAULTS: set[int] = set()
"""Numbers that the projection cannot stand."""


class CounterSet(Event):
    """A counter shows a number."""

    TYPE: ClassVar[str] = "Counter.Set"

    number: int


class CounterLabelled(Event):
    """A counter has a text."""

    TYPE: ClassVar[str] = "Counter.Labelled"

    label: str


def project(event: CounterSet | CounterLabelled, recorded: RecordedEvent) -> Iterable[RowChange]:
    """The changes of one event."""
    applied = {"position": recorded.position, "scope_id": recorded.scope_id}
    match event:
        case CounterSet():
            if event.number in FAULTS:
                raise ValueError(f"cannot stand {event.number}")
            yield Insert("applied", {**applied, "number": event.number})
            shown = {"number": event.number, "changed_at": recorded.occurred_at}
            if recorded.aggregate_version == 1:
                yield Insert("counters", {"scope_id": recorded.scope_id, **shown})
            else:
                yield Update("counters", {"scope_id": recorded.scope_id}, shown)
        case CounterLabelled():
            yield Insert("applied", {**applied, "number": None})
        case _:
            assert_never(event)


CONTEXT = Context(
    name="counters",
    events=(CounterSet, CounterLabelled),
    projections=(Projection("counters", GROUP, ("applied", "counters"), (CounterSet, CounterLabelled), project),),
)


def make_tables(database_url: str) -> None:
    """The read model's tables."""
    with psycopg.connect(database_url, autocommit=True) as connection:
        connection.execute(read_sql("tests.kit", "counters.sql")["make_tables"])
