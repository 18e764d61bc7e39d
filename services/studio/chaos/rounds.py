"""Rounds: a studio under load, faults done to it, everything settled, everything checked."""

import asyncio
import os
import platform
import shutil
import tempfile
from collections import defaultdict, deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from typing import Final

import psycopg

from services.runtime.kafka import EVENTS_TOPIC, BrokerAway, read_ends
from services.studio.chaos.addresses import Addresses
from services.studio.chaos.checker import Finding, Logs, check
from services.studio.chaos.clients import Clients
from services.studio.chaos.collecting import Offsets, collect
from services.studio.chaos.faults import READY_SECONDS_MAX, Fault, Injury, Scene
from services.studio.chaos.listeners import Listeners
from services.studio.chaos.report import FaultRun, FoundTrouble, Report
from services.studio.chaos.settling import finish_tasks, read_head, settle
from services.studio.chaos.studio_under_test import StudioUnderTest, studio_under_test
from services.studio.chaos.told import Listened, Told
from services.studio.chaos.workload import Workload
from services.studio.errors import StudioError

CLIENT_COUNT: Final = 8
LISTENER_COUNT: Final = 4
FLOWING: Final = 20
"""Accepted commands before the first blow, and after the last."""
ROUNDS_MAX: Final = 10
"""Of one studio: its history grows, and rebuilding it takes longer with every round."""

Tell = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Round:
    """Faults that are done together, with one seed."""

    seed: int
    faults: tuple[Fault, ...]


async def run_chaos(
    faults: Sequence[Fault], seeds: Sequence[int], workload: Workload, tell: Tell, keep: Callable[[Report], None]
) -> Report:
    """Every fault with every seed. Raises StudioError when the studio can't even be started.

    `keep` gets what has been found so far after every round: a run of hours that is broken off was not for nothing.
    """
    began_at = datetime.now(UTC)
    waiting = deque(plan_rounds(faults, seeds))
    trials: list[Trial] = []
    while waiting:
        async with studio_under_test() as found:
            trial = Trial(found, workload, tell)
            trials.append(trial)
            for _ in range(min(len(waiting), ROUNDS_MAX)):
                if trial.has_failed:
                    break
                await trial.go_through(waiting.popleft())
                keep(_report(began_at, trials))
            if not trial.has_failed:
                await trial.check_everything()
            if trial.has_failed:
                tell(f"Its logs: {_keep_logs(found)}")
    report = _report(began_at, trials)
    keep(report)
    return report


def _report(began_at: datetime, trials: "Sequence[Trial]") -> Report:
    return Report(
        began_at=began_at,
        machine=f"{os.cpu_count()} cores, {platform.system()} {platform.machine()}, Python {platform.python_version()}",
        commands=sum(trial.accepted for trial in trials),
        events=sum(trial.events for trial in trials),
        runs=[run for trial in trials for run in trial.runs],
        whole=[trouble for trial in trials for trouble in trial.whole],
    )


def plan_rounds(faults: Sequence[Fault], seeds: Sequence[int]) -> list[Round]:
    """For each seed those that may share a round together, then for each seed each of the others by itself."""
    shared, alone = [], []
    for number, seed in enumerate(seeds):
        wanted = [fault for fault in faults if fault.seeds_max is None or number < fault.seeds_max]
        if together := tuple(fault for fault in wanted if not fault.is_alone):
            shared.append(Round(seed, together))
        alone += [Round(seed, (fault,)) for fault in wanted if fault.is_alone]
    return [*shared, *alone]


