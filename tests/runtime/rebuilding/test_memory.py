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

SLICE_EVENTS = 200
SCOPES = 6
MORE = 4

WORKER = """
from services.runtime.rebuilding.worker import main
main()
print(*(line for line in open("/proc/self/status") if line.startswith("VmHWM")))
"""
"""Tells its own peak: what the system tells of a child counts in what its parent had when it was started."""


@pytest.fixture(scope="module")
def long_story() -> Story:
    """A story whose rounds are so long that a worker that kept more than a slice of them would show."""
    told = tell_story(rounds=6)
    return replace(told, text=told.text.replace("“more”", "and more " * 6_000))


def test_a_history_four_times_as_long_takes_a_worker_no_more_memory(
    postgres: str, long_story: Story, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(record, "SLICE_EVENTS", SLICE_EVENTS)
    short, long = (_peak_megabytes(postgres, long_story, SCOPES * times) for times in (1, MORE))
    assert long < 1.25 * short


def _peak_megabytes(postgres: str, story: Story, scopes: int) -> float:
    """What a worker that fills everything has needed at its peak."""
    with fresh_database(postgres) as url:
        events = write_histories(url, story, scopes=scopes)
        change(url, "INSERT INTO projection_checkpoints SELECT 'core', generate_series(0, 63), %s", events)
        rebuilder = Rebuilder(url, CONTEXTS_NAME)
        rebuilder._begin(rebuilder.choice([]))
        finished = subprocess.run(
            [sys.executable, "-c", WORKER],
            env={**os.environ, "STUDIO_DATABASE_URL": url, "STUDIO_REBUILD_CONTEXTS": CONTEXTS_NAME},
            capture_output=True,
            text=True,
            check=True,
        )
        found = rebuilder.status()
        assert found is not None
        assert found[1].filled_events == found[1].events == events
        return int(finished.stdout.split()[1]) / 1024
