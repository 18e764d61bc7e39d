"""Folded scopes, kept from one batch of commands to the next.

A cached scope is never trusted by itself: whoever decides on it makes sure, under the append lock, that nothing was
appended after the scope's position, or reads what was. So a cache saves folding, and cannot make a decision wrong.
"""

from collections import OrderedDict
from collections.abc import Callable, Collection, Hashable, Iterable, Mapping
from itertools import islice
from time import monotonic
from typing import Generic, NamedTuple, TypeVar
from uuid import UUID

import orjson

from services.kernel.context import KnownScope, ScopeOfAggregate, ScopeOfStage, Target
from services.kernel.events import RecordedEvent
from services.kernel.scope import AggregateKey, Scope, ScopeKey
from services.runtime.event_store import EventStore, Location
from services.runtime.registry import Registry
from services.runtime.scope_snapshots import Snapshot, SnapshotFormat

KEPT_SECONDS = 300.0
"""After the last use: who comes back later waits for the scope to be read and folded again, 10 to 35 ms if it is large,
and everybody else waits too. People, and those who wait for a busy text model, often take over a minute."""
BYTES_MAX = 32_000_000
"""Of all that is kept, as JSON. In memory it takes two to three times as much, so this is some 80 MB."""
EVENT_BYTES = 500
"""What an event takes beside its payload, as long as nobody has looked."""
SNAPSHOT_EVENTS = 100
"""From one snapshot of a scope to the next; of a long one a twentieth of its events."""
SNAPSHOTS_AT_ONCE = 4
"""Each takes up to a millisecond or two, in which nothing is decided."""
LOCATIONS_MAX = 100_000

Key = TypeVar("Key", bound=Hashable)
Value = TypeVar("Value")

NOWHERE = ScopeKey("", "")
"""The scope of an id that was never created: always empty."""


class UnknownEvent(Exception):
    """The store holds an event that this build does not know: deciding without it could break a rule."""


def fold(registry: Registry, scopes: Mapping[str, Scope], events: Iterable[RecordedEvent]) -> dict[str, Scope]:
    """The scopes after more events, which must come in position order and belong to these scopes."""
    folded = dict(scopes)
    for recorded in events:
        scope = folded[recorded.scope_id]
        assert recorded.position > scope.position, "an event is folded once, in order"
        event = registry.event_of(recorded)
        if event is None:
            raise UnknownEvent(f"{recorded.type} version {recorded.version} at position {recorded.position}")
        key = AggregateKey(recorded.aggregate_type, recorded.aggregate_id)
        if not scope.position:
            scope = Scope(ScopeKey(recorded.scope_type, recorded.scope_id), recorded.user_id)
        size = len(orjson.dumps(recorded.payload))
        after = scope.folded(registry.aggregate(key.type), key, event, recorded.occurred_at, size)
        assert after.version(key) == recorded.aggregate_version, "versions are 1 … n without gaps"
        folded[recorded.scope_id] = after.at(recorded.position)
    return folded


class _Weighed(NamedTuple):
    """The bytes of JSON that a scope took when its snapshot was made, and how far it was by then."""

    bytes: int = 0
    event_count: int = 0
    size: int = 0


class _KeptScope(NamedTuple):
    """A scope as of the last time that we saw it. `is_shared`: others write to it too, so that it may be old by now."""

    scope: Scope
    is_shared: bool
    weighed: _Weighed

    @property
    def weight(self) -> int:
        """What it takes at most: what was weighed, and all that its later events say."""
        later = self.scope.size - self.weighed.size
        return self.weighed.bytes + later + EVENT_BYTES * self.events_since

    @property
    def events_since(self) -> int:
        """So many since it was weighed."""
        return self.scope.event_count - self.weighed.event_count


