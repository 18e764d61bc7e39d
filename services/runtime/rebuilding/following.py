"""Keeping tables that are not live as current as those that are, by the same writes as a projector's.

A live table shows the events of each lane up to its checkpoint, less those in `left_out_events`: parked, or given up.
When a parked one is applied after all it is no longer among them; so what was left out here and is not left out there
any more has its turn, before anything later of its scope.
"""

from collections.abc import Mapping
from typing import Any

import orjson

from services.kernel.events import RecordedEvent
from services.kernel.lanes import LANE_COUNT
from services.runtime.read_tables import ReadTable
from services.runtime.rebuilding.diagnosing import REFUSALS, apply_one_by_one, write_checked
from services.runtime.rebuilding.models import Models
from services.runtime.rebuilding.record import Connection, Rebuild
from services.runtime.rebuilding.tables import look_into
from services.runtime.recorded_events import event_of_row
from services.runtime.row_writes import RowWrites
from services.runtime.sql_files import read_sql

STEP_EVENTS_MAX = 6_400
"""Events a step, over all lanes: what is held in memory, and how long a step holds a snapshot."""

_SQL = read_sql("services.runtime.rebuilding", "following.sql")


class Follower:
    """Brings one rebuild's tables up to where the live ones are."""

    def __init__(self, rebuild: Rebuild, models: Models, shapes: Mapping[str, ReadTable]) -> None:
        self._rebuild = rebuild
        self._models = models
        self._writes = RowWrites(shapes)

    def step(self, connection: Connection, schema: str) -> int:
        """Applies what is next to the tables in the schema; how many events there were, 0 when all are applied.

        In a transaction of the caller, which sees one moment of the live tables and their checkpoints from first to
        last (REPEATABLE READ). Raises NotProjected.
        """
        parameters = {"rebuild_id": self._rebuild.id, "group": self._rebuild.group}
        bound = {"lane_events_max": STEP_EVENTS_MAX // LANE_COUNT}
        rows = connection.execute(_SQL["read_next"], {**parameters, **bound}).fetchall()
        if rows:
            look_into(connection, schema)
            self._apply(connection, [_event(row) for row in rows if not row["left_out"]])
            self._note(connection, rows, parameters)
        return len(rows)

    def _apply(self, connection: Connection, events: list[RecordedEvent]) -> None:
        try:
            with connection.transaction():
                changes = ((event.scope_id, change) for event in events for change in self._models.changes(event))
                write_checked(connection, self._writes, changes)
        except REFUSALS:
            # Slower, but it names the event.
            apply_one_by_one(connection, self._models, self._writes, events)

    def _note(self, connection: Connection, rows: list[Any], parameters: Mapping[str, Any]) -> None:
        lanes = {row["lane"]: row["position"] for row in rows if not row["returned"]}
        moves = [{"lane": lane, "position": position} for lane, position in lanes.items()]
        left_out = [row["position"] for row in rows if row["left_out"]]
        returned = [row["position"] for row in rows if row["returned"]]
        connection.execute(_SQL["move_on"], {**parameters, "moves": orjson.dumps(moves).decode()})
        connection.execute(_SQL["leave_out"], {**parameters, "positions": left_out})
        connection.execute(_SQL["leave_in"], {**parameters, "positions": returned})


def _event(row: Mapping[str, Any]) -> RecordedEvent:
    return event_of_row({name: value for name, value in row.items() if name not in ("returned", "left_out")})
