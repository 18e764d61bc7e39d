"""Many geneses at once, written by a text model that takes its time; what it costs other people is in the report."""

import asyncio
import random
from collections.abc import Callable
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
LOOK_SECONDS = 5.0
"""Between two looks whether all geneses have ended."""
MEMORY_MB_MAX = 200
"""What a worker may take on top of what it has when idle: the built-in engine, and the scopes that are kept."""
WRITTEN_IN_A_GENESIS = 5


def test_a_dozen_geneses_at_once_are_finished() -> None:
    _are_finished(writers=12, model_seconds=0.2, quiet_seconds=5)


@pytest.mark.long
@pytest.mark.timeout(1200)
def test_two_hundred_geneses_at_once_are_finished(record_property: Callable[[str, object], None]) -> None:
    quiet, busy = _are_finished(writers=200, model_seconds=2.0, quiet_seconds=60)
    record_property("others' commands when it is quiet", _told(quiet))
    record_property("others' commands beside two hundred geneses", _told(busy))


def _are_finished(*, writers: int, model_seconds: float, quiet_seconds: float) -> tuple[list[float], list[float]]:
    """How long the commands of others took before and meanwhile, in seconds."""
    with text_model_apart(writes(seconds_before=model_seconds)) as url:
        settings = {
            "STUDIO_TEXT_MODEL_PROVIDER": "openai",
            "STUDIO_TEXT_MODEL_BASE_URL": f"{url}/v1",
            "STUDIO_TEXT_MODEL_NAME": "large",
        }
        with running_studio(replicas=1, settings=settings) as studio:
            desks = open_desks(studio, DESKS)
            chance = random.Random(1)
            quiet = _others_work(studio, desks, quiet_seconds, chance)
            (worker,) = map(psutil.Process, studio.task_worker_pids)
            idle = worker.memory_info().rss
            busy: list[float] = []
            with writing(studio, writers) as statuses:
                while (ended := statuses()) is None:
                    busy += _others_work(studio, desks, LOOK_SECONDS, chance)
            assert ended == ["COMPLETED"] * writers
            assert worker.memory_info().rss <= idle + MEMORY_MB_MAX * 2**20
            _each_was_written_once(studio, writers)
            # The machine may have become faster or slower meanwhile: half of what is compared with is measured now.
            quiet += _others_work(studio, desks, quiet_seconds, chance)
            return quiet, busy


def _others_work(studio: Studio, desks: list[Desk], seconds: float, chance: random.Random) -> list[float]:
    load = work_steadily(studio, desks, per_second=PER_SECOND, seconds=seconds, chance=chance)
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
