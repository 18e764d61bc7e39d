"""A rebuild as the database knows it: whoever runs it may die at any moment and another goes on from here."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import orjson
import psycopg
from psycopg import IsolationLevel
from psycopg.rows import DictRow, dict_row
from psycopg.types.json import set_json_loads

from services.kernel.lanes import LANE_COUNT
from services.runtime.rebuilding.errors import RebuildError, StopAsked
from services.runtime.sql_files import read_sql

LOCK_KEY = 7_410_005
"""Advisory lock of whoever runs a rebuild; see also `migrations.LOCK_KEY` and `event_store.APPEND_LOCK_KEY`."""
SLICE_EVENTS = 20_000
"""What a worker takes on at once, in one transaction: about a second's work and a few megabytes of rows."""
CONNECT_SECONDS_MAX = 5

_SQL = read_sql("services.runtime.rebuilding", "record.sql")

Connection = psycopg.Connection[DictRow]


class State(StrEnum):
    """Where a rebuild is; the transitions are drawn in the migration that made the table."""

    FILLING = "FILLING"
    FOLLOWING = "FOLLOWING"
    SETTLING = "SETTLING"
    SWAPPED = "SWAPPED"
    DROPPED = "DROPPED"
    UNDOING = "UNDOING"
    UNDONE = "UNDONE"
    CANCELLED = "CANCELLED"


@dataclass(frozen=True, slots=True)
class Rebuild:
    """What is being rebuilt. `building` and `retired` are the schemas of the tables that are not live."""

    id: int
    group: str
    projections: tuple[str, ...]
    tables: tuple[str, ...]
    state: State

    @property
    def building(self) -> str:
        """Where the new tables are before the swap."""
        return f"rebuild_{self.id}"

    @property
    def retired(self) -> str:
        """Where the old tables are after the swap."""
        return f"retired_{self.id}"


@dataclass(frozen=True, slots=True)
class FillProgress:
    """How much of the history is in the new tables. `failure` says why a slice of it can't be."""

    filled_events: int
    events: int
    unfilled_slices: int
    failure: str | None
    stop_asked: bool


@contextmanager
def connected(database_url: str, *, idle_seconds_max: int = 0, one_snapshot: bool = False) -> Iterator[Connection]:
    """A connection of its own: dict rows, times in UTC.

    With `idle_seconds_max` the server ends it when it holds a transaction open and does nothing for so long; with
    `one_snapshot` each transaction sees the database as it is at its first query.
    """
    connection = psycopg.connect(
        database_url,
        autocommit=True,
        row_factory=dict_row,
        application_name="rebuild",
        connect_timeout=CONNECT_SECONDS_MAX,
        options=f"-c timezone=UTC -c idle_in_transaction_session_timeout={idle_seconds_max * 1_000}",
    )
    with connection:
        set_json_loads(orjson.loads, connection)
        connection.isolation_level = IsolationLevel.REPEATABLE_READ if one_snapshot else None
        yield connection


def is_alone(connection: Connection) -> bool:
    """Whether nobody else runs a rebuild; nobody will then until the connection is closed."""
    return bool(_row(connection, "try_to_be_the_only_one", key=LOCK_KEY)["alone"])


def find_open(connection: Connection) -> Rebuild | None:
    """The rebuild that has not come to its end, if there is one."""
    row = connection.execute(_SQL["find_open"]).fetchone()
    return _rebuild(row) if row is not None else None


def make_checkpoints(connection: Connection, group: str) -> None:
    """A group that no projector has worked for yet gets its checkpoints."""
    connection.execute(_SQL["make_checkpoints"], {"group": group, "lane_count": LANE_COUNT})


def begin(connection: Connection, group: str, projections: Sequence[str], tables: Sequence[str]) -> Rebuild:
    """Records a new rebuild up to where the live tables are now; to be called first in a REPEATABLE READ transaction.

    Raises UniqueViolation when one is open.
    """
    rebuild = _rebuild(_row(connection, "begin", group=group, projections=list(projections), tables=list(tables)))
    parameters = {"rebuild_id": rebuild.id, "group": group, "slice_events": SLICE_EVENTS}
    for step in ("begin_at_the_checkpoints", "leave_out_what_live_tables_do", "slice_the_scopes"):
        connection.execute(_SQL[step], parameters)
    return rebuild


def fill_progress(connection: Connection, rebuild: Rebuild) -> FillProgress:
    """How far the workers are."""
    return FillProgress(**_row(connection, "read_progress", rebuild_id=rebuild.id))


def forget_failures(connection: Connection, rebuild: Rebuild) -> None:
    """Slices that could not be filled are tried again."""
    connection.execute(_SQL["forget_failures"], {"rebuild_id": rebuild.id})


def ask_to_stop(connection: Connection, rebuild: Rebuild, *, stop: bool) -> None:
    """Asks whoever runs the rebuild to stop, or takes that back."""
    connection.execute(_SQL["ask_to_stop"], {"rebuild_id": rebuild.id, "stop_asked": stop})


def check_not_asked_to_stop(connection: Connection, rebuild: Rebuild) -> None:
    """To be called at every good moment to stop. Raises StopAsked."""
    if _row(connection, "is_asked_to_stop", rebuild_id=rebuild.id)["stop_asked"]:
        raise StopAsked


def enter(connection: Connection, rebuild: Rebuild, state: State) -> Rebuild:
    """Moves the rebuild on, in the caller's transaction. Raises RebuildError when somebody else was there first."""
    parameters = {"rebuild_id": rebuild.id, "before": rebuild.state, "state": state}
    if connection.execute(_SQL["enter"], parameters).fetchone() is None:
        raise RebuildError(
            f"Rebuild {rebuild.id} is no longer {rebuild.state.lower()}.", remedy="Look at `studio rebuild --status`."
        )
    return Rebuild(rebuild.id, rebuild.group, rebuild.projections, rebuild.tables, state)


def forget_slices(connection: Connection, rebuild: Rebuild) -> None:
    """What the fill needed is not needed any more."""
    connection.execute(_SQL["forget_slices"], {"rebuild_id": rebuild.id})


def forget_positions(connection: Connection, rebuild: Rebuild) -> None:
    """Where the tables were that are gone."""
    for step in ("forget_lanes", "forget_what_is_left_out"):
        connection.execute(_SQL[step], {"rebuild_id": rebuild.id})


def _row(connection: Connection, block: str, **parameters: Any) -> DictRow:
    row = connection.execute(_SQL[block], parameters).fetchone()
    assert row is not None, block
    return row


def _rebuild(row: DictRow) -> Rebuild:
    return Rebuild(
        row["id"], row["projection_group"], tuple(row["projections"]), tuple(row["tables"]), State(row["state"])
    )
