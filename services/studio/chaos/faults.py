"""What a fault is: a name, what it does, and the doing of it to a studio under load."""

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from random import Random
from typing import TypeAlias

from services.runtime.crash_points import ArmedCrashPoint
from services.studio.chaos.addresses import Addresses
from services.studio.chaos.checker import Finding
from services.studio.chaos.clients import Clients
from services.studio.chaos.listeners import Listeners
from services.studio.chaos.studio_under_test import StudioUnderTest, until
from services.studio.chaos.victims import Victim, one_more, victim

READY_SECONDS_MAX = 120.0
"""How long a process may take to be ready again before the run gives up; what it should take is the fault's to say."""

AHEAD_MAX = 20
"""Accepted commands before a blow that may come at any moment."""


@dataclass(frozen=True, slots=True)
class Injury:
    """What came of a fault. `recovery_seconds` from the blow until all that it hit was ready again.

    `measures`: figures that belong into the report, by what they are.
    """

    recovery_seconds: float
    findings: tuple[Finding, ...] = ()
    measures: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class Scene:
    """What a fault may reach: the studio, and the clients that are at work on it."""

    studio: StudioUnderTest
    clients: Clients
    listeners: Listeners
    addresses: Addresses

    @asynccontextmanager
    async def victim(self, kind: str, armed: ArmedCrashPoint) -> AsyncIterator[Victim]:
        """One more process that has its crash point before it; clients find it as they find the others."""
        async with victim(self.studio, kind, armed) as found:
            with self.addresses.joined(kind, found.port):
                yield found

    @asynccontextmanager
    async def one_more(self, kind: str, name: str, settings: Mapping[str, str]) -> AsyncIterator[Victim]:
        """One more process with settings of its own, ready; clients find it too."""
        async with one_more(self.studio, kind, name, settings=settings) as found:
            await found.ready()
            with self.addresses.joined(kind, found.port):
                yield found

    async def some_moment(self, random: Random) -> None:
        """Returns at a moment of the load that is left to chance. Raises StudioError."""
        await self.more_acknowledged(random.randint(1, AHEAD_MAX))

    async def more_acknowledged(self, count: int, *, seconds_max: float = READY_SECONDS_MAX) -> None:
        """Returns when so many more commands have been accepted. Raises StudioError."""
        enough = self.clients.acknowledged + count

        async def look() -> bool:
            return self.clients.acknowledged >= enough

        await until(look, seconds_max=seconds_max, what=f"{count} more commands are accepted")


Inject: TypeAlias = Callable[[Scene, Random], Awaitable[Injury]]
"""Does the fault and returns when what it hit is ready again. What is chosen is chosen by the `Random`."""


@dataclass(frozen=True)
class Fault:
    """One way to break something.

    `hits` is what may be hit by one fault at a time: those that hit different things share a round, one that hits
    "everything" has a round to itself. `recovery_seconds_max` is promised, not enforced. `loses_broker`: what was on
    the broker is gone afterwards. `seeds_max`: of one that takes long, more seeds would not show more. `missing`: what
    this machine lacks for it.
    """

    name: str
    does: str
    inject: Inject = field(repr=False)
    hits: str = "everything"
    recovery_seconds_max: float = 5.0
    loses_broker: bool = False
    seeds_max: int | None = None
    missing: str | None = None

    @property
    def is_alone(self) -> bool:
        """Whether no other fault may share its round."""
        return self.hits == "everything"
