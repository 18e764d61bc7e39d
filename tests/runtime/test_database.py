"""Connections as processes get them from their pool."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from time import monotonic

import psycopg
import pytest

from services.runtime import database
from services.runtime.database import OUTBOX_DOORBELL, TASKS_DOORBELL, Doorbells, Pool, listen, open_pool
from services.runtime.read_models import is_transient
from tests.kit.waiting import eventually

pytestmark = pytest.mark.anyio

LOCK = "SELECT lane FROM relay_lanes ORDER BY lane FOR UPDATE"


@pytest.mark.parametrize("in_a_pipeline", [False, True])
async def test_who_stands_still_in_a_transaction_loses_it_and_others_go_on(
    database_url: str, monkeypatch: pytest.MonkeyPatch, *, in_a_pipeline: bool
) -> None:
    monkeypatch.setattr(database, "TRANSACTION_SECONDS_MAX", 1)
    async with open_pool(database_url, size=1, name="test") as pool:
        with pytest.raises(psycopg.Error) as lost:
            await _stand_still(pool, database_url, in_a_pipeline=in_a_pipeline)
    assert is_transient(lost.value)


async def _stand_still(pool: Pool, database_url: str, *, in_a_pipeline: bool) -> None:
    async with pool.connection() as still, AsyncExitStack() as stack:
        if in_a_pipeline:
            await stack.enter_async_context(still.pipeline())
        await stack.enter_async_context(still.transaction())
        await (await still.execute(LOCK)).fetchall()
        async with await psycopg.AsyncConnection.connect(database_url) as other:
            await other.execute("SET lock_timeout = '20s'")
            await other.execute(LOCK)


async def test_doorbells_that_are_asked_for_while_one_is_rung_are_rung_together(database_url: str) -> None:
    async with open_pool(database_url, size=1, name="test") as pool, _heard(database_url) as heard:
        doorbells = Doorbells(pool)
        for asked in [{OUTBOX_DOORBELL}, {OUTBOX_DOORBELL}, set(), {TASKS_DOORBELL, OUTBOX_DOORBELL}]:
            doorbells.ring(asked)
        await doorbells.close()
        await _are_heard(heard, OUTBOX_DOORBELL, TASKS_DOORBELL)
        doorbells.ring({TASKS_DOORBELL})
        await _are_heard(heard, OUTBOX_DOORBELL, TASKS_DOORBELL, TASKS_DOORBELL)


async def test_doorbells_that_are_asked_for_soon_after_one_was_rung_wait_and_are_rung_together(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database, "BELL_SECONDS", 0.4)
    async with open_pool(database_url, size=1, name="test") as pool, _heard(database_url) as heard:
        doorbells = Doorbells(pool)
        began = monotonic()
        doorbells.ring({OUTBOX_DOORBELL})
        await _are_heard(heard, OUTBOX_DOORBELL)
        for asked in [{OUTBOX_DOORBELL}, {TASKS_DOORBELL}, {OUTBOX_DOORBELL}]:
            doorbells.ring(asked)
        await _are_heard(heard, OUTBOX_DOORBELL, OUTBOX_DOORBELL, TASKS_DOORBELL)
        assert monotonic() - began >= 0.4
        await doorbells.close()


async def test_a_doorbell_that_cannot_be_rung_keeps_nobody_from_the_next(database_url: str) -> None:
    async with open_pool(database_url, size=1, name="test") as pool, _heard(database_url) as heard:
        async with pool.connection() as connection:
            pid = connection.info.backend_pid
        doorbells = Doorbells(pool)
        async with await psycopg.AsyncConnection.connect(database_url, autocommit=True) as other:
            await other.execute("SELECT pg_terminate_backend(%s, 5000)", [pid])
        doorbells.ring({OUTBOX_DOORBELL})
        await doorbells.close()
        assert heard == []
        doorbells.ring({OUTBOX_DOORBELL})
        await _are_heard(heard, OUTBOX_DOORBELL)


async def _are_heard(heard: list[str], *expected: str) -> None:
    """These and no others."""

    async def as_many() -> bool:
        return len(heard) >= len(expected)

    await eventually(as_many, what="the doorbells")
    assert sorted(heard) == sorted(expected)


@asynccontextmanager
async def _heard(database_url: str) -> AsyncIterator[list[str]]:
    """What is heard while the block runs."""
    heard = list[str]()
    listening = asyncio.Event()

    async def connected() -> None:
        listening.set()

    channels = (OUTBOX_DOORBELL, TASKS_DOORBELL)
    listens = listen(database_url, channels, lambda channel, _: heard.append(channel), connected=connected)
    task = asyncio.create_task(listens)
    await listening.wait()
    try:
        yield heard
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
