"""A worker needs the memory of a slice, not of the history."""

import os
import subprocess
import sys
from dataclasses import replace

import pytest

from services.runtime.rebuilding import record
from services.runtime.rebuilding.rebuilder import Rebuilder
from tests.kit.histories import Story, tell_story, write_histories
from tests.kit.servers import fresh_database
from tests.runtime.rebuilding.sight import CONTEXTS_NAME, change

SLICE_EVENTS = 500
MORE = 4


@pytest.fixture(scope="module")
def long_story() -> Story:
    """A story whose rounds are long, so that a worker that kept more than a slice of them would show."""
    told = tell_story(rounds=10)
    return replace(told, text=told.text.replace("“more”", "and more " * 1_500))


def test_a_history_four_times_as_long_takes_a_worker_no_more_memory(
    postgres: str, long_story: Story, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(record, "SLICE_EVENTS", SLICE_EVENTS)
    scopes = 2 * SLICE_EVENTS // long_story.length
    short, long = (_peak_kilobytes(postgres, long_story, scopes * times) for times in (1, MORE))
    assert long < 1.15 * short


def _peak_kilobytes(postgres: str, story: Story, scopes: int) -> int:
    """What a worker that fills everything has needed at its peak."""
    with fresh_database(postgres) as url:
        events = write_histories(url, story, scopes=scopes)
        change(url, "INSERT INTO projection_checkpoints SELECT 'core', generate_series(0, 63), %s", events)
        rebuilder = Rebuilder(url, CONTEXTS_NAME)
        rebuilder._begin(rebuilder.choice([]))
        worker = subprocess.Popen(
            [sys.executable, "-m", "services.runtime.rebuilding.worker"],
            env={**os.environ, "STUDIO_DATABASE_URL": url, "STUDIO_REBUILD_CONTEXTS": CONTEXTS_NAME},
        )
        _, status, usage = os.wait4(worker.pid, 0)
        worker.returncode = os.waitstatus_to_exitcode(status)
        assert worker.returncode == 0
        found = rebuilder.status()
        assert found is not None
        assert found[1].filled_events == found[1].events == events
        return usage.ru_maxrss
