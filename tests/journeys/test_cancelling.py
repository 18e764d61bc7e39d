"""Slow work taken back at every moment of its life, in every kind of it: one end, and the next may begin at once."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from random import Random
from signal import SIGCONT
from typing import Any, Final

import psycopg
import pytest

from services.runtime.crash_points import CRASH_POINT_VARIABLE, ArmedCrashPoint
from services.runtime.event_store import APPEND_LOCK_KEY
from tests.journeys.slow_steps import SlowStep, differences, ends_once, events_of, outcome, slow_steps, undisturbed
from tests.kit.processes import Alone, running
from tests.kit.refusals import refused
from tests.kit.studio import Client, Stream, Studio
from tests.kit.waiting import eventually_sync

MOMENTS: Final = (
    ArmedCrashPoint("command.after_commit", "stop"),
    ArmedCrashPoint("worker.claimed", "stop"),
    ArmedCrashPoint("worker.progress_kept", "stop"),
    ArmedCrashPoint("worker.text_told", "stop"),
    ArmedCrashPoint("worker.provider_answered", "stop"),
    # The second batch of a worker with one task is that of the result, the first was the claim.
    ArmedCrashPoint("command.after_commit", "stop", passing=2),
    ArmedCrashPoint("worker.result_committed", "stop"),
)
"""Where the worker stands still while the work is taken back."""
WITH_RESULT_STORED: Final = MOMENTS[-2:]
FRAMES_MAX: Final = 6
"""So many frames come of a step, about."""
SEEDS: Final = (1, 2, *(pytest.param(seed, marks=pytest.mark.long) for seed in range(3, 21)))


@pytest.fixture(scope="module")
def quiet(studio: Studio) -> tuple[list[str], Any]:
    """What a genesis comes to when nothing is taken back."""
    return undisturbed(studio.user())


@pytest.mark.timeout(600)
@pytest.mark.parametrize("seed", SEEDS)
def test_work_that_is_taken_back_at_any_moment_ends_once_and_may_be_asked_for_again(
    studio: Studio, user: Client, quiet: tuple[list[str], Any], seed: int
) -> None:
    for number, step in enumerate(slow_steps(user)):
        place = (seed + number) % (len(MOMENTS) + 1)
        if place == len(MOMENTS):
            _is_taken_back_before_it_begins(studio, step)
        else:
            _is_taken_back_while_it_stands_still(studio, step, _moment(step, place))
    assert outcome(user, step.writer.novel_id)[1].keys() == quiet[1].keys()
    assert differences(user) == []


@pytest.mark.timeout(600)
@pytest.mark.parametrize("seed", SEEDS)
def test_work_that_is_taken_back_in_a_race_with_its_worker_has_one_of_two_ends(user: Client, seed: int) -> None:
    random = Random(seed)
    for step in slow_steps(user):
        with user.stream(session_id=step.writer.session_id) as stream:
            command_id, ahead = step.asked(), random.randint(0, FRAMES_MAX)
            _comes_so_far(step, command_id, stream, ahead)
            answer = step.cancelled(command_id)
        if answer.status_code == 200:
            ends_once(step, command_id, "FAILED")
            ends_once(step, step.asked(), "COMPLETED")
        else:
            refused(answer, 409, "COMMAND_FINISHED")
            ends_once(step, command_id, "COMPLETED")
    assert differences(user) == []


def test_work_that_is_taken_back_while_its_result_is_being_stored_is_done(studio: Studio, user: Client) -> None:
    step = next(slow_steps(user))
    written = ArmedCrashPoint("worker.provider_answered", "stop")
    with studio.without_task_workers(), _standing_still(studio, step, written) as (command_id, worker):
        with psycopg.connect(studio.database_url) as others, ThreadPoolExecutor(1) as threads:
            others.execute("SELECT pg_advisory_xact_lock(%s)", [APPEND_LOCK_KEY])
            worker.send(SIGCONT)
            _so_many_wait(studio, 1, "the result waits its turn")
            answer = threads.submit(step.cancelled, command_id)
            _so_many_wait(studio, 2, "the cancellation waits behind it")
            others.rollback()
        refused(answer.result(), 409, "COMMAND_FINISHED")
        ends_once(step, command_id, "COMPLETED")


def _so_many_wait(studio: Studio, count: int, what: str) -> None:
    waiting = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted"
    eventually_sync(lambda: studio.rows(waiting) == [(count,)], what=what)


def _moment(step: SlowStep, place: int) -> ArmedCrashPoint:
    """What isn't written has no text to tell."""
    moment = MOMENTS[place]
    is_text = moment.point == "worker.text_told"
    return moment if step.is_text or not is_text else ArmedCrashPoint("worker.progress_kept", "stop")


def _is_taken_back_before_it_begins(studio: Studio, step: SlowStep) -> None:
    with studio.without_task_workers():
        command_id = step.asked()
        _is_taken_back(step, command_id)
        following = step.asked()
    ends_once(step, following, "COMPLETED")
    ends_once(step, command_id, "FAILED")


def _is_taken_back_while_it_stands_still(studio: Studio, step: SlowStep, moment: ArmedCrashPoint) -> None:
    with studio.without_task_workers(), _standing_still(studio, step, moment) as (command_id, worker):
        status, tasks = "COMPLETED", 1
        if moment in WITH_RESULT_STORED:
            refused(step.cancelled(command_id), 409, "COMMAND_FINISHED")
        else:
            status, tasks = "FAILED", 2
            _is_taken_back(step, command_id)
            following = step.asked()
        before = events_of(step, command_id)
        worker.send(SIGCONT)
        eventually_sync(lambda: worker.has_logged("task.ended", times=tasks), what="the worker is done with all of it")
        assert events_of(step, command_id) == before
        ends_once(step, command_id, status)
        if status == "FAILED":
            ends_once(step, following, "COMPLETED")


@contextmanager
def _standing_still(studio: Studio, step: SlowStep, moment: ArmedCrashPoint) -> Iterator[tuple[str, Alone]]:
    """A worker that has begun the step and stands still at this moment."""
    armed = {CRASH_POINT_VARIABLE: moment.setting()}
    with running("services.task_worker.main", studio.database_url, studio.kafka_bootstrap, **armed) as worker:
        command_id = step.asked()
        eventually_sync(worker.is_standing_still, what=f"it stands still at {moment.point}")
        yield command_id, worker


def _is_taken_back(step: SlowStep, command_id: str) -> None:
    answer = step.cancelled(command_id)
    assert (answer.status_code, answer.json()["error_code"]) == (200, "CANCELLED"), answer.text
    ends_once(step, command_id, "FAILED")
    told = step.writer.client.get(f"/commands/{command_id}").json()
    assert told["error_code"] == "CANCELLED"
    refused(step.cancelled(command_id), 409, "COMMAND_FINISHED")


def _comes_so_far(step: SlowStep, command_id: str, stream: Stream, ahead: int) -> None:
    """Returns when so many frames have come, or the step's end."""
    eventually_sync(lambda: len(stream.frames) > ahead or _has_ended(step, command_id), what="it has come so far")


def _has_ended(step: SlowStep, command_id: str) -> bool:
    ended = "SELECT 1 FROM command_inbox WHERE id = %s AND status IN ('COMPLETED', 'FAILED')"
    return step.writer.client.studio.rows(ended, command_id) != []
