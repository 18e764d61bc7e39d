"""Projectors that join and leave the consumer group every second."""

import asyncio
from random import Random
from time import monotonic
from typing import Final

from services.studio.chaos.faults import Fault, Inject, Injury, Scene
from services.studio.chaos.settling import PROJECTOR_GROUP, all_shown
from services.studio.chaos.victims import one_more

STORM_SECONDS: Final = 60.0
BETWEEN_SECONDS: Final = 1.0
STAY_SECONDS: Final = (2.0, 8.0)
"""From when it is started: some leave before they have been given anything."""


def storm(seconds: float) -> Inject:
    """For so long; some leave politely, some are killed."""

    async def visit(scene: Scene, number: int, random: Random) -> None:
        async with one_more(scene.studio, "projector", f"visitor-{number}") as visitor:
            await asyncio.sleep(random.uniform(*STAY_SECONDS))
            if random.random() < 1 / 2:
                visitor.process.kill()

    async def inject(scene: Scene, random: Random) -> Injury:
        async with asyncio.TaskGroup() as visits:
            for number in range(int(seconds / BETWEEN_SECONDS)):
                visits.create_task(visit(scene, number, Random(random.random())))
                await asyncio.sleep(BETWEEN_SECONDS)
        began = monotonic()
        await all_shown(scene.studio, PROJECTOR_GROUP)
        return Injury(monotonic() - began)

    return inject


def rebalance_storm(seconds: float = STORM_SECONDS) -> Fault:
    """For so long."""
    return Fault(
        "projector.storm",
        f"Every second for {seconds:g} seconds a projector joins the group, and leaves or dies soon after.",
        storm(seconds),
        hits="projector",
    )
