"""Processes killed at random instants, one after the other without mercy, or all at once."""

import asyncio
from collections import defaultdict, deque
from contextlib import suppress
from random import Random
from time import monotonic
from typing import Final

import psutil

from services.studio.chaos.faults import Fault, Inject, Injury, Scene
from services.studio.chaos.servers_away import RECOVERY_SECONDS_MAX, healed
from services.studio.process_plan import PROCESS_KINDS
from services.studio.run_state import RunningProcess

KILLS: Final = 20
BETWEEN_SECONDS_MAX: Final = 1.5
INSTANT_SECONDS_MAX: Final = 1.0
AFTERWARDS: Final = 250
"""Accepted commands after the last kill, so that what was begun among the kills comes to its end."""
DEATHS_MAX: Final = 4
"""In a minute, of one process: its supervisor gives one up that dies more often."""
MINUTE: Final = 60.0

_OURS: Final = frozenset(kind.name for kind in PROCESS_KINDS)


def spree(kills: int) -> Inject:
    """Any of our processes, whether the one before is back or not."""

    async def inject(scene: Scene, random: Random) -> Injury:
        deaths: dict[str, deque[float]] = defaultdict(deque)
        for _ in range(kills):
            await asyncio.sleep(random.uniform(0, BETWEEN_SECONDS_MAX))
            killable = [copy for copy in _ours(scene) if _may_die(deaths[copy.instance])]
            victim = random.choice(killable)
            if _kill([victim]):
                deaths[victim.instance].append(monotonic())
        injury = await healed(scene)
        await scene.more_acknowledged(AFTERWARDS)
        return injury

    return inject


async def kill_everything(scene: Scene, random: Random) -> Injury:
    """Every process and both servers, at one instant."""
    await scene.some_moment(random)
    everything = scene.studio.state.processes
    await asyncio.sleep(random.uniform(0, INSTANT_SECONDS_MAX))
    _kill(everything)
    return await healed(scene)


async def do_nothing(scene: Scene, random: Random) -> Injury:
    """Just time for the clients to come to the end of what they do."""
    await scene.more_acknowledged(AFTERWARDS)
    return Injury(0.0)


def _ours(scene: Scene) -> list[RunningProcess]:
    return [process for process in scene.studio.state.processes if process.name in _OURS]


def _may_die(deaths: "deque[float]") -> bool:
    while deaths and deaths[0] < monotonic() - MINUTE:
        deaths.popleft()
    return len(deaths) < DEATHS_MAX


def _kill(processes: list[RunningProcess]) -> bool:
    """SIGKILL to all of them, as close together as can be; whether any was there to be killed."""
    alive = [p for process in processes if process.identity and (p := process.identity.process())]
    for process in alive:
        with suppress(psutil.NoSuchProcess):
            process.kill()
    return bool(alive)


def killing_spree(kills: int = KILLS) -> Fault:
    """So many kills."""
    return Fault(
        "kill.any",
        f"{kills} times, a moment apart, a process of ours is killed, whichever it may be.",
        spree(kills),
    )


EVERYTHING_KILLED: Final = Fault(
    "kill.everything",
    "Every process, PostgreSQL and Kafka are killed at the same random instant.",
    kill_everything,
    recovery_seconds_max=RECOVERY_SECONDS_MAX,
)
NOTHING: Final = Fault("nothing", "Nothing is broken: what a quiet run is like.", do_nothing, seeds_max=1)
