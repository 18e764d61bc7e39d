"""Folded scopes, kept from one batch of commands to the next.

A cached scope is never trusted by itself: whoever decides on it makes sure, under the append lock, that nothing was
appended after the scope's position, or reads what was. So a cache saves folding, and cannot make a decision wrong.
"""

from collections import OrderedDict
from collections.abc import Iterable, Mapping
from dataclasses import replace
from uuid import UUID

from services.kernel.context import KnownScope, ScopeOfAggregate, ScopeOfStage, Target
from services.kernel.events import RecordedEvent
from services.kernel.scope import AggregateKey, Scope, ScopeKey
from services.runtime.event_store import EventStore, Location
from services.runtime.registry import Registry

SCOPES_MAX = 2_000
LOCATIONS_MAX = 100_000

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
        after = scope.folded(registry.aggregate(key.type), key, event, recorded.occurred_at)
        assert after.version(key) == recorded.aggregate_version, "versions are 1 … n without gaps"
        folded[recorded.scope_id] = replace(
            after,
            key=ScopeKey(recorded.scope_type, recorded.scope_id),
            position=recorded.position,
            owner_id=scope.owner_id or recorded.user_id,
        )
    return folded


class Scopes:
    """The scopes used lately, and where things were created."""

    def __init__(self, store: EventStore, registry: Registry) -> None:
        self._store = store
        self._registry = registry
        self._scopes: OrderedDict[str, Scope] = OrderedDict()
        self._locations: OrderedDict[tuple[str, str], Location] = OrderedDict()

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

    def warm(self, targets: Mapping[Target, ScopeKey], *others: str, refreshed: bool = False) -> dict[str, Scope]:
        """The scopes by id, folded as far as could be read without the append lock.

        What is kept of a scope is taken as it is, unless it is to be `refreshed`.
        """
        new = {key.id for target, key in targets.items() if isinstance(target, KnownScope) and target.new}
        wanted = {key.id: key for key in targets.values() if key is not NOWHERE} | {
            scope_id: ScopeKey("", scope_id) for scope_id in others
        }
        scopes = {scope_id: self._scopes.get(scope_id, Scope(key)) for scope_id, key in wanted.items()}
        to_read = {
            scope_id: scope.position
            for scope_id, scope in scopes.items()
            if scope_id not in new and (refreshed or scope_id not in self._scopes)
        }
        return fold(self._registry, scopes, self._store.load(to_read)) if to_read else scopes

    def keep(self, scopes: Mapping[str, Scope]) -> None:
        """Remembers scopes as of a commit."""
        for scope_id, scope in scopes.items():
            if scope.position:
                _put(self._scopes, scope_id, scope, SCOPES_MAX)

    def forget(self) -> None:
        """Drops every folded scope, after anything went wrong."""
        self._scopes.clear()

    def _locate_missing(self, targets: Iterable[Target]) -> None:
        missing: dict[str, set[str]] = {}
        for target in targets:
            if not isinstance(target, KnownScope) and _location(target) not in self._locations:
                kind, identifier = _location(target)
                missing.setdefault(kind, set()).add(identifier)
        for kind, ids in missing.items():
            found = (
                self._store.locate_stages(list(ids))
                if kind == _STAGE
                else self._store.locate_aggregates(kind, list(ids))
            )
            for identifier, location in found.items():
                _put(self._locations, (kind, identifier), location, LOCATIONS_MAX)

    def _key_of(self, target: Target) -> ScopeKey:
        if isinstance(target, KnownScope):
            return target.key
        location = self._locations.get(_location(target))
        return NOWHERE if location is None else location.scope


_STAGE = "stage record"


def _location(target: ScopeOfAggregate | ScopeOfStage) -> tuple[str, str]:
    if isinstance(target, ScopeOfStage):
        return _STAGE, str(target.stage_id)
    return target.aggregate


def _put(kept: OrderedDict, key: object, value: object, size_max: int) -> None:  # type: ignore[type-arg]
    kept[key] = value
    kept.move_to_end(key)
    if len(kept) > size_max:
        kept.popitem(last=False)
