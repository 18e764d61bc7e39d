"""Many geneses at once, written by a text model that takes its time; what it costs other people is in the report."""

import asyncio
import random
from collections.abc import Callable
from dataclasses import dataclass
from statistics import quantiles

import psutil
import pytest

from tests.journeys.many_writers import GENESIS_SECONDS_MAX, writing
from tests.kit.steady_load import Desk, SteadyReport, open_desks, work_steadily
from tests.kit.studio import Studio, running_studio
from tests.kit.text_model_server import text_model_apart, writes
from tests.kit.waiting import eventually_sync

DESKS = 100
PER_SECOND = 100.0
"""What others do meanwhile: the load of acceptance line 101."""
SETTLE_SECONDS = 4.0
"""After the model was told to pause or to go on, until that is felt: what it is asked takes two seconds."""
MEMORY_MB_MAX = 200
"""What a worker may take on top of what it has when idle: the built-in engine, and the scopes that are kept."""
WRITTEN_IN_A_GENESIS = 5


def test_a_dozen_geneses_at_once_are_finished() -> None:
    _are_finished(writers=12, model_seconds=0.2, seconds=1.0)


@pytest.mark.long
@pytest.mark.timeout(2400)
def test_two_hundred_geneses_at_once_are_finished(record_property: Callable[[str, object], None]) -> None:
    quiet, busy = _are_finished(writers=200, model_seconds=2.0, seconds=15.0)
    record_property("others' commands when it is quiet", _told(quiet))
    record_property("others' commands beside two hundred geneses", _told(busy))


def _are_finished(*, writers: int, model_seconds: float, seconds: float) -> tuple[list[float], list[float]]:
    """How long the commands of others took when the geneses wait, and when they go on, in seconds.

    The two take turns of so many seconds: a shared machine becomes faster and slower by half within minutes, and what
    is minutes apart cannot be compared.
    """
    with text_model_apart(writes(seconds_before=model_seconds)) as model:
        settings = {
            "STUDIO_TEXT_MODEL_PROVIDER": "openai",
            "STUDIO_TEXT_MODEL_BASE_URL": f"{model.url}/v1",
            "STUDIO_TEXT_MODEL_NAME": "large",
        }
        with running_studio(replicas=1, settings=settings) as studio:
            others = _Others(studio, open_desks(studio, DESKS), random.Random(1))
            (worker,) = map(psutil.Process, studio.task_worker_pids)
            idle = worker.memory_info().rss
            quiet: list[float] = []
            busy: list[float] = []
            with writing(studio, writers) as statuses:
                while (ended := statuses()) is None:
                    others.work(SETTLE_SECONDS)
                    busy += others.work(seconds)
                    model.pause()
                    others.work(SETTLE_SECONDS)
                    quiet += others.work(seconds)
                    model.go_on()
            assert ended == ["COMPLETED"] * writers
            assert worker.memory_info().rss <= idle + MEMORY_MB_MAX * 2**20
            _each_was_written_once(studio, writers)
            return quiet, busy


@dataclass(frozen=True, slots=True)
class _Others:
    """People who work on flows of their own meanwhile."""

    studio: Studio
    desks: list[Desk]
    chance: random.Random

    def work(self, seconds: float) -> list[float]:
        """How long each of their commands took, from due to answered; every one of them is accepted."""
        load = work_steadily(self.studio, self.desks, per_second=PER_SECOND, seconds=seconds, chance=self.chance)
        report: SteadyReport = asyncio.run(load)
        assert set(report.statuses) == {201}
        return report.answer_seconds


def _each_was_written_once(studio: Studio, writers: int) -> None:
    counts = studio.rows(
        "SELECT status::TEXT, (SELECT count(*) FROM domain_events AS e"
        " WHERE e.correlation_id = t.triggered_by_command_id"
        " AND e.event_type ~ 'Session\\.(Concept|World|Character|Plot|Details)\\.(Proposed|Generated)')"
        " FROM async_tasks AS t"
    )
    assert counts == [("COMPLETED", 1)] * (WRITTEN_IN_A_GENESIS * writers)
    unread = (
        "SELECT count(*) FROM genesis_flows WHERE status <> 'COMPLETED' AND id IN (SELECT flow_id FROM command_inbox"
        " WHERE command_type = 'Command.Genesis.Session.Finish')"
    )
    eventually_sync(lambda: studio.rows(unread) == [(0,)], what="the read models show it", seconds=GENESIS_SECONDS_MAX)


def _told(seconds: list[float]) -> str:
    cuts = quantiles(seconds, n=100)
    return f"p50 {1000 * cuts[49]:.1f}, p99 {1000 * cuts[98]:.1f}"
