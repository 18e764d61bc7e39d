"""Work that is in the middle of a text, its lease kept from beat to beat, when its worker dies or nobody wants it."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import pairwise

import pytest

from tests.journeys.endless_worker import WORD
from tests.journeys.slow_steps import SlowStep, ends_once, slow_steps
from tests.kit.studio import Client, Studio
from tests.kit.waiting import eventually_sync


@contextmanager
def _in_the_middle_of(studio: Studio, step: SlowStep) -> Iterator[str]:
    """Has the step begun by a worker of its own, and some text told and kept; the worker is killed when it ends."""
    name = f"endless-{step.writer.session_id}"
    worker = subprocess.Popen([sys.executable, "-m", "tests.journeys.endless_worker", studio.database_url, name])
    try:
        command_id = step.asked()
        claimed = eventually_sync(lambda: _beats(studio, command_id), what="the work is begun")
        eventually_sync(lambda: _beats(studio, command_id) != claimed, what="the lease is kept")
        eventually_sync(lambda: WORD in _kept(studio, command_id), what="some text is kept with the task")
        yield command_id
    finally:
        worker.kill()
        worker.wait()


def _beats(studio: Studio, command_id: str) -> list[tuple[object, ...]]:
    running = "SELECT heartbeat_at, lease_until FROM async_tasks WHERE triggered_by_command_id = %s"
    return [row for row in studio.rows(running, command_id) if None not in row]


def _kept(studio: Studio, command_id: str) -> str:
    statement = "SELECT coalesce(partial_text, '') FROM async_tasks WHERE triggered_by_command_id = %s"
    ((text,),) = studio.rows(statement, command_id)
    return str(text)


@pytest.mark.timeout(600)
def test_a_text_whose_worker_is_killed_in_the_middle_is_written_anew_from_its_beginning(
    studio: Studio, user: Client
) -> None:
    step = next(slow_steps(user))
    with user.stream(session_id=step.writer.session_id) as stream:
        with studio.without_task_workers():
            with _in_the_middle_of(studio, step) as command_id:
                pass
            run_out = "UPDATE async_tasks SET lease_until = now() WHERE triggered_by_command_id = %s RETURNING id"
            assert len(studio.rows(run_out, command_id)) == 1
        ends_once(step, command_id, "COMPLETED")
        frames = stream.until(lambda frame: frame.event == step.told_as)
    deltas = [frame.payload for frame in frames if frame.event == "llm.delta"]
    again = [number for number, (one, next_one) in enumerate(pairwise(deltas)) if next_one["offset"] <= one["offset"]]
    assert len(again) == 1, "the text begins anew once"
    written = "".join(delta["text"] for delta in deltas[again[0] + 1 :])
    assert deltas[again[0] + 1]["offset"] == 0
    assert step.writer.versions()[0]["summary"] == written


def test_a_text_that_nobody_wants_any_more_is_broken_off(studio: Studio, user: Client) -> None:
    step = next(slow_steps(user))
    with studio.without_task_workers(), _in_the_middle_of(studio, step) as command_id:
        assert step.cancelled(command_id).status_code == 200
        ends_once(step, command_id, "FAILED")
        before = _kept(studio, command_id)
        following = step.asked()
        # There is one slot: that the next is begun shows that the first is given up.
        eventually_sync(lambda: WORD in _kept(studio, following), what="the next is written")
        assert _kept(studio, command_id) == before
        assert step.cancelled(following).status_code == 200
    ends_once(step, step.asked(), "COMPLETED")
