"""Processes that stand still for so long that others do their work, and then go on as if nothing had been."""

from random import Random
from time import monotonic
from typing import Final

from services.runtime.crash_points import ArmedCrashPoint
from services.studio.chaos.checker import Finding
from services.studio.chaos.faults import Fault, Injury, Scene
from services.studio.chaos.settling import PROJECTOR_GROUP, all_shown, read_head, until_zero
from services.studio.chaos.victims import Victim
from services.studio.child_process import log_tail

PASSINGS_MAX: Final = 3
MEANWHILE: Final = 20
"""Accepted commands before it goes on again."""
FENCED: Final = "lanes.lost"
"""What a relay says that may mark nothing, because its lanes are another's."""


async def zombie_relay(scene: Scene, random: Random) -> Injury:
    """Stands still with rows acknowledged and not marked, until its lease has run out and others have its lanes."""
    armed = ArmedCrashPoint("relay.sent_unmarked", "stop", random.randint(1, PASSINGS_MAX))
    async with scene.victim("message_relay", armed) as victim, await scene.studio.connect() as connection:
        process = await victim.stands_still()
        owner = f"message-relay-{victim.process.plan.instance}-%"
        await until_zero(connection, "count_lanes_of", "others have its lanes", owner=owner)
        await scene.more_acknowledged(MEANWHILE)
        process.resume()
        recovery_seconds = await _is_back(victim)
        await until_zero(connection, "count_unsent", "everything is sent", head=await read_head(scene.studio))
        log = scene.studio.installation.logs_directory / f"{victim.process.plan.log_name}.log"
        findings = () if FENCED in log.read_text() else (_not_fenced(log_tail(log)),)
        return Injury(recovery_seconds, findings)


async def zombie_projector(scene: Scene, random: Random) -> Injury:
    """Stands still between effect and commit, until others have applied what it was about to."""
    armed = ArmedCrashPoint("projector.before_commit", "stop", random.randint(1, PASSINGS_MAX))
    async with scene.victim("projector", armed) as victim:
        process = await victim.stands_still()
        await scene.more_acknowledged(MEANWHILE)
        await all_shown(scene.studio, PROJECTOR_GROUP)
        process.resume()
        return Injury(await _is_back(victim))


async def _is_back(victim: Victim) -> float:
    """Seconds until the one that goes on again can do its work."""
    began = monotonic()
    await victim.ready()
    return monotonic() - began


def _not_fenced(log: str) -> Finding:
    return Finding(5, "contradicted", f"a relay whose lanes are another's was not told so; the end of its log:\n{log}")


STANDSTILLS: Final = (
    Fault(
        "relay.stands_still",
        "A message relay stands still beyond its lease with rows acknowledged and not marked, others take its lanes, "
        "and it goes on: it is fenced.",
        zombie_relay,
        hits="message_relay",
    ),
    Fault(
        "projector.stands_still",
        "A projector stands still between effect and commit, others apply what it was about to, and it goes on.",
        zombie_projector,
        hits="projector",
    ),
)
