"""A task worker killed at every step of slow work, in every kind of it: the genesis is that of a quiet day."""

from signal import SIGKILL
from typing import Any, Final

import pytest

from services.runtime.crash_points import CRASH_POINT_VARIABLE, ArmedCrashPoint
from tests.journeys.slow_steps import SlowStep, differences, ends_once, outcome, slow_steps, undisturbed
from tests.kit.processes import running
from tests.kit.studio import Client, Studio

DEATHS: Final = (
    ArmedCrashPoint("command.before_commit"),
    ArmedCrashPoint("command.after_commit"),
    ArmedCrashPoint("worker.claimed"),
    ArmedCrashPoint("worker.progress_kept"),
    ArmedCrashPoint("worker.text_told"),
    ArmedCrashPoint("worker.provider_answered"),
    # The second batch of a worker with one task is that of the result, the first was the claim.
    ArmedCrashPoint("command.before_commit", passing=2),
    ArmedCrashPoint("command.after_commit", passing=2),
    ArmedCrashPoint("worker.result_committed"),
)
WITH_NOTHING_TAKEN: Final = DEATHS[:1]
WITH_RESULT_STORED: Final = DEATHS[-2:]
SEEDS: Final = (1, 2, *(pytest.param(seed, marks=pytest.mark.long) for seed in range(3, 21)))


@pytest.fixture(scope="module")
def quiet(studio: Studio) -> tuple[list[str], Any]:
    """What a genesis comes to when nothing breaks."""
    return undisturbed(studio.user())


@pytest.mark.timeout(600)
@pytest.mark.parametrize("seed", SEEDS)
def test_a_genesis_whose_worker_dies_in_every_step_is_that_of_a_quiet_day(
    studio: Studio, user: Client, quiet: tuple[list[str], Any], seed: int
) -> None:
    for number, step in enumerate(slow_steps(user)):
        death = _death(step, seed + number)
        with studio.without_task_workers():
            command_id, node = _dies(studio, step, death)
        ends_once(step, command_id, "COMPLETED")
        _is_written_by_whom_it_should(studio, command_id, node, death)
    assert outcome(user, step.writer.novel_id) == quiet
    assert differences(user) == []


def _death(step: SlowStep, number: int) -> ArmedCrashPoint:
    """Goes round: nine seeds have every kind of work killed at every place. What isn't written has no text to tell."""
    death = DEATHS[number % len(DEATHS)]
    return death if step.is_text or death.point != "worker.text_told" else ArmedCrashPoint("worker.progress_kept")


def _dies(studio: Studio, step: SlowStep, death: ArmedCrashPoint) -> tuple[str, str]:
    """Has the step begun by a worker that dies of it, and a minute pass; the command, and who the worker was."""
    armed = {CRASH_POINT_VARIABLE: death.setting()}
    with running("services.task_worker.main", studio.database_url, studio.kafka_bootstrap, **armed) as worker:
        command_id = step.asked()
        assert worker.process.wait(30) == -SIGKILL
        run_out = "UPDATE async_tasks SET lease_until = now() WHERE triggered_by_command_id = %s AND status = 'RUNNING'"
        held = studio.rows(f"{run_out} RETURNING execution_node", command_id)
        assert len(held) == (death not in (*WITH_NOTHING_TAKEN, *WITH_RESULT_STORED))
        return command_id, f":{worker.process.pid}"


def _is_written_by_whom_it_should(studio: Studio, command_id: str, node: str, death: ArmedCrashPoint) -> None:
    """A result that is stored is not written again; what was not stored is, by somebody else."""
    statement = "SELECT execution_node, retry_count FROM async_tasks WHERE triggered_by_command_id = %s"
    ((written_by, retries),) = studio.rows(statement, command_id)
    assert written_by.endswith(node) == (death in WITH_RESULT_STORED)
    assert retries == (death not in (*WITH_NOTHING_TAKEN, *WITH_RESULT_STORED))
