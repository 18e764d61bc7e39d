"""Processes killed: at every crash point, and at no point in particular."""

import asyncio
import signal
from random import Random
from time import monotonic
from typing import Final

from services.runtime.crash_points import ArmedCrashPoint, CrashPoint
from services.studio.chaos.faults import READY_SECONDS_MAX, Fault, Inject, Injury, Scene
from services.studio.chaos.listeners import Listeners
from services.studio.chaos.studio_under_test import until
from services.studio.chaos.victims import Victim

PASSINGS_MAX: Final = 3
"""Of a crash point: which passing kills is chosen up to here."""

RECONNECT_SECONDS: Final = 0.5

_POINTS: Final[tuple[tuple[CrashPoint, str, str], ...]] = (
    ("command.before_commit", "command_api", "with a batch decided and nothing committed"),
    ("command.after_commit", "command_api", "with a batch committed and nobody answered"),
    ("relay.read", "message_relay", "with rows read and nothing sent"),
    ("relay.sent_unmarked", "message_relay", "with rows acknowledged by the broker and not marked"),
    ("projector.before_commit", "projector", "between effect and commit"),
    ("projector.after_commit", "projector", "with the effect committed and the broker's offset not moved"),
    ("worker.claimed", "task_worker", "with a task claimed and nothing done"),
    ("worker.progress_kept", "task_worker", "with progress kept and nobody told"),
    ("worker.text_told", "task_worker", "in the middle of a text"),
    ("worker.provider_answered", "task_worker", "between the provider's answer and the result"),
    ("worker.result_committed", "task_worker", "with the result committed and nobody told"),
    ("query.frame_sent", "query_api", "with frames of a stream written"),
)


def _at_point(point: CrashPoint, kind: str) -> Inject:
    async def inject(scene: Scene, random: Random) -> Injury:
        armed = ArmedCrashPoint(point, passing=random.randint(1, PASSINGS_MAX))
        async with scene.victim(kind, armed) as victim:
            if kind == "query_api":
                await _lead_streams_to(victim, scene.listeners)
            return Injury(await victim.back(READY_SECONDS_MAX))

    return inject


async def _lead_streams_to(victim: Victim, listeners: Listeners) -> None:
    """Open streams stay where they are, so they are broken off now and then until one has led to the victim's death."""
    dying = asyncio.create_task(victim.died())
    while not dying.done():
        await asyncio.wait([dying], timeout=RECONNECT_SECONDS)
        listeners.reconnect()
    await dying


def _at_random(kind: str) -> Inject:
    async def inject(scene: Scene, random: Random) -> Injury:
        await scene.some_moment(random)
        copy = random.choice(scene.studio.copies(kind))
        assert copy.identity is not None, "a copy that was ready has a process"
        copy.identity.send(signal.SIGKILL)
        began = monotonic()

        async def is_back() -> bool:
            # Before the supervisor has seen the death, the state still names the dead process as ready.
            now = next(one for one in scene.studio.copies(kind) if one.instance == copy.instance)
            return now.state == "ready" and now.identity != copy.identity

        await until(is_back, seconds_max=READY_SECONDS_MAX, what=f"{copy.instance} is ready again")
        return Injury(monotonic() - began)

    return inject


POINT_KILLS: Final = tuple(
    Fault(point, f"A {kind.replace('_', ' ')} kills itself {where}.", _at_point(point, kind), hits=kind)
    for point, kind, where in _POINTS
)
RANDOM_KILLS: Final = tuple(
    Fault(
        f"kill.{kind}",
        f"A {kind.replace('_', ' ')} is killed at a random instant.",
        _at_random(kind),
        hits=kind,
    )
    for kind in ("command_api", "query_api", "message_relay", "projector", "task_worker")
)