class Scopes:
    """The scopes used lately, and where things were created."""

    def __init__(self, store: EventStore, registry: Registry) -> None:
        self._store = store
        self._registry = registry
        self._format = SnapshotFormat(registry.aggregates)
        self._scopes: _Kept[str, _KeptScope] = _Kept(BYTES_MAX, lambda kept: kept.weight)
        # Scopes that have moved on far enough for a snapshot, in the order in which they have.
        self._moved_on: dict[str, None] = {}
        self._locations: _Kept[tuple[str, str], Location] = _Kept(LOCATIONS_MAX, lambda location: 1)

    def owners(self, aggregates: Iterable[AggregateKey]) -> dict[AggregateKey, UUID]:
        """Who has each aggregate; one that was never created is left out."""
        wanted = {ScopeOfAggregate(key) for key in aggregates}
        self._locate_missing(wanted)
        found = {target.aggregate: self._locations.get(_location(target)) for target in wanted}
        return {key: location.owner_id for key, location in found.items() if location is not None}

    def find(self, targets: Iterable[Target]) -> dict[Target, ScopeKey]:
        """The scope of each target; NOWHERE for an id that was never created."""
        targets = set(targets)
        self._locate_missing(targets)
        return {target: self._key_of(target) for target in targets}

    def warm(self, targets: Mapping[Target, ScopeKey], *others: str) -> dict[str, Scope]:
        """The scopes by id, folded as far as could be read without the append lock.

        What is kept of a scope is taken as it is, unless others write to it too.
        """
        new = {key.id for target, key in targets.items() if isinstance(target, KnownScope) and target.new}
        wanted = {key.id: key for key in targets.values() if key is not NOWHERE} | {
            scope_id: ScopeKey("", scope_id) for scope_id in others
        }
        kept = {scope_id: found for scope_id in wanted if (found := self._scopes.get(scope_id)) is not None}
        restored = self._restore([scope_id for scope_id in wanted if scope_id not in kept and scope_id not in new])
        scopes = {
            scope_id: kept[scope_id].scope if scope_id in kept else restored.get(scope_id, Scope(key))
            for scope_id, key in wanted.items()
        }
        to_read = {
            scope_id: scope.position
            for scope_id, scope in scopes.items()
            if scope_id not in new and (scope_id not in kept or kept[scope_id].is_shared)
        }
        if not to_read:
            return scopes
        read = fold(self._registry, scopes, self._store.load(to_read))
        self.keep({scope_id: read[scope_id] for scope_id in to_read})
        return read

    def keep(self, scopes: Mapping[str, Scope], *, shared: Collection[str] = ()) -> None:
        """Remembers scopes as of a commit. Those that are `shared` once are so for as long as they are kept."""
        for scope_id, scope in scopes.items():
            if scope.position:
                before = self._scopes.get(scope_id)
                is_shared = scope_id in shared or (before is not None and before.is_shared)
                weighed = _Weighed() if before is None else before.weighed
                kept = _KeptScope(scope, is_shared, weighed)
                self._scopes.put(scope_id, kept)
                if kept.events_since >= max(SNAPSHOT_EVENTS, weighed.event_count // 20):
                    self._moved_on[scope_id] = None

    def place(self, created: Mapping[AggregateKey, Location]) -> None:
        """Remembers where aggregates were created by a commit: whoever creates one comes back to it at once."""
        for key, location in created.items():
            self._locations.put(key, location)

    def take_snapshots(self) -> list[Snapshot]:
        """Snapshots of some scopes that have moved on, to be stored: what is kept is from committed events only."""
        taken = [(scope_id, self._scopes.get(scope_id)) for scope_id in islice(self._moved_on, SNAPSHOTS_AT_ONCE)]
        snapshots = []
        for scope_id, kept in taken:
            del self._moved_on[scope_id]
            if kept is not None:
                snapshots.append(self._format.snapshot(kept.scope))
                self._scopes.put(scope_id, kept._replace(weighed=_weighed(snapshots[-1], kept.scope)))
        return snapshots

    def forget(self) -> None:
        """Drops every folded scope, after anything went wrong."""
        self._scopes.clear()
        self._moved_on.clear()

    def _restore(self, scope_ids: list[str]) -> dict[str, Scope]:
        """The scopes as of their snapshots; one that has none is left out."""
        restored = {}
        for snapshot in self._store.load_snapshots(scope_ids) if scope_ids else ():
            scope = self._format.scope(snapshot)
            if scope is not None:
                restored[scope.key.id] = scope
                self._scopes.put(scope.key.id, _KeptScope(scope, False, _weighed(snapshot, scope)))
        return restored

    def _locate_missing(self, targets: Iterable[Target]) -> None:
        missing: dict[str, set[str]] = {}
        for target in targets:
            if not isinstance(target, KnownScope) and self._locations.get(_location(target)) is None:
                kind, identifier = _location(target)
                missing.setdefault(kind, set()).add(identifier)
        for kind, ids in missing.items():
            found = (
                self._store.locate_stages(list(ids))
                if kind == _STAGE
                else self._store.locate_aggregates(kind, list(ids))
            )
            for identifier, location in found.items():
                self._locations.put((kind, identifier), location)

    def _key_of(self, target: Target) -> ScopeKey:
        if isinstance(target, KnownScope):
            return target.key
        location = self._locations.get(_location(target))
        return NOWHERE if location is None else location.scope


def _weighed(snapshot: Snapshot, scope: Scope) -> _Weighed:
    return _Weighed(len(snapshot.document.encode()), scope.event_count, scope.size)


_STAGE = "stage record"


def _location(target: ScopeOfAggregate | ScopeOfStage) -> tuple[str, str]:
    if isinstance(target, ScopeOfStage):
        return _STAGE, str(target.stage_id)
    return target.aggregate


class _Kept(Generic[Key, Value]):
    """What was used within the last KEPT_SECONDS; of that the latest, as much as `weight_max` allows."""

    def __init__(self, weight_max: int, weigh: Callable[[Value], int]) -> None:
        self._weight_max = weight_max
        self._weigh = weigh
        self._weight = 0
        # The one that was used longest ago comes first.
        self._used: OrderedDict[Key, tuple[Value, float]] = OrderedDict()

    def get(self, key: Key) -> Value | None:
        """The value, which counts as a use of it."""
        found = self._used.get(key)
        if found is None:
            return None
        self._used[key] = (found[0], monotonic())
        self._used.move_to_end(key)
        return found[0]

    def put(self, key: Key, value: Value) -> None:
        """Keeps a value, in the place of an earlier one."""
        if key in self._used:
            self._drop(key)
        self._used[key] = (value, monotonic())
        self._weight += self._weigh(value)
        self._drop_old()

    def clear(self) -> None:
        """Keeps nothing."""
        self._used.clear()
        self._weight = 0

    def _drop_old(self) -> None:
        still_used = monotonic() - KEPT_SECONDS
        while len(self._used) > 1:
            oldest = next(iter(self._used))
            if self._weight <= self._weight_max and self._used[oldest][1] > still_used:
                return
            self._drop(oldest)

    def _drop(self, key: Key) -> None:
        value, _ = self._used.pop(key)
        self._weight -= self._weigh(value)
