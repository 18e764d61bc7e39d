"""Connections as processes get them from their pool."""

from contextlib import AsyncExitStack

import psycopg
import pytest

from services.runtime import database
from services.runtime.database import Pool, open_pool
from services.runtime.read_models import is_transient

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
