"""What is kept of the runs: JSON, the page made of it, and the command that does a failed run again."""

from datetime import UTC, datetime
from pathlib import Path
from random import Random

import pytest
from typer.testing import CliRunner, Result

from services.studio.chaos import catalogue
from services.studio.chaos.catalogue import FAULTS, faults_named
from services.studio.chaos.command import replay_command
from services.studio.chaos.faults import Fault, Injury, Scene
from services.studio.chaos.report import FaultRun, FoundTrouble, Report, read_report, render_page, write_report
from services.studio.chaos.rounds import Round, plan_rounds
from services.studio.chaos.workload import DEFAULT_WORKLOAD
from services.studio.errors import StudioError
from services.studio.main import app


async def _nothing(scene: Scene, random: Random) -> Injury:
    return Injury(0.0)


TOGETHER = [Fault(f"kill.{name}", f"The {name} is killed.", _nothing, hits=name) for name in ("relay", "projector")]
ALONE = Fault("broker.gone", "The broker is gone.", _nothing, recovery_seconds_max=30)
LOST = FoundTrouble(guarantee=6, trouble="lost", sentence="position 7 is not on the broker")
TWICE = FoundTrouble(guarantee=7, trouble="doubled", sentence="novels shows 7 twice")


def _run(fault: Fault, seed: int, recovery_seconds: float | None, *troubles: FoundTrouble) -> FaultRun:
    return FaultRun(fault=fault.name, seed=seed, recovery_seconds=recovery_seconds, troubles=list(troubles))


def _report(*runs: FaultRun) -> Report:
    began_at = datetime(2026, 11, 25, tzinfo=UTC)
    return Report(began_at=began_at, machine="2 cores", commands=1234, events=5678, runs=list(runs), whole=[])


def _chaos(*arguments: str) -> Result:
    return CliRunner(env={"COLUMNS": "300"}).invoke(app, ["chaos", *arguments])


def test_faults_that_hit_different_things_share_a_round_and_the_others_have_their_own() -> None:
    assert plan_rounds([*TOGETHER, ALONE], [3, 4]) == [
        Round(3, tuple(TOGETHER)),
        Round(4, tuple(TOGETHER)),
        Round(3, (ALONE,)),
        Round(4, (ALONE,)),
    ]


def test_what_takes_long_is_done_with_few_seeds() -> None:
    long = Fault("broker.gone_for_long", "The broker is gone.", _nothing, seeds_max=1)
    assert plan_rounds([ALONE, long], [3, 4]) == [Round(3, (ALONE,)), Round(3, (long,)), Round(4, (ALONE,))]


def test_what_this_machine_cannot_do_is_left_out_and_refused_by_name(monkeypatch: pytest.MonkeyPatch) -> None:
    impossible = Fault("disk.gone", "The disk is gone.", _nothing, missing="there is no disk")
    monkeypatch.setattr(catalogue, "FAULTS", (ALONE, impossible))
    assert impossible not in faults_named([])
    with pytest.raises(StudioError, match="there is no disk"):
        faults_named([ALONE.name, impossible.name])


def test_figures_of_a_run_are_on_the_page() -> None:
    run = _run(ALONE, 1, 0.0).model_copy(update={"measures": {"growth of kafka, % a minute": 0.25}})
    assert "| growth of kafka, % a minute | 0.25 |" in render_page(_report(run), [ALONE])


def test_a_line_of_the_page_counts_seeds_troubles_and_times() -> None:
    runs = [_run(ALONE, 1, 10.0), _run(ALONE, 2, 20.0, LOST, LOST, TWICE), _run(ALONE, 3, 40.0)]
    line = "| broker.gone | 3 | 2 | 1 | 0 | 20.0 s | 39.6 s | ≤ 30 s, 1 × later |"
    assert line in render_page(_report(*runs), [ALONE])


def test_what_never_came_back_is_late_and_has_no_time() -> None:
    assert "| – | – | ≤ 30 s, 1 × later |" in render_page(_report(_run(ALONE, 1, None)), [ALONE])


def test_the_page_tells_only_of_faults_that_were_done(tmp_path: Path) -> None:
    write_report(_report(_run(ALONE, 1, 1.0)), [*TOGETHER, ALONE], tmp_path / "faults.json")
    page = (tmp_path / "faults.md").read_text()
    assert "2026-11-25 · 2 cores · 1,234 commands accepted, 5,678 events checked" in page
    assert ALONE.does in page
    assert TOGETHER[0].does not in page
    assert Report.model_validate_json((tmp_path / "faults.json").read_text()).runs[0].fault == ALONE.name


def test_a_report_is_added_to_and_what_was_done_again_counts_as_it_came_out_last() -> None:
    earlier = _report(_run(ALONE, 1, None, LOST), _run(ALONE, 2, 2.0))
    both = _report(_run(ALONE, 1, 1.0), _run(TOGETHER[0], 1, 3.0)).added_to(earlier)
    assert [(run.fault, run.seed, run.recovery_seconds) for run in both.runs] == [
        (ALONE.name, 2, 2.0),
        (ALONE.name, 1, 1.0),
        (TOGETHER[0].name, 1, 3.0),
    ]
    assert (both.failed, both.commands, both.events) == ([], 2 * 1234, 2 * 5678)


def test_what_is_no_report_is_not_written_over(tmp_path: Path) -> None:
    path = tmp_path / "faults.json"
    assert read_report(path) is None
    path.write_text("[]")
    refused = _chaos("nothing", "--report", str(path))
    assert (refused.exit_code, "is not a report of studio chaos" in refused.stderr) == (1, True)
    assert path.read_text() == "[]"


def test_a_failed_run_is_done_again_with_everything_that_was_done_together_with_it() -> None:
    first, second, alone = _run(TOGETHER[0], 3, 1.0, LOST), _run(TOGETHER[1], 3, 1.0, LOST), _run(ALONE, 3, 1.0, LOST)
    runs = [first, second, alone, _run(TOGETHER[0], 4, 1.0)]
    faults = [*TOGETHER, ALONE]
    assert replay_command(first, runs, faults, DEFAULT_WORKLOAD) == "studio chaos kill.relay kill.projector --seed 3"
    assert replay_command(alone, runs, faults, "mine:WORK") == "studio chaos broker.gone --seed 3 --workload mine:WORK"


def test_every_fault_is_listed_with_what_it_does() -> None:
    listed = _chaos("--list")
    assert listed.exit_code == 0
    assert all(fault.name in listed.stdout and fault.does in listed.stdout for fault in FAULTS)


def test_no_two_faults_have_one_name() -> None:
    assert len({fault.name for fault in FAULTS}) == len(FAULTS)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["relay.asleep"], "There is no fault named relay.asleep."),
        (["relay.read", "--workload", "nowhere:WORK"], "There is no workload nowhere:WORK"),
    ],
)
def test_what_there_is_not_is_refused_before_anything_is_started(arguments: list[str], said: str) -> None:
    refused = _chaos(*arguments)
    assert (refused.exit_code, said in refused.stderr) == (1, True)
