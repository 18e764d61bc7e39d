"""Loops that are told to stop, in the moment in which that is easiest to lose."""

import asyncio

import pytest

from services.runtime import lifespan
from services.runtime.lifespan import Process
from services.runtime.pacing import nap, within
from services.runtime.settings import ProcessSettings

pytestmark = pytest.mark.anyio


async def test_a_cancellation_is_kept_that_comes_together_with_what_was_waited_for() -> None:
    result: asyncio.Future[str] = asyncio.get_running_loop().create_future()
    waiting = asyncio.create_task(within(60, result))
    await asyncio.sleep(0)
    result.set_result("there")
    waiting.cancel()

    with pytest.raises(asyncio.CancelledError):
        await waiting


async def test_a_wait_ends_at_its_deadline() -> None:
    with pytest.raises(TimeoutError):
        await within(0.01, asyncio.Event().wait())
    assert not await nap(0.01, until=asyncio.Event())


async def test_a_loop_that_lost_its_cancellation_is_cancelled_once_more(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lifespan, "STOP_DEADLINE_SECONDS", 0.2)
    lost: list[str] = []

    async def careless() -> None:
        while True:
            try:
                await asyncio.Event().wait()
            except asyncio.CancelledError:
                if lost:
                    raise
                lost.append("the first")

    process = Process("careless", ProcessSettings(database_url="postgresql://nowhere/none", port=1))
    process.run_in_background("careless", careless())
    await asyncio.sleep(0)
    await process.stop_background()

    assert lost == ["the first"]
    assert not [task for task in asyncio.all_tasks() if task.get_name() == "careless"]


async def test_a_loop_that_something_else_cancels_ends_the_process() -> None:
    async def torn_away() -> None:
        raise asyncio.CancelledError

    process = Process("torn", ProcessSettings(database_url="postgresql://nowhere/none", port=1))
    process.run_in_background("torn away", torn_away())
    await within(5, process.stopping.wait())
    assert process.failed