class Trial:
    """One studio through its rounds, with all that its clients were told. After a failure it is not used again."""

    def __init__(self, studio: StudioUnderTest, workload: Workload, tell: Tell) -> None:
        self.runs: list[FaultRun] = []
        self.whole: list[FoundTrouble] = []
        self.events = 0
        self.studio = studio
        self._workload = workload
        self._tell = tell
        self._told: list[Told] = []
        self._listened: list[Listened] = []
        self._has_whole_broker = True

    @property
    def accepted(self) -> int:
        """How many commands were."""
        return sum(told.answer is not None and told.answer.accepted for told in self._told)

    @property
    def has_failed(self) -> bool:
        """Whether any guarantee did not hold."""
        return bool(self.whole) or any(run.troubles for run in self.runs)

    async def go_through(self, planned: Round) -> None:
        """Load, faults, the end of all that was begun, and the check."""
        state, name = self.studio.state, f"seed {planned.seed}"
        addresses = Addresses(state)
        since = await read_ends(state.kafka_bootstrap, EVENTS_TOPIC)
        secret = self.studio.installation.ensure_secret()
        clients = Clients(self._workload, addresses, secret, count=CLIENT_COUNT, seed=name)
        async with Listeners(addresses, count_max=LISTENER_COUNT, seed=name).closing() as listeners:
            scene = Scene(self.studio, clients, listeners, addresses)
            working = asyncio.create_task(clients.run(listeners.add))
            try:
                injuries = await self._hurt(scene, planned)
            finally:
                clients.end()
                await working
            loses_broker = any(fault.loses_broker for fault in planned.faults)
            self._has_whole_broker = self._has_whole_broker and not loses_broker
            found = await self._examine(scene, None if loses_broker else since)
        self._told += clients.told
        self._listened += listeners.listened
        self._note(planned, injuries, found)

    async def check_everything(self) -> None:
        """The history of all rounds together, once no work is left open."""
        since: Offsets | None = {} if self._has_whole_broker else None
        try:
            await finish_tasks(self.studio)
            head = await read_head(self.studio)
            evidence = await collect(self.studio, self._workload, head=head, users=None, since=since)
        except (StudioError, BrokerAway, psycopg.OperationalError) as error:
            self.whole = [_stuck(error)]
            return
        logs = Logs(self._told, self._listened, evidence, self._workload.promise)
        self.events = len(evidence.events)
        async with await self.studio.connect() as connection:
            of_its_own = await self._workload.examine(connection)
        self.whole = [_trouble(finding) for finding in (*check(logs), *of_its_own)]
        self._tell(f"all rounds together: {self.accepted} commands, {self.events} events, {_words(self.whole)}")

    async def _hurt(self, scene: Scene, planned: Round) -> list[Injury | StudioError]:
        turns: dict[str, asyncio.Lock] = defaultdict(asyncio.Lock)

        async def hurt(fault: Fault) -> Injury | StudioError:
            try:
                async with turns[fault.hits]:
                    return await fault.inject(scene, Random(f"{planned.seed} {fault.name}"))
            except StudioError as error:
                return error

        try:
            await scene.more_acknowledged(FLOWING)
        except StudioError as error:
            return [error for _ in planned.faults]
        return await asyncio.gather(*(hurt(fault) for fault in planned.faults))

    async def _examine(self, scene: Scene, since: Offsets | None) -> list[FoundTrouble]:
        """What is wrong after the load, if anything."""
        try:
            await self.studio.ready(READY_SECONDS_MAX)
            head = await settle(scene, self._workload)
            for client in scene.listeners.listened:
                client.end = head
            users = scene.clients.users
            evidence = await collect(self.studio, self._workload, head=head, users=users, since=since)
            self.events += len(evidence.events)
        except (StudioError, BrokerAway, psycopg.OperationalError) as error:
            return [_stuck(error)]
        logs = Logs(scene.clients.told, scene.listeners.listened, evidence, self._workload.promise)
        return [_trouble(finding) for finding in check(logs)]

    def _note(self, planned: Round, injuries: Sequence[Injury | StudioError], found: list[FoundTrouble]) -> None:
        for fault, injury in zip(planned.faults, injuries, strict=True):
            run = _run(fault, planned.seed, injury, found)
            self.runs.append(run)
            came_back = "not back" if run.recovery_seconds is None else f"back after {run.recovery_seconds:.1f} s"
            self._tell(f"seed {planned.seed}  {fault.name}: {came_back}, {_words(run.troubles)}")


def _run(fault: Fault, seed: int, injury: Injury | StudioError, found: list[FoundTrouble]) -> FaultRun:
    if isinstance(injury, StudioError):
        return FaultRun(fault=fault.name, seed=seed, recovery_seconds=None, troubles=[_stuck(injury), *found])
    return FaultRun(
        fault=fault.name,
        seed=seed,
        recovery_seconds=injury.recovery_seconds,
        troubles=[*map(_trouble, injury.findings), *found],
        measures=injury.measures,
    )


def _trouble(finding: Finding) -> FoundTrouble:
    return FoundTrouble(guarantee=finding.guarantee, trouble=finding.trouble, sentence=finding.sentence)


def _stuck(error: Exception) -> FoundTrouble:
    sentence = error.sentence if isinstance(error, StudioError) else str(error)
    return FoundTrouble(guarantee=10, trouble="stuck", sentence=sentence)


def _words(troubles: Sequence[FoundTrouble]) -> str:
    return f"{len(troubles)} contradictions" if troubles else "every guarantee holds"


def _keep_logs(studio: StudioUnderTest) -> Path:
    """Where the logs are, when the rest of the studio is gone."""
    kept = Path(tempfile.mkdtemp(prefix="studio-chaos-logs-"))
    shutil.copytree(studio.installation.logs_directory, kept, dirs_exist_ok=True)
    return kept
