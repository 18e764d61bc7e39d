"""Whether snapshots of scopes are what their events come to, for all that has happened in a studio."""

import psycopg

from services.kernel.scope import Scope, ScopeKey
from services.runtime.event_store import EventStore
from services.runtime.scope_snapshots import SnapshotFormat
from services.runtime.scopes import fold
from tests.kit.deciding import REGISTRY


def snapshots_equal_replay(database_url: str) -> int:
    """Looks at each scope in the middle and at the end, and at the snapshots that are stored; returns how many."""
    snapshots = SnapshotFormat(REGISTRY.aggregates)
    store = EventStore(database_url, name="replay")
    try:
        for scope_id in (scope_ids := _scope_ids(database_url)):
            events = store.load({scope_id: 0})
            stored = {snapshot.position: snapshot for snapshot in store.load_snapshots([scope_id])}
            looked_at = {events[len(events) // 2].position, events[-1].position, *stored}
            scope = {scope_id: Scope(ScopeKey("", scope_id))}
            for event in events:
                scope = fold(REGISTRY, scope, [event])
                if event.position in looked_at:
                    snapshot = stored.get(event.position) or snapshots.snapshot(scope[scope_id])
                    assert snapshots.scope(snapshot) == scope[scope_id], f"{scope_id} as of {event.position}"
            assert stored.keys() <= {event.position for event in events}
        return len(scope_ids)
    finally:
        store.close()


def _scope_ids(database_url: str) -> list[str]:
    with psycopg.connect(database_url) as connection:
        return [row[0] for row in connection.execute("SELECT DISTINCT scope_id FROM domain_events ORDER BY 1")]
