"""A scope: all aggregates that share one owner, one lane and one order, folded from their events.

The scope is the unit of loading, ordering and ownership: a novel with its flow and its conversation
sessions is one scope, so that a decision over several of them sees one consistent state.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple, TypeVar
from uuid import UUID

from rpds import HashTrieMap

from services.kernel.events import Event
from services.kernel.maps import Map

State = TypeVar("State")
StateClass = type[Any]


class AggregateKey(NamedTuple):
    """Type and id of an aggregate, as stored in `aggregate_type` and `aggregate_id`."""

    type: str
    id: str


class ScopeKey(NamedTuple):
    """What events belong to: `scope_type` says which kind, `scope_id` alone decides the lane."""

    type: str
    id: str


@dataclass(frozen=True, slots=True)
class Aggregate:
    """How aggregates of one type are folded: `evolve(state, event, occurred_at)`, `None` before the first event.

    `state` is a dataclass that pydantic can write as JSON and read again, for snapshots.
    """

    type: str
    state: StateClass
    evolve: Callable[[Any, Any, datetime], Any]


@dataclass(frozen=True, slots=True)
class Scope:
    """The folded state of a scope as of `position` (0: nothing has happened yet).

    `event_count` is the sum of the versions and `size` that of the events' payloads, in bytes of JSON; both are kept
    because they are asked for with every commit.
    """

    key: ScopeKey
    owner_id: UUID | None = None
    position: int = 0
    states: Map[AggregateKey, Any] = field(default_factory=HashTrieMap)
    versions: Map[AggregateKey, int] = field(default_factory=HashTrieMap)
    event_count: int = 0
    size: int = 0

    def find(self, kind: type[State], key: AggregateKey) -> State | None:
        """The aggregate's state, or None when it has no events."""
        state = self.states.get(key)
        assert state is None or isinstance(state, kind), f"{key} is no {kind.__name__}"
        return state

    def all(self, kind: type[State]) -> Iterator[State]:
        """Every aggregate of that state type, in no particular order."""
        return (state for state in self.states.values() if isinstance(state, kind))

    def version(self, key: AggregateKey) -> int:
        """Number of events of the aggregate so far."""
        return self.versions.get(key, 0)

    def folded(self, aggregate: Aggregate, key: AggregateKey, event: Event, at: datetime, size: int = 0) -> Scope:
        """The scope after one more event of one aggregate, whose payload has so many bytes."""
        state = aggregate.evolve(self.states.get(key), event, at)
        # Made anew by hand: `replace` looks at every field by name, and this runs for each event that is folded.
        return Scope(
            self.key,
            self.owner_id,
            self.position,
            self.states.insert(key, state),
            self.versions.insert(key, self.version(key) + 1),
            self.event_count + 1,
            self.size + size,
        )

    def at(self, position: int) -> Scope:
        """The same state, known to be that after the event at the position."""
        return Scope(self.key, self.owner_id, position, self.states, self.versions, self.event_count, self.size)
