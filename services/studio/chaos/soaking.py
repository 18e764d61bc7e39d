"""A long quiet load, to see that nothing grows with time: neither the memory of a process nor its connections."""

import asyncio
from collections import defaultdict
from collections.abc import Mapping, Sequence
from random import Random
from statistics import fmean, linear_regression
from time import monotonic
from typing import Final, NamedTuple

import psutil

from services.runtime.sql_files import read_sql
from services.studio.chaos.checker import Finding
from services.studio.chaos.faults import Fault, Inject, Injury, Scene
from services.studio.chaos.studio_under_test import StudioUnderTest

MINUTES: Final = 10.0
WARM_UP_SHARE: Final = 0.3
"""Of the time: caches fill, and the broker's heap grows to what it needs."""
SAMPLE_SECONDS: Final = 5.0
GROWTH_PERCENT_MAX: Final = 1.0
"""In a minute."""
CONNECTIONS: Final = "connections to PostgreSQL"

_SQL = read_sql("services.studio.chaos", "soaking.sql")


class Sample(NamedTuple):
    """How much there was of something at a time: bytes that a process has to itself, or connections."""

    minutes: float
    size: int


def soak_for(minutes: float) -> Inject:
    """Looks at every process again and again while clients work; what grew is found."""

    async def inject(scene: Scene, random: Random) -> Injury:
        began = monotonic()
        await asyncio.sleep(60 * minutes * WARM_UP_SHARE)
        samples: dict[str, list[Sample]] = defaultdict(list)
        while (passed := (monotonic() - began) / 60) < minutes:
            sizes = await asyncio.to_thread(_memory, scene.studio)
            sizes[CONNECTIONS] = await _connections(scene.studio)
            for name, size in sizes.items():
                samples[name].append(Sample(passed, size))
            await asyncio.sleep(SAMPLE_SECONDS)
        growth = {name: growth_percent(seen) for name, seen in samples.items()}
        measures = {f"growth of {name}, % a minute": percent for name, percent in growth.items()}
        return Injury(0.0, _grown(growth), measures)

    return inject


def growth_percent(samples: Sequence[Sample]) -> float:
    """By how many percent of the mean it grows in a minute, by least squares."""
    minutes, sizes = [sample.minutes for sample in samples], [sample.size for sample in samples]
    return 100 * linear_regression(minutes, sizes).slope / fmean(sizes)


def _grown(growth: Mapping[str, float]) -> tuple[Finding, ...]:
    return tuple(
        Finding(10, "contradicted", f"{name} grows by {percent:.2f} % a minute")
        for name, percent in growth.items()
        if percent >= GROWTH_PERCENT_MAX
    )


def _memory(studio: StudioUnderTest) -> dict[str, int]:
    """Of each process with all that it has started, without what they share."""
    found = {}
    for one in studio.state.processes:
        process = one.identity.process() if one.identity is not None else None
        if process is not None:
            family = [process, *process.children(recursive=True)]
            found[one.instance] = sum(_own_bytes(member) for member in family)
    return found


def _own_bytes(process: psutil.Process) -> int:
    try:
        return int(process.memory_full_info().uss)
    except psutil.NoSuchProcess:
        return 0


async def _connections(studio: StudioUnderTest) -> int:
    async with await studio.connect() as connection:
        row = await (await connection.execute(_SQL["count_connections"])).fetchone()
    assert row is not None, "a count has one row"
    return int(row[0])


def soak(minutes: float = MINUTES) -> Fault:
    """For so long."""
    return Fault(
        "soak",
        f"Nothing is broken for {minutes:g} minutes, and nothing may grow by 1 % a minute: neither the memory of a "
        "process nor the number of connections to PostgreSQL.",
        soak_for(minutes),
        seeds_max=1,
    )
