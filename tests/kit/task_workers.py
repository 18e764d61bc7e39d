"""Task workers that do what a test wants: the real one, with functions of the test's own."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any

from services.catalogue import CONTEXTS
from services.runtime.command_handling import CommandHandler
from services.runtime.database import Doorbells, open_pool
from services.runtime.event_store import EventStore
from services.runtime.group_commit import GroupCommit
from services.runtime.registry import Registry
from services.runtime.scope_snapshots import SnapshotWriter
from services.runtime.tasks import TaskFunction, TaskWorker


@asynccontextmanager
async def working(
    database_url: str, name: str, functions: Mapping[str, TaskFunction], **options: Any
) -> AsyncIterator[None]:
    """Works on one task at a time until the block ends."""
    store = EventStore(database_url, name=name)
    async with open_pool(database_url, size=2, name=name) as pool:
        doorbells, snapshots = Doorbells(pool), SnapshotWriter(pool)
        writer = GroupCommit(CommandHandler(store, Registry(CONTEXTS), name), doorbells.ring, snapshots.store)
        running = asyncio.create_task(TaskWorker(name, pool, writer, functions, slots=1, **options).run())
        try:
            yield
        finally:
            running.cancel()
            await asyncio.gather(running, return_exceptions=True)
            await writer.close()
            await doorbells.close()
            await snapshots.close()
    store.close()
