"""A process of the studio that is told where to die: one more copy, supervised as the others are.

It shares the work with them, is started again when it has died, this time to live, and leaves at the end.
"""

import asyncio
import signal
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from time import monotonic
from types import MappingProxyType
from typing import Final

import psutil

from services.runtime.crash_points import CRASH_POINT_VARIABLE, ArmedCrashPoint
from services.studio.chaos.studio_under_test import StudioUnderTest, until
from services.studio.child_process import wait_until
from services.studio.errors import StudioError
from services.studio.log_file import LogFile
from services.studio.ports import free_port
from services.studio.probe import probe
from services.studio.process_environment import process_environment
from services.studio.process_plan import PlannedProcess, kind_named
from services.studio.supervised_process import SupervisedProcess

REACHED_SECONDS_MAX: Final = 180.0
"""For getting work at all: it shares what there is with the other copies, and on a machine that is busy with other
things there is little, which they are quicker to take than one that has just started.
"""
STOP_SECONDS_MAX: Final = 15.0


@dataclass(slots=True)
class Victim:
    """The process, and what has become of it. Times by the monotonic clock."""

    process: SupervisedProcess
    last_words: str = ""
    died_at: float | None = None
    back_at: float | None = None

    @property
    def port(self) -> int:
        """Where it serves."""
        return self.process.plan.port

    async def ready(self) -> None:
        """Returns when it can do its work. Raises StudioError."""
        await self._until(lambda: probe(self.port).ready, "is ready")

    async def died(self) -> float:
        """When it died at its crash point. Raises StudioError if it never comes there, or dies of something else."""
        await self._until(lambda: self.died_at is not None, "dies")
        assert self.died_at is not None
        if signal.SIGKILL.name not in self.last_words:
            raise StudioError(f"Not at its crash point: {self.last_words}", remedy="See its log.")
        return self.died_at

    async def back(self, seconds_max: float) -> float:
        """How long after its death it was ready again. Raises StudioError."""
        died_at = await self.died()
        await self._until(lambda: self.back_at is not None, "is ready again", seconds_max)
        assert self.back_at is not None
        return self.back_at - died_at

    async def stands_still(self) -> psutil.Process:
        """The process, once it has stopped at its crash point; `resume` lets it go on. Raises StudioError."""
        await self._until(lambda: self._status() == psutil.STATUS_STOPPED, "stands still")
        found = self._running()
        assert found is not None, "what has just been seen to stand still does not end by itself"
        return found

    async def _until(self, holds: Callable[[], bool], does: str, seconds_max: float = REACHED_SECONDS_MAX) -> None:
        async def look() -> bool:
            return holds()

        await until(look, seconds_max=seconds_max, what=f"{self.process.plan.instance} {does}")

    def _status(self) -> str | None:
        found = self._running()
        return found.status() if found is not None else None

    def _running(self) -> psutil.Process | None:
        identity = self.process.summary().identity
        return identity.process() if identity is not None else None


@asynccontextmanager
async def victim(studio: StudioUnderTest, kind: str, armed: ArmedCrashPoint) -> AsyncIterator[Victim]:
    """One more process of this kind, armed for its first life; it has left when the block has ended."""
    name = f"victim-at-{armed.point.replace('_', '-')}"
    async with one_more(studio, kind, name, first_life={CRASH_POINT_VARIABLE: armed.setting()}) as found:
        yield found


@asynccontextmanager
async def one_more(
    studio: StudioUnderTest,
    kind: str,
    name: str,
    *,
    settings: Mapping[str, str] = MappingProxyType({}),
    first_life: Mapping[str, str] = MappingProxyType({}),
) -> AsyncIterator[Victim]:
    """One more process of this kind, with settings of its own and further ones for its first life."""
    state = studio.state
    plan = PlannedProcess(kind_named(kind), name, free_port(), name)
    environment = process_environment(
        database_url=state.database_url,
        kafka_bootstrap=state.kafka_bootstrap,
        secret_file=studio.installation.secret_file,
        port=plan.port,
        instance=plan.instance,
    )
    environment |= settings
    watcher = _Watcher(environment)
    log = LogFile(studio.installation.logs_directory, plan.log_name)
    process = SupervisedProcess(plan, log, watcher, {**environment, **first_life})
    watcher.victim = Victim(process)
    process.start()
    try:
        yield watcher.victim
    finally:
        await asyncio.to_thread(_stop, process)


def _stop(process: SupervisedProcess) -> None:
    process.request_stop()
    if not wait_until(process.has_ended, deadline_seconds=STOP_SECONDS_MAX):
        process.kill()


@dataclass(slots=True)
class _Watcher:
    """Notes when the victim died and when it is back; sees to it that its next life has no crash point."""

    unarmed: dict[str, str]
    victim: Victim = field(init=False)

    def output(self, source: str, line: str) -> None:
        """See Observer: it is in the log."""

    def announce(self, sentence: str, *, level: str = "info") -> None:
        """See Observer: before its state changes it is said how it ended."""
        self.victim.last_words = self.victim.last_words or sentence

    def changed(self) -> None:
        """See Observer."""
        match self.victim.process.state:
            case "restarting":
                self.victim.died_at = monotonic()
                self.victim.process.environment = self.unarmed
            case "ready" if self.victim.died_at is not None:
                self.victim.back_at = monotonic()
