"""Snapshots of scopes: what their first events come to when they are folded, so that a long past is not read again.

A snapshot is not trusted to be new: what was appended since is read and folded on top, and what is decided is checked
under the append lock as ever. It is trusted to be right only if the same code has folded it; any other is passed over,
and replaced in time (ADR 27).
"""

import asyncio
from collections.abc import Iterable, Mapping
from functools import cache
from hashlib import sha256
from importlib.resources import files
from pathlib import Path
from typing import Any, NamedTuple
from uuid import UUID

import psycopg
from pydantic import TypeAdapter, ValidationError
from rpds import HashTrieMap

from services.kernel.scope import Aggregate, AggregateKey, Scope, ScopeKey
from services.runtime.database import Pool
from services.runtime.logs import get_logger
from services.runtime.sql_files import read_sql

_FOLDING = ("services/kernel", "services/contexts", "services/runtime", "shared_types")
"""The sources of what decides what events come to, under the root of the packages."""
_SQL = read_sql("services.runtime", "scope_snapshots.sql")

log = get_logger(__name__)


class Snapshot(NamedTuple):
    """A scope as of `position`. `document` is the scope in lines of JSON, all but its id and its position."""

    scope_id: str
    position: int
    document: str


class _Head(NamedTuple):
    """The first line of a document; each aggregate's state is a line below it, in the order of `aggregates`."""

    scope_type: str
    owner_id: UUID | None
    size: int
    aggregates: list[tuple[str, str, int]]
    """Type, id and version of each."""


_HEAD: TypeAdapter[_Head] = TypeAdapter(_Head)


class SnapshotFormat:
    """Scopes to documents and back."""

    def __init__(self, aggregates: Mapping[str, Aggregate]) -> None:
        self._states: dict[str, TypeAdapter[Any]] = {
            aggregate.type: TypeAdapter(aggregate.state) for aggregate in aggregates.values()
        }

    def snapshot(self, scope: Scope) -> Snapshot:
        """What is stored of a scope."""
        states = sorted(scope.states.items())
        head = _Head(scope.key.type, scope.owner_id, scope.size, [(*key, scope.version(key)) for key, _ in states])
        lines = [_HEAD.dump_json(head), *(self._states[key.type].dump_json(state) for key, state in states)]
        return Snapshot(scope.key.id, scope.position, b"\n".join(lines).decode())

    def scope(self, snapshot: Snapshot) -> Scope | None:
        """The scope of which it is a snapshot; None when the document cannot be read, which is logged."""
        first, *lines = snapshot.document.split("\n")
        try:
            head = _HEAD.validate_json(first)
            keys = [AggregateKey(kind, identifier) for kind, identifier, _ in head.aggregates]
            states = [self._states[key.type].validate_json(line) for key, line in zip(keys, lines, strict=True)]
        except (ValidationError, ValueError, KeyError) as error:
            log.warning("snapshot.unreadable", scope_id=snapshot.scope_id, reason=str(error)[:300])
            return None
        versions = [version for _, _, version in head.aggregates]
        return Scope(
            key=ScopeKey(head.scope_type, snapshot.scope_id),
            owner_id=head.owner_id,
            position=snapshot.position,
            states=HashTrieMap(zip(keys, states, strict=True)),
            versions=HashTrieMap(zip(keys, versions, strict=True)),
            event_count=sum(versions),
            size=head.size,
        )


class SnapshotWriter:
    """Stores snapshots for those who have no time to wait until it is done; one that is not stored costs time only."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool
        self._waiting: dict[str, Snapshot] = {}
        self._storing: asyncio.Task[None] | None = None

    def store(self, snapshots: Iterable[Snapshot]) -> None:
        """Returns at once. Of a scope only the newest is stored."""
        self._waiting.update((snapshot.scope_id, snapshot) for snapshot in snapshots)
        if self._waiting and self._storing is None:
            self._storing = asyncio.create_task(self._store_all())

    async def close(self) -> None:
        """Stores what waits."""
        if self._storing is not None:
            await self._storing

    async def _store_all(self) -> None:
        try:
            while self._waiting:
                _, snapshot = self._waiting.popitem()
                await self._store(snapshot)
        finally:
            self._storing = None

    async def _store(self, snapshot: Snapshot) -> None:
        try:
            async with self._pool.connection() as connection:
                await connection.execute(
                    _SQL["store_snapshot"], snapshot._asdict() | {"code": folding_code()}, prepare=True
                )
        except psycopg.Error as error:
            log.warning("snapshot.not_stored", count=1 + len(self._waiting), reason=str(error))
            self._waiting.clear()


@cache
def folding_code() -> str:
    """SHA-256 of the code that folds, in hexadecimal digits: a snapshot of any other is passed over."""
    digest = sha256()
    root = Path(str(files("shared_types"))).parent
    for path in sorted(file for folder in _FOLDING for file in root.joinpath(folder).rglob("*.py")):
        digest.update(f"{path.relative_to(root)}\n".encode() + path.read_bytes() + b"\n")
    return digest.hexdigest()
