"""What is around the processes fails: the ways to the servers, the servers, the disk, everything at once."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
import pytest

from services.studio.chaos.catalogue import FAULTS
from services.studio.chaos.cut_messages import CUT_MESSAGES
from services.studio.chaos.faults import Fault
from services.studio.chaos.full_disk import DISK_FULL
from services.studio.chaos.genesis_work import WORKLOAD as GENESIS
from services.studio.chaos.held_append import append_held
from services.studio.chaos.killing_sprees import EVERYTHING_KILLED, NOTHING, killing_spree
from services.studio.chaos.rebalancing import rebalance_storm
from services.studio.chaos.report import FoundTrouble
from services.studio.chaos.rounds import Round, Trial
from services.studio.chaos.servers_away import SERVER_FAULTS, kafka_away
from services.studio.chaos.soaking import Sample, growth_percent, soak
from services.studio.chaos.standing_still import STANDSTILLS
from services.studio.chaos.story_work import WORKLOAD as STORY
from services.studio.chaos.studio_under_test import studio_under_test
from services.studio.chaos.workload import Workload

SHORTLY = 10.0
"""Seconds of what `make chaos` keeps up for a minute or ten."""
KILLS = 5

by_name = {fault.name: fault for fault in SERVER_FAULTS}


@contextmanager
def _trial_of(workload: Workload, runner: asyncio.Runner) -> Iterator[Trial]:
    context = studio_under_test()
    studio = runner.run(context.__aenter__())
    try:
        yield Trial(studio, workload, print)
    finally:
        runner.run(context.__aexit__(None, None, None))


@pytest.fixture(scope="module")
def surroundings(runner: asyncio.Runner) -> Iterator[Trial]:
    """A studio for this module, because its broker loses what it had."""
    with _trial_of(GENESIS, runner) as trial:
        yield trial


@pytest.fixture(scope="module")
def stories(runner: asyncio.Runner) -> Iterator[Trial]:
    """A studio in which the same story is told again and again."""
    with _trial_of(STORY, runner) as trial:
        yield trial


@pytest.mark.timeout(300)
@pytest.mark.parametrize(
    "faults",
    [
        pytest.param((*CUT_MESSAGES, *STANDSTILLS, rebalance_storm(SHORTLY)), id="on the way and standing still"),
        pytest.param((append_held(SHORTLY),), id="append held"),
        pytest.param((by_name["kafka.emptied"],), id="kafka emptied"),
        pytest.param((kafka_away(SHORTLY),), id="kafka away"),
        pytest.param(
            (DISK_FULL,),
            id="disk full",
            marks=pytest.mark.skipif(DISK_FULL.missing is not None, reason=f"needs a small disk: {DISK_FULL.missing}"),
        ),
    ],
)
def test_whatever_fails_around_the_processes_nothing_is_lost_or_doubled(
    faults: tuple[Fault, ...], surroundings: Trial, runner: asyncio.Runner
) -> None:
    assert _troubles_of(surroundings, runner, 1, *faults) == []


@pytest.mark.timeout(300)
def test_after_all_of_it_the_whole_history_holds(surroundings: Trial, runner: asyncio.Runner) -> None:
    assert surroundings.accepted > 0
    runner.run(surroundings.check_everything())
    assert surroundings.whole == []


@pytest.mark.timeout(300)
def test_ac99_stories_told_while_processes_are_killed_at_random_are_those_of_a_quiet_run(
    stories: Trial, runner: asyncio.Runner
) -> None:
    assert _troubles_of(stories, runner, 1, NOTHING) == []
    told_quietly = _finished(stories)
    assert told_quietly > 0
    assert _troubles_of(stories, runner, 1, killing_spree(KILLS)) == []
    assert _finished(stories) > told_quietly


@pytest.mark.timeout(300)
def test_ac99_everything_may_be_killed_at_once(stories: Trial, runner: asyncio.Runner) -> None:
    assert _troubles_of(stories, runner, 1, EVERYTHING_KILLED) == []


@pytest.mark.timeout(300)
def test_ac99_all_stories_are_the_same_in_the_end(stories: Trial, runner: asyncio.Runner) -> None:
    assert _finished(stories) > 1
    runner.run(stories.check_everything())
    assert stories.whole == []


@pytest.mark.timeout(300)
def test_a_story_that_is_another_is_found(stories: Trial, runner: asyncio.Runner) -> None:
    with psycopg.connect(stories.studio.state.database_url, autocommit=True) as connection:
        connection.execute(
            "UPDATE novels SET theme = 'Something else' WHERE id = (SELECT max(novel_id::text)::uuid FROM story_arcs)"
        )
    runner.run(stories.check_everything())
    assert "is another than" in "".join(trouble.sentence for trouble in stories.whole)


def test_every_fault_of_the_surroundings_is_in_the_catalogue_in_its_long_form() -> None:
    names = [fault.name for fault in FAULTS]
    assert len(names) == len(set(names))
    ours = (*CUT_MESSAGES, *STANDSTILLS, *SERVER_FAULTS, rebalance_storm(), append_held(), kafka_away(), DISK_FULL)
    assert {fault.name for fault in (*ours, EVERYTHING_KILLED, NOTHING, killing_spree(), soak())} <= set(names)


def test_growth_is_told_from_noise() -> None:
    noise = (0.0, 3.0, -2.0, 1.0, -3.0, 2.0, 0.0, -1.0)
    steady = [Sample(minute, round(1000 + noise[minute % 8])) for minute in range(16)]
    growing = [Sample(minute, round(1000 + 20 * minute + noise[minute % 8])) for minute in range(16)]
    assert abs(growth_percent(steady)) < 0.1
    assert 1.5 < growth_percent(growing) < 2.0


def _troubles_of(trial: Trial, runner: asyncio.Runner, seed: int, *faults: Fault) -> list[FoundTrouble]:
    before = len(trial.runs)
    runner.run(trial.go_through(Round(seed, faults)))
    return [trouble for run in trial.runs[before:] for trouble in run.troubles]


def _finished(trial: Trial) -> int:
    """How many stories have come to their end."""
    with psycopg.connect(trial.studio.state.database_url) as connection:
        found = connection.execute("SELECT count(*) FROM domain_events WHERE event_type = 'Genesis.Flow.Completed'")
        row = found.fetchone()
    assert row is not None
    return int(row[0])
